@seed:000 @patch:vmi-lazy @i386
Feature: A lazy region with interrupts off must not wait for another CPU
  Some lazy regions flush the TLBs of other CPUs. Whoever does that takes a lock
  and waits, holding it, until each of them has answered an interrupt. A second
  one waits for the lock. If it waits with interrupts off it never answers the
  first. "Totally safe, as preemption is already disabled" does not look at this.

  Background:
    Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one

  Rule: Whoever waits for another CPU answers it meanwhile

    @after @take:posted @counter:000.8
    Scenario: With the patch, two CPUs can wait for each other for ever
      Given the kernel with the variant "posted"
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in it "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" for its answer

    @after @counter:000.8
    Scenario: The corrected order on the way out makes no difference
      Given the kernel with the variant "corrected"
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in it "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" for its answer

    @after @take:posted @counter:000.8
    Scenario: Unmapping waits in the same way when it has gathered as many pages as it can
      Linux gathers 506 pages before it must flush inside the loop; here it is one.

      Given the kernel with the variant "posted"
      And the first thread is in "zap_pte_range" instead
      And as many pages as can be gathered are 1
      When both threads run in every interleaving
      Then some interleaving ends in a deadlock
      And in it "editor" waits for "smp.tlbstate_lock" with interrupts off, and "allocator" for its answer

    @before
    Scenario: Without the patch nobody waits for ever
      Given the kernel without the patch
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

    @claim:000.13
    Scenario Outline: With the flushes of <release>, which leave interrupts alone, nobody waits for ever
      Given the kernel with the variant "<release>"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

      Examples:
        | release |
        | 2.6.21  |
        | 2.6.24  |

  Rule: The deadlock needs each of its conditions

    @control
    Scenario: One lock for all page tables of a process keeps the two apart
      Given the kernel with the variant "posted"
      And a kernel built for 2 CPUs
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

    @control
    Scenario Outline: The other thread <what>
      Given the kernel with the variant "posted"
      And the second thread "<what>"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop

      Examples:
        | what                  |
        | computes              |
        | is of another process |

    @control
    Scenario Outline: The region is <region>, which flushes after it has left the mode, or not at all while it changes few entries
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
    Scenario: A ROM without SetLazyMode
      Given the kernel with the variant "posted"
      And a kernel on "VMI without SetLazyMode"
      When both threads run in every interleaving
      Then no interleaving ends in a deadlock or an endless loop
