Feature: A verdict says what was found, shows the smallest run, and says how much was seen
  The engine is chosen by the shape of the program, or by name. The run that is
  shown has the fewest interrupts, then the fewest changes of process, then the
  fewest events, and its replay ends in the same failure.

  Rule: The engine does not change the verdict

    Scenario Outline: The <engine> engine finds that <program> deadlocks
      When "<program>" is explored by the "<engine>" engine
      Then nothing can continue after "<schedule>"
      And the search was complete over the program

      Examples:
        | program | engine      | schedule                |
        | ab-ba   | brute-force | backward: 1, forward: 1 |
        | ab-ba   | stateful    | backward: 1, forward: 1 |
        | ab-ba   | reduced     | backward: 1, forward: 1 |
        | ab-ba   | optimal     | backward: 1, forward: 1 |

    Scenario Outline: By default, the explorer chooses the <engine> engine for <program>
      When "<program>" is explored
      Then the "<engine>" engine decided
      And nothing is wrong with the program

      Examples: Many events, few states
        | program          | engine   |
        | flush-tlb(8, 12) | stateful |
        | xenpin(4, 2)     | reduced  |

      Examples: Many states, few classes of executions
        | program      | engine  |
        | lastzero(11) | optimal |

    Scenario: Random runs can show a failure but never its absence
      When "xenpin(2, 1)" is sampled by 200 runs of the "random" engine with seed 7
      Then nothing is wrong with the program so far
      And the search was not complete over the program

    Scenario Outline: Sampling with <engine> draws the same runs from the same seed
      When "flush-tlb-unfixed(2, 3)" is sampled by 400 runs of the "<engine>" engine with seed 7
      Then the failing run is "K1: 1, U2: 1, K1: 1, U2: 1"
      And sampling again from the same seed gives the same verdict

      Examples:
        | engine |
        | random |
        | pct    |

  Rule: The run that is shown is a smallest one

    Scenario: The smallest failing run of a TLB flush needs two turns each of two processes
      When "flush-tlb-unfixed(4, 6)" is explored
      Then the failing run is "K1: 1, U2: 1, K1: 1, U2: 1"
      And it says "U2 runs on the page tables of U1"

    Scenario Outline: The smallest failing run of <program> is found without exploring everything
      When the smallest failing run of "<program>" is looked for
      Then it is "<schedule>", with <switches> changes of process
      And it fails when it is replayed, and not before its last event

      Examples:
        | program                    | schedule                   | switches |
        | flush-tlb-unfixed(2, 3)    | K1: 1, U2: 1, K1: 1, U2: 1 | 3        |
        | flush-tlb-unfixed(8, 12)   | K1: 1, U2: 1, K1: 1, U2: 1 | 3        |
        | xenpin-unfixed(2, 1)       | pinner: 1, writer1: 4      | 1        |
        | xenpin-unfixed(6, 4)       | pinner: 1, writer1: 4      | 1        |

    Scenario: A program that is broken before anything happens fails in a run without an event
      When a program is explored that is broken before anything happens
      Then the failing run is ""
      And it fails when it is replayed
      And the replay says that it was broken before the first event

    Scenario Outline: The run of a thread called <name> can be written down and replayed
      When a thread called '<name>' fails after another
      Then the failing run is '<schedule>'
      And it fails when it is replayed

      Examples:
        | name         | schedule                    |
        | kworker/0:1  | other: 1, kworker/0:1: 2    |
        | flush-8:0    | other: 1, flush-8:0: 2      |
        | migration, 1 | other: 1, "migration, 1": 2 |
        | the "idle"   | other: 1, "the ""idle""": 2 |
        | rcu: gp      | other: 1, "rcu: gp": 2      |

  Rule: A schedule that does not fit is refused, with the place

    Scenario Outline: The schedule "<schedule>" is refused
      When "ab-ba" is replayed by "<schedule>"
      Then the replay stops with "<message>"

      Examples:
        | schedule                            | message                                                                                                    |
        | forward: 2, backward: 1             | the schedule does not fit at choice 3: it says "backward"; legal: forward                                 |
        | forward: 1, backward: 1, forward: 1 | the schedule does not fit at choice 3: it says "forward"; legal: nothing, as the run has ended            |
        | forward: two                        | cannot read "forward: two" (word 1 of the schedule); words look like "kthread: 2" or "timer@cpu0"          |

  Rule: A requirement about the end is judged when every task is done

    Scenario Outline: Two tasks <where> that must have had <wanted> faults in the end
      When two tasks <where> must have had <wanted> faults in the end
      Then the verdict says "<words>"

      Examples:
        | where               | wanted | words                           |
        | under a scheduler   | 0      | nothing                         |
        | under a scheduler   | 1      | there were 0 faults, and not 1  |
        | on a processor each | 0      | nothing                         |
        | on a processor each | 1      | there were 0 faults, and not 1  |
