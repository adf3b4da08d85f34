@seed:112 @patch:gup-fast
Feature: A page table is freed only when every CPU has answered an interrupt
  get_user_pages_fast() walks page tables without a lock and with interrupts off, which keeps a table alive as long as
  freeing it waits for an interrupt to be answered. A flush by hypercall waits for none, so khugepaged could free a table
  that was being walked.
  Jann Horn had it send an empty interrupt first, in November 2022.

  Background:
    Given the situation "gup-fast/collapse"

  Rule: No CPU walks a page table that is free or used for something else

    @before @claim:112.2 @claim:112.3
    Scenario: Without the patch, if the flush is a hypercall, a table can be walked after it was freed
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets "walker" walk "the table" after it was freed
      And the search was complete

    @before @claim:112.2
    Scenario: Without the patch, data in the freed table can be taken for an entry, and a reference is taken to the wrong page
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets "walker" walk "the table" when it is used for something else

    @before @control @claim:112.1
    Scenario: On bare metal the flush is an interrupt, and waits for the walk
      Given the kernel without the patch
      And "flushing" is "interrupts"
      When it runs in every interleaving
      Then no interleaving walks a table that is free or used for something else
      And the search was complete

    @requirement @after @claim:112.4 @hunk:gup-fast/sync
    Scenario: With the patch, the table is not freed while it is walked
      Given the kernel under review
      When it runs in every interleaving
      Then no interleaving walks a table that is free or used for something else
      And the search was complete

    @after
    Scenario: With the patch, a second interrupt does no harm
      Given the kernel with the patch
      And "flushing" is "interrupts"
      When it runs in every interleaving
      Then no interleaving walks a table that is free or used for something else
      And the search was complete

    @after @claim:112.5
    Scenario Outline: A table that is freed by RCU is not freed while it is walked (walks: <walkers>, flush by <flushing>)
      Given the kernel with the variant "defer"
      And "walkers" is "<walkers>"
      And "flushing" is "<flushing>"
      When it runs in every interleaving
      Then no interleaving walks a table that is free or used for something else
      And the search was complete

      Examples:
        | walkers | flushing   |
        | 1       | hypercall  |
        | 2       | hypercall  |
        | 1       | interrupts |

    @near-miss @claim:112.4
    Scenario Outline: <fix> does not protect the walk
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving lets "walker" walk "the table" after it was freed

      Examples:
        | fix                                           | variant       |
        | An interrupt before the table is unlinked     | sync-early    |
        | A memory barrier                              | barrier       |
        | Checking the upper entry before the reference | recheck-early |
