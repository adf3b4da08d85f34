Feature: The requirements turn red without the patches
  A requirement that is green whatever the kernel does shows nothing about a backport. So the kernel under review is taken apart:
  first every patch is left out, then each hunk by itself. For this count, a search may end at its first failure.

  Rule: Without its patches the kernel meets no requirement

    Scenario: With no patch at all, every requirement is red
      When the requirements are counted while the patches are removed
      Then with PATCHES "none" all of at least 50 requirements are red

  Rule: Each hunk that a patch consists of is required somewhere

    Scenario: With all hunks except one, a requirement that names the hunk fails
      A declaration changes nothing by itself. The guards of the withdrawn patch protect what cannot happen, except the one of 2009.
      The #ifdef in smpboot.c does what the stub does. The pair of 2008 in mprotect() is on bare metal what was there before.
      Neither mremap() nor MADV_FREE is modelled for batched flushes. Where Xen tolerates nested lazy modes, the count of the task
      only keeps updates together, and says what the flag of the task said.

      When the requirements are counted while the patches are removed
      Then each hunk turns a requirement red, except these
        | hunk                    |
        | vmi-lazy/ops-field      |
        | preemptible-lazy/vmalloc |
        | preemptible-lazy/kmap   |
        | vmi-boot/bringup        |
        | batched-flush/mremap    |
        | batched-flush/madvise   |
        | modify-prot/pair        |
        | lazy-mmu-nesting/count  |
        | lazy-mmu-nesting/by-count |

  Rule: A patch without a requirement says why

    Scenario: The lint compares what a patch says of itself with the tags of its scenarios
      Then requirementsOwed gives
        | of                                                                          | gives |
        | [[{"id":"p"}],[["@patch:p","@requirement"]]]                                | [] |
        | [[{"id":"p","repairsNothing":"it is the same code"}],[["@patch:p"]]]        | [] |
        | [[{"id":"p"}],[["@patch:p"],["@patch:q","@requirement"]]]                   | ["p has no scenario tagged @requirement; a patch that repairs nothing says why (repairsNothing)"] |
        | [[{"id":"p","repairsNothing":"it is the same code"}],[["@patch:p","@requirement"]]] | ["p says that it repairs nothing, and a scenario tagged @requirement says that it does"] |

    Scenario: For a patch that repairs nothing, check says that the verdict is the same without it
      When the user types "paravirt-spec check modify-prot"
      Then it prints "repairs     nothing: on bare metal its two halves are what was there before"
