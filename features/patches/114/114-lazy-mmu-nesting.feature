@seed:114 @patch:lazy-mmu-nesting
Feature: Lazy MMU mode may be enabled inside lazy MMU mode
  A loop over page-table entries runs in lazy MMU mode and calls debugging code that has such a loop of its own. On Xen the
  second one is a BUG; elsewhere the inner loop ends the mode of the outer one. Kevin Brodsky's series of November 2025
  counts in the task how often the mode is enabled.

  Background:
    Given the situation "lazy-mmu-nesting/loop"

  Rule: No task enables lazy MMU mode twice, and none relies on an update that is still queued

    @before @claim:114.1
    Scenario: Without the series, an inner section is a BUG on Xen
      Given the kernel without the patch
      And "ticks" is "0"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_NONE) in enter_lazy()"

    @before @control @claim:114.7
    Scenario: Without the series, a single section works however it is preempted
      Given the kernel without the patch
      And "inner" is "nothing"
      And "ticks" is "2"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

    @after @claim:114.2 @claim:114.5
    Scenario Outline: With the series, a loop may call <inner> (another task in the mode: <isLazy>)
      Given the kernel under review
      And "inner" is "<inner>"
      And "isLazy" is "<isLazy>"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

      @requirement @hunk:lazy-mmu-nesting/flush @hunk:lazy-mmu-nesting/tolerate
      Examples: What fails without the patch
        | inner                | isLazy |
        | a section            | true   |
        | a section            | false  |

      Examples: What does not fail without it
        | inner                | isLazy |
        | a pause              | true   |
        | a section in a pause | true   |

    @after @claim:114.6 @claim:114.8
    Scenario: With the series, a single section works under two preemptions
      Given the kernel with the patch
      And "inner" is "nothing"
      And "ticks" is "2"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

    @take:series @counter:114.6 @counter:114.8
    Scenario: In the series as merged, a task preempted between count and mode comes back in the mode and enters it again
      Given the kernel with the variant "series"
      And "inner" is "nothing"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_NONE) in enter_lazy()"
      And the search was complete

    @take:series @counter:114.8
    Scenario: In the series as merged, the count says that the mode is off before it has been left
      Given the kernel with the variant "series"
      And "inner" is "nothing"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_MMU) in leave_lazy()"

    @take:series @control
    Scenario: The series as it was merged is right without preemption
      Given the kernel with the variant "series"
      And "ticks" is "0"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

    @after @claim:114.8
    Scenario: If the flag is kept, the count may change before the mode does
      Given the kernel with the variant "flag"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

    @control @claim:114.3
    Scenario: An inner section that also ends the outer one is right as well
      Given the kernel with the variant "tolerate"
      When it runs in every interleaving
      Then no task oopses
      And no task relies on an update that waits
      And the search was complete

  Rule: An inner section, a task switch and an interrupt do not end the batching of the section around them

    @after @claim:114.7 @claim:114.9
    Scenario Outline: With the series, all updates of the loop are batched (<inner>, a handler changes entries too: <device>)
      Given the kernel with the patch
      And "inner" is "<inner>"
      And "device" is "<device>"
      When it runs in every interleaving
      Then every update in a section waits for its end
      And every section that ends was enabled
      And no task relies on an update that waits

      Examples:
        | inner                | device |
        | a section            | true   |
        | a pause              | false  |
        | a section in a pause | false  |

    @after
    Scenario Outline: With the series, preemption and interrupts are as they were (<inner>)
      Given the kernel with the patch
      And "inner" is "<inner>"
      When it runs in every interleaving
      Then no task sleeps where it must not
      And interrupts stay off where a caller has turned them off
      And tasks are switched with interrupts off
      And the search was complete

      Examples:
        | inner                         |
        | a section                     |
        | a section with interrupts off |

    @control @claim:114.3
    Scenario: If an inner section ends the outer one, what follows is not batched
      Given the kernel with the variant "tolerate"
      And "ticks" is "0"
      When it runs in every interleaving
      Then some interleaving lets "editor" make a hypercall for one update in a section

    @near-miss @claim:114.7
    Scenario: If a task switch does not enter the mode again, the rest of the section is not batched
      Given the kernel with the variant "forget"
      When it runs in every interleaving
      Then some interleaving lets "editor" make a hypercall for one update in a section

  Rule: The count belongs to the task, and the end of every section flushes

    @near-miss @claim:114.2
    Scenario: Counting without a flush leaves the updates of the inner section queued
      Given the kernel with the variant "no-flush"
      And "ticks" is "0"
      When it runs in every interleaving
      Then some interleaving lets "editor" rely on "the inner entry" while the update waits

    @near-miss @control
    Scenario: If no section is nested, no flush is missing
      Given the kernel with the variant "no-flush"
      And "inner" is "nothing"
      When it runs in every interleaving
      Then no task relies on an update that waits
      And the search was complete

    @near-miss @claim:114.8
    Scenario: Testing whether the mode is on and then entering it leaves the same window if the task can be preempted
      Given the kernel with the variant "unguarded"
      And "inner" is "nothing"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_NONE) in enter_lazy()"

    @near-miss @claim:114.4
    Scenario: With a count for each CPU, the mode can still be on after the loop
      Given the kernel with the variant "per-cpu"
      And "inner" is "nothing"
      And "ticks" is "2"
      When it runs in every interleaving
      Then some interleaving lets "editor" rely on "the entry after the loop" while the update waits

    @near-miss @claim:114.7
    Scenario: If a task switch does not enter the mode again, the task later leaves a mode that is not on
      Given the kernel with the variant "forget"
      And "inner" is "nothing"
      When it runs in every interleaving
      Then some interleaving stops "editor" with "BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_MMU) in leave_lazy()"

  Rule: Only the first section enters the mode and only the last leaves it; a paused section and an interrupt are outside the mode

    Scenario Outline: <series>: <calls>
      When a task calls "<calls>", <series>
      Then the mode, the counts of enables and pauses, and the entry are "<states>"

      Examples: One state after each call, from the comments of include/linux/pgtable.h and from arch/x86/xen/mmu_pv.c
        | series          | calls                                                                    | states |
        | with the series | enable, set, disable                                                     | MMU 1/0, MMU 1/0 1 waits, NONE 0/0 set |
        | without it      | enable, set, disable                                                     | MMU 0/0, MMU 0/0 1 waits, NONE 0/0 set |
        | with the series | set, flush                                                               | NONE 0/0 set, NONE 0/0 set |
        | with the series | enable, set, flush, disable                                              | MMU 1/0, MMU 1/0 1 waits, MMU 1/0 set, NONE 0/0 set |
        | with the series | enable, enable, set, disable, disable                                    | MMU 1/0, MMU 2/0, MMU 2/0 1 waits, MMU 1/0 set, NONE 0/0 set |
        | without it      | enable, enable                                                           | MMU 0/0; kernel BUG: BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_NONE) in enter_lazy() |
        | without it      | disable                                                                  | ; kernel BUG: BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_MMU) in leave_lazy() |
        | with the series | enable, pause, set, resume, set, disable                                 | MMU 1/0, NONE 1/1, NONE 1/1 set, MMU 1/0 set, MMU 1/0 1 waits set, NONE 0/0 set |
        | without it      | enable, set, pause, resume, disable                                      | MMU 0/0, MMU 0/0 1 waits, NONE 0/0 set, MMU 0/0 set, NONE 0/0 set |
        | with the series | enable, pause, enable, set, disable, resume, disable                     | MMU 1/0, NONE 1/1, NONE 1/1, NONE 1/1 set, NONE 1/1 set, MMU 1/0 set, NONE 0/0 set |
        | with the series | enable, pause, pause, resume, resume, disable                            | MMU 1/0, NONE 1/1, NONE 1/2, NONE 1/1, MMU 1/0, NONE 0/0 |
        | with the series | pause, pause, resume, resume                                             | NONE 0/1, NONE 0/2, NONE 0/1, NONE 0/0 |
        | with the series | irq_enter, enable, disable, pause, resume                                | NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0 |
        | without it      | irq_enter, enable, disable, pause, resume                                | NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0 |
        | with the series | softirq begins, enable, disable, pause, resume                           | NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0, NONE 0/0 |
        | with the series | enable, irq_enter, set                                                   | MMU 1/0, MMU 1/0, MMU 1/0 set |
        | with the series | enable, set, irq_enter, disable                                          | MMU 1/0, MMU 1/0 1 waits, MMU 1/0 1 waits, MMU 1/0 1 waits |
        | with the series | enable, set, switch away, switch to it, disable                          | MMU 1/0, MMU 1/0 1 waits, CPU 1/0 set, MMU 1/0 set, NONE 0/0 set |
        | without it      | enable, set, switch away, switch to it, disable                          | MMU 0/0, MMU 0/0 1 waits, CPU 0/0 set, MMU 0/0 set, NONE 0/0 set |
        | with the series | enable, switch away, switch to another, switch away, switch to it        | MMU 1/0, CPU 1/0, NONE 1/0, CPU 1/0, MMU 1/0 |
        | without it      | enable, switch away, switch to another, switch away, switch to it        | MMU 0/0, CPU 0/0, NONE 0/0, CPU 0/0, MMU 0/0 |
        | without it      | enable, switch away, switch to it, disable, switch away, switch to it    | MMU 0/0, CPU 0/0, MMU 0/0, NONE 0/0, CPU 0/0, NONE 0/0 |
        | with the series | enable, pause, switch away, switch to it, resume                         | MMU 1/0, NONE 1/1, CPU 1/1, NONE 1/1, MMU 1/0 |
