Feature: A modelled release of Xen has the holes that it had, and no others
  Each rule has been kept from some release on; before that, a guest could break it. For each published hole that is
  modelled there is a shortest script of calls that exploits it in the last release that has the hole, and not in the
  first release without it. `--xen 4.8` selects a release with its holes, `--xen 4.8+fixes` one with all holes closed.

  Rule: A hole is in the last release before it was closed, and not in the next

    Scenario: Every advisory that a sequence of calls can exploit is exploited in the right releases
      Then the script of each of 36 advisories breaks the last release with the hole
      And no script breaks the first release without the hole, or a release with every hole closed
      And no call can be left out of any script

    Scenario Outline: <advisory>, which needs two virtual CPUs inside Xen at once, is exploited in the right releases
      When "<advisory>" is explored in the last release with the hole, and in the first without
      Then the last breaks "<broken>", and the first breaks nothing

      Examples:
        | advisory | broken            |
        | XSA-242  | xenCountsBalanced |
        | XSA-287  | xenCountsBalanced |
        | XSA-401  | xenGuestsIsolated |

    Scenario: Each rule names the release from which it is kept
      Then every rule that came after 3.2 names a commit, and each advisory the same releases

    Scenario: What is left out is listed, with what it would take
      Then the page and the description of the hypervisor list the same parts as left out
      And no advisory is both tried and left out, unless the list says in part

  Rule: A release is chosen by its number

    Scenario Outline: A script breaks <broken> on Xen <release> with <tables> page tables
      When guests play on Xen "<release>" with "<tables>" page tables: <script>
      Then it breaks "<broken>"

      Examples:
        | release      | tables        | broken          | script                                                                                     |
        | 3.2.0        | PAE           | xenLives        | A0 unpin mfn=0x999                                                                          |
        | 4.0.4        | PAE           | nothing         | A0 unpin mfn=0x999                                                                          |
        | 4.13.5       | PAE on 64-bit | xenLives        | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 pin level=0x2 mfn=0x106; A0 update table=0x106 slot=0x0 mfn=0x102 bits=0x1 kind=0x0; A0 update table=0x100 slot=0x1 mfn=0x0 bits=0x0 kind=0x0 |
        | 4.13.5+fixes | PAE on 64-bit | nothing         | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 pin level=0x2 mfn=0x106; A0 update table=0x106 slot=0x0 mfn=0x102 bits=0x1 kind=0x0; A0 update table=0x100 slot=0x1 mfn=0x0 bits=0x0 kind=0x0 |
        | 4.17.7       | PAE on 64-bit | xenCountsBalanced | A0 store va=0x6000 mfn=0x101 bits=0x1 user=0x0; A0 store va=0x6018 mfn=0x102 bits=0x1 user=0x0; A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 pin level=0x3 mfn=0x106 |
        | 3.2.0        | PAE           | xenGuestsIsolated | A0 store va=0x8000 mfn=0x206 bits=0x67 user=0x0; A0 store va=0x6028 mfn=0x108 bits=0x67 user=0x0; A0 store va=0x6000 mfn=0x101 bits=0x1 user=0x0; A0 store va=0x6008 mfn=0x106 bits=0x1 user=0x0; A0 store va=0x6018 mfn=0x107 bits=0x1 user=0x0; A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 map va=0x7000 mfn=0x107 bits=0x65 flush=0x0; A0 base mfn=0x106 |
        | 4.13.5       | PAE on 64-bit | nothing         | A0 device on=1; A0 map va=0xa000 mfn=0x10a bits=0xe7 flush=2; A0 store-half va=0xa004 word=0x8e00 user=0; A0 map va=0xa000 mfn=0x10a bits=0x65 flush=2; A0 gdt mfn=0x10a; A0 evict mfn=0x10a |
        | 4.13.4       | PAE on 64-bit | xenDescriptorsHarmless | A0 device on=1; A0 map va=0xa000 mfn=0x10a bits=0xe7 flush=2; A0 store-half va=0xa004 word=0x8e00 user=0; A0 map va=0xa000 mfn=0x10a bits=0x65 flush=2; A0 gdt mfn=0x10a; A0 evict mfn=0x10a |
        | 4.13.5       | PAE on 64-bit | nothing         | A0 device on=1; A0 store va=0xa000 mfn=0x0 bits=0x0 user=0; A0 map va=0xa000 mfn=0x10a bits=0xe5 flush=0; A0 store va=0xa000 mfn=0x109 bits=0x67 user=0; A0 map va=0xa000 mfn=0x10a bits=0x65 flush=2; A0 evict mfn=0x10a |

    Scenario Outline: Xen <release> answers <answer> where a copy of grants names a frame of another domain
      When guests play on Xen "<release>" with "PAE on 64-bit" page tables: A0 copy-grant from=0x20a fdom=0x7ff0 to=0x10a tdom=0x7ff0 offset=0x0 len=0x8
      Then it breaks "nothing"
      And its last call answers <answer> there

      Examples:
        | release | answer |
        | 4.0.4   | -1     |
        | 4.1.6   | -1     |
        | 4.2.0   | -9     |
        | 4.13.5  | -9     |

    Scenario Outline: "<line>" is refused
      When the user types "<line>"
      Then it exits with 2
      And it complains in one line that "<words>"

      Examples:
        | line                                          | words                                           |
        | paravirt-spec fuzz --xen 5                    | no Xen \"5\"; there are 3.2.0, 4.0.4, 4.8       |
        | paravirt-spec fuzz --xen 4.8 --tables PAE     | Xen 4.8 has no PAE page tables                  |
