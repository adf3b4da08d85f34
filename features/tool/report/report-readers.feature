Feature: Every kind of report shows the same results
  Some readers open the report's page, some a pull request, some the page of their build server. All of them must see the same
  results, and a witness should be shown as a picture wherever pictures can be shown.

  Rule: Every report counts the same scenarios, and counts only those that passed as passed

    Scenario: All reports agree on a run with every kind of result
      Given a run of the sample suite "outcomes"
      When the report's page is built from its messages
      Then 4 of 16 scenarios passed, according to
        | the messages              |
        | the report's page         |
        | the Markdown summary      |
        | the annotations           |
        | Allure                    |
        | JUnit                     |
        | Cucumber's own HTML       |

  Rule: The same run always gives the same page

    Scenario: Two runs of the same scenarios differ only in ids and times
      Given a run of the sample suite "outcomes"
      When the report's page is built from its messages
      Then the same page is built from the messages of a run at another time
      And the page names no folder of this machine, and nothing of the network

  Rule: A witness can be seen and replayed in every report

    Scenario: Other reports show the witness of a search and its replay line
      When a search without the patch "flush-tlb" is shown to the readers of other reports
      Then they see a picture in which "movl %cr3, reg" comes before "timer@cpu0 arrives"
      And they read the line "npx paravirt-spec replay flush-tlb/classic" that replays it

    Scenario: The page steps through the same run that the command line replays
      When the smallest run without the patch "flush-tlb" is played for the page
      Then each step is the one that the command line replays
      And with the scheduler folded it has at most 11 rows, the flush's two instructions among them
      And it diverges from the run of the patched kernel where "preempt_count" keeps the task on the CPU

    Scenario: The page shows the source of the kernel that runs, where kernels of several releases have a path of one name
      When the page looks up the source of the last of these paths
      Then it shows this file, and says so where the run does not tell which is meant
        | paths                                | file                                     | told |
        | changeFlushFree, flush_tlb_mm_range  | machine/kernel/linux-6/tlb-flush.ts      | yes  |
        | unmap_and_move, try_to_unmap_one     | machine/kernel/linux-3.13/migrate.ts     | yes  |
        | sysvec_call_function, flush_tlb_func | machine/kernel/linux-6/tlb-flush.ts      | no   |
        | smp_invalidate_interrupt             | machine/kernel/linux-2.6/smp-flush.ts    | no   |
        | unmap_region, tlb_finish_mmu         | machine/kernel/linux-2.6/mm/exit-mmap.ts | no   |

    Scenario: The line of a step is marked, also where a control register is read on one line and written on the next
      When the page looks up the source of the last of these paths
      Then it marks the line of each step
        | path               | step            | line                                          |
        | native_flush_tlb   | movl %cr3, reg  | const cr3 = yield* movFromCr3();              |
        | native_flush_tlb   | movl reg, %cr3  | yield* movToCr3(cr3);                         |
        | flushTlbGlobal64   | movq %cr3, reg  | const tmpreg = yield* movFromCr3();           |
        | flushTlbGlobal64   | movq reg, %cr3  | yield* movToCr3(tmpreg);                      |
        | flushTlbGlobal64   | movq reg, %cr4  | no line: more than one fits                   |

    Scenario: Evidence that no longer replays is reported
      When the evidence of a search is changed before the page is built
      Then the build complains that a witness "differs at step 1"
