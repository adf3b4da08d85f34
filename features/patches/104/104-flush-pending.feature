@seed:104 @patch:flush-pending
Feature: A page that was made inaccessible is moved only when no TLB has it
  NUMA balancing and mprotect(PROT_NONE) change the entries of a range and flush later. Migration
  in between assumes that no TLB can hold the entry, leaves out its own flush, and copies the page, while
  another CPU still writes to it. Fixed by Rik van Riel in December 2013 with a flag, which Nadav Amit
  turned into a count in July 2017.

  Background:
    Given the situation "flush-pending/migrate"

  Rule: Nothing is written to a page whose content was copied away

    @before @claim:104.1 @claim:104.3
    Scenario: Without the patch, a write to the old page is lost if another reference to that page remains
      Given the kernel without the patch
      And "held" is "true"
      When it runs in every interleaving
      Then some interleaving lets "user" write to "the old page" after its content was copied away
      And the search was complete

    @before @claim:104.4
    Scenario: Without the patch, a thread writes to a page that has another owner
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the old page" after it was freed

    @before @control @claim:104.2
    Scenario: A page that stays where it is can be written until the flush, and nothing is lost
      Given the kernel without the patch
      And "moves" is "false"
      And "accesses" is "2"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @requirement @after @claim:104.6 @hunk:flush-pending/pending @hunk:flush-pending/accessible
    Scenario Outline: With the patch, no write is lost (<order>, old page held: <held>)
      Given the kernel under review
      And "order" is "<order>"
      And "held" is "<held>"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | order | held  |
        | SC    | false |
        | SC    | true  |
        | TSO   | false |

    @requirement @after @claim:104.10 @hunk:flush-pending/count
    Scenario: With the patch, no write is lost with two threads either, in runs with at most one switch
      Without the bound there are 387,227 states. None fails, but the search takes too long for the suite:
      npx paravirt-spec check flush-pending/migrate --set scanners=2

      Given the kernel under review
      And "scanners" is "2"
      When it runs in every interleaving with at most 1 switch
      Then no task reaches a page that was freed
      And the search was complete

    @take:always
    Scenario: A flush that does not depend on the entry is enough as well
      Given the kernel with the variant "always"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

  Rule: Each outstanding flush counts

    @take:3.13 @claim:104.7
    Scenario: The flag of 3.13 is enough for one thread
      Given the kernel with the variant "3.13"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @take:3.13 @counter:104.7 @claim:104.8
    Scenario: If a second thread finishes first, it clears the flag for both
      Given the kernel with the variant "3.13"
      And "scanners" is "2"
      When it runs in every interleaving with at most 0 switches
      Then some interleaving lets "user" reach "the old page" after it was freed

    @near-miss
    Scenario: The wrong fix "exchange" still fails with two threads
      Given the kernel with the variant "exchange"
      And "scanners" is "2"
      When it runs in every interleaving with at most 0 switches
      Then some interleaving lets "user" reach "the old page" after it was freed

    @near-miss
    Scenario Outline: The wrong fix "<variant>" fails with one thread
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the old page" after it was freed

      Examples:
        | variant      |
        | set-late     |
        | clear-early  |
        | ask-unlocked |
