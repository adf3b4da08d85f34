Feature: Every kernel can be explored with store buffers, and few verdicts depend on them
  On x86 a store can still wait in its processor's buffer while a later load is done. So the structs of the modelled kernels lie
  in memory: run queues, masks, page flags and counts, locks and fields of address spaces. With "order" set to TSO a store to
  them waits like a store to a page table; locked and serialising instructions, interrupts and traps let what waits reach memory.

  Rule: Fields of kernel structs are words of memory

    Scenario Outline: <how>, under <order>
      When two CPUs each set a field of one kernel struct by "<how>" and then read the field of the other, under <order>
      Then they <can> both find the other's field unset, and each finds its own

      Examples:
        | how                   | order | can       |
        | a plain store         | TSO   | can       |
        | a plain store         | SC    | can never |
        | a store and a fence   | TSO   | can never |
        | a locked instruction  | TSO   | can never |
        | a store to a register | TSO   | can never |

  Rule: Every situation of these threads was searched under both orders

    Scenario: The reading guide shows the result of each choice in each situation
      Then every choice in which a situation of the threads "000, 001, 002, 003, 004, 100, 101, 102, 103, 104, 105, 106" is judged is recorded
      And the reading guide of the kernel's words shows the table

    Scenario: The small searches give the same result again
      When the recorded searches of at most 100 states are made again
      Then 37 searches give the recorded result

    Scenario: Store buffers break the kernels of threads 100 and 111, and no other
      Then TSO changes these verdicts and no others:
        | situation                          | patch   | requirements                             |
        | switch-mm-barrier/flush-and-switch | without | flushReachesEveryTlb, freedPageUnreached |
        | zap-dirty/munmap                   | without | nothingIsLost                            |

    Scenario: A row that says too little is contradicted
      When a row is recorded as if TSO made no difference where it does
      Then the search contradicts it

    Scenario Outline: Where <SC> fails under SC, and <TSO> under TSO, TSO changes <changed>
      Then of searches in which "<SC>" fails under SC and "<TSO>" under TSO, "<changed>" is changed

      Examples:
        | SC       | TSO      | changed |
        | nothing  | nothing  | nothing |
        | a, b     | b        | a       |
        | b        | a, b     | a       |
        | a        | b        | a, b    |
        | a, b     | a, b     | nothing |

  Rule: Every claim was tested under both orders

    Scenario: Each claim is recorded
      Then each claim of the threads "000, 001, 002, 003, 004, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 111, 112, 113, 114, 115, 116" is recorded if a scenario is about it

    Scenario: Only claims about a store that must be seen before a load, or land before a page is written back, depend on it
      Then TSO changes what is found about these claims and no others:
        | claim  | requirement          |
        | 100.1  | flushReachesEveryTlb |
        | 100.1  | freedPageUnreached   |
        | 100.4  | flushReachesEveryTlb |
        | 100.5  | flushReachesEveryTlb |
        | 100.9  | flushReachesEveryTlb |
        | 100.10 | flushReachesEveryTlb |
        | 100.11 | flushReachesEveryTlb |
        | 101.4  | freedPageUnreached   |
        | 101.5  | freedPageUnreached   |
        | 101.6  | freedPageUnreached   |
        | 111.1  | nothingIsLost        |

    Scenario: A sample of the small searches gives the recorded result again
      When every 20th recorded question of at most 200 states is asked again
      Then 9 searches give the recorded result

    Scenario: A wrong record of a search is contradicted
      When a question is recorded as if nothing failed under TSO where something does
      Then the search contradicts it
