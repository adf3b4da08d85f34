@seed:001 @patch:preemptible-lazy @i386
Feature: The argument that no flush of lazy mode can be preempted, point by point
  When the patch was withdrawn, its author went over the whole matter: four points
  and four letters. Each is tested on the machine here, together with what breaks it.

  Rule: Point 1. Lazy mode is entered with preemption off

    @claim:001.4 @claim:001.8
    Scenario Outline: In <region>, lazy mode is entered with preemption off
      Given the kernel of 2.6.23, and a process in "<region>" that a device may interrupt
      When the interrupt comes at any moment
      Then no interleaving enters lazy mode preemptibly
      And no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples: All lazy loops of 2007
        | region            |
        | copy_pte_range    |
        | zap_pte_range     |
        | zeromap_pte_range |
        | remap_pte_range   |
        | change_pte_range  |
        | move_ptes         |

    @counter:001.4 @counter:001.8
    Scenario: In 2.6.29 a loop over kernel memory takes no lock and enters lazy mode preemptibly
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      When the timer may preempt the driver
      Then some interleaving enters lazy mode preemptibly

    @counter:001.4
    Scenario: In 2.6.24 the common code reports a BUG when lazy mode is entered preemptibly
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      And the lazy modes of "2.6.24"
      When the timer may preempt the driver
      Then some interleaving ends in a BUG of "driver": "BUG_ON(preemptible())"

  Rule: Point 2. Only kmap_atomic() and the vmalloc sync must flush

    @claim:001.5
    Scenario: Without the flush in kmap_atomic(), the handler's page is not there
      Given the kernel of 2.6.23 except "vmi-lazy/kmap-flush", and a device that interrupts the unmapping of pages
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"

    @claim:001.5
    Scenario: Without the flush in kunmap_atomic(), the second page of a request hits a BUG
      Given the kernel of 2.6.23 except "vmi-lazy/kunmap-flush", and a device that interrupts the unmapping of pages
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "twa_interrupt()": "BUG_ON(!pte_none(*(kmap_pte-idx)))"

    @claim:001.5
    Scenario: Without the flush in the vmalloc sync, the fault repeats forever
      Given the kernel of 2.6.23 except "vmi-lazy/vmalloc-flush", and a process that counts a swap entry while it forks
      When the process runs
      Then some interleaving ends in an endless loop of page faults

    @claim:001.5
    Scenario Outline: With all three flushes, the device <device> is served
      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And the device is "<device>" instead
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving ends in a deadlock or an endless loop

      Examples:
        | device  |
        | raid    |
        | usb     |
        | aio     |
        | network |
        | module  |

    @counter:001.5 @counter:001.10 @counter:001.11
    Scenario: With CONFIG_DEBUG_PAGEALLOC, handlers change the direct mapping, and a third place must flush
      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And the device is "slab" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "kmem_cache_alloc_in_interrupt()"

    @counter:001.5
    Scenario: The flushes that 2.6.29 added to set_memory_*() do not cover CONFIG_DEBUG_PAGEALLOC
      kernel_map_pages() changes the entry without going through the function that flushes.

      Given the kernel of 2.6.23 and "vmi-lazy/cpa-flush", and a device that interrupts the unmapping of pages
      And the device is "slab" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "kmem_cache_alloc_in_interrupt()"

    @counter:001.5
    Scenario: A flush in kernel_map_pages(), which no release has, would cover CONFIG_DEBUG_PAGEALLOC
      Given the kernel of 2.6.23 and "vmi-lazy/kernel-map-flush", and a device that interrupts the unmapping of pages
      And the device is "slab" instead
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @claim:001.5
    Scenario: If an invalidation drains the queue, kernel_map_pages() needs no flush, since it ends with one
      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And the device is "slab" instead
      And a hypervisor that drains its queue at each invalidation
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG

  Rule: Point 3. kmap_atomic() is used with preemption off

    @claim:001.6
    Scenario Outline: Preemption is off in <caller>
      Given a flush of 2.6.23 that is reached by "<caller>", under a timer
      When both tasks run in every interleaving
      Then no interleaving uses a slot of kmap_atomic() preemptibly
      And no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | caller                         |
        | kmap_atomic() in a task        |
        | kmap_atomic() in two tasks     |
        | kmap_atomic() in the copy loop |
        | kmap_atomic() in an interrupt  |
        | kmap_atomic() in a softirq     |

  Rule: Point 4. The vmalloc sync happens with interrupts off

    @claim:001.7 @claim:001.3
    Scenario Outline: Interrupts are off in a <caller>
      Given a flush of 2.6.23 that is reached by "<caller>", under a timer
      When both tasks run in every interleaving
      Then no interleaving copies a directory entry with interrupts on
      And the search was complete

      Examples:
        | caller                         |
        | vmalloc fault in the copy loop |
        | vmalloc fault in a task        |
        | vmalloc fault in an interrupt  |
        | vmalloc_sync_all()             |

    @near-miss @claim:001.3
    Scenario: If the faulting task is preemptible, enabling interrupts first leaves it preemptible at the flush
      Given a flush of 2.6.23 that is reached by "vmalloc fault in a task", under a timer
      And a fault handler that turns interrupts on before it repairs the fault
      When both tasks run in every interleaving
      Then some interleaving copies a directory entry with interrupts on

    @near-miss @claim:001.3
    Scenario: A fault handler that enabled interrupts first would run the sync with interrupts on
      Given a flush of 2.6.23 that is reached by "vmalloc fault in the copy loop", under a timer
      And a fault handler that turns interrupts on before it repairs the fault
      When both tasks run in every interleaving
      Then some interleaving copies a directory entry with interrupts on

  Rule: Letters A and B. Updates of user page tables can wait

    @claim:001.8 @claim:001.9
    Scenario: If hardware walks the guest's own tables, the old address is unreachable once mremap() returns
      Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one
      And the second thread "writes to the page that is moved"
      And the kernel of 2.6.23
      When both threads run in every interleaving
      Then no interleaving lets a thread write to the page at its old address
      And the search was complete

    @counter:001.8 @counter:001.9
    Scenario: If the hypervisor keeps a shadow, the other CPU can reload the old translation after its flush
      The other CPU has dropped its translation and answered. The shadow still has the
      old entry, since the update is in the first CPU's queue, and there is no further
      flush.

      Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one
      And the second thread "writes to the page that is moved"
      And the kernel of 2.6.23
      And a hypervisor that keeps a shadow of the tables
      When both threads run in every interleaving
      Then some interleaving lets a thread write to the page at its old address

    @control
    Scenario: If nothing is lazy, the other CPU does not reload the old translation
      Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one
      And the second thread "writes to the page that is moved"
      And a kernel on "VMI without SetLazyMode"
      And a hypervisor that keeps a shadow of the tables
      When both threads run in every interleaving
      Then no interleaving lets a thread write to the page at its old address
      And the search was complete

  Rule: Letters C and D. A handler cannot change kernel mappings in any other way

    @claim:001.10 @claim:001.11
    Scenario Outline: kmap() in a handler ends in a BUG on <backend>
      kmap() itself may warn that it was called from the wrong context, but it goes on.
      The BUG is in kunmap().

      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And a kernel on "<backend>"
      And the device is "kmap" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "kmap_in_interrupt()": "BUG() in kunmap(), called in an interrupt"

      Examples:
        | backend    |
        | bare metal |
        | VMI        |

    @counter:001.10
    Scenario: Before that BUG, the page that the handler mapped with kmap() may not be there
      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And the device is "kmap" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "kmap_in_interrupt()"

    @claim:001.10
    Scenario: A lazy loop in a handler ends in a BUG, because lazy mode does not nest
      Given the kernel of 2.6.23, and a process in "zap_pte_range" that a device may interrupt
      And the device is "grant" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "map_grant_in_interrupt()": "BUG_ON(lazy mode is on"

  Rule: The lazy loops themselves change no kernel mappings

    @claim:001.12
    Scenario Outline: <region> changes no kernel mappings
      Given the process meets a swap entry, and no device interrupts
      And the kernel without any flush
      And the process is in "<region>" instead
      And the swap count is full and continues in a highmem page, as from 2.6.33 on
      When the process runs
      Then no interleaving ends in a fatal page fault or a BUG
      And no interleaving ends in a deadlock or an endless loop

      Examples:
        | region            |
        | zeromap_pte_range |
        | remap_pte_range   |

    @counter:001.12
    Scenario: The unmap loop touches the swap counts, which are in vmalloc memory
      Given the process meets a swap entry, and no device interrupts
      And the kernel without any flush
      And the process is in "zap_pte_range" instead
      When the process runs
      Then some interleaving ends in an endless loop of page faults

    @claim:001.13
    Scenario: The copy loop touches the swap counts, and from 2.6.33 on maps a page for them
      Given the process meets a swap entry, and no device interrupts
      And the kernel without any flush
      And the memory of the swap counts is already mapped in the address space
      And the swap count is full and continues in a highmem page, as from 2.6.33 on
      When the process runs
      Then some interleaving ends in a fatal page fault of "editor"

  Rule: A guard around the flush would have come too late

    @claim:001.2
    Scenario Outline: A task preempted between an update and its flush loses the update <how>
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      And task switches that do not go through lazy CPU mode
      And the kernel with <patch>
      When the timer may preempt the driver
      Then some interleaving ends in a fatal page fault of "driver"
      And in that run the driver moves to another CPU between the update and the flush

      Examples:
        | how                    | patch                       |
        | without the patch      | "no patch"                  |
        | with the patch as well | "the patch of this thread"  |

    @claim:001.2
    Scenario: Disabling preemption before the update would prevent the loss
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      And task switches that do not go through lazy CPU mode
      And the kernel with the variant "around-the-update-too"
      When the timer may preempt the driver
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @claim:001.2
    Scenario Outline: From 2.6.31 on, a task switch saves and restores the lazy mode, so preemption in a lazy loop is harmless on <backend>
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      And a kernel on "<backend>"
      And the lazy modes of "2.6.31"
      When the timer may preempt the driver
      Then no interleaving ends in a fatal page fault or a BUG

      Examples:
        | backend     |
        | VMI         |
        | guest queue |

    @counter:001.4
    Scenario: VMI's function that leaves lazy mode can be preempted halfway, unlike Xen's
      The hypervisor has left lazy mode, but Linux's variable still says MMU, and the
      task switch trusts the variable. When the task comes back, the mode is entered
      again; then the variable is cleared, and the mode is never left. Xen's function
      has disabled preemption since 5caecb943242; VMI's never did.

      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      And the lazy modes of "2.6.31"
      When the timer may preempt the driver
      Then some interleaving leaves the hypervisor lazy outside any lazy region

    @claim:001.2
    Scenario: In 2.6.23 a task switch in lazy MMU mode is a BUG, so the task could not even be preempted there
      Given a driver in a lazy loop over kernel memory without a lock, as in 2.6.29
      When the timer may preempt the driver
      Then some interleaving ends in a BUG of "driver": "BUG_ON(lazy mode is on and is not being left or flushed)"

  Rule: A flush changes the lazy state of the CPU that it runs on

    @claim:001.14
    Scenario: Without a guard, a preemptible flush puts another CPU into the mode of the first
      Given a driver that changes page attributes preemptibly, beside a process in a lazy loop
      And the kernel with "no patch"
      When the timer may preempt the driver
      Then some interleaving leaves the hypervisor lazy outside any lazy region

    @requirement @after @claim:001.14 @hunk:preemptible-lazy/cpa
    Scenario: With the guard, no preemptible flush puts another CPU into the mode of the first
      Given a driver that changes page attributes preemptibly, beside a process in a lazy loop
      And the kernel under review
      When the timer may preempt the driver
      Then no interleaving leaves the hypervisor lazy outside any lazy region
      And the search was complete
