@seed:000 @patch:vmi-lazy @i386
Feature: A page that an interrupt handler has mapped is there when the handler uses it
  In lazy MMU mode a hypervisor may defer page-table updates. The loops that use
  this mode run with interrupts on, and a driver may map a page in its interrupt
  handler. That update is deferred too, but the driver uses the page at once.
  Posted by Zachary Amsden in March 2007; replaced eight days later.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page

  Rule: A handler that maps a page reaches that page

    @before @claim:000.1 @claim:000.2
    Scenario: Without the patch, the handler finds nothing at the address and the kernel panics
      Given the kernel without the patch
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"
      And at that moment the hypervisor is in lazy mode "MMU", and Linux says "none"
      And it takes 1 interrupt

    @before @claim:000.6
    Scenario Outline: Without the patch, completions of <kind> are exposed
      Given the kernel without the patch
      And the device is "<device>" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "<handler>()"

      Examples: In the interrupt itself, and in the softirq on its way out
        | kind             | device  | handler       |
        | RAID             | raid    | twa_interrupt |
        | USB              | usb     | mon_dmapeek   |
        | asynchronous I/O | aio     | aio_complete  |
        | the network      | network | net_rx_action |

    @before @claim:000.1
    Scenario Outline: Without the patch, an interrupt in <region> can also panic the kernel
      Given the kernel without the patch
      And the process is in "<region>" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"

      Examples:
        | region            |
        | copy_pte_range    |
        | zeromap_pte_range |
        | remap_pte_range   |
        | change_pte_range  |
        | move_ptes         |

    @before @claim:000.3
    Scenario: Without the patch, data may go to the page that the slot mapped before
      The hypervisor fills in the first mapping when it faults. The removal of
      that mapping and the invalidation of its translation stay in the queue, so the
      second page of the request is written through the translation of the first.

      Given the kernel without the patch
      And each request of the RAID has two segments
      And a hypervisor that fills its shadow when the guest faults
      When the interrupt comes at any moment
      Then some interleaving lets "twa_interrupt" overwrite "segment 1" instead of "segment 2"
      And the word of the wrong page changes from "0xd15c0001" to "0xd15c0002"

    @before @counter:000.3
    Scenario: If the hypervisor leaves faults to the guest, the handler dies before it can corrupt anything
      Given the kernel without the patch
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then no interleaving lets a handler reach a page other than the one that it has mapped
      And the search was complete

    @before @counter:000.2
    Scenario: If the hypervisor fills its shadow on a fault, the missing mapping goes unnoticed
      Given the kernel without the patch
      And a hypervisor that fills its shadow when the guest faults
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @before @claim:000.1
    Scenario: If the hypervisor keeps a shadow but leaves faults to the guest, the guest faults forever
      Given the kernel without the patch
      And a hypervisor that keeps a shadow of the tables
      When the interrupt comes at any moment
      Then some interleaving ends in an endless loop of page faults

    @before @counter:000.1
    Scenario: Under the interface as proposed in 2006, nothing goes wrong
      Given the kernel without the patch
      And each request of the RAID has two segments
      And a hypervisor that drains its queue when the guest faults
      And a hypervisor that drains its queue at each invalidation
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving lets a handler reach a page other than the one that it has mapped

  Rule: Interrupts are restored after the hypervisor has left lazy mode

    @after @take:posted @counter:000.7
    Scenario: With the patch as posted, a pending interrupt is delivered while the mode is still lazy
      The patch restores interrupts first. The call that does so delivers a pending
      interrupt, while every update of the region is still in the queue.

      Given the kernel with the variant "posted"
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"
      And that interleaving holds the interrupt back and delivers it inside "VMI SetInterruptMask(IF = 1)"
      And at that moment the hypervisor is in lazy mode "MMU", and Linux says "MMU"

    @after @claim:000.7 @hunk:vmi-lazy/restore-last
    Scenario Outline: With the order corrected, no interrupt does harm in <region>
      Given the kernel with the variant "corrected"
      And the process is in "<region>" instead
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | region            |
        | zap_pte_range     |
        | copy_pte_range    |
        | zeromap_pte_range |
        | remap_pte_range   |
        | change_pte_range  |
        | move_ptes         |

    @after @claim:000.7
    Scenario: With the order corrected, no data goes to the wrong page
      Given the kernel with the variant "corrected"
      And each request of the RAID has two segments
      And a hypervisor that fills its shadow when the guest faults
      When the interrupt comes at any moment
      Then no interleaving lets a handler reach a page other than the one that it has mapped
      And the search was complete

  Rule: No interrupt handler runs between two updates of one region

    @before
    Scenario: Without the patch, a handler may run between two updates
      Given the kernel without the patch
      When the interrupt comes at any moment
      Then some interleaving lets a handler run between two updates

    @requirement @after @hunk:vmi-lazy/wrapper @hunk:vmi-lazy/irqs-off @hunk:vmi-lazy/para-wrap
    Scenario: With the patch, no handler runs between two updates
      Given the kernel under review
      When the interrupt comes at any moment
      Then no interleaving lets a handler run between two updates
      And the search was complete

    @hunk:vmi-lazy/wrapper @hunk:vmi-lazy/irqs-off @hunk:vmi-lazy/para-wrap
    Scenario Outline: Each hunk of the patch is needed: without <hunk>, a handler may run between two updates
      Given the kernel with the patch except "<hunk>"
      When the interrupt comes at any moment
      Then some interleaving lets a handler run between two updates

      Examples:
        | hunk               |
        | vmi-lazy/wrapper   |
        | vmi-lazy/irqs-off  |
        | vmi-lazy/para-wrap |

  Rule: Entering and leaving a lazy mode always alternate, with preemption off

    @after @claim:000.9 @claim:000.14
    Scenario Outline: In <region>, and in the task switch after it, neither BUG_ON fires
      Given the kernel with the variant "posted"
      And the process is in "<region>" instead
      When the interrupt comes at any moment
      Then no interleaving ends in a BUG
      And no interleaving enters lazy mode preemptibly
      And the search was complete

      Examples:
        | region            |
        | zap_pte_range     |
        | copy_pte_range    |
        | zeromap_pte_range |
        | remap_pte_range   |
        | change_pte_range  |
        | move_ptes         |

    @after @claim:000.9
    Scenario: A handler that enters lazy mode itself triggers a BUG_ON
      Given the kernel with the variant "posted"
      And the device is "grant" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "map_grant_in_interrupt()": "BUG_ON(per_cpu(mode, cpu) && new_mode)"

    @after @claim:000.10
    Scenario: A task switch enters lazy CPU mode on one stack and leaves it on another
      Given the kernel with the variant "corrected"
      And the device does not interrupt
      When the process runs
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving leaves the hypervisor lazy outside any lazy region

    @near-miss @claim:000.10
    Scenario: With mode and flags in local variables, the task switch loses them and triggers a BUG_ON
      Given the kernel with the variant "on-the-stack"
      And the device does not interrupt
      When the process runs
      Then some interleaving ends in a BUG of "swapper/0": "BUG_ON(!new_mode && !per_cpu(mode, cpu))"

  Rule: vmi_set_lazy_mode() runs only if the ROM has the call and the function was installed

    @after @claim:000.11
    Scenario: If the ROM has no SetLazyMode, nothing is lazy and nothing fails
      Given the kernel with the patch
      And a kernel on "VMI without SetLazyMode"
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving leaves the hypervisor lazy outside any lazy region

    @after @claim:000.11 @hunk:vmi-lazy/wrap-always
    Scenario: If the ROM has no SetLazyMode, vmi_set_lazy_mode() may be installed anyway, since it tests for the call itself
      Given the kernel with the patch and "vmi-lazy/wrap-always"
      And a kernel on "VMI without SetLazyMode"
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @near-miss @claim:000.12
    Scenario: With para_fill() left as it was, vmi_set_lazy_mode() is never called
      Given the kernel with the variant "not-installed"
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"
      And that interleaving never calls "vmi_set_lazy_mode"
