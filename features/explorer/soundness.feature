Feature: No reduction loses an outcome
  A missing dependence makes a reduction silently wrong: it explores less and
  reports success. So every engine is compared with brute force on random programs
  that contain everything that makes exploration hard: locks, waits for one and for
  two words, nested interrupts, interrupts between processors, choices, failing
  assertions and store buffers.

  Rule: The outcomes of a program do not depend on the engine
    A fault in the code that all engines share would affect brute force too; truth.feature covers that.

    Scenario: All engines agree with brute force on random programs
      When 800 random programs are explored by every engine
      Then each finds the outcomes, failures and deadlocks that brute force finds
      And at most 100 of the 2400 comparisons were passed over because the program is too large

    Scenario: The outcomes of a program do not depend on how its search is divided or interrupted
      When 300 random programs are explored in parts, and by a search that is saved and resumed
      Then each finds the outcomes, failures and deadlocks that brute force finds
      And at most 25 of the 600 comparisons were passed over because the program is too large

    Scenario Outline: A dependence that is missing from the <engine> engine is noticed
      When 2000 random programs are explored by the <engine> engine, which forgets the conflicts over "word0"
      Then the comparison names a program for which outcomes are lost

      Examples:
        | engine  |
        | optimal |
        | reduced |

    Scenario Outline: All engines agree on <what>
      When a program with <what> is explored by every engine
      Then each finds the outcomes, failures and deadlocks that brute force finds

      Examples:
        | what                                                                  |
        | a wait for two words that change one after the other                  |
        | an interrupt that touches nothing, where continuing touches something |
        | an interrupt that can be taken twice before going on once             |
        | a wait that only the first processes get through                      |
        | a lock whose holder fails before it releases it                       |
