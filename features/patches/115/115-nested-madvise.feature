@seed:115 @patch:nested-madvise
Feature: madvise(MADV_DONTNEED) does not return before what another thread has unmapped is flushed
  Two threads give up the same page. The first one clears the entry and flushes later; the second one finds nothing there,
  flushes nothing, and returns with the old page still in its TLB. Minchan Kim fixed it in August 2017, after a report by
  Nadav Amit.

  Background:
    Given the situation "nested-madvise/dontneed"

  Rule: No thread reaches a page after its own madvise(MADV_DONTNEED) has returned

    @before @claim:115.1 @claim:115.2
    Scenario: Without the patch, the second thread can still read the page that it has given up
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets "second" use the page after "madvise(MADV_DONTNEED)" has returned
      And the search was complete

    @before @control @claim:115.1
    Scenario: A single thread that gives up its page flushes it
      Given the kernel without the patch
      And "same" is "false"
      When it runs in every interleaving
      Then every access that a system call has forbidden is refused
      And the search was complete

    @requirement @after @claim:115.3 @hunk:nested-madvise/count @hunk:nested-madvise/nested
    Scenario: With the patch, the second thread flushes as well
      Given the kernel under review
      When it runs in every interleaving
      Then every access that a system call has forbidden is refused
      And no task reaches a page that was freed
      And the search was complete

    @control @claim:115.3
    Scenario: A kernel of 4.14 has the patch
      Given the kernel without the patch
      And a kernel of "4.14"
      When it runs in every interleaving
      Then every access that a system call has forbidden is refused
      And the search was complete

    @near-miss @claim:115.4
    Scenario Outline: <fix> leaves the second thread with the old page
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving lets "second" use the page after "madvise(MADV_DONTNEED)" has returned

      Examples:
        | fix                            | variant    |
        | Counting down before the flush | dec-early  |
        | Counting, but never checking   | count-only |
