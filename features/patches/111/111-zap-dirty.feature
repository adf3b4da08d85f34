@seed:111 @patch:zap-dirty
Feature: A page of a file is flushed before write-back can consider it clean
  munmap() hands the dirty bit of an entry on to the page and flushes later. A thread whose TLB still has the translation
  as dirty keeps writing, and write-back in between finds no entry and considers the page clean. Linus Torvalds moved the
  flush under the lock of the page table in April 2014, and the end of the mapping behind the flush in November 2022.

  Background:
    Given the situation "zap-dirty/munmap"

  Rule: When all CPUs are idle, a page whose content is not on the disk is marked dirty

    @before @claim:111.1 @claim:111.4
    Scenario: Without the patch, a write that comes after write-back is lost
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk
      And the search was complete

    @before @control @counter:111.1
    Scenario: If the cached translation is not dirty, the processor walks to the entry again, and faults because it is gone
      Given the kernel without the patch
      And "hasWritten" is "false"
      When it runs in every interleaving
      Then no interleaving loses a write
      And the search was complete

    @before @claim:111.1
    Scenario: Under TSO a first write can be lost too: it sets the dirty bit, waits in the store buffer, and reaches memory after write-back
      Given the kernel without the patch
      And "hasWritten" is "false"
      And "order" is "TSO"
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk
      And the search was complete

    @open @counter:111.2
    Scenario: The flush of 2014 is not enough: write-back takes no lock for a page that is no longer counted as mapped
      Given the kernel with the variant "2014"
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk
      And the search was complete

    @after
    Scenario Outline: With the flush of 2014 and the order of 2022, no write is lost (written before: <hasWritten>)
      Given the kernel under review
      And "hasWritten" is "<hasWritten>"
      When it runs in every interleaving
      Then no interleaving loses a write
      And the search was complete

      @requirement @hunk:zap-dirty/flush-first @hunk:zap-dirty/rmap-after-flush
      Examples: What fails without the patch
        | hasWritten |
        | true       |

      Examples: What does not fail without it
        | hasWritten |
        | false      |

    @near-miss
    Scenario: If the count of mappings is lowered only when the early flush is due, a clean page counts as mapped forever
      Given the kernel with the variant "rmap-if-flushed"
      And "hasWritten" is "false"
      When it runs in every interleaving
      Then some interleaving leaves a page counted as mapped that no entry leads to

    @after
    Scenario Outline: With both fixes, nothing is lost whatever munmap() finds (<found>)
      Given the kernel with the patch
      And "found" is "<found>"
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving leaves a page counted as mapped that no entry leads to
      And the search was complete

      Examples:
        | found        |
        | an old entry |
        | no entry     |

    @after
    Scenario Outline: With both fixes, munmap() returns after the flush and leaves the count of mappings right (written before: <hasWritten>)
      Given the kernel with the patch
      And "hasWritten" is "<hasWritten>"
      When it runs in every interleaving
      Then no interleaving reaches a page after munmap() has returned
      And no interleaving leaves a page counted as mapped that no entry leads to
      And the search was complete

      Examples:
        | hasWritten |
        | true       |
        | false      |

    @near-miss
    Scenario Outline: <fix> loses the write all the same
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk

      Examples:
        | fix                                          | variant    |
        | Looking for the dirty bit after the flush    | look-again |
        | Counting the page as mapped until the end    | rmap-last  |
