Feature: Threads that share the visited states give the answer of a single thread
  With --workers, threads look states up in one table in shared memory. A state is
  explored by the thread that put it there first; a thread without work
  is given moves of another. Their results are then joined, and the states are
  numbered as in a search by a single thread. So verdict, counts, graph
  and smallest runs do not depend on the number of threads.

  Rule: Members that take turns in any order see what one search sees
    The members of a crew take turns within one thread, in an order drawn from a seed, each for a
    few moves. The comparison covers all states with their numbers, every edge with its notes,
    endings, outcomes, violations and depth.

    Scenario Outline: <program> is searched by 2, 3 and 5 members
      When "<program>" is searched by crews of 2, 3 and 5 members, in turns of at most <moves> moves in 3 orders each
      Then each crew has seen what one search sees
      And more than <tasks> tasks were handed over

      Examples:
        | program                | moves | tasks |
        | xenpin-unfixed(2, 1)   | 3     | 100   |
        | philosophers(3)        | 1     | 100   |
        | flush-tlb-unfixed(1,1) | 2     | 50    |
        | ab-ba                  | 1     | 10    |
        | litmus SB under TSO    | 1     | 50    |

    Scenario: A search for all invariants of a kernel at once continues when one of them is broken
      When "skipped-flush/switch" with "none" is searched by crews of 3 members, in turns of at most 3 moves in 1 orders each
      Then each crew has seen what one search sees
      And more than 2 tasks were handed over

    Scenario: Random programs are searched by 3 members
      When 40 random programs are searched by crews of 3 members, in turns of at most 3 moves
      Then each crew has seen what one search sees
      And more than 100 tasks were handed over

  Rule: No interleaving of a few threads breaks the protocols by which they agree
    They are transcribed as small programs, which are explored like any other (machine/programs/crew.ts).

    Scenario Outline: Three threads put two fingerprints into one table, and a free slot is <taken>
      When the table of states is explored, where a free slot is <taken>
      Then <finding> is found, and everything was seen

      Examples:
        | taken                 | finding                      |
        | swapped               | nothing                      |
        | read and then written | "fingerprint 1 has two owners" |

    Scenario Outline: Two threads look into a table that a third one makes grow, where each <order>
      When the growth of the table is explored, where each thread <order>
      Then <finding> is found, and everything was seen

      Examples:
        | order                                        | finding                                              |
        | counts itself in before it looks at the gate | nothing                                              |
        | looks at the gate before it counts itself in | "the table has grown while thread2 was looking into it" |

    Scenario Outline: One of three members hands over a piece of work, which is counted <when> it is given away
      When the handing over of work is explored, where a piece is counted <when> it is given away
      Then <finding> is found, and everything was seen

      Examples:
        | when   | finding                                       |
        | before | nothing                                       |
        | after  | "a member ends while doing[0] shows work"     |

  Rule: A search whose table loses or duplicates a state gives no answer

    Scenario Outline: A table that <fault> is noticed
      It is noticed when the results of the members are joined, or by the random runs that challenge each verdict.

      When "xenpin(2, 1)" is searched by 3 members with a table that <fault>
      Then the search ends with "<message>"

      Examples:
        | fault                               | message                                                    |
        | takes one known state for a new one | a search on 3 threads has counted 42 states, and its table holds 39 |
        | forgets one new state               | a search on 3 threads has counted 42 states, and its table holds 39 |
        | takes some new states for a known one | the search missed a state |

    Scenario: If the table is full, the search is incomplete
      When "xenpin(3, 2)" is searched by 3 members with a table of 64 slots
      Then the search has stopped because it is "full", and is not complete

    Scenario: A table that has grown finds each fingerprint again
      When 3000 fingerprints, also those with a lane of 0, are put twice into a table that grows from 64 to 4096 slots
      Then each is new the first time, and has its number the second time

  Rule: Threads do the same as members that take turns
    The command starts further threads after 4,096 moves: a smaller search takes less time than they need to start.

    Scenario: Two threads give the answer of one
      When "xenpin-unfixed(3, 2)" is searched by 2 threads that begin together
      Then each crew has seen what one search sees

    Scenario Outline: <command> prints the same with 1 and 3 workers
      When "<command>" is typed with 1 and with 3 workers
      Then both print the same and exit with <code>

      Examples:
        | command                                              | code |
        | explore xenpin-unfixed(3,2) --engine stateful        | 1    |
        | explore flush-tlb(3,3) --engine stateful             | 0    |
        | explore xenpin(4,2) --engine stateful --states 500   | 4    |
        | explore indexer(12)                                  | 0    |
        | explore skipped-flush/switch --patches none          | 1    |
        | check skipped-flush/switch --patches none            | 1    |
        | check skipped-flush/switch --patches all --states 50 | 4    |

  Rule: A thread that cannot continue ends the whole search

    Scenario Outline: A thread that <event> is named in one line
      When "xenpin(2, 1)" is searched with a thread that <event>
      Then the command complains in one line that "<message>", and exits with 3

      Examples:
        | event            | message                                                                           |
        | dies             | a thread of the search has ended by itself with code 7, and nothing is decided    |
        | cannot be loaded | a thread of the search has died, and nothing is decided: there is no machine here |

    Scenario: A thread that finds a fault says which, and where in the source
      When "xenpin(2, 1)" is searched with a thread that does not know the program
      Then the command reports a fault of its own, "with sizes as in readers(8)", in "named.ts"
