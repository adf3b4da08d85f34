@recorded
Feature: The graph of every kernel is as it was recorded
  A fault in the machine or in a kernel path often changes no verdict, but it changes how many states there are, which moves lead from one to the next,
  or how an instruction is labelled. For every situation, without its patch, with all of it, without each of its hunks, with each other value of each of its
  parameters, and with all of these drawn, some walks to the end are recorded as counts and a digest (steps/recorded/lines/graphs.json); without the
  patch and with all of it, also the beginning of the graph and a run that is described. After a change that is meant to change
  them, "npm run recorded -- graphs --record" records the new ones and prints the differences.

  Rule: Each kernel is as recorded

    Scenario Outline: The kernels of <situation> have the recorded graphs
      When the recorded graphs of "<situation>" are computed again
      Then they are as recorded

      Examples:
        | situation                          |
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

    Scenario: No situation is left out
      Then there are recorded graphs for each part, and for nothing else

    Scenario: A difference of one state is found
      When the recorded graphs of "torn-pmd/mincore" are computed again, and "all" has one more in its first number
      Then one difference is found, in "all"
