Feature: The catalogue lists each patch as its thread and the kernel's history have it
  Everything that is explored is chosen by the names in the catalogue. If a hunk, a variant or a claim were missing, no search would fail: it would
  explore less, and say so nowhere. Here the lists are written out, from the diffs in the mails and from the commits.

  Rule: A patch is the hunks of its diff

    Scenario: The hunks of each patch and of its variants are listed
      When the catalogue is read
      Then it lists exactly
        | thread | patch             | consists of                                                                       | only in variants |
        | 000    | vmi-lazy          | ops-field, wrapper, para-wrap, irqs-off                                           | restore-last, flushable, kmap-flush, kunmap-flush, vmalloc-flush, common-state, cpa-flush, kernel-map-flush, in-interrupt, flush-first, preemptible-mmu, leave-on-switch, save-late, restore-before-mode, enable-outright, state-on-stack, state-global, kmap-flush-early, kmap-leaves, kmap-irqs-off, kunmap-flush-early, flush-stays-out, wrap-always, fault-irqs-early |
        | 001    | preemptible-lazy  | vmalloc, kmap, cpa                                                                | cpa-whole |
        | 002    | flush-tlb         | i386, i386-global, x86-64, x86-64-global                                          | guard-after-read, guard-read-only, irqs-off-late, irqs-off, active-mm, no-resched, pge-stays, reload-after-lazy |
        | 003    | vmi-boot          | init-first, activate, split, stubs-inline, bringup                                | ioremap-late, ifdef, stubs-macro, reserve-split, no-double-count, fixup, relink, announce-bm-pte, dmi-late, activate-early, low-fixmap, give-up, map-before, irqs-on |
        | 004    | xen-pte-lock      | pin-lock, pin-l1, unpin-lock, unpin-l1, alloc-pt, release-pt, boot-level, kconfig | unlock-at-once, unlock-before-pin, unlock-before-rw, callback-first, lock-all, pin-before-ro, rw-before-unpin, unpin-pgd-last, pgd-first, walk-everything, no-exit-check, alloc-writable, no-kmap-flush, pmd-pin, pmd-unpin, sync-lock, sync-irqs-on |
        | 100    | switch-mm-barrier | stranger, after-leave, page-after-leave                                           | page-stranger, late, write-barrier, fence-in-switch, bit-after-load, plain-bit, loose-cr3 |
        | 101    | skipped-flush     | filter, switching-first, barrier                                                  | barrier-before, barrier-after-cr3, bit-first, release |
        | 102    | mremap-flush      | before-unlock                                                                     | between-unlocks, before-clear |
        | 103    | batched-flush     | note, mprotect, zap, mremap, madvise, generations                                 | clear-first, read-again, note-first, note-unlocked, ask-unlocked, ask-once |
        | 104    | flush-pending     | pending, accessible, count                                                        | always, exchange, set-late, clear-early, ask-unlocked |
        | 105    | vmalloc-lazy      | flush                                                                             | flush-first, leave, around, no-comparison |
        | 106    | freed-tables      | remove-tables                                                                     | argument, leave, not-lazy, sync, flush-early, stay |
        | 107    | drop-mm-ref       | lazy-only                                                                         | mask-only, ask-active, irqs-off |
        | 108    | cr4-pge           | irqs-off                                                                          | irqs-off-late, disable-enable, preempt-off, toggle, read-again |
        | 109    | torn-pmd          | low-first                                                                         | cmpxchg8b, high-first, low-again, barrier |
        | 110    | large-page-split  | flush, lock                                                                       | flush-here |
        | 111    | zap-dirty         | flush-first, rmap-after-flush                                                     | rmap-if-flushed, look-again, rmap-last |
        | 112    | gup-fast          | sync                                                                              | defer, sync-early, barrier, recheck-early |
        | 113    | modify-prot       | pair                                                                              | plain, cmpxchg-once, cmpxchg-again, xen, normal-update, commit-unlocked |
        | 114    | lazy-mmu-nesting  | count, flush, by-count, tolerate                                                  | unguarded, per-cpu, forget |
        | 115    | nested-madvise    | count, nested                                                                     | dec-early |
        | 116    | uffd-wp           | flush                                                                             | write-lock, downgrade, always, local, after-copy |

  Rule: A variant is named by what it switches on

    Scenario: Takes, alternatives and near misses are listed
      When the variants in the catalogue are read
      Then it lists exactly
        | variant                                | kind        | switches on |
        | vmi-lazy@posted                        | take        | the patch |
        | vmi-lazy@corrected                     | alternative | the patch, and restore-last |
        | vmi-lazy@2.6.21                        | alternative | para-wrap, flushable, kmap-flush |
        | vmi-lazy@2.6.22                        | alternative | para-wrap, flushable, kmap-flush, kunmap-flush |
        | vmi-lazy@2.6.23                        | alternative | para-wrap, flushable, kmap-flush, kunmap-flush, vmalloc-flush |
        | vmi-lazy@2.6.24                        | alternative | para-wrap, common-state, kmap-flush, kunmap-flush, vmalloc-flush |
        | vmi-lazy@2.6.31                        | alternative | para-wrap, common-state, in-interrupt, flush-first, preemptible-mmu, leave-on-switch |
        | vmi-lazy@both                          | alternative | para-wrap, common-state, in-interrupt, flush-first, preemptible-mmu, leave-on-switch, kmap-flush, kunmap-flush |
        | vmi-lazy@save-late                     | near-miss   | the patch, and restore-last, save-late |
        | vmi-lazy@not-installed                 | near-miss   | wrapper, irqs-off, restore-last |
        | vmi-lazy@book-keeping                  | near-miss   | wrapper, para-wrap |
        | vmi-lazy@flush-early                   | near-miss   | para-wrap, flushable, kmap-flush-early |
        | vmi-lazy@kunmap-only                   | near-miss   | para-wrap, flushable, kunmap-flush |
        | vmi-lazy@irqs-off-in-kmap              | near-miss   | kmap-irqs-off |
        | vmi-lazy@leave-in-kmap                 | near-miss   | para-wrap, wrapper, kmap-leaves |
        | vmi-lazy@on-the-stack                  | near-miss   | the patch, and restore-last, state-on-stack |
        | vmi-lazy@one-for-all                   | near-miss   | the patch, and restore-last, state-global |
        | vmi-lazy@restore-before-mode           | near-miss   | the patch, and restore-last, restore-before-mode |
        | vmi-lazy@enable-outright               | near-miss   | the patch, and restore-last, enable-outright |
        | vmi-lazy@flush-early-in-kunmap         | near-miss   | para-wrap, flushable, kmap-flush, kunmap-flush-early |
        | preemptible-lazy@around-the-update-too | alternative | the patch, and cpa-whole |
        | flush-tlb@guard-after-read             | near-miss   | guard-after-read |
        | flush-tlb@guard-read-only              | near-miss   | guard-read-only |
        | flush-tlb@irqs-off-late                | near-miss   | irqs-off-late |
        | flush-tlb@active-mm                    | near-miss   | active-mm |
        | flush-tlb@no-resched                   | near-miss   | the patch, and no-resched |
        | flush-tlb@pge-stays                    | near-miss   | the patch, and pge-stays |
        | flush-tlb@reload-after-lazy            | near-miss   | reload-after-lazy |
        | flush-tlb@irqs-off                     | alternative | irqs-off |
        | vmi-boot@take-1                        | take        | ioremap-late |
        | vmi-boot@take-2                        | take        | the patch, and ifdef, but not stubs-inline, bringup |
        | vmi-boot@take-3                        | take        | the patch, and stubs-macro, but not stubs-inline |
        | vmi-boot@take-4                        | take        | the patch |
        | vmi-boot@reserve-split                 | alternative | the patch, and reserve-split |
        | vmi-boot@no-double-count               | alternative | the patch, and no-double-count |
        | vmi-boot@fixup                         | alternative | the patch, and fixup |
        | vmi-boot@relink                        | alternative | relink |
        | vmi-boot@low-fixmap                    | alternative | low-fixmap |
        | vmi-boot@announce-bm-pte               | near-miss   | announce-bm-pte |
        | vmi-boot@dmi-late                      | near-miss   | dmi-late |
        | vmi-boot@give-up                       | near-miss   | give-up |
        | vmi-boot@map-before                    | near-miss   | map-before |
        | vmi-boot@activate-early                | near-miss   | the patch, and activate-early |
        | vmi-boot@irqs-on                       | near-miss   | the patch, and irqs-on |
        | xen-pte-lock@stop-gap                  | alternative | nothing |
        | xen-pte-lock@kconfig-alone             | near-miss   | kconfig |
        | xen-pte-lock@unlock-at-once            | near-miss   | the patch, and unlock-at-once |
        | xen-pte-lock@unlock-before-pin         | near-miss   | the patch, and unlock-before-pin |
        | xen-pte-lock@unlock-before-rw          | near-miss   | the patch, and unlock-before-rw |
        | xen-pte-lock@callback-first            | near-miss   | the patch, and callback-first |
        | xen-pte-lock@lock-all                  | near-miss   | pin-lock, unpin-lock, boot-level, kconfig, lock-all |
        | xen-pte-lock@pin-before-ro             | near-miss   | the patch, and pin-before-ro, but not pin-l1 |
        | xen-pte-lock@rw-before-unpin           | near-miss   | the patch, and rw-before-unpin, but not unpin-l1 |
        | xen-pte-lock@no-lock                   | near-miss   | the patch, but not pin-lock, unpin-lock |
        | xen-pte-lock@no-own-pin                | near-miss   | pin-lock, unpin-lock, boot-level, kconfig |
        | xen-pte-lock@release-without-unpin     | near-miss   | the patch, but not release-pt |
        | xen-pte-lock@alloc-without-pin         | near-miss   | the patch, but not alloc-pt |
        | xen-pte-lock@walk-without-unpin        | near-miss   | the patch, but not unpin-l1 |
        | xen-pte-lock@pin-only                  | near-miss   | the patch, but not unpin-lock |
        | xen-pte-lock@private-unlocked          | near-miss   | the patch, but not pin-lock |
        | xen-pte-lock@unpin-pgd-last            | near-miss   | the patch, and unpin-pgd-last |
        | xen-pte-lock@walk-everything           | near-miss   | the patch, and walk-everything |
        | xen-pte-lock@no-exit-check             | near-miss   | the patch, and no-exit-check |
        | xen-pte-lock@alloc-writable            | near-miss   | the patch, and alloc-writable |
        | xen-pte-lock@no-kmap-flush             | near-miss   | the patch, and no-kmap-flush |
        | xen-pte-lock@pgd-first                 | alternative | the patch, and pgd-first |
        | xen-pte-lock@dynamic-pmds              | alternative | the patch, and pmd-pin, pmd-unpin |
        | xen-pte-lock@pmd-pin-only              | near-miss   | the patch, and pmd-pin |
        | xen-pte-lock@sync-lock                 | alternative | the patch, and sync-lock |
        | xen-pte-lock@sync-lock-irqs-on         | alternative | the patch, and sync-lock, sync-irqs-on |
        | switch-mm-barrier@late                 | near-miss   | late |
        | switch-mm-barrier@write-barrier        | near-miss   | write-barrier |
        | switch-mm-barrier@fence-in-switch      | near-miss   | fence-in-switch |
        | switch-mm-barrier@only-strangers       | near-miss   | stranger |
        | switch-mm-barrier@bit-after-load       | near-miss   | the patch, and bit-after-load |
        | switch-mm-barrier@plain-bit            | alternative | the patch, and plain-bit |
        | switch-mm-barrier@loose-cr3            | alternative | the patch, and loose-cr3 |
        | switch-mm-barrier@neither              | near-miss   | the patch, and plain-bit, loose-cr3 |
        | switch-mm-barrier@page-too             | alternative | the patch, and page-stranger |
        | skipped-flush@6.15                     | take        | the patch, but not barrier |
        | skipped-flush@stable                   | take        | filter |
        | skipped-flush@order-only               | near-miss   | switching-first |
        | skipped-flush@barrier-before           | near-miss   | the patch, and barrier-before, but not barrier |
        | skipped-flush@barrier-after-cr3        | near-miss   | the patch, and barrier-after-cr3, but not barrier |
        | skipped-flush@bit-first                | near-miss   | the patch, and bit-first, but not barrier |
        | skipped-flush@release                  | near-miss   | the patch, and release, but not barrier |
        | mremap-flush@between-unlocks           | near-miss   | between-unlocks |
        | mremap-flush@before-clear              | near-miss   | before-clear |
        | batched-flush@4.13                     | take        | note, mprotect, zap |
        | batched-flush@clear-first              | near-miss   | note, mprotect, zap, clear-first |
        | batched-flush@read-again               | near-miss   | the patch, and read-again, but not mremap, madvise |
        | batched-flush@note-first               | near-miss   | note, mprotect, zap, note-first |
        | batched-flush@note-unlocked            | near-miss   | the patch, and note-unlocked, but not mremap, madvise |
        | batched-flush@ask-unlocked             | near-miss   | note, zap, generations, ask-unlocked |
        | batched-flush@ask-once                 | near-miss   | note, zap, generations, ask-once |
        | flush-pending@3.13                     | take        | the patch, but not count |
        | flush-pending@always                   | alternative | always |
        | flush-pending@exchange                 | near-miss   | the patch, and exchange, but not count |
        | flush-pending@set-late                 | near-miss   | the patch, and set-late |
        | flush-pending@clear-early              | near-miss   | the patch, and clear-early |
        | flush-pending@ask-unlocked             | near-miss   | the patch, and ask-unlocked |
        | vmalloc-lazy@around                    | alternative | around |
        | vmalloc-lazy@flush-first               | near-miss   | flush-first |
        | vmalloc-lazy@leave                     | near-miss   | leave |
        | vmalloc-lazy@no-comparison             | alternative | no-comparison |
        | freed-tables@argument                  | alternative | argument |
        | freed-tables@leave                     | near-miss   | leave |
        | freed-tables@not-lazy                  | near-miss   | not-lazy |
        | freed-tables@sync                      | near-miss   | sync |
        | freed-tables@flush-early               | near-miss   | argument, flush-early |
        | freed-tables@stay                      | near-miss   | argument, stay |
        | drop-mm-ref@irqs-off                   | alternative | irqs-off |
        | drop-mm-ref@mask-only                  | near-miss   | mask-only |
        | drop-mm-ref@ask-active                 | near-miss   | ask-active |
        | cr4-pge@irqs-off-late                  | near-miss   | irqs-off-late |
        | cr4-pge@disable-enable                 | near-miss   | disable-enable |
        | cr4-pge@preempt-off                    | near-miss   | preempt-off |
        | cr4-pge@toggle                         | near-miss   | toggle |
        | cr4-pge@read-again                     | near-miss   | read-again |
        | torn-pmd@cmpxchg8b                     | take        | cmpxchg8b |
        | torn-pmd@barrier                       | alternative | barrier |
        | torn-pmd@high-first                    | near-miss   | high-first |
        | torn-pmd@low-again                     | near-miss   | low-again |
        | large-page-split@flush-only            | near-miss   | flush |
        | large-page-split@lock-only             | near-miss   | lock |
        | large-page-split@flush-here            | near-miss   | flush-here, lock |
        | zap-dirty@2014                         | take        | flush-first |
        | zap-dirty@rmap-if-flushed              | near-miss   | flush-first, rmap-if-flushed |
        | zap-dirty@look-again                   | near-miss   | look-again |
        | zap-dirty@rmap-last                    | near-miss   | rmap-last |
        | gup-fast@defer                         | alternative | defer |
        | gup-fast@sync-early                    | near-miss   | sync-early |
        | gup-fast@barrier                       | near-miss   | barrier |
        | gup-fast@recheck-early                 | near-miss   | recheck-early |
        | modify-prot@xen                        | alternative | xen |
        | modify-prot@normal-update              | near-miss   | xen, normal-update |
        | modify-prot@plain                      | near-miss   | plain |
        | modify-prot@cmpxchg-once               | near-miss   | cmpxchg-once |
        | modify-prot@cmpxchg-twice              | near-miss   | cmpxchg-once, cmpxchg-again |
        | modify-prot@commit-unlocked            | near-miss   | the patch, and commit-unlocked |
        | lazy-mmu-nesting@series                | take        | the patch, but not tolerate |
        | lazy-mmu-nesting@flag                  | alternative | count, flush |
        | lazy-mmu-nesting@tolerate              | alternative | tolerate |
        | lazy-mmu-nesting@unguarded             | near-miss   | the patch, and unguarded |
        | lazy-mmu-nesting@no-flush              | near-miss   | the patch, but not flush |
        | lazy-mmu-nesting@per-cpu               | near-miss   | count, flush, per-cpu |
        | lazy-mmu-nesting@forget                | near-miss   | the patch, and forget, but not tolerate |
        | nested-madvise@dec-early               | near-miss   | the patch, and dec-early |
        | nested-madvise@count-only              | near-miss   | count |
        | uffd-wp@write-lock                     | take        | write-lock |
        | uffd-wp@always                         | alternative | always |
        | uffd-wp@downgrade                      | near-miss   | write-lock, downgrade |
        | uffd-wp@local                          | near-miss   | local |
        | uffd-wp@after-copy                     | near-miss   | after-copy |

  Rule: Every statement of a thread is a claim, and claims about history name their sources

    Scenario: The claims of each thread are numbered from 1 without a gap
      When the claims in the catalogue are read
      Then it lists exactly
        | thread | claims |
        | 000    | 14 |
        | 001    | 14 |
        | 002    | 14 |
        | 003    | 16 |
        | 004    | 14 |
        | 100    | 12 |
        | 101    | 9 |
        | 102    | 7 |
        | 103    | 11 |
        | 104    | 10 |
        | 105    | 8 |
        | 106    | 8 |
        | 107    | 6 |
        | 108    | 7 |
        | 109    | 7 |
        | 110    | 6 |
        | 111    | 4 |
        | 112    | 5 |
        | 113    | 5 |
        | 114    | 9 |
        | 115    | 4 |
        | 116    | 6 |

    Scenario: The claims that are recorded rather than decided are listed
      When the recorded claims in the catalogue are read
      Then it lists exactly
        | claim  | sources |
        | 003.16 | 5c371b31be32; 2216d199b143; Zachary Amsden, 10 December 2008 |
        | 100.12 | 3.16.7-ckt24; 3.14 stable review, 14 Aug 2016 |
        | 101.1  | 209954cbc7d0 |
        | 102.5  | Linus Torvalds, 2 Nov 2018 |
        | 102.6  | Kirill Shutemov, 2 Nov 2018 |
        | 103.7  | 3ea277194daa |
        | 103.11 | Huang Ying, November 2021 |
        | 104.5  | 20841405940e |
        | 104.9  | 16af97dc5a89 |
        | 106.6  | 2ff6ddf19c0e |
        | 108.5  | b1979a5fda78 |
        | 110.2  | Intel application note 317080 |
        | 111.3  | 1cf35d47712d |
        | 113.3  | 1ea0704e0da6 |
