Feature: Every engine agrees with a plain interpreter
  The engines share the store, the contexts and the notion of an end with brute force, so brute force
  cannot reveal a fault in these. Random programs are therefore defined twice: as paths, and for a plain
  interpreter that shares none of this code and copies an object before each step. The programs contain
  what situations contain: processors that start, wake and reset others, task switches, masked lines,
  caches that fill themselves, table scans, interrupts while idle, faults, loops, and several invariants.

  Rule: Engines and interpreter agree on everything in a verdict
    They are compared in outcomes, violations by invariant and message, deadlocks with the waiting
    processes, endless loops, completeness, and the cost of the smallest run. `npm run soundness`
    compares as many programs as you like, and says which features these had.

    Scenario: Engines and interpreter agree on random programs
      When 400 random programs are explored by every engine and run by the plain interpreter
      Then each engine agrees with the interpreter about each program
      And at most 1 % of the comparisons were passed over
      And each of 36 features was in some program

    Scenario Outline: A reduced search that <fault> is found
      When up to 2000 random programs are explored by a reduced search that <fault>
      Then the comparison names a program about which they disagree

      Examples:
        | fault                                |
        | forgets the order of observed writes |
        | forgets which process an event moves |
        | has tables that forget their keys    |

    Scenario: Engines agree on programs that have neither paths nor contexts
      The processors are tables of rules. They send each other to other rules, even those that have ended or never
      begun; invariants depend on where two processors are, and on how many keys a table has.

      When 60 random tables of rules are explored by every engine, and by a separate search over plain objects
      Then each engine agrees with that search about each, in more than 300 comparisons, more than 5 of them with a failure

    Scenario: A reduced search that forgets the order of observed writes misreads some of these
      When up to 2000 random tables of rules are explored by a reduced search that forgets the order of observed writes
      Then the comparison names rules that it misreads

    Scenario: A long comparison that was stopped resumes where it left off
      Given 10 random programs that were compared in batches of 5, with a file of their tallies
      When 14 random programs are compared in batches of 5, with that file of tallies
      Then the file has batches of 5, 5 and 4 programs, from the seeds 1, 6 and 11
      And the summary says that 14 programs were compared, some of them also in 5 other ways

    Scenario: A file of tallies that ends in the middle of one is refused
      Given 5 random programs that were compared in batches of 5, with a file of their tallies
      When the last line of that file is cut off
      Then reading the file fails with "is not a tally"

  Rule: A search does not affect the next one

    Scenario Outline: A second search of <what> finds the same as the first
      When <what> is searched twice on one machine, the second time after every other engine
      Then both searches see the same number of states and find the same

      Examples:
        | what                           |
        | 60 random programs             |
        | flush-tlb/classic with none    |
        | vmi-lazy/kmap with none        |
        | xen-pte-lock/pin with none     |

  Rule: An invariant gives the same answer for one state each time

    Scenario Outline: The invariants of <what> can be asked twice
      When the invariants of <what> are asked twice in each state where one is broken
      Then they say the same both times

      Examples:
        | what                           |
        | flush-tlb/classic with none    |
        | vmi-lazy/kmap with none        |
        | xen-pte-lock/pin with none     |

    Scenario: Invariants that report a broken state only once are noticed
      When the invariants of a forgetful flush-tlb/classic with none are asked twice in each state where one is broken
      Then it is noticed that they do not say the same

  Rule: Every engine agrees on situations
    `npm run soundness -- situations` compares all engines on every situation, before and after, the smallest
    first. Here are some of them.

    Scenario Outline: Every engine that finishes agrees on <situation> with <patches>
      When the situation <situation> with <patches> is explored by every engine
      Then <engines> engines finish, and agree with the search that keeps the whole graph
      And the situation declares that it runs out exactly if nothing can come when all work is done

      Examples:
        | situation         | patches | engines |
        | vmi-lazy/process  | none    | 3       |
        | vmi-boot/dmi-scan | none    | 5       |
        | vmi-boot/dmi-scan | all     | 5       |

    Scenario: A situation that could declare that it runs out, and does not, is noticed
      When the declarations of the situation skipped-flush/switch with all are audited, except that it runs out
      Then the comparison says "does not say that it runs out, and nothing can come when all work is done"

    Scenario: The answers of all engines about a situation are kept and not computed again
      Given what every engine says of vmi-boot/dmi-scan is kept in a file
      When the same is asked again, with that file
      Then no kernel was explored the second time
      And the file says "2 kernels, 10 comparisons, 0 differences, 0 not made because of their size"
      And "auto" is compared with engines only

    Scenario: A search that loses an outcome of a situation is noticed
      When the situation vmi-boot/dmi-scan with all is explored by a search that loses an outcome
      Then the comparison says "lost outcome: "
