Feature: The situations, their requirements and their parameters are listed in full
  A requirement that no situation checks cannot fail, and a value that cannot be chosen is never explored. So this feature repeats the lists that decide what is
  explored: the situations, what must hold in each, and every value that a parameter can have.

  Rule: Each situation says what must hold in it once the patch is in

    Scenario: Each situation lists its requirements, and what else can be checked there
      When the situations are read
      Then it lists exactly
        | situation                          | must hold                                                    | can be asked for |
        | vmi-lazy/kmap                      | noHandlerAmongUpdates, switchWithInterruptsOff, interruptsComeBack | slotReachesItsPage, nobodyOopses, hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff |
        | vmi-lazy/process                   | slotReachesItsPage, slotsOnlyUnpreemptible, lazyOnlyUnpreemptible | noHandlerAmongUpdates, nobodyOopses, hypervisorLeavesLazyMode, syncOnlyWithInterruptsOff, switchWithInterruptsOff, interruptsComeBack |
        | vmi-lazy/smp                       | nobodyOopses                                                 | noHandlerAmongUpdates, slotReachesItsPage, hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff, switchWithInterruptsOff, interruptsComeBack, movedPageUnreachable |
        | vmi-lazy/switch                    | switchWithInterruptsOff, noHandlerAmongUpdates               | slotReachesItsPage, nobodyOopses, hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff, interruptsComeBack |
        | preemptible-lazy/callers           | nobodyOopses, slotReachesItsPage, neverSchedulesAtomically, givesWayWhenAsked   | hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff, switchWithInterruptsOff, interruptsComeBack, interruptsStayOff, softirqsOnlyWithInterruptsOn |
        | preemptible-lazy/migration         | nobodyOopses, hypervisorLeavesLazyMode, neverSchedulesAtomically, givesWayWhenAsked | slotReachesItsPage, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff, switchWithInterruptsOff, interruptsComeBack, interruptsStayOff, softirqsOnlyWithInterruptsOn |
        | flush-tlb/classic                  | taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, neverSchedulesAtomically, givesWayWhenAsked | cr3IsActiveMm |
        | flush-tlb/after-boot               | taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, neverSchedulesAtomically, givesWayWhenAsked | cr3IsActiveMm |
        | flush-tlb/exit                     | taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, neverSchedulesAtomically, givesWayWhenAsked | cr3IsActiveMm |
        | flush-tlb/flush_tlb_mm             | noStaleEntry, taskOnOwnPageTables                            |  |
        | flush-tlb/x86-64                   | taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, neverSchedulesAtomically, givesWayWhenAsked | cr3IsActiveMm |
        | flush-tlb/shootdown                | noStaleEntry, taskOnOwnPageTables, cpuInVmMask, nobodyKilled, interruptsStayOff, softirqsOnlyWithInterruptsOn |  |
        | flush-tlb/debug-pagealloc          | taskOnOwnPageTables, cpuInVmMask, cpuOnOwnTopLevel, userReachesOwnMemory, nobodyKilled, neverSchedulesAtomically, givesWayWhenAsked, interruptsStayOff, softirqsOnlyWithInterruptsOn | cr3IsActiveMm |
        | flush-tlb/locks                    | taskOnOwnPageTables                                          |  |
        | vmi-boot/dmi-scan                  | bootLinksEitherWay, bootGoesThrough, bootUnderHypervisor, bootSetupDataHeard, bootLowmemMapped, bootBelowTheHole, bootLeavesTheHole, bootLowMemoryAvoided, bootLinearMappingCoversLowmem, bootVmiFlagsHeeded, bootNoInterruptInActivation | bootVmallocAsAsked, bootHoleCountedOnce, bootNothingDropped |
        | vmi-boot/setup-arch                | bootLinksEitherWay, bootGoesThrough, bootUnderHypervisor, bootSetupDataHeard, bootLowmemMapped, bootBelowTheHole, bootLeavesTheHole, bootLowMemoryAvoided, bootLinearMappingCoversLowmem, bootVmiFlagsHeeded, bootNoInterruptInActivation | bootVmallocAsAsked, bootHoleCountedOnce, bootNothingDropped |
        | vmi-boot/activation                | bootNoInterruptInActivation, bootGoesThrough                 |  |
        | xen-pte-lock/fork                  | pteWritesLand, xenRefusesNothing, noStaleFault               | xenKeepsItsRules, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/exec                  | pteWritesLand, xenRefusesNothing, noStaleFault               | xenKeepsItsRules, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/exit                  | pteWritesLand, xenRefusesNothing, noStaleFault               | xenKeepsItsRules, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/grow                  | pteWritesLand, xenRefusesNothing, xenKeepsItsRules           | noStaleFault, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/mmap                  | pteWritesLand, xenRefusesNothing, xenKeepsItsRules           | noStaleFault, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/boot                  | pteWritesLand, xenRefusesNothing, xenKeepsItsRules, bootTablePinned |  |
        | xen-pte-lock/two-locks             | pteWritesLand, xenRefusesNothing, xenKeepsItsRules           | noStaleFault, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/lazy-cr3              | pteWritesLand, xenRefusesNothing, xenKeepsItsRules           | noStaleFault, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | xen-pte-lock/sync                  | pteWritesLand, xenRefusesNothing, freedTablesUnwritten                             |  |
        | xen-pte-lock/pin                   | pteWritesLand, xenRefusesNothing, xenKeepsItsRules           | noStaleFault, rmapFindsOnlyPinned, noPtlTaken, onePteLockAtATime |
        | switch-mm-barrier/flush-and-switch | flushReachesEveryTlb, freedPageUnreached                     |  |
        | skipped-flush/switch               | freedPageUnreached                                           |  |
        | mremap-flush/move                  | freedPageUnreached                                           |  |
        | batched-flush/reclaim              | forbiddenAccessRefused, freedPageUnreached                   |  |
        | flush-pending/migrate              | freedPageUnreached, flushesEnd                               |  |
        | vmalloc-lazy/unmap                 | noTaskOopses                                                 |  |
        | freed-tables/munmap                | noFreedTableWalked, freedPageUnreached                       |  |
        | drop-mm-ref/exit                   | xenRefusesNothing, pteWritesLand, xenKeepsItsRules           |  |
        | cr4-pge/call                       | vmxeIsKept, freedPageUnreached, interruptsStayOff            |  |
        | torn-pmd/mincore                   | walksTheTable, missesNoTable                                 | readsWhatWas |
        | torn-pmd/xen                       | walksTheTable, pteWritesLand                                 |  |
        | large-page-split/change            | oneTranslationOfEachAddress, neverSchedulesAtomically        |  |
        | zap-dirty/munmap                   | nothingIsLost, forbiddenAccessRefused, countAgrees           |  |
        | gup-fast/collapse                  | walksLiveTable                                               |  |
        | modify-prot/mprotect               | nothingIsLost, forbiddenAccessRefused                        |  |
        | lazy-mmu-nesting/loop              | noTaskOopses, updatesAreThere, sectionsAreBatched, countsMatch, neverSchedulesAtomically, givesWayWhenAsked, interruptsStayOff, switchesWithInterruptsOff |  |
        | nested-madvise/dontneed            | forbiddenAccessRefused, freedPageUnreached, flushesEnd       |  |
        | uffd-wp/copy                       | freedPageUnreached                                           |  |

    Scenario: Some situations have only the hunks of their own patch
      When the situations that have the hunks of their own patch alone are read
      Then it lists exactly
        | situation |
        | skipped-flush/switch |
        | mremap-flush/move |
        | batched-flush/reclaim |
        | flush-pending/migrate |
        | freed-tables/munmap |
        | zap-dirty/munmap |
        | gup-fast/collapse |
        | modify-prot/mprotect |
        | lazy-mmu-nesting/loop |
        | nested-madvise/dontneed |
        | uffd-wp/copy |

    Scenario: The whole table of boots, and the essential one, list their kernels and machines
      When the kernels and machines that are booted are read
      Then it lists exactly
        | of | everything | essential |
        | kernels | 21 of them | 18 of them |
        | vmi | true, false | true |
        | pae | false, true | false, true |
        | nrCpus | 8, 32 | 8 |
        | ramMiB | 256, 1024, 2048, 4096 | 2048 |
        | holeMiB | 0, 1, 4, 64, 168 | 0, 1, 64 |
        | readings | adopting, announced-only, lenient | adopting, announced-only, lenient |
        | commandLines | nothing, vmalloc=64M, vmalloc=256M, reservetop=64M, earlycon=uart8250,mmio,0xd0000000, earlyprintk=dbgp, vmi=disable_pge | nothing, vmalloc=64M, reservetop=64M, earlycon=uart8250,mmio,0xd0000000, earlyprintk=dbgp |
        | setupData | none, short, long | none, short |

    Scenario: Each situation that is reviewed hunk by hunk lists its choices
      When the choices in which the situations are reviewed hunk by hunk are read
      Then it lists exactly
        | situation                          | choice |
        | flush-tlb/classic                  | flush=__flush_tlb() |
        | flush-tlb/classic                  | flush=__flush_tlb_global() |
        | flush-tlb/after-boot               | flush=__flush_tlb() |
        | flush-tlb/after-boot               | flush=__flush_tlb_global() |
        | flush-tlb/x86-64                   | flush=__flush_tlb() |
        | flush-tlb/x86-64                   | flush=__flush_tlb_global() |
        | xen-pte-lock/fork                  | as they are initially |
        | xen-pte-lock/fork                  | pages=2, visited=any |
        | xen-pte-lock/fork                  | pages=28 |
        | xen-pte-lock/fork                  | release=2.6.24, splitFrom=released, pages=1 |
        | xen-pte-lock/exec                  | as they are initially |
        | xen-pte-lock/exec                  | pages=1, young=true |
        | xen-pte-lock/exit                  | as they are initially |
        | xen-pte-lock/exit                  | pages=2, until=gone |
        | xen-pte-lock/grow                  | ending=munmap |
        | xen-pte-lock/grow                  | ending=exit |
        | xen-pte-lock/grow                  | ending=munmap, then exit, release=2.6.23-rc9, visitors=1 |
        | xen-pte-lock/mmap                  | times=2, exits=true |
        | xen-pte-lock/boot                  | pae=false |
        | xen-pte-lock/boot                  | pae=true |
        | switch-mm-barrier/flush-and-switch | flusher=stranger |
        | switch-mm-barrier/flush-and-switch | flusher=lazy |
        | switch-mm-barrier/flush-and-switch | flusher=lazy, left already |
        | switch-mm-barrier/flush-and-switch | flush=flush_tlb_page(), flusher=lazy, left already |
        | switch-mm-barrier/flush-and-switch | flush=flush_tlb_page(), flusher=stranger, change=locked exchange |
        | skipped-flush/switch               | release=6.14 |
        | skipped-flush/switch               | release=6.12.14 |
        | mremap-flush/move                  | dirty=false |
        | mremap-flush/move                  | dirty=true |
        | batched-flush/reclaim              | as they are initially |
        | batched-flush/reclaim              | call=munmap |
        | batched-flush/reclaim              | tables=2, earlier=true |
        | flush-pending/migrate              | as they are initially |
        | vmalloc-lazy/unmap                 | as they are initially |
        | vmalloc-lazy/unmap                 | arch=i386 |
        | freed-tables/munmap                | as they are initially |
        | freed-tables/munmap                | returns=true |
        | drop-mm-ref/exit                   | as they are initially |
        | drop-mm-ref/exit                   | release=2.6.37 |
        | cr4-pge/call                       | call=VMXE, interrupts=0 |
        | cr4-pge/call                       | call=flush |
        | torn-pmd/mincore                   | as they are initially |
        | torn-pmd/mincore                   | meanwhile=nothing |
        | torn-pmd/mincore                   | meanwhile=madvise() and a fault |
        | torn-pmd/mincore                   | meanwhile=madvise() and a fault of a large page |
        | large-page-split/change            | as they are initially |
        | large-page-split/change            | other=changes the page beside |
        | zap-dirty/munmap                   | as they are initially |
        | zap-dirty/munmap                   | hasWritten=false |
        | gup-fast/collapse                  | as they are initially |
        | gup-fast/collapse                  | flushing=interrupts |
        | modify-prot/mprotect               | as they are initially |
        | modify-prot/mprotect               | other=truncates |
        | lazy-mmu-nesting/loop              | as they are initially |
        | lazy-mmu-nesting/loop              | inner=a pause |
        | uffd-wp/copy                       | as they are initially |

  Rule: Every condition that a thread names can be removed

    Scenario: Each parameter lists its values, and the one that it has unless another is chosen
      When the parameters of the situations are read
      Then it lists exactly
        | parameter      | values                                                       | initially                        | in |
        | region         | zap_pte_range, copy_pte_range, zeromap_pte_range, remap_pte_range, change_pte_range, move_ptes | zap_pte_range                    | vmi-lazy/kmap |
        | entries        | 1, 2, 4, 8, 16, 32                                           | 2                                | vmi-lazy/kmap |
        | device         | raid, usb, aio, network, slab, module, kmap, grant, none     | raid                             | vmi-lazy/kmap |
        | interrupts     | 0, 1, 2                                                      | 1                                | vmi-lazy/kmap |
        | segments       | 1, 2                                                         | 1                                | vmi-lazy/kmap |
        | afterwards     | nothing, kmap()                                              | nothing                          | vmi-lazy/kmap |
        | ram            | 512, 832, 896, 970, 1024, 2048                               | 2048                             | vmi-lazy/kmap |
        | page           | highmem, lowmem                                              | highmem                          | vmi-lazy/kmap |
        | highmem        | true, false                                                  | true                             | vmi-lazy/kmap |
        | backend        | VMI, VMI without SetLazyMode, guest queue, bare metal        | VMI                              | vmi-lazy/kmap, vmi-lazy/process, vmi-lazy/smp, vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration |
        | preempt        | true, false                                                  | true                             | vmi-lazy/kmap, flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit, flush-tlb/x86-64 |
        | writes         | when drained, at once                                        | when drained                     | vmi-lazy/kmap, vmi-lazy/process, vmi-lazy/smp, vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration |
        | faults         | reach the guest, drain the queue, fill the shadow            | reach the guest                  | vmi-lazy/kmap, vmi-lazy/process, vmi-lazy/smp, vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration |
        | invalidations  | join the queue, drain the queue                              | join the queue                   | vmi-lazy/kmap, vmi-lazy/process, vmi-lazy/smp, vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration |
        | freedoms       | none, all                                                    | none                             | vmi-lazy/kmap, preemptible-lazy/callers, flush-tlb/after-boot, vmi-boot/activation, xen-pte-lock/fork, xen-pte-lock/pin, switch-mm-barrier/flush-and-switch, skipped-flush/switch, mremap-flush/move, batched-flush/reclaim, flush-pending/migrate, vmalloc-lazy/unmap, freed-tables/munmap, drop-mm-ref/exit, cr4-pge/call, torn-pmd/mincore, large-page-split/change, zap-dirty/munmap, gup-fast/collapse, modify-prot/mprotect, lazy-mmu-nesting/loop, nested-madvise/dontneed, uffd-wp/copy |
        | order          | SC, TSO                                                      | SC                               | vmi-lazy/kmap, vmi-lazy/process, vmi-lazy/smp, vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration, flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit, flush-tlb/flush_tlb_mm, flush-tlb/x86-64, flush-tlb/shootdown, flush-tlb/debug-pagealloc, flush-tlb/locks, vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation, xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap, xen-pte-lock/boot, xen-pte-lock/two-locks, xen-pte-lock/lazy-cr3, xen-pte-lock/sync, xen-pte-lock/pin, mremap-flush/move, batched-flush/reclaim, flush-pending/migrate, vmalloc-lazy/unmap, freed-tables/munmap, drop-mm-ref/exit, cr4-pge/call, torn-pmd/mincore, torn-pmd/xen, large-page-split/change, zap-dirty/munmap, gup-fast/collapse, modify-prot/mprotect, lazy-mmu-nesting/loop, nested-madvise/dontneed, uffd-wp/copy |
        | region         | zap_pte_range, copy_pte_range, zeromap_pte_range, remap_pte_range, change_pte_range, move_ptes | copy_pte_range                   | vmi-lazy/process |
        | swapped        | true, false                                                  | true                             | vmi-lazy/process |
        | swap_map       | known, new                                                   | new                              | vmi-lazy/process |
        | count          | small, full                                                  | small                            | vmi-lazy/process |
        | region         | zap_pte_range, copy_pte_range, zeromap_pte_range, remap_pte_range, change_pte_range, move_ptes | move_ptes                        | vmi-lazy/smp |
        | other          | reclaims, writes to the page that is moved, computes, is of another process, is of another process and unmaps | reclaims                         | vmi-lazy/smp |
        | FREE_PTE_NR    | 1, 506                                                       | 506                              | vmi-lazy/smp |
        | NR_CPUS        | 2, 4, 8                                                      | 4                                | vmi-lazy/smp |
        | cpus           | 1, 2                                                         | 2                                | vmi-lazy/switch |
        | ticks          | 0, 1, 2                                                      | 1                                | vmi-lazy/switch, preemptible-lazy/callers, preemptible-lazy/migration, lazy-mmu-nesting/loop |
        | device         | none, raid, network                                          | none                             | vmi-lazy/switch |
        | caller         | kmap_atomic() in a task, kmap_atomic() in two tasks, kmap_atomic() in the copy loop, kmap_atomic() in an interrupt, kmap_atomic() in a softirq, vmalloc fault in the copy loop, vmalloc fault in a task, vmalloc fault in an interrupt, vmalloc_sync_all(), set_memory_*() of 2.6.29 | vmalloc fault in the copy loop   | preemptible-lazy/callers |
        | base           | 2.6.22, 2.6.23, 2.6.24                                       | 2.6.23                           | preemptible-lazy/callers |
        | lazy           | true, false                                                  | false                            | preemptible-lazy/migration |
        | lazy_cpu       | true, false                                                  | true                             | preemptible-lazy/migration |
        | migration      | true, false                                                  | true                             | preemptible-lazy/migration |
        | base           | 2.6.22, 2.6.23, 2.6.24, 2.6.31                               | 2.6.23                           | preemptible-lazy/migration |
        | flush          | __flush_tlb(), __flush_tlb_global(), ioremap(), ioremap() under a spinning BKL, ioremap() under a sleeping BKL, copy_mm(), __flush_tlb() under preempt_disable(), __flush_tlb() with interrupts off | __flush_tlb()                    | flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit |
        | flushes        | 0, 1, 2, 3, 4                                                | 1                                | flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit |
        | accesses       | 1, 2, 3, 4, 5, 6                                             | 1                                | flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit |
        | write          | false, true                                                  | false                            | flush-tlb/classic, flush-tlb/after-boot, flush-tlb/exit |
        | pages          | apart, same address                                          | apart                            | flush-tlb/classic, flush-tlb/x86-64 |
        | flusher        | kernel thread, editor                                        | kernel thread                    | flush-tlb/classic, flush-tlb/flush_tlb_mm |
        | browser        | true, false                                                  | true                             | flush-tlb/classic |
        | interrupts     | true, false                                                  | true                             | flush-tlb/classic |
        | forget         | false, true                                                  | false                            | flush-tlb/flush_tlb_mm |
        | entry          | of the editor, global, of the kernel                         | of the editor                    | flush-tlb/flush_tlb_mm |
        | accesses       | 1, 2, 3, 4                                                   | 2                                | flush-tlb/flush_tlb_mm |
        | release        | 2.6.10-rc2, 2.6.11                                           | 2.6.11                           | flush-tlb/x86-64 |
        | flush          | __flush_tlb(), __flush_tlb_global()                          | __flush_tlb()                    | flush-tlb/x86-64 |
        | flushes        | 0, 1, 2, 3                                                   | 1                                | flush-tlb/x86-64 |
        | accesses       | 1, 2, 3                                                      | 1                                | flush-tlb/x86-64, flush-tlb/shootdown |
        | release        | 2.6.10-rc2, 2.6.11                                           | 2.6.10-rc2                       | flush-tlb/shootdown, flush-tlb/debug-pagealloc |
        | arch           | i386, x86-64                                                 | i386                             | flush-tlb/shootdown, flush-tlb/debug-pagealloc |
        | ticks          | 1, 2, 3                                                      | 1                                | flush-tlb/shootdown, flush-tlb/debug-pagealloc |
        | ticking        | second, both                                                 | second                           | flush-tlb/shootdown |
        | how            | flush_tlb_mm(), the local flush only, nothing                | flush_tlb_mm()                   | flush-tlb/shootdown |
        | lookAhead      | false, true                                                  | false                            | flush-tlb/shootdown |
        | flush          | without, with global pages, ioremap()                        | without                          | flush-tlb/debug-pagealloc |
        | locks          | spin, sleep                                                  | spin                             | flush-tlb/locks |
        | unmaps         | 1, 2, 3, 4, 5, 6                                             | 3                                | flush-tlb/locks |
        | hotplug        | false, true                                                  | false                            | flush-tlb/locks |
        | release        | 2.6.27, 2.6.27.6, 2.6.27.9, 2.6.28-rc8                       | 2.6.28-rc8                       | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation |
        | pae            | false, true                                                  | false                            | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation, xen-pte-lock/boot |
        | hole           | 0, 1, 4, 64, 168                                             | 64                               | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation |
        | ram            | 256, 1024, 2048, 4096                                        | 2048                             | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation |
        | commandLine    | , vmalloc=64M, vmalloc=256M, reservetop=64M, earlyprintk=dbgp, vmi=disable_pge |                                  | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation |
        | setupData      | none, short, long                                            | none                             | vmi-boot/dmi-scan |
        | reading        | adopting, announced-only, lenient                            | adopting                         | vmi-boot/dmi-scan, vmi-boot/setup-arch, vmi-boot/activation |
        | setupData      | none, short, long                                            | short                            | vmi-boot/setup-arch, vmi-boot/activation |
        | callerIF       | false, true                                                  | false                            | vmi-boot/activation |
        | ticks          | 1, 2                                                         | 1                                | vmi-boot/activation |
        | release        | 2.6.23-rc9, 2.6.23, 2.6.24, 2.6.25                           | 2.6.25                           | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/mmap, xen-pte-lock/pin |
        | pae            | false, true                                                  | true                             | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap, xen-pte-lock/two-locks, xen-pte-lock/lazy-cr3, xen-pte-lock/sync, xen-pte-lock/pin |
        | NR_CPUS        | 2, 3, 4, 8, 32                                               | 8                                | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap, xen-pte-lock/two-locks, xen-pte-lock/sync, xen-pte-lock/pin |
        | pages          | 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40 | 16                               | xen-pte-lock/fork |
        | visitors       | 0, 1, 2, 3, 4, 5                                             | 1                                | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/pin |
        | splitFrom      | released, 4                                                  | 4                                | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/pin |
        | middles        | 1, 2                                                         | 1                                | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/grow, xen-pte-lock/mmap |
        | visited        | any, telling, last                                           | last                             | xen-pte-lock/fork |
        | visit          | reclaim, writeback, aging, truncate                          | reclaim                          | xen-pte-lock/fork, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap |
        | young          | false, true                                                  | false                            | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap |
        | evictions      | 0, 1, 2                                                      | 0                                | xen-pte-lock/fork, xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap |
        | mapped         | private, shared, nonlinear, anonymous                        | private                          | xen-pte-lock/fork, xen-pte-lock/exit |
        | pages          | 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40 | 28                               | xen-pte-lock/exec |
        | visited        | any, telling, last                                           | telling                          | xen-pte-lock/exec, xen-pte-lock/exit, xen-pte-lock/grow, xen-pte-lock/mmap |
        | visit          | reclaim, aging                                               | reclaim                          | xen-pte-lock/exec |
        | mapped         | anonymous                                                    | anonymous                        | xen-pte-lock/exec |
        | loads          | true, false                                                  | true                             | xen-pte-lock/exec |
        | pages          | 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40 | 32                               | xen-pte-lock/exit |
        | middles        | 1, 2                                                         | 2                                | xen-pte-lock/exit |
        | until          | unpinned, gone                                               | unpinned                         | xen-pte-lock/exit |
        | release        | 2.6.23-rc9, 2.6.23, 2.6.24, 2.6.25                           | 2.6.24                           | xen-pte-lock/grow, xen-pte-lock/boot, xen-pte-lock/two-locks, xen-pte-lock/lazy-cr3 |
        | visitors       | 0, 1, 2, 3, 4, 5                                             | 0                                | xen-pte-lock/grow, xen-pte-lock/mmap |
        | ending         | munmap, exit, munmap, then exit, exit, until it is mapped, never | munmap                           | xen-pte-lock/grow |
        | highmem        | false, true                                                  | false                            | xen-pte-lock/grow |
        | times          | 1, 2                                                         | 1                                | xen-pte-lock/mmap |
        | exits          | false, true                                                  | false                            | xen-pte-lock/mmap |
        | pages          | 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40 | 1                                | xen-pte-lock/two-locks, xen-pte-lock/pin |
        | first          | fork, mremap, reclaim, a high page, backwards, interrupts under the lock | fork                             | xen-pte-lock/two-locks |
        | second         | fork, mremap, reclaim, a high page, backwards, interrupts under the lock, nothing | nothing                          | xen-pte-lock/two-locks |
        | release        | 2.6.25, 2.6.28                                               | 2.6.25                           | xen-pte-lock/sync |
        | xen            | Xen 3.2, Xen 4.0, Xen 4.0 with retries                       | Xen 4.0                          | xen-pte-lock/sync |
        | shell          | pins, unpins, waits for a flush                              | pins                             | xen-pte-lock/sync |
        | rounds         | 1, 2                                                         | 1                                | xen-pte-lock/pin |
        | unpin          | false, true                                                  | false                            | xen-pte-lock/pin |
        | flush          | flush_tlb_mm_range() of one page, flush_tlb_mm_range() of everything, flush_tlb_page(), nothing | flush_tlb_mm_range() of one page | switch-mm-barrier/flush-and-switch |
        | flusher        | stranger, lazy, lazy, left already, owner                    | stranger                         | switch-mm-barrier/flush-and-switch |
        | change         | plain store, locked exchange                                 | plain store                      | switch-mm-barrier/flush-and-switch |
        | reader         | from another address space, back from lazy, back from lazy, left already | from another address space       | switch-mm-barrier/flush-and-switch |
        | order          | TSO, SC                                                      | TSO                              | switch-mm-barrier/flush-and-switch, skipped-flush/switch |
        | fills          | false, true                                                  | false                            | switch-mm-barrier/flush-and-switch, skipped-flush/switch |
        | accesses       | 1, 2, 3                                                      | 2                                | switch-mm-barrier/flush-and-switch |
        | cpus           | 2, 1, 3                                                      | 2                                | switch-mm-barrier/flush-and-switch |
        | release        | 6.14, 6.12.14, 6.12                                          | 6.14                             | skipped-flush/switch |
        | pcids          | true, false                                                  | true                             | skipped-flush/switch |
        | ran            | true, false                                                  | true                             | skipped-flush/switch |
        | accesses       | 2, 1, 3                                                      | 2                                | skipped-flush/switch |
        | flusher        | a thread, reclaim                                            | a thread                         | skipped-flush/switch |
        | readers        | 1, 2                                                         | 1                                | skipped-flush/switch |
        | release        | 4.14, 4.8                                                    | 4.14                             | mremap-flush/move |
        | access         | reads, writes                                                | reads                            | mremap-flush/move |
        | accesses       | 1, 2                                                         | 2                                | mremap-flush/move |
        | dirty          | false, true                                                  | false                            | mremap-flush/move |
        | tables         | 2, 1                                                         | 2                                | mremap-flush/move |
        | release        | 4.12, 4.2                                                    | 4.12                             | batched-flush/reclaim |
        | call           | mprotect, munmap, madvise                                    | mprotect                         | batched-flush/reclaim |
        | access         | writes, reads                                                | writes                           | batched-flush/reclaim |
        | accesses       | 1, 2                                                         | 1                                | batched-flush/reclaim, flush-pending/migrate |
        | tables         | 1, 2                                                         | 1                                | batched-flush/reclaim |
        | fills          | true, false                                                  | true                             | batched-flush/reclaim, freed-tables/munmap |
        | earlier        | false, true                                                  | false                            | batched-flush/reclaim |
        | unmapped       | false, true                                                  | false                            | batched-flush/reclaim |
        | room           | 8, 1                                                         | 8                                | batched-flush/reclaim |
        | threads        | 1, 2                                                         | 1                                | batched-flush/reclaim |
        | moves          | true, false                                                  | true                             | flush-pending/migrate |
        | held           | false, true                                                  | false                            | flush-pending/migrate |
        | scanners       | 1, 2                                                         | 1                                | flush-pending/migrate |
        | arch           | x86_64, i386                                                 | x86_64                           | vmalloc-lazy/unmap |
        | backend        | Xen, bare metal                                              | Xen                              | vmalloc-lazy/unmap |
        | task           | lives, exits, exits, switched                                | lives                            | vmalloc-lazy/unmap |
        | lazy           | true, false                                                  | true                             | vmalloc-lazy/unmap |
        | known          | false, true                                                  | false                            | vmalloc-lazy/unmap |
        | pinned         | true, false                                                  | true                             | vmalloc-lazy/unmap |
        | release        | 4.20, 4.19, 4.14                                             | 4.20                             | freed-tables/munmap |
        | users          | 2, 1                                                         | 2                                | freed-tables/munmap |
        | memory         | true, false                                                  | true                             | freed-tables/munmap |
        | frees          | the table too, the page                                      | the table too                    | freed-tables/munmap |
        | structures     | true, false                                                  | true                             | freed-tables/munmap |
        | returns        | false, true                                                  | false                            | freed-tables/munmap |
        | sleeps         | false, true                                                  | false                            | freed-tables/munmap |
        | pcids          | false, true                                                  | false                            | freed-tables/munmap |
        | release        | 2.6.38, 2.6.37                                               | 2.6.38                           | drop-mm-ref/exit |
        | by             | execve(), the scheduler                                      | execve()                         | drop-mm-ref/exit |
        | pae            | true, false                                                  | true                             | drop-mm-ref/exit |
        | release        | 2.6.25, 2.6.20                                               | 2.6.25                           | cr4-pge/call |
        | call           | VMXE, flush                                                  | VMXE                             | cr4-pge/call |
        | interrupts     | 2, 0, 1                                                      | 2                                | cr4-pge/call |
        | compiler       | high half first, low half first                              | high half first                  | torn-pmd/mincore, torn-pmd/xen |
        | memory         | above 4 GiB, below 4 GiB                                     | above 4 GiB                      | torn-pmd/mincore |
        | meanwhile      | a fault, madvise() and a fault, madvise() and a fault of a large page, nothing | a fault                          | torn-pmd/mincore |
        | other          | reads it, changes the page beside                            | reads it                         | large-page-split/change |
        | sizes          | true, false                                                  | true                             | large-page-split/change |
        | until          | changed, flushed                                             | changed                          | large-page-split/change |
        | debugPagealloc | false, true                                                  | false                            | large-page-split/change |
        | found          | a young entry, an old entry, no entry                        | a young entry                    | zap-dirty/munmap |
        | hasWritten     | true, false                                                  | true                             | zap-dirty/munmap |
        | flushing       | hypercall, interrupts                                        | hypercall                        | gup-fast/collapse |
        | walkers        | 1, 2                                                         | 1                                | gup-fast/collapse |
        | other          | writes, truncates                                            | writes                           | modify-prot/mprotect |
        | isDirty        | false, true                                                  | false                            | modify-prot/mprotect |
        | isYoung        | true, false                                                  | true                             | modify-prot/mprotect |
        | inner          | nothing, a section, a section with interrupts off, a pause, a section in a pause | a section                        | lazy-mmu-nesting/loop |
        | device         | false, true                                                  | false                            | lazy-mmu-nesting/loop |
        | isLazy         | true, false                                                  | true                             | lazy-mmu-nesting/loop |
        | release        | 4.12, 4.14                                                   | 4.12                             | nested-madvise/dontneed |
        | same           | true, false                                                  | true                             | nested-madvise/dontneed |
        | asks           | unprotect, protect                                           | unprotect                        | uffd-wp/copy |
        | held           | true, false                                                  | true                             | uffd-wp/copy |

  Rule: The patches of other chapters do not stop a situation

    Scenario: With every patch of the catalogue at once, each situation runs
      When the first 200 moves of each situation are searched, with every patch of the catalogue
      Then no path asks for something that the situation has not set up
