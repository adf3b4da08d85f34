@seed:105 @patch:vmalloc-lazy
Feature: A page fault on vmalloc memory is repaired at once, in lazy MMU mode too
  On Xen an update of a pinned page directory waits in a queue as long as lazy MMU mode is on.
  If the unmap loop, which is in that mode, faults on memory from vmalloc(), the entry that would repair the fault
  waits as well. Seen by Samu Kallio on 3.6.10, and fixed by him in 2013.

  Background:
    Given the situation "vmalloc-lazy/unmap"

  Rule: The access that has faulted succeeds when the handler has returned

    @before @claim:105.1 @claim:105.2 @claim:105.3
    Scenario: Without the patch, the handler of x86-64 does not find the entry that it has just set
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving stops "editor" with "pud_none(*pud)"
      And the search was complete

    @before @counter:105.8
    Scenario: Without the patch, the access faults on i386 until the queue is full, and then succeeds
      Given the kernel without the patch
      And "arch" is "i386"
      When it runs in every interleaving
      Then no task oopses
      And no interleaving goes on forever
      And "editor" faults 32 times
      And the search was complete

    @before @counter:105.7
    Scenario: A page fault is not an interrupt, and inherits the lazy mode of the task
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving stops "editor" with "pud_none(*pud)"

    @requirement @after @claim:105.5 @hunk:vmalloc-lazy/flush
    Scenario Outline: With the patch, the access succeeds after one fault (task: <task>, <arch>)
      Given the kernel under review
      And "arch" is "<arch>"
      And "task" is "<task>"
      When it runs in every interleaving
      Then no task oopses
      And "editor" faults 1 time
      And the search was complete

      Examples:
        | arch   | task            |
        | x86_64 | lives           |
        | x86_64 | exits, switched |
        | i386   | lives           |

    @before @control @claim:105.6
    Scenario: Bare metal needs no patch
      Given the kernel without the patch
      And "backend" is "bare metal"
      When it runs in every interleaving
      Then no task oopses
      And the search was complete

    @before @control @counter:105.3
    Scenario: A page directory that is not pinned is written at once
      Given the kernel without the patch
      And "pinned" is "false"
      When it runs in every interleaving
      Then no task oopses
      And the search was complete

    @before @control @claim:105.1
    Scenario: Outside lazy mode the entry goes to Xen at once
      Given the kernel without the patch
      And "lazy" is "false"
      When it runs in every interleaving
      Then no task oopses
      And the search was complete

  Rule: An exiting task meets the bug only on a borrowed page directory

    @before @control @counter:105.4
    Scenario: A task that exits has unpinned its own page directory, so the entry is written at once
      Given the kernel without the patch
      And "task" is "exits"
      When it runs in every interleaving
      Then no task oopses
      And the search was complete

    @before @claim:105.4
    Scenario: A task that is switched out while it exits can borrow a page directory that is pinned
      Given the kernel without the patch
      And "task" is "exits, switched"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "pud_none(*pud)"

  Rule: The flush comes after the entry and leaves the mode as it was

    @take:around
    Scenario: Leaving lazy mode while the entry is set works as well
      Given the kernel with the variant "around"
      When it runs in every interleaving
      Then no task oopses
      And the search was complete

    @near-miss
    Scenario Outline: The wrong fix "<variant>" ends in "<message>"
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "<message>"

      Examples:
        | variant     | message                                  |
        | flush-first | pud_none(*pud)                           |
        | leave       | paravirt_lazy_mode != PARAVIRT_LAZY_MMU  |

    @take:no-comparison
    Scenario: Without the handler's comparison, the access faults until the queue is full, as on i386
      Given the kernel with the variant "no-comparison"
      When it runs in every interleaving
      Then no task oopses
      And no interleaving goes on forever
      And the search was complete
