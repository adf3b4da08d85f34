Feature: The command line answers in words, and reports a mistake in one line
  Everything that a scenario explores can be explored by hand, with the same
  names. Exit codes: 0 holds, 1 fails, 2 wrong use, 3 a fault of the program or
  of the disk, 4 undecided.

  Rule: A verdict says what it is based on

    Scenario: The command check says that the patched kernel holds, and how much was seen
      When the user types "paravirt-spec check flush-tlb/after-boot"
      Then it exits with 0
      And it prints "HOLDS in every interleaving"
      And it prints "leaves out"

    Scenario: The installed program prints the same
      When a shell runs "paravirt-spec check flush-tlb/after-boot"
      Then it exits with 0
      And it prints "HOLDS in every interleaving"

    Scenario: The command check shows the shortest run of the unpatched kernel, and how to replay it
      When the user types "paravirt-spec check flush-tlb/after-boot --patches none"
      Then it exits with 1
      And it prints "browser runs with cr3 = init_mm.pgd but its mm is browser.mm"
      And the command that it prints replays to the same violation

    Scenario: A search that reaches its limit decides nothing
      When the user types "paravirt-spec check flush-tlb/after-boot --states 100"
      Then it exits with 4
      And it prints "UNDECIDED: the search is incomplete"

    Scenario: The option --grid prints one table for a grid of parameters and patches
      When the user types "paravirt-spec check skipped-flush --grid 'release=6.14|6.12,patches=none|skipped-flush@stable|all'"
      Then it exits with 1
      And it prints "release  patches=none               patches=skipped-flush@stable  patches=all"
      And it prints "6.14     fails: freedPageUnreached  fails: freedPageUnreached     holds"
      And it prints "6.12     holds                      holds                         holds"

    Scenario Outline: An impossible grid, <grid>, is refused before anything is explored
      When the user types "paravirt-spec check skipped-flush --grid '<grid>'"
      Then it exits with 2
      And it complains in one line that '<complaint>'

      Examples:
        | grid                    | complaint                                                               |
        | release                 | --grid "release" is not of the form name=*, name=value or name=value    |
        | releese=*               | no parameter "releese" of skipped-flush/switch; did you mean release?   |
        | release=6.15            | no value "6.15" of release                                              |
        | order=*,order=SC        | --grid: order is given twice                                            |
        | patches=*               | --grid: patches has no *                                                |
        | patches=skiped-flush    | no patch "skiped-flush"; did you mean skipped-flush?                    |

    Scenario: One hunk can be left out
      When the user types "paravirt-spec check flush-tlb/after-boot --without flush-tlb/i386 --json"
      Then it exits with 1
      And the JSON has "verdict.findings.0.invariant" = "taskOnOwnPageTables"

    Scenario: The command list prints every name
      When the user types "paravirt-spec list flush-tlb"
      Then it exits with 0
      And it prints "flush-tlb@guard-after-read"
      And it prints "flush-tlb/after-boot"
      And it prints "002.14"

    Scenario: The command hunks says which hunk is needed in which situation
      When the user types "paravirt-spec hunks flush-tlb --situation flush-tlb/after-boot"
      Then it exits with 0
      And it prints "needed                 flush-tlb/i386   in flush-tlb/after-boot (flush=__flush_tlb())"
      And it prints "not asked for          flush-tlb/i386-global   in flush-tlb/after-boot (flush=__flush_tlb())"
      And it prints "needed                 flush-tlb/i386-global   in flush-tlb/after-boot (flush=__flush_tlb_global())"

  Rule: A user's mistake is reported in one line, with the legal words

    Scenario Outline: <mistake>
      When the user types "<typed>"
      Then it exits with 2
      And it complains in one line that '<words>'

      Examples:
        | mistake                          | typed                                                    | words |
        | A misspelt patch                 | paravirt-spec check flush-tbl                            | no situation or patch "flush-tbl"; did you mean flush-tlb? |
        | A misspelt hunk                  | paravirt-spec check flush-tlb --without flush-tlb/i368   | no hunk "flush-tlb/i368"; did you mean flush-tlb/i386? |
        | An unknown variant               | paravirt-spec check flush-tlb --patches flush-tlb@take-7 | no variant "flush-tlb@take-7" |
        | A parameter that does not exist  | paravirt-spec check flush-tlb --set flushs=1             | no parameter "flushs" of flush-tlb/classic; did you mean flush? |
        | A value that is not legal        | paravirt-spec check flush-tlb --set flushes=9            | no value "9" of flushes |
        | An invariant that does not exist | paravirt-spec check flush-tlb --invariant ownTables      | no invariant "ownTables" of flush-tlb/classic |
        | A bound that is not a number     | paravirt-spec check flush-tlb --states many              | --states "many" is not a whole number |
        | A schedule that cannot be read   | paravirt-spec replay flush-tlb 'editor: : 3'             | cannot read "editor: : 3" |
        | A schedule that does not fit     | paravirt-spec replay flush-tlb 'editor: 2, kthread: 1'   | does not fit at choice 3: it says "kthread"; legal: editor |

    Scenario Outline: A pipe that no other program has open is refused at once: <typed>
      Given a pipe that no program has open
      When the user types "paravirt-spec <typed>" with its name for PIPE
      Then it exits with 2
      And it complains in one line that "is a pipe, not a file"

      Examples:
        | typed                                 |
        | list --patches-from PIPE              |
        | explore ab-ba --shard 1/2 --out PIPE  |
        | merge PIPE                            |
        | fuzz --replay PIPE                    |
        | conform mmu PIPE                      |

    Scenario: A command that does not exist is refused
      When the user types "paravirt-spec inspect flush-tlb"
      Then it exits with 2
      And it complains that "unknown command 'inspect'"
      And it complains that "legal: list, "

  Rule: The kernel under review is chosen by the same words everywhere

    Scenario: Without patches the requirements fail, each with its witness and its replay line
      When the scenario "With the patch, flushing a page is safe even if the CPU has already left" of "features/patches/100/100-switch-mm-barrier.feature" is run with PATCHES "none"
      Then it exits with 1
      And it prints "cpu1 still translates 0x8048000 of editor.mm to 0x800000 after the flush has returned"
      And it prints "npx paravirt-spec replay switch-mm-barrier/flush-and-switch"

    Scenario: The world parameter has the same effect as the environment variable
      When the scenario "With the patch, flushing a page is safe even if the CPU has already left" of "features/patches/100/100-switch-mm-barrier.feature" is run with the world parameter "all,-switch-mm-barrier/page-after-leave"
      Then it exits with 1
      And it prints "1 failed"
      And it prints "With the patch, flushing a page is safe even if the CPU has already left"

    Scenario: A patch that does not exist stops the run
      When the scenario "With the patch, flushing a page is safe even if the CPU has already left" of "features/patches/100/100-switch-mm-barrier.feature" is run with PATCHES "flush-tbl"
      Then it exits with 2
      And it complains that 'PATCHES: no patch "flush-tbl"; did you mean flush-tlb?'

    Scenario: An unknown word in the environment is reported as such
      When the user types "paravirt-spec check flush-tlb" with PATCHES "flush-tbl"
      Then it exits with 2
      And it complains in one line that 'the environment variable PATCHES: no patch "flush-tbl"; did you mean flush-tlb?'

  Rule: The README shows what a search finds

    Scenario: The picture of the smallest run of thread 002 is up to date
      When the smallest run of thread 002 is drawn anew
      Then it is the picture that the README shows
