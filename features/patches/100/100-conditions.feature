@seed:100 @patch:switch-mm-barrier
Feature: CVE-2016-2069 needs each of its conditions, and a barrier in the right place
  The bug needs two words of memory, a store followed by a load on each side, and a processor
  that lets a load pass an earlier store. If any one of these is missing, nothing fails.
  With a barrier in any other place, the bug remains.

  Background:
    Given an SMP kernel of 4.4, on processors whose stores wait in buffers
    And a flusher that does not hold the address space of "editor"
    And another CPU that switches to "editor"

  Rule: Without any one of its conditions, the failure cannot be reached

    @before @control @claim:100.5
    Scenario: If memory is sequentially consistent, nothing fails without the patch
      Given the kernel without the patch
      And memory is sequentially consistent
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @before @control
    Scenario: On one CPU, nothing fails without the patch
      Given the kernel without the patch
      And there is only one CPU
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @before @control
    Scenario: If a locked instruction changes the entry, nothing fails without the patch
      Given the kernel without the patch
      And a locked instruction changes the page-table entry
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @before @control
    Scenario: A newcomer that reads only once reads before the page is freed, so nothing fails
      What it read before the page was freed was its own data.

      Given the kernel without the patch
      And each user task touches its page 1 times
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving lets "editor" read a page that was freed

    @control
    Scenario: Without any flush, the checker fires even if memory is sequentially consistent
      Given the kernel with the patch
      And memory is sequentially consistent
      When the flusher calls "nothing" in every interleaving
      Then some interleaving leaves the other CPU with the old translation
      And some interleaving lets "editor" read a page that was freed

  Rule: A barrier in the wrong place does not help

    @near-miss
    Scenario Outline: <fix> leaves the newcomer with the old translation
      Given the kernel with the variant "<variant>"
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

      Examples:
        | fix                                  | variant         |
        | A barrier after the mask was read    | late            |
        | A write barrier                      | write-barrier   |
        | A barrier in switch_mm() alone       | fence-in-switch |

    @near-miss @hunk:switch-mm-barrier/stranger
    Scenario: A barrier only for CPUs that do not use the address space misses one that has already left it
      Given the kernel with the variant "only-strangers"
      And the flusher has borrowed the address space, and its CPU has left it since
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @near-miss @claim:100.2
    Scenario: Setting the bit after cr3 is loaded is too late, since a TLB may be filled at any time
      Given the kernel with the variant "bit-after-load"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @control
    Scenario: Setting the bit after cr3 is loaded would be enough on a processor that fills its TLB only on demand
      Given the kernel with the variant "bit-after-load"
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @after
    Scenario: With a barrier in flush_tlb_page() too, nothing fails however the entry is changed
      Given the kernel with the variant "page-too"
      When the flusher calls "flush_tlb_page()" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

  Rule: The newcomer needs a barrier between setting its bit and the first fill of its TLB

    @claim:100.6
    Scenario: If the bit is set by a plain store, writing cr3 is the barrier
      Given the kernel with the variant "plain-bit"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @counter:100.6
    Scenario: If the bit is set by a locked instruction, writing cr3 need not be a barrier
      Given the kernel with the variant "loose-cr3"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @near-miss @claim:100.5
    Scenario: With neither a locked bit nor a serialising cr3, the newcomer's store stays in its buffer, and the patch does not help
      Given the kernel with the variant "neither"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @control
    Scenario: With neither a locked bit nor a serialising cr3, but fills only on demand, clearing the bit of the old address space is the barrier
      Removing the CPU from the old mask is a locked instruction too, and comes before the task runs.

      Given the kernel with the variant "neither"
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete
