Feature: Each engine does no more work than it needs
  An engine that loses one of its savings still finds everything, only more slowly, and no verdict shows it. So
  the work that each engine needs for small programs is recorded here: fewer events are welcome, more are a failure.

  Rule: No engine executes more events than the table says

    Scenario Outline: What <program> costs
      When every engine searches "<program>"
      Then the stateful engine executes at most <stateful> events between <edges> pairs of choices, and has remembered at least <remembered> % of them
      And the layered engine executes at most <layered> events in <layers> layers, and repeats at most <again>
      And the reduced engine executes at most <reduced> events through <few> states
      And the optimal engine executes at most <optimal> events

      Examples: Threads that count, compare and exchange
        | program             | stateful | edges | remembered | layered | layers | again | reduced | few | optimal |
        | binc(3)             | 66       | 48    | 72         | 57      | 4      | 32    | 14      | 5   | 126     |
        | ainc(4)             | 40       | 28    | 60         | 32      | 4      | 22    | 11      | 4   | 68      |
        | casrot(4)           | 44       | 30    | 77         | 37      | 4      | 27    | 44      | 16  | 68      |
        | lastzero(4)         | 1293     | 981   | 97         | 1119    | 6      | 862   | 177     | 60  | 260     |
        | readers(4)          | 95       | 75    | 90         | 80      | 5      | 52    | 25      | 5   | 68      |
        | indexer(4)          | 2104     | 1984  | 99         | 2024    | 5      | 524   | 16      | 2   | 16      |
        | fib(2)              | 1269     | 924   | 94         | 1128    | 7      | 887   | 454     | 122 | 768     |
        | writes-then-read(3) | 82       | 50    | 82         | 82      | 4      | 56    | 82      | 25  | 218     |
        | publish(3)          | 21       | 12    | 47         | 21      | 3      | 12    | 17      | 7   | 31      |
        | store-buffering(3)  | 66       | 48    | 86         | 57      | 4      | 32    | 25      | 8   | 39      |

      Examples: Locks and deadlocks
        | program            | stateful | edges | remembered | layered | layers | again | reduced | few | optimal |
        | lockcount(3, 2)    | 264      | 48    | 63         | 228     | 4      | 32    | 88      | 8   | 1104    |
        | philosophers(3)    | 297      | 123   | 95         | 195     | 5      | 182   | 75      | 21  | 74      |
        | ab-ba              | 28       | 10    | 71         | 28      | 4      | 20    | 17      | 5   | 25      |
        | xenpin(3, 2)       | 4454     | 3441  | 98         | 3988    | 5      | 1970  | 445     | 120 | 3468    |
        | xenpin-unfixed(2, 1) | 123    | 60    | 81         | 123     | 5      | 74    | 39      | 9   | 59      |

      Examples: Processors, with stores that wait
        | program                 | stateful | edges | remembered | layered | layers | again | reduced | few | optimal |
        | flush-tlb(2, 3)         | 312      | 224   | 91         | 260     | 4      | 154   | 312     | 97  | 1845    |
        | litmus SB under TSO     | 182      | 142   | 91         | 168     | 9      | 180   | 116     | 42  | 134     |
        | litmus IRIW under TSO   | 3650     | 3196  | 99         | 3328    | 15     | 5543  | 322     | 143 | 424     |
        | litmus 2+2W under TSO   | 242      | 216   | 91         | 234     | 15     | 410   | 125     | 62  | 332     |
        | litmus Dekker under TSO | 942      | 810   | 95         | 900     | 18     | 1232  | 470     | 170 | 1861    |

  Rule: A search that reaches its bound says that it is not complete

    Scenario Outline: The <engine> engine stops within <bound>
      When "<program>" is searched by the "<engine>" engine within <bound>
      Then it stops at its bound, after at most <states> states
      And its answer is not complete

      Examples:
        | engine      | program      | bound         | states |
        | stateful    | fib(2)       | 20 states     | 21     |
        | reduced     | fib(2)       | 20 states     | 21     |
        | layered     | fib(2)       | 20 states     | 21     |
        | brute-force | fib(2)       | 20 states     | 21     |
        | stateful    | xenpin(3, 2) | 1 kilobyte    | 1      |
        | reduced     | xenpin(3, 2) | 1 kilobyte    | 2      |
        | layered     | xenpin(3, 2) | 1 kilobyte    | 1      |

    Scenario Outline: The <engine> engine needs no more than <kilobytes> kilobytes for <program>
      When "<program>" is searched by the "<engine>" engine within <kilobytes> kilobytes
      Then its answer is complete

      Examples:
        | engine   | program      | kilobytes |
        | stateful | xenpin(3, 2) | 130       |
        | reduced  | xenpin(3, 2) | 5         |
        | layered  | xenpin(3, 2) | 263       |

  Rule: A search in parts is divided at each choice

    Scenario Outline: <program> in at least <count> parts begins with <beginnings>
      When "<program>" is divided into at least <count> parts
      Then the parts begin with "<beginnings>"

      Examples: No part is divided further than is needed, and a run that has ended is a part
        | program            | count | beginnings                                                                   |
        | binc(2)            | 1     | nothing                                                                      |
        | binc(2)            | 2     | thread1: 1 / thread2: 1                                                      |
        | binc(2)            | 3     | thread1: 2 / thread1: 1, thread2: 1 / thread2: 1, thread1: 1 / thread2: 2    |
        | lockcount(2, 1)    | 2     | thread1: 1 / thread2: 1                                                      |
        | lockcount(2, 1)    | 99    | thread1: 4, thread2: 4 / thread2: 4, thread1: 4                              |

    Scenario Outline: The first of two shards of the <engine> engine has <parts> parts of fib(1)
      Each part of a reduced search explores again what several parts reach, so there are no more parts than needed.

      When the user types "paravirt-spec explore 'fib(1)' --engine <engine> --shard 1/2 --out node_modules/.cache/shard-of-fib"
      Then it prints "shard 1 of 2: <parts> of <parts> parts"

      Examples:
        | engine  | parts |
        | reduced | 2     |
        | optimal | 35    |

    Scenario Outline: The parts of <program> together give the verdict of one search
      When "<program>" is divided into at least <count> parts
      Then the parts together give, by the "<engine>" engine, the verdict of one search

      Examples:
        | program              | count | engine      |
        | binc(2)              | 3     | optimal     |
        | ainc(3)              | 4     | optimal     |
        | fib(1)               | 5     | stateful    |
        | ab-ba                | 3     | stateful    |
        | ab-ba                | 9     | brute-force |
        | xenpin-unfixed(2, 1) | 4     | reduced     |
        | litmus SB under TSO  | 4     | auto        |

    Scenario: If several parts find the same failure, the shortest run is kept
      When the reports of two parts are merged, of which one is not complete and has the longer run to the same failure
      Then the merged report has the sums of their counts, the greater depth and the shorter run

  Rule: Two programs are compared by all their outcomes

    Scenario Outline: <first> and <second> are <verdict>
      When "<first>" is compared with "<second>"
      Then they are "<verdict>", with <shared> outcomes of both, <only first> of the first and <only second> of the second
      And the run that is shown for an outcome of only one of them ends in that outcome

      Examples:
        | first      | second              | verdict    | shared | only first | only second |
        | litmus SB  | litmus SB under TSO | different  | 3      | 0          | 1           |
        | litmus SB under TSO | litmus SB  | different  | 3      | 1          | 0           |
        | litmus MP  | litmus MP under TSO | equivalent | 3      | 0          | 0           |
        | litmus LB  | litmus MP           | different  | 0      | 3          | 3           |

    Scenario: A failure of only one of two programs is a difference, and is shown with its run
      When "xenpin-unfixed(2, 1)" is compared with "xenpin(2, 1)"
      Then they are "different", with 1 outcomes of both, 2 of the first and 0 of the second
      And the failures of the first, with what their runs break, are
        | assertion: a write to page 0 faults: it is read-only and not pinned |
        | assertion: a write to page 1 faults: it is read-only and not pinned |

    Scenario: A comparison is undecided if one of its searches has not ended
      When "litmus MP" is compared with "litmus MP under TSO", within 5 states
      Then they are "undecided", whatever outcomes they have

  Rule: A schedule is words that can be read back

    Scenario Outline: <moves> is written <text>
      When the moves '<moves>' are written as a schedule
      Then the schedule is '<text>'
      And it is read back as the same moves

      Examples:
        | moves                   | text                      |
        | a                       | a: 1                      |
        | a / a / b / a           | a: 2, b: 1, a: 1          |
        | timer@cpu0              | timer@cpu0                |
        | timer@cpu0 / timer@cpu0 | timer@cpu0: 2             |
        | a / timer@cpu0 / a      | a: 1, timer@cpu0, a: 1    |
        | one, two                | "one, two": 1             |
        | say "no"                | "say ""no""": 1           |
        | x: 3                    | "x: 3": 1                 |
        | irq@cpu: 2              | "irq@cpu: 2": 1           |

    Scenario Outline: "<text>" is <judged>
      When '<text>' is read as a schedule
      Then it is '<judged>'

      Examples:
        | text        | judged                                                                                                   |
        |             | 0 moves                                                                                                  |
        | a           | 1 moves                                                                                                  |
        | a, b: 3     | 4 moves                                                                                                  |
        | a: 1000000  | 1000000 moves                                                                                            |
        | a: 1000001  | cannot read "a: 1000001" (word 1 of the schedule); words look like "kthread: 2" or "timer@cpu0"          |
        | a: 0        | cannot read "a: 0" (word 1 of the schedule); words look like "kthread: 2" or "timer@cpu0"                |
        | a, b: c     | cannot read "b: c" (word 2 of the schedule); words look like "kthread: 2" or "timer@cpu0"                |
        | a, , b      | cannot read "" (word 2 of the schedule); words look like "kthread: 2" or "timer@cpu0"                    |
