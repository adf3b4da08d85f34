@seed:000 @patch:vmi-lazy @i386
Feature: Each later form of the fix leaves a window of its own
  The fix that was merged flushes in kmap_atomic() and leaves interrupts alone.
  Linux's state variable and the hypervisor's mode are changed one after the
  other, and which comes first decides what an interrupt between them does.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page

  Rule: Linux and the hypervisor agree on the mode

    @open @counter:000.13
    Scenario Outline: In <release> an interrupt during the leave puts the hypervisor back into lazy mode
      The hypervisor has left lazy mode, but Linux's variable still says MMU. The
      handler's flush goes by the variable, so it leaves and re-enters the mode. Only
      then is the variable cleared.

      Given the kernel with the variant "<release>"
      When the interrupt comes at any moment
      Then some interleaving leaves the hypervisor lazy outside any lazy region
      And at that moment the hypervisor is in lazy mode "MMU", and Linux says "none"
      And it takes 1 interrupt

      Examples:
        | release |
        | 2.6.21  |
        | 2.6.22  |
        | 2.6.23  |

    @open @counter:000.13
    Scenario: In 2.6.22 the next mapping made outside lazy mode is then lost
      Given the kernel with the variant "2.6.22"
      And the process then reads a page that it maps with kmap()
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "editor"
      And at that moment the hypervisor is in lazy mode "MMU", and Linux says "none"

    @open @counter:000.13
    Scenario Outline: In <release> a lowmem page, which needs no mapping, also puts the hypervisor back into lazy mode
      kunmap_atomic() flushes whichever page it is given.

      Given the kernel with the variant "<release>"
      And the pages of the device are in lowmem
      When the interrupt comes at any moment
      Then some interleaving leaves the hypervisor lazy outside any lazy region

      Examples:
        | release |
        | 2.6.22  |
        | 2.6.23  |

    @open @counter:000.4
    Scenario: In 2.6.22 a later kmap() can be lost even if the device never touches highmem
      Given the kernel with the variant "2.6.22"
      And the pages of the device are in lowmem
      And the process then reads a page that it maps with kmap()
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "editor"

    @claim:000.4
    Scenario: In 2.6.21, where only kmap_atomic() of a highmem page flushes, Linux and the hypervisor always agree
      Given the kernel with the variant "2.6.21"
      And the pages of the device are in lowmem
      And the process then reads a page that it maps with kmap()
      When the interrupt comes at any moment
      Then no interleaving leaves the hypervisor lazy outside any lazy region
      And no interleaving ends in a fatal page fault or a BUG

    @claim:000.13
    Scenario Outline: In <release> the hypervisor is never lazy outside a lazy region
      Given the kernel with the variant "<release>"
      When the interrupt comes at any moment
      Then no interleaving leaves the hypervisor lazy outside any lazy region
      And the search was complete

      Examples:
        | release |
        | 2.6.24  |
        | 2.6.31  |

    Scenario: A flush that leaves lazy mode for good is safe, but the rest of the batch is not lazy
      Given the kernel with the variant "2.6.22" and "vmi-lazy/flush-stays-out"
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving leaves the hypervisor lazy outside any lazy region

  Rule: A slot is really unmapped before it is mapped again

    @open @counter:000.13
    Scenario: In 2.6.21 the second page of a request finds the first page's entry still in the slot
      Given the kernel with the variant "2.6.21"
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "twa_interrupt()": "BUG_ON(!pte_none(*(kmap_pte-idx)))"

    @claim:000.13 @hunk:vmi-lazy/kunmap-flush
    Scenario: In 2.6.22, where kunmap_atomic() flushes too, the slot is empty
      Given the kernel with the variant "2.6.22"
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @claim:000.13
    Scenario: On a hypervisor that fills its shadow on a fault, 2.6.21 reaches the right page
      Given the kernel with the variant "2.6.21"
      And each request of the RAID has two segments
      And a hypervisor that fills its shadow when the guest faults
      When the interrupt comes at any moment
      Then no interleaving lets a handler reach a page other than the one that it has mapped
      And the search was complete

  Rule: The lazy loops use kernel mappings themselves

    @counter:000.7
    Scenario Outline: Turning interrupts off does not help a <loop> that itself maps a page, as from 2.6.33 on
      Given the process meets a swap entry, and no device interrupts
      And the kernel with the variant "corrected"
      And the process is in "<region>" instead
      And the memory of the swap counts is already mapped in the address space
      And the swap count is full and continues in a highmem page, as from 2.6.33 on
      When the process runs
      Then some interleaving ends in a fatal page fault of "editor"

      Examples:
        | loop       | region         |
        | fork loop  | copy_pte_range |
        | unmap loop | zap_pte_range  |

    @open @counter:000.13
    Scenario: Leaving lazy mode in interrupts does not help if a swap count continues in highmem
      Given the process meets a swap entry, and no device interrupts
      And the kernel with the variant "2.6.31"
      And the memory of the swap counts is already mapped in the address space
      And the swap count is full and continues in a highmem page, as from 2.6.33 on
      When the process runs
      Then some interleaving ends in a fatal page fault of "editor"

    @claim:000.13
    Scenario: A flush in kmap_atomic() helps if a swap count continues in highmem
      Given the process meets a swap entry, and no device interrupts
      And the kernel with the variant "2.6.22"
      And the memory of the swap counts is already mapped in the address space
      And the swap count is full and continues in a highmem page, as from 2.6.33 on
      When the process runs
      Then no interleaving ends in a fatal page fault or a BUG

  Rule: Lazy mode is entered with preemption off

    @counter:000.14
    Scenario: In 2.6.29 lazy mode is entered for kernel memory without any lock
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      When the timer may preempt the driver
      Then some interleaving enters lazy mode preemptibly

  Rule: One table compares all forms of the fix

    Scenario: Every form of the fix is checked for every property
      When every form is checked for every property
      Then the answers are, for 2.6.21-rc5, posted, corrected, 2.6.21, 2.6.22, 2.6.23, 2.6.24, 2.6.31 and both
        | An interrupt handler reaches the page that it has mapped                         | no  | no  | yes | yes | yes | yes | no  | no  | no  |
        | A handler also reaches the second page that it maps in the same slot             | no  | no  | yes | no  | yes | yes | no  | no  | no  |
        | A handler reaches no other page (a hypervisor with a shadow that absorbs faults) | no  | no  | yes | yes | yes | yes | no  | no  | no  |
        | The hypervisor is lazy only inside lazy regions                                  | yes | yes | yes | no  | no  | no  | yes | yes | yes |
        | A TLB shootdown inside a lazy region ends                                        | yes | no  | no  | yes | yes | yes | yes | yes | yes |
        | A driver may use memory from vmalloc() in its interrupt                          | no  | no  | yes | no  | no  | yes | no  | no  | no  |
        | The copy loop may count a swap entry in memory from vmalloc()                    | no  | no  | no  | no  | no  | yes | yes | no  | no  |
        | The copy loop may map a page with kmap_atomic() itself (as since 2.6.33)         | no  | no  | no  | yes | yes | yes | yes | no  | yes |
        | A driver may allocate memory in its interrupt under CONFIG_DEBUG_PAGEALLOC       | no  | no  | yes | no  | no  | no  | no  | no  | no  |
        | Where the guest queues by itself: an interrupt handler reaches its page          | no  | –   | –   | yes | yes | yes | yes | yes | yes |
        | Where the guest queues by itself: the copy loop reaches its page                 | no  | –   | –   | yes | yes | yes | yes | no  | yes |
