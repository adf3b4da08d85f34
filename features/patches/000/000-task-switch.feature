@seed:000 @patch:vmi-lazy @i386
Feature: Lazy MMU mode and lazy CPU mode alternate correctly under a preempting timer
  A task switch enters lazy CPU mode on one stack and leaves it on another, with
  interrupts off and the run queue locked. Whatever lazy mode does to the interrupt
  flag happens there as well.

  Rule: During a task switch, interrupts stay off from the lock to the unlock

    @after @claim:000.9 @claim:000.10 @claim:000.14
    Scenario Outline: Interrupts stay off with the patch <form>, on <cpus> CPUs
      Given a machine with <cpus> CPUs, on which processes that unmap pages share one CPU under a timer
      And the kernel with the variant "<variant>"
      When all tasks run in every interleaving
      Then no interleaving has interrupts on in the middle of a task switch
      And no interleaving ends in a fatal page fault or a BUG
      And no interleaving leaves the hypervisor lazy outside any lazy region
      And no interleaving ends in a deadlock or an endless loop

      Examples:
        | form                     | variant   | cpus |
        | as posted                | posted    | 1    |
        | in the corrected order   | corrected | 1    |
        | in the corrected order   | corrected | 2    |

    @after @claim:000.7
    Scenario: In the corrected order, a device that may interrupt at any time does no harm
      Given a machine with 1 CPU, on which processes that unmap pages share one CPU under a timer
      And a RAID controller whose handler fills a highmem page
      And the kernel with the variant "corrected"
      When all tasks run in every interleaving
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving has interrupts on in the middle of a task switch

    @near-miss
    Scenario: If interrupts are disabled and enabled instead of saved and restored, they come on under the lock
      Given a machine with 1 CPU, on which processes that unmap pages share one CPU under a timer
      And the kernel with the variant "enable-outright"
      When all tasks run in every interleaving
      Then some interleaving has interrupts on in the middle of a task switch

    @near-miss
    Scenario: One task switch is enough to turn interrupts on under the lock: the switch to idle after the process has ended
      Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
      And a process that unmaps two pages in lazy MMU mode
      And the kernel with the variant "enable-outright"
      When the process runs
      Then some interleaving has interrupts on in the middle of a task switch
