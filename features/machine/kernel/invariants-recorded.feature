@recorded
Feature: The invariants say what was recorded of them
  An invariant that is never broken says nothing, and a fault in what it says goes unnoticed. So wrong states are made: in a few states of each kernel, and in
  those of Xen after some calls of a random guest, one after the other of the cells that an invariant reads gets another value, and it is asked. How often it objects, and
  a digest of its messages, are recorded (steps/recorded/README.md).

  Rule: Each invariant objects to the recorded changes, in the recorded words

    Scenario Outline: The invariants of <part>
      When the recorded breaks of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                               |
        | vmi-lazy/kmap                      |
        | vmi-lazy/process                   |
        | vmi-lazy/smp                       |
        | vmi-lazy/switch                    |
        | preemptible-lazy/callers           |
        | preemptible-lazy/migration         |
        | flush-tlb/classic                  |
        | flush-tlb/after-boot               |
        | flush-tlb/exit                     |
        | flush-tlb/flush_tlb_mm             |
        | flush-tlb/x86-64                   |
        | flush-tlb/shootdown                |
        | flush-tlb/debug-pagealloc          |
        | flush-tlb/locks                    |
        | vmi-boot/dmi-scan                  |
        | vmi-boot/setup-arch                |
        | vmi-boot/activation                |
        | xen-pte-lock/fork                  |
        | xen-pte-lock/exec                  |
        | xen-pte-lock/exit                  |
        | xen-pte-lock/grow                  |
        | xen-pte-lock/mmap                  |
        | xen-pte-lock/boot                  |
        | xen-pte-lock/two-locks             |
        | xen-pte-lock/lazy-cr3              |
        | xen-pte-lock/sync                  |
        | xen-pte-lock/pin                   |
        | switch-mm-barrier/flush-and-switch |
        | skipped-flush/switch               |
        | mremap-flush/move                  |
        | batched-flush/reclaim              |
        | flush-pending/migrate              |
        | vmalloc-lazy/unmap                 |
        | freed-tables/munmap                |
        | drop-mm-ref/exit                   |
        | cr4-pge/call                       |
        | torn-pmd/mincore                   |
        | torn-pmd/xen                       |
        | large-page-split/change            |
        | zap-dirty/munmap                   |
        | gup-fast/collapse                  |
        | modify-prot/mprotect               |
        | lazy-mmu-nesting/loop              |
        | nested-madvise/dontneed            |
        | uffd-wp/copy                       |
        | a balloon                          |
        | calls that are interrupted         |
        | Xen on 2-level                     |
        | Xen on PAE                         |
        | Xen on PAE on 64-bit               |
        | Xen on 64-bit                      |

    Scenario: The invariants of no situation are left out
      Then there are recorded breaks for each part, and for nothing else

    Scenario: One objection more is noticed
      When the recorded breaks of "Xen on PAE" are computed again, and "xenLives" has one more in its first number
      Then one difference is found, in "xenLives"
