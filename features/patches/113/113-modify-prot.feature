@seed:113 @patch:modify-prot
Feature: No bit that a processor sets in an entry is lost while mprotect() changes it
  mprotect() reads an entry, changes its rights and writes it back, and processors set A and D in entries without a lock.
  So the entry is exchanged with 0 and written afterwards. Jeremy Fitzhardinge gave the two halves names in June 2008, so
  that hypervisors can do them in another way.

  Background:
    Given the situation "modify-prot/mprotect"

  Rule: What was written is known to be dirty, and no thread writes after mprotect() has returned

    @before @claim:113.2
    Scenario: Without the patch, nothing is lost, since the entry is exchanged with 0
      Given the kernel without the patch
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving writes after mprotect() has returned
      And the search was complete

    @after @claim:113.2 @claim:113.4
    Scenario Outline: With the patch, nothing is lost either (dirty before: <isDirty>)
      Given the kernel with the patch
      And "isDirty" is "<isDirty>"
      And "isYoung" is "<isYoung>"
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving writes after mprotect() has returned
      And the search was complete

      Examples:
        | isDirty | isYoung |
        | false   | true    |
        | true    | true    |
        | false   | false   |

    @after @claim:113.1
    Scenario Outline: On Xen a plain read is enough, since the update keeps A and D (dirty before: <isDirty>)
      Given the kernel with the variant "xen"
      And "isDirty" is "<isDirty>"
      And "isYoung" is "<isYoung>"
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving writes after mprotect() has returned
      And the search was complete

      Examples:
        | isDirty | isYoung |
        | false   | true    |
        | true    | true    |
        | false   | false   |

    @near-miss @claim:113.1
    Scenario: On Xen an update that keeps nothing loses the dirty bit
      Given the kernel with the variant "normal-update"
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk

    @near-miss @claim:113.1
    Scenario: A plain read and a plain write lose the dirty bit if the first write to the page comes in between
      Given the kernel with the variant "plain"
      When it runs in every interleaving
      Then some interleaving loses "0x77", which should be on the disk

    @near-miss @control
    Scenario: An entry that is dirty already has no bit to lose
      Given the kernel with the variant "plain"
      And "isDirty" is "true"
      When it runs in every interleaving
      Then no interleaving loses a write
      And the search was complete

    @near-miss
    Scenario: CMPXCHG without a retry loses no bit, but can leave the page writable
      Given the kernel with the variant "cmpxchg-once"
      When it runs in every interleaving
      Then some interleaving writes after mprotect() has returned
      And no interleaving loses a write

    @near-miss
    Scenario: CMPXCHG with one retry can fail twice, since a processor sets A and D at different times
      Given the kernel with the variant "cmpxchg-twice"
      And "isYoung" is "false"
      When it runs in every interleaving
      Then some interleaving writes after mprotect() has returned
      And no interleaving loses a write

    @near-miss @control
    Scenario: One retry is enough if only D can be set
      Given the kernel with the variant "cmpxchg-twice"
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving writes after mprotect() has returned
      And the search was complete

  Rule: No other owner of the page table comes between the read and the write

    @after @claim:113.5
    Scenario Outline: A file that another thread truncates meanwhile is not mapped again (<kernel>)
      Given the kernel <kernel>
      And "other" is "truncates"
      When it runs in every interleaving
      Then every access that a system call has forbidden is refused
      And the search was complete

      Examples:
        | kernel                 |
        | without the patch      |
        | with the patch         |
        | with the variant "xen" |

    @near-miss @claim:113.5
    Scenario: If the entry is written back after the lock is released, a page that was truncated is mapped again
      Given the kernel with the variant "commit-unlocked"
      And "other" is "truncates"
      When it runs in every interleaving
      Then some interleaving lets "truncater" use the page after "truncate()" has returned

    @near-miss @control @claim:113.5
    Scenario: Processors do not need the lock
      Given the kernel with the variant "commit-unlocked"
      When it runs in every interleaving
      Then no interleaving loses a write
      And no interleaving writes after mprotect() has returned
      And the search was complete
