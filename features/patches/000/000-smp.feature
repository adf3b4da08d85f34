@seed:000 @patch:vmi-lazy @i386
Feature: A lazy region with interrupts off must not wait for another CPU
  Some lazy regions flush the TLBs of other CPUs. The CPU that does this takes a
  lock and holds it until every other CPU has answered an interrupt. A second CPU
  that flushes waits for the lock. If it waits with interrupts off, it never answers
  the first. "Totally safe, as preemption is already disabled" overlooks this.

  Background:
    Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one

  Rule: A CPU that waits for another one still answers its interrupts

    @after @take:posted @counter:000.8
    Scenario: With the patch, two CPUs can wait for each other forever
      Given the kernel with the variant "posted"
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in that run "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" waits for its answer

    @after @counter:000.8
    Scenario: With the corrected order too, two CPUs can wait for each other forever
      Given the kernel with the variant "corrected"
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in that run "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" waits for its answer

    @after @take:posted @counter:000.8
    Scenario: With the patch, unmapping deadlocks in the same way once its batch of pages is full
      Linux gathers 506 pages before it must flush inside the loop; here the limit is one.

      Given the kernel with the variant "posted"
      And the first thread is in "zap_pte_range" instead
      And the batch of unmapped pages is full at 1
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in that run "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" waits for its answer

    @before
    Scenario: Without the patch, no CPU waits forever
      Given the kernel without the patch
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

    @claim:000.13
    Scenario Outline: With the flushes of <release>, which leave interrupts alone, no CPU waits forever
      Given the kernel with the variant "<release>"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

      Examples:
        | release |
        | 2.6.21  |
        | 2.6.24  |

  Rule: The deadlock needs each of its conditions

    @control
    Scenario: With one lock for all page tables of a process, the two CPUs never wait for each other
      Given the kernel with the variant "posted"
      And a kernel built for 2 CPUs
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

    @control
    Scenario Outline: There is no deadlock if the other thread <what>
      Given the kernel with the variant "posted"
      And the second thread "<what>"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

      Examples:
        | what                  |
        | computes              |
        | is of another process |

    @control
    Scenario Outline: There is no deadlock in <region>, which flushes after it has left lazy mode, or not at all for a few entries
      Given the kernel with the variant "posted"
      And the first thread is in "<region>" instead
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

      Examples:
        | region           |
        | zap_pte_range    |
        | copy_pte_range   |
        | change_pte_range |

    @control
    Scenario: There is no deadlock with a ROM without SetLazyMode
      Given the kernel with the variant "posted"
      And a kernel on "VMI without SetLazyMode"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop
