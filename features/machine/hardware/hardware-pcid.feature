Feature: A translation is tagged with the PCID under which it was loaded
  With process-context identifiers a processor keeps the translations of one address space while another one runs. A kernel
  that returns to the first may then use translations that are out of date, so it must know which event drops what. PCIDs
  exist only in long mode, and a processor need not support them.

  Rule: A translation is used only under its own PCID, and a global one under every PCID

    Background:
      Given a processor with 4-level paging and PCIDs
      And a page called "the plain page" that is "user writable"
      And a page called "the global page" that is "user writable global"
      And both pages have been read under PCID 1

    Scenario: A translation that was loaded under one PCID is not used under another
      Given the entry of "the plain page" now leads to the frame of "the global page"
      And PCID 2 is current
      When ring 3 reads "the plain page"
      Then the access reaches the frame of "the global page"

    Scenario: On return to the first PCID without a flush, its translation is still used
      Given the entry of "the plain page" now leads to the frame of "the global page"
      And PCID 2 is current
      And PCID 1 is current
      When ring 3 reads "the plain page"
      Then the access reaches the frame of "the plain page"

    Scenario: A global translation is used under another PCID too
      Given the entry of "the global page" now leads to the frame of "the plain page"
      And PCID 2 is current
      When ring 3 reads "the global page"
      Then the access reaches the frame of "the global page"

    Scenario: A page fault drops the translation of its own PCID
      Given both pages have been read under PCID 2
      And the control bits "SMAP=1"
      When ring 0 reads "the plain page"
      Then the TLB holds "the global page, the plain page of 1"

  Rule: Each event drops what the manual says, and no more

    Background:
      Given a processor with 4-level paging and PCIDs
      And a page called "the plain page" that is "user writable"
      And a page called "the global page" that is "user writable global"
      And both pages have been read under PCID 1 and under PCID 2

    Scenario Outline: MOV to CR3 with PCID <pcid> and bit 63 <bit> leaves the right translations
      When CR3 is loaded with PCID <pcid> and bit 63 <bit>
      Then it is let through
      And the TLB holds "<held>"
      And upper entries are kept for the PCIDs "<upper>"

      Examples:
        | pcid | bit   | held                                                       | upper |
        | 1    | clear | the global page, the plain page of 2                       | 2     |
        | 2    | clear | the global page, the plain page of 1                       | 1     |
        | 0    | clear | the global page, the plain page of 1, the plain page of 2  | 1, 2  |
        | 1    | set   | the global page, the plain page of 1, the plain page of 2  | 1, 2  |

    Scenario Outline: INVPCID of type <type>, <what>, leaves the right translations
      When INVPCID of type <type> names PCID 1 and "<page>"
      Then it is let through
      And the TLB holds "<held>"
      And upper entries are kept for the PCIDs "<upper>"

      Examples:
        | type | what                      | page            | held                                                      | upper |
        | 0    | one address               | the plain page  | the global page, the plain page of 2                      | 2     |
        | 0    | one address that is global | the global page | the global page, the plain page of 1, the plain page of 2 | 2     |
        | 1    | one context               | the plain page  | the global page, the plain page of 2                      | 2     |
        | 2    | everything                | the plain page  | nothing                                                   | none  |
        | 3    | all but global pages      | the plain page  | the global page                                           | none  |

    Scenario Outline: INVLPG of <page> under PCID 2 leaves the right translations
      When INVLPG names "<page>"
      Then the TLB holds "<held>"
      And upper entries are kept for the PCIDs "1"

      Examples:
        | page            | held                                       |
        | the plain page  | the global page, the plain page of 1       |
        | the global page | the plain page of 1, the plain page of 2   |

    Scenario Outline: A change of CR4 to <control> leaves the right translations
      When the control bits become "<control>"
      Then the TLB holds "<held>"

      Examples:
        | control | held                                                      |
        | PCIDE=0 | nothing                                                   |
        | PGE=0   | nothing                                                   |
        | SMEP=1  | the global page, the plain page of 1                      |
        | SMAP=1  | the global page, the plain page of 1, the plain page of 2 |

    Scenario: A global page counts as loaded under the PCID that was current at the time
      Given PCID 1 is current
      When the control bits become "SMEP=1"
      Then the TLB holds "the plain page of 2"

  Rule: The processor checks the preconditions of PCIDs

    Scenario: CR4.PCIDE can be set only while the PCID bits of CR3 are 0
      Given a processor with 4-level paging that has PCIDs but does not use them
      And CR3 is loaded with PCID 3 and bit 63 clear
      When the control bits become "PCIDE=1"
      Then the move raises #GP and CR4 is as it was

    Scenario Outline: CR4.PCIDE cannot be set <where>
      Given a processor with <paging> paging
      When the control bits become "PCIDE=1"
      Then the move raises #GP and CR4 is as it was

      Examples:
        | where                          | paging  |
        | without PCIDs in the processor | 4-level |
        | outside of long mode           | PAE     |

    Scenario: Paging cannot be switched off while CR4.PCIDE is set
      Given a processor with 4-level paging and PCIDs
      When the control bits become "PG=0"
      Then the move raises #GP and paging is on

    Scenario: Without CR4.PCIDE, bit 63 of CR3 is reserved
      Given a processor with 4-level paging that has PCIDs but does not use them
      When CR3 is loaded with PCID 1 and bit 63 set
      Then the move raises #GP and CR3 is as it was

    Scenario Outline: Without CR4.PCIDE, INVPCID of type <type> for PCID <pcid> is <outcome>
      Given a processor with 4-level paging that has PCIDs but does not use them
      When INVPCID of type <type> names PCID <pcid>
      Then INVPCID is <outcome>

      Examples:
        | type | pcid | outcome     |
        | 0    | 0    | let through |
        | 0    | 1    | refused     |
        | 1    | 1    | refused     |
        | 2    | 1    | let through |
        | 4    | 0    | refused     |

    Scenario: INVPCID refuses an address that is not canonical
      Given a processor with 4-level paging and PCIDs
      When INVPCID names an address that is not canonical
      Then INVPCID is refused

  Rule: A kernel that keeps translations must flush them when it returns to the address space

    Scenario: A page that is remapped under another PCID is still reached at its old place on return
      Given long mode with PCIDs, where the page "here" leads to the old frame
      And a processor that runs "pcid 1; touch here; pcid 2; remap here new; pcid 1; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old"

    Scenario Outline: "<flush>" on return drops the old translation
      Given long mode with PCIDs, where the page "here" leads to the old frame
      And a processor that runs "pcid 1; touch here; pcid 2; remap here new; <flush>; touch here"
      When every interleaving is explored
      Then what was noted is one of "old new"

      Examples:
        | flush                                |
        | pcid 1 flush                         |
        | invpcid address 1 here; pcid 1       |
        | invpcid context 1; pcid 1            |
        | invpcid all; pcid 1                  |
        | invpcid allButGlobal; pcid 1         |

    Scenario Outline: "<flush>" on return does not drop the old translation
      Given long mode with PCIDs, where the page "here" leads to the old frame
      And a processor that runs "pcid 1; touch here; pcid 2; remap here new; <flush>; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old"

      Examples:
        | flush                                |
        | invlpg here; pcid 1                  |
        | invpcid address 1 beside; pcid 1     |
        | invpcid context 2; pcid 1            |
        | pcid 2 flush; pcid 1                 |

    Scenario Outline: "<instruction>" outside ring 0 raises #GP
      Given the handler of vector 13 runs "note #GP; stop"
      And long mode with PCIDs, where the page "here" leads to the old frame
      And a processor that runs "ring 3; <instruction>; note through"
      When every interleaving is explored
      Then what was noted is one of "#GP"

      Examples:
        | instruction |
        | invpcid all |
        | pcid 1      |

    Scenario: INVPCID is an undefined instruction on a processor without PCIDs
      Given the handler of vector 6 runs "note #UD; stop"
      And a processor that runs "nop; invpcid all; note through"
      When every interleaving is explored
      Then what was noted is one of "#UD"
