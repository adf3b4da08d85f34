@seed:001 @patch:preemptible-lazy @i386
Feature: Preemption is off wherever lazy mode is flushed, so turning it off changes nothing
  A patch disabled preemption around the flush of lazy mode, and was withdrawn as a
  no-op. That is a claim about every possible run. To decide it, both kernels are
  explored completely and their outcomes compared: how the tasks end, every page
  table and page, the modes and queues on both sides, and the TLB.

  Rule: With and without the patch the same outcomes can be reached

    @claim:001.1
    Scenario Outline: The outcomes are the same for <caller>
      Given a kernel of 2.6.23 whose flush is reached by "<caller>"
      And the timer interrupts up to 2 times
      When the kernels with and without the patch are compared in every interleaving
      Then both reach the same <outcomes> outcomes, by complete searches

      Examples: Callers of 2007, and two that came later, inside the copy loop
        | caller                          | outcomes |
        | kmap_atomic() in a task         | 1        |
        | kmap_atomic() in the copy loop  | 2        |
        | vmalloc fault in the copy loop  | 2        |
        | vmalloc fault in a task         | 2        |
        | vmalloc_sync_all()              | 1        |

    @claim:001.1
    Scenario Outline: The outcomes are the same for <caller>, with one timer tick
      Given a kernel of 2.6.23 whose flush is reached by "<caller>"
      When the kernels with and without the patch are compared in every interleaving
      Then both reach the same <outcomes> outcomes, by complete searches

      Examples: Interrupts and softirqs
        | caller                        | outcomes |
        | kmap_atomic() in an interrupt | 2        |
        | kmap_atomic() in a softirq    | 1        |
        | vmalloc fault in an interrupt | 5        |

    @claim:001.1
    Scenario: The outcomes are the same on a hypervisor that fills its shadow on a fault
      Given a kernel of 2.6.23 whose flush is reached by "kmap_atomic() in an interrupt"
      And the hypervisor keeps a shadow and fills it when the guest faults
      When the kernels with and without the patch are compared in every interleaving
      Then both reach the same 2 outcomes, by complete searches

    @claim:001.1
    Scenario: The outcomes are the same if the guest queues updates by itself
      Given a kernel of 2.6.23 whose flush is reached by "vmalloc fault in the copy loop"
      And the guest queues its updates by itself
      When the kernels with and without the patch are compared in every interleaving
      Then both reach the same 2 outcomes, by complete searches

    @claim:001.1
    Scenario Outline: The outcomes are the same with the lazy modes of <release>
      Given a kernel of 2.6.23 whose flush is reached by "kmap_atomic() in the copy loop"
      And its lazy modes are those of "<release>"
      When the kernels with and without the patch are compared in every interleaving
      Then both reach the same 2 outcomes, by complete searches

      Examples: One without a flush in the vmalloc sync, and one that keeps the state in common code
        | release |
        | 2.6.22  |
        | 2.6.24  |

    @counter:001.1 @claim:001.14
    Scenario: A preemptible caller, added eighteen months later, makes the outcomes differ
      The flush looks up its CPU, is preempted, and continues on another one. It then
      puts the new CPU into the mode that it read from the old CPU's variable.

      Given a driver that changes page attributes preemptibly, as from 2.6.29 on, and may move to another CPU
      When the kernels with and without the patch are compared in every interleaving
      Then the kernel without the patch reaches outcomes that the other does not
      And in one of them a mapping of "driver" is lost, since cpu1 is in lazy MMU mode and Linux does not know
