@seed:101 @patch:skipped-flush
Feature: A TLB flush does not skip a CPU that is switching to the address space
  Since early 2025 a flush interrupts only those CPUs whose loaded_mm names the address
  space. A CPU that has read the generation of the page tables but has not yet stored loaded_mm
  is skipped. With tagged translations it then goes on using old ones. Fixed by Dave Hansen in
  May 2025 (CVE-2025-37964); a barrier that was still missing was added in October 2025 (CVE-2025-40174).

  Background:
    Given the situation "skipped-flush/switch"

  Rule: Once a flush has returned, no task reaches the page that was mapped before

    @before @claim:101.2
    Scenario Outline: Without the patch, a reader on <release> can go on using the old translation (<order>)
      Given the kernel without the patch
      And a kernel of "<release>"
      And "order" is "<order>"
      When it runs in every interleaving
      Then some interleaving lets "reader" reach "the old page" after it was freed
      And the search was complete

      Examples:
        | release | order |
        | 6.14    | SC    |
        | 6.14    | TSO   |
        | 6.12.14 | SC    |
        | 6.12.14 | TSO   |

    @control @claim:101.2
    Scenario Outline: A kernel of 6.12, which interrupts every CPU in the mask, needs no patch (<order>)
      Given the kernel without the patch
      And a kernel of "6.12"
      And "order" is "<order>"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | order |
        | SC    |
        | TSO   |

    @requirement @after @claim:101.5 @claim:101.6 @hunk:skipped-flush/filter @hunk:skipped-flush/switching-first @hunk:skipped-flush/barrier
    Scenario Outline: With the patch, no reader on <release> uses the old translation (<order>)
      Given the kernel under review
      And a kernel of "<release>"
      And "order" is "<order>"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | release | order |
        | 6.14    | SC    |
        | 6.14    | TSO   |
        | 6.12.14 | TSO   |

    @after @claim:101.5
    Scenario Outline: With the patch, reclaim, whose flush names no address space, skips no reader on <release> either
      Given the kernel with the patch
      And a kernel of "<release>"
      And "flusher" is "reclaim"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | release |
        | 6.14    |
        | 6.12.14 |

    @requirement @after
    Scenario: With the patch, a speculative fill of the TLB does not bring the old translation back
      Given the kernel under review
      And processors that tag their translations
      And processors that may fill their TLBs at any time
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

  Rule: Each of the three parts is needed

    @take:stable @counter:101.4 @claim:101.7 @counter:101.3
    Scenario Outline: The filter alone, as in the stable trees, leaves the window open in <release> (<order>)
      The generation is read before loaded_mm says that the CPU is switching.

      Given the kernel with the variant "stable"
      And a kernel of "<release>"
      And "order" is "<order>"
      When it runs in every interleaving
      Then some interleaving lets "reader" reach "the old page" after it was freed

      Examples:
        | release | order |
        | 6.14    | SC    |
        | 6.14    | TSO   |
        | 6.12.14 | SC    |
        | 6.12.14 | TSO   |

    @take:stable @claim:101.3 @claim:101.4
    Scenario Outline: Without tagged translations, the filter alone closes the window (<order>)
      Given the kernel with the variant "stable"
      And processors that do not tag their translations
      And processors that may fill their TLBs at any time
      And "order" is "<order>"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | order |
        | SC    |
        | TSO   |

    @take:6.15 @claim:101.4
    Scenario: The filter and the earlier mark are enough if stores reach memory at once
      Given the kernel with the variant "6.15"
      And stores that are in memory at once
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @take:6.15 @counter:101.5 @claim:101.6
    Scenario: The filter and the earlier mark fail if the mark is still in the store buffer when the generation is read
      Given the kernel with the variant "6.15"
      And stores that wait in buffers
      When it runs in every interleaving
      Then some interleaving lets "reader" reach "the old page" after it was freed

    @take:6.15 @claim:101.9
    Scenario: The filter and the earlier mark are enough if the mask bit is set first, which is a locked instruction
      Given the kernel with the variant "6.15"
      And stores that wait in buffers
      And "ran" is "false"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @take:6.15 @claim:101.8
    Scenario: In 6.12.14 the filter and the earlier mark need no barrier, because the mask bit is always set
      Given the kernel with the variant "6.15"
      And a kernel of "6.12.14"
      And stores that wait in buffers
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

  Rule: A barrier or a mark at the wrong place does not help

    @near-miss
    Scenario Outline: The wrong fix "<variant>" still fails
      Given the kernel with the variant "<variant>"
      And stores that wait in buffers
      When it runs in every interleaving
      Then some interleaving lets "reader" reach "the old page" after it was freed

      Examples:
        | variant           |
        | order-only        |
        | barrier-before    |
        | barrier-after-cr3 |
        | bit-first         |
        | release           |
