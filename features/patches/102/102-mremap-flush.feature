@seed:102 @patch:mremap-flush
Feature: mremap() flushes the old address before the page can be freed at the new one
  mremap() moves a page's entry to another place in the page tables. It used to flush the old
  address only after it had released the page-table locks. In between, truncation can find the page
  at its new address, flush that address, and free the page, while a third thread still has the old
  translation. Reported by Jann Horn and fixed by Linus Torvalds in October 2018 (CVE-2018-18281).

  Background:
    Given the situation "mremap-flush/move"

  Rule: No thread reaches a freed page through the address from which it was moved

    @before @claim:102.1 @claim:102.2
    Scenario: Without the patch, a thread can read a page that was freed
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed
      And the search was complete

    @before @claim:102.3 @counter:102.4
    Scenario: With the flush that 4.9 makes for dirty pages, the page can still be written for a moment
      Given the kernel without the patch
      And "dirty" is "true"
      And "access" is "writes"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed

    @before @claim:102.4
    Scenario: In 4.8 the page can even be written after it was freed
      Given the kernel without the patch
      And a kernel of "4.8"
      And "dirty" is "true"
      And "access" is "writes"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed

    @before @claim:102.4 @control
    Scenario: A thread's first write to the page walks the page tables, so it faults once the page has moved
      Given the kernel without the patch
      And "access" is "writes"
      And "tables" is "1"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @before @claim:102.7
    Scenario: Without the patch, the bug is there even if both addresses share one page table
      Given the kernel without the patch
      And "tables" is "1"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed

    @requirement @after @claim:102.2 @hunk:mremap-flush/before-unlock
    Scenario Outline: With the patch, no thread that <access> reaches the freed page (dirty: <dirty>, page tables: <tables>)
      Given the kernel under review
      And "access" is "<access>"
      And "dirty" is "<dirty>"
      And "tables" is "<tables>"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

      Examples:
        | access | dirty | tables |
        | reads  | false | 2      |
        | writes | true  | 2      |
        | reads  | false | 1      |

  Rule: A flush between the two unlocks comes too late, and one before the entry is cleared too early

    @near-miss @claim:102.2
    Scenario: A flush between the two unlocks is too late if the addresses have different page tables
      Given the kernel with the variant "between-unlocks"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed

    @near-miss @control
    Scenario: A flush between the two unlocks is in time if the addresses share a page table, which is unlocked once
      Given the kernel with the variant "between-unlocks"
      And "tables" is "1"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @near-miss @claim:102.2
    Scenario: A flush before the entry is cleared is too early, because the next access loads the translation again
      Given the kernel with the variant "before-clear"
      When it runs in every interleaving
      Then some interleaving lets "user" reach "the page" after it was freed

    @near-miss @control
    Scenario: For a thread that uses the old address only once, an early flush is as good as one in time
      Given the kernel with the variant "before-clear"
      And "accesses" is "1"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete
