@seed:110 @patch:large-page-split
Feature: A large page that was split is flushed everywhere before one of its small pages changes
  To change the attributes of one page in a large mapping, the kernel replaces the mapping by a table and then changes one
  entry of it. A TLB that still has the large translation can load the small one beside it, and while the two differ the
  behaviour of the processor is undefined. Suresh Siddha put a flush in between, under a lock, in September 2008.

  Background:
    Given the situation "large-page-split/change"

  Rule: No TLB has two translations of one address that differ

    @before @claim:110.1 @claim:110.3
    Scenario: Without the patch, a CPU that reads the page has it in two sizes that differ
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving gives "cpu1" two translations of one address that differ
      And the search was complete

    @before @claim:110.3
    Scenario: The flush at the very end is too late
      Given the kernel without the patch
      And "until" is "flushed"
      When it runs in every interleaving
      Then some interleaving gives "cpu1" two translations of one address that differ

    @before @counter:110.1
    Scenario: A processor that never holds two sizes of one translation is not affected
      Given the kernel without the patch
      And "sizes" is "false"
      When it runs in every interleaving
      Then no interleaving gives a CPU two translations of one address that differ
      And the search was complete

    @before @control @claim:110.5
    Scenario: With DEBUG_PAGEALLOC there is no large page to split
      Given the kernel without the patch
      And "debugPagealloc" is "true"
      When it runs in every interleaving
      Then no interleaving gives a CPU two translations of one address that differ
      And the search was complete

    @requirement @after @claim:110.3 @claim:110.4 @hunk:large-page-split/flush @hunk:large-page-split/lock
    Scenario Outline: With the patch, no TLB has both while another CPU <other>
      Given the kernel under review
      And "other" is "<other>"
      When it runs in every interleaving
      Then no interleaving gives a CPU two translations of one address that differ
      And the search was complete

      Examples:
        | other                   |
        | reads it                |
        | changes the page beside |

    @after @claim:110.4
    Scenario: The table is allocated without the lock, since the allocation may sleep
      Given the kernel with the patch
      When it runs in every interleaving
      Then no task sleeps where it must not
      And the search was complete

  Rule: The flush needs the lock, and must reach all CPUs
    TSO exposes no further failure, whatever the other CPU does: the largest search with the patch has 392,966 states, and none fails.
    Without it, what fails is what fails under SC.

    @near-miss @claim:110.4
    Scenario: Without the lock, another CPU finds the page split and changes its own page before the flush
      Given the kernel with the variant "flush-only"
      And "other" is "changes the page beside"
      When it runs in every interleaving
      Then some interleaving gives "cpu1" two translations of one address that differ

    @near-miss @control
    Scenario: Without the lock, a CPU that only reads is flushed in time
      Given the kernel with the variant "flush-only"
      When it runs in every interleaving
      Then no interleaving gives a CPU two translations of one address that differ
      And the search was complete

    @near-miss @claim:110.3
    Scenario: The lock alone does not keep a reader from loading the small page
      Given the kernel with the variant "lock-only"
      When it runs in every interleaving
      Then some interleaving gives "cpu1" two translations of one address that differ

    @near-miss @claim:110.6
    Scenario: A flush only on the CPU that has split the page leaves the other CPU its large translation
      Given the kernel with the variant "flush-here"
      When it runs in every interleaving
      Then some interleaving gives "cpu1" two translations of one address that differ
