@seed:100 @patch:switch-mm-barrier
Feature: A TLB flush reaches every CPU that is switching to the address space
  A flush interrupts the CPUs whose bits are set in a mask. A CPU that switches to the
  address space sets its bit and then loads the page tables. If the flusher reads the
  mask while its own change of the page table is still in the store buffer, each
  misses the other: no interrupt is sent, and the newcomer keeps the old translation.
  Found by Andy Lutomirski in January 2016, and known as CVE-2016-2069.

  Background:
    Given an SMP kernel of 4.4, on processors whose stores wait in buffers
    And a flusher that does not hold the address space of "editor"
    And another CPU that switches to "editor"

  Rule: Once a flush has returned, no CPU has the old translation

    @before @claim:100.1 @claim:100.5 @claim:100.9
    Scenario: Without the patch, a CPU that switches to the address space can keep the old translation
      Given the kernel without the patch
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation
      And in that interleaving the flusher looks at the mask while its store to the entry waits

    @before @claim:100.1
    Scenario: Without the patch, a flush of the whole address space can also miss a CPU that switches to it
      Given the kernel without the patch
      When the flusher calls "flush_tlb_mm_range() of everything" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @before @claim:100.1
    Scenario: Without the patch, a task can read another task's data
      Given the kernel without the patch
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving lets "editor" read what another task has written to the freed page

    @requirement @after @claim:100.9 @claim:100.11 @hunk:switch-mm-barrier/stranger
    Scenario Outline: With the patch, "<flush>" reaches every CPU
      Given the kernel under review
      And a TLB may be filled at any time
      When the flusher calls "<flush>" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And no interleaving lets "editor" read a page that was freed
      And the search was complete

      Examples:
        | flush                              |
        | flush_tlb_mm_range() of one page   |
        | flush_tlb_mm_range() of everything |

    @before @claim:100.10
    Scenario Outline: Without the patch, "<flush>" by a CPU that has already left can miss the newcomer
      leave_mm() does nothing if the CPU has already left, so there is no barrier.

      Given the kernel without the patch
      And the flusher has borrowed the address space, and its CPU has left it since
      When the flusher calls "<flush>" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

      Examples:
        | flush                            |
        | flush_tlb_mm_range() of one page |
        | flush_tlb_page()                 |

    @before @claim:100.10
    Scenario: An earlier flush by a third CPU can make the flusher's CPU leave the address space
      Given the kernel without the patch
      And the flusher has borrowed the address space
      And a thread of "editor" flushes another page on a third CPU
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation
      And in that interleaving the flusher's CPU was first made to leave the address space

    @requirement @after @claim:100.10 @claim:100.11 @hunk:switch-mm-barrier/after-leave
    Scenario: With the patch, an earlier flush by a third CPU does no harm
      Given the kernel under review
      And the flusher has borrowed the address space
      And a thread of "editor" flushes another page on a third CPU
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @requirement @after @claim:100.10 @claim:100.11 @hunk:switch-mm-barrier/after-leave
    Scenario: With the patch, flushing a range is safe even if the CPU has already left
      Given the kernel under review
      And the flusher has borrowed the address space, and its CPU has left it since
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @requirement @after @claim:100.10 @claim:100.11 @hunk:switch-mm-barrier/page-after-leave
    Scenario: With the patch, flushing a page is safe even if the CPU has already left
      Given the kernel under review
      And the flusher has borrowed the address space, and its CPU has left it since
      When the flusher calls "flush_tlb_page()" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @before @counter:100.10
    Scenario Outline: If the CPU has not left yet, leave_mm() is a sufficient barrier for "<flush>"
      Given the kernel without the patch
      And the flusher has borrowed the address space
      When the flusher calls "<flush>" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

      Examples:
        | flush                            |
        | flush_tlb_mm_range() of one page |
        | flush_tlb_page()                 |

    @before @claim:100.8
    Scenario Outline: The owner of the address space needs no barrier for "<flush>"
      Given the kernel without the patch
      And the flusher owns the address space
      When the flusher calls "<flush>" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

      Examples:
        | flush                              |
        | flush_tlb_mm_range() of one page   |
        | flush_tlb_mm_range() of everything |
        | flush_tlb_page()                   |

    @after @open @counter:100.11
    Scenario: With the patch, flush_tlb_page() by a CPU that does not use the address space can still miss the newcomer
      The patch puts no barrier there. If the entry was changed by a plain store, the
      newcomer can be missed as before; the callers must use a locked instruction.

      Given the kernel with the patch
      When the flusher calls "flush_tlb_page()" in every interleaving
      Then some interleaving leaves the other CPU with the old translation

    @after @claim:100.11
    Scenario: flush_tlb_page() leaves nothing stale if a locked instruction changes the entry
      Given the kernel with the patch
      And a locked instruction changes the page-table entry
      When the flusher calls "flush_tlb_page()" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

    @after @claim:100.11
    Scenario Outline: The patch also works for a CPU that <comes>
      Given the kernel with the patch
      And the other CPU <comes>
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then no interleaving leaves any CPU with the old translation
      And the search was complete

      Examples:
        | comes                                                                  |
        | comes back from lazy TLB mode                                          |
        | comes back from lazy TLB mode, and has left the address space since    |

  Rule: What the comments say about the bad outcome can be checked against the outcomes

    @after @counter:100.3
    Scenario: A newcomer that sees the new entry does no harm, even if the flusher does not see its bit
      The comment says "new" where it means "old": a newcomer that sees the new entry needs no interrupt.

      Given the kernel with the patch
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving ends so that "the flusher told no CPU; the reader read the new page"
      And no interleaving leaves any CPU with the old translation

    @before @counter:100.4
    Scenario: The newcomer is left with the stale translation, not the flusher
      Given the kernel without the patch
      And a TLB may be filled at any time
      When the flusher calls "flush_tlb_mm_range() of one page" in every interleaving
      Then some interleaving leaves the other CPU with the old translation
      And no interleaving leaves the flusher's own CPU with the old translation
