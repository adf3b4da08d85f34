@seed:100 @patch:switch-mm-barrier
Feature: What CVE-2016-2069 needs, and what does not help against it
  Two words of memory, a store and a load on either side, and a processor that
  lets a load go ahead of an earlier store. Take any of it away, and the bug is
  gone; put a barrier anywhere else, and it is still there.

  Background:
    Given an SMP kernel of 4.4, on processors whose stores wait in buffers
    And a flusher that does not hold the address space of "editor"
    And another CPU that switches to "editor"

  Rule: Without any one of its conditions the failure cannot be reached

    @before @control @claim:100.5
    Scenario: Where memory is sequentially consistent, nothing fails without the patch
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
    Scenario: Where a locked instruction changes the entry, nothing fails without the patch
      Given the kernel without the patch
      And a locked instruction changes the page-table entry
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @before @control
    Scenario: A newcomer that reads only once has read while the page was its own
      What it read before the page was given back it read by right.

      Given the kernel without the patch
      And each user task touches its page 1 times
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving lets "editor" read a page that was freed

    @control
    Scenario: Without any flush the checker fires even where memory is sequentially consistent
      Given the kernel with the patch
      And memory is sequentially consistent
      When the flusher calls "nothing" in every interleaving
      Then some interleaving leaves the other CPU with the old translation
      And some interleaving lets "editor" read a page that was freed

  Rule: A barrier in the wrong place is none

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
    Scenario: A barrier for strangers alone misses the CPU that has left already
      Given the kernel with the variant "only-strangers"
      And the flusher has borrowed the address space, and its CPU has left it since
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @near-miss @claim:100.2
    Scenario: A bit that is set after cr3 was loaded comes too late, since a TLB may be filled at any time
      Given the kernel with the variant "bit-after-load"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @control
    Scenario: A bit that is set after cr3 was loaded would do on a processor that fills its TLB only when asked to
      Given the kernel with the variant "bit-after-load"
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @after
    Scenario: With a barrier in flush_tlb_page() too, it holds however the entry was changed
      Given the kernel with the variant "page-too"
      When the flusher calls "flush_tlb_page()" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

  Rule: The newcomer needs a barrier between its bit and the first fill of its TLB

    @claim:100.6
    Scenario: A bit that is set by a plain store is in memory once cr3 is written
      Given the kernel with the variant "plain-bit"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @counter:100.6
    Scenario: A bit that is set by a locked instruction needs no help from cr3
      Given the kernel with the variant "loose-cr3"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @near-miss @claim:100.5
    Scenario: With neither, the newcomer's own store waits, and the patch does not help
      Given the kernel with the variant "neither"
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @control
    Scenario: With neither, and fills only on demand, switch_mm() is saved by the bit that it clears last
      Taking the CPU out of the mask that it leaves is a locked instruction as well, and comes before the task runs.

      Given the kernel with the variant "neither"
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete
