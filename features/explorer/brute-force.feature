Feature: A search without any reduction is the reference for all others
  It executes one event at a time and compares states by their full text. It is
  slow and simple, and on small programs its counts can be checked by hand. On
  large ones there are too many schedules to run, so they are counted over the
  graph of states.

  Rule: Every order of events is a schedule

    Scenario: Two threads of two events each have six schedules
      When all schedules of "binc(2)" are listed
      Then they are:
        | thread1: 2, thread2: 2                         |
        | thread1: 1, thread2: 1, thread1: 1, thread2: 1 |
        | thread1: 1, thread2: 2, thread1: 1             |
        | thread2: 1, thread1: 2, thread2: 1             |
        | thread2: 1, thread1: 1, thread2: 1, thread1: 1 |
        | thread2: 2, thread1: 2                         |

    Scenario: Two threads of two events each need only four of the six with the reduction
      When the executions of "binc(2)" are listed
      Then they are:
        | thread1: 2, thread2: 2             |
        | thread1: 1, thread2: 2, thread1: 1 |
        | thread2: 1, thread1: 2, thread2: 1 |
        | thread2: 2, thread1: 2             |
      And each listed schedule replays

    Scenario: Two threads that take one lock have two schedules of eight events
      When all schedules of "lockcount(2, 1)" are listed
      Then they are:
        | thread1: 4, thread2: 4 |
        | thread2: 4, thread1: 4 |

    Scenario: Two locks taken in opposite orders can deadlock in two ways
      When all schedules of "ab-ba" are listed
      Then they are:
        | forward: 4, backward: 4   |
        | forward: 1, backward: 1   |
        | backward: 1, forward: 1   |
        | backward: 4, forward: 4   |
        | forward: 3, backward: 1, forward: 1, backward: 3 |
        | backward: 3, forward: 1, backward: 1, forward: 3 |

  Rule: The schedules of a TLB flush on one processor are counted exactly
    A kernel thread reads cr3 and writes it back while two users access their
    memory. The CPU switches to a task before it executes. A run ends when it fails.

    Scenario Outline: With <flushes> flushes and <accesses> accesses, <failing> of <schedules> schedules fail
      When the schedules of "flush-tlb-unfixed(<flushes>, <accesses>)" are counted
      Then there are <schedules> schedules over <states> states
      And <failing> of them fail
      And within 3, 4, 5 and 6 context switches there are "<within>"

      Examples:
        | flushes | accesses | schedules   | failing          | states | within                                       |
        | 1       | 1        | 12          | 0                | 27     | 7(0) 12(0) 12(0) 12(0)                       |
        | 1       | 2        | 90          | 9                | 80     | 12(0) 38(3) 72(8) 90(9)                      |
        | 2       | 3        | 3757        | 515              | 318    | 19(0) 140(32) 508(116) 1232(233)             |
        | 3       | 4        | 162646      | 22964            | 800    | 26(0) 354(135) 1817(621) 6671(1905)          |
        | 4       | 6        | 73281218    | 9997432          | 2267   | 38(0) 1038(560) 7705(3680) 43585(18200)      |
        | 8       | 12       | 55222120637418925 | 7089527448267823 | 17109 | 76(0) 11162(9152) 151138(114752) 1803536(1293776) |

    Scenario Outline: If the flush is one step, none of <schedules> schedules fails
      When the schedules of "flush-tlb(<flushes>, <accesses>)" are counted
      Then there are <schedules> schedules over <states> states
      And 0 of them fail

      Examples:
        | flushes | accesses | schedules      | states |
        | 1       | 1        | 6              | 14     |
        | 1       | 2        | 30             | 38     |
        | 2       | 3        | 560            | 123    |
        | 3       | 4        | 11550          | 284    |
        | 4       | 6        | 1681680        | 761    |
        | 8       | 12       | 28443124054800 | 5313   |

    Scenario: Two kernel threads and three users have the expected number of failing schedules
      When the schedules of "flush-tlb-unfixed(2, 3, 2, 3)" are counted
      Then there are 2132226408 schedules over 32729 states
      And 255906032 of them fail
      And within 3, 4, 5 and 6 context switches there are "0(0) 152(128) 3952(3280) 44928(34692)"

    Scenario: Two kernel threads and three users never fail if the flush is one step
      When the schedules of "flush-tlb(2, 3, 2, 3)" are counted
      Then there are 7207200 schedules over 3037 states
      And 0 of them fail

  Rule: Store buffers add exactly the executions that x86 allows

    Scenario Outline: <name> has <sc> executions in order, and <tso> with store buffers
      When every outcome of the litmus program "<name>" is collected, with and without store buffers
      Then there are <sc> outcomes in order and <tso> with store buffers

      Examples:
        | name      | sc | tso |
        | SB        | 3  | 4   |
        | SB+mfence | 3  | 3   |
        | MP        | 3  | 3   |
        | LB        | 3  | 3   |
        | 2+2W      | 3  | 3   |
        | R         | 3  | 4   |
        | S         | 3  | 3   |
        | IRIW      | 15 | 15  |
        | WRC       | 7  | 7   |
        | SB+rfi    | 3  | 4   |
        | Dekker    | 7  | 8   |
