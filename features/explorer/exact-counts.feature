Feature: The explorer runs each class of executions once
  Two executions belong to the same class if they differ only in the order of
  events that do not affect each other. The authors of similar tools have
  published how many classes their benchmark programs have. An explorer that runs
  fewer has lost some; one that runs more, or abandons some halfway, wastes time.

  Rule: There are as many executions as classes, and none is abandoned

    Scenario Outline: <program> has <executions> executions
      When every execution of "<program>" is run
      Then there are <executions> executions
      And none was abandoned

      Examples: Readers and writers
        | program                   | executions |
        | readers(2)                | 4          |
        | readers(8)                | 256        |
        | readers(13)               | 8192       |
        | lastzero(1)               | 2          |
        | lastzero(2)               | 5          |
        | lastzero(3)               | 12         |
        | lastzero(4)               | 28         |
        | lastzero(5)               | 64         |
        | lastzero(10)              | 3328       |
        | publish                   | 42         |

      Examples: Many threads on a big table
        | program        | executions |
        | indexer(11)    | 1          |
        | indexer(12)    | 8          |
        | indexer(13)    | 64         |
        | indexer(15)    | 4096       |
        | filesystem(13) | 1          |
        | filesystem(14) | 2          |
        | filesystem(16) | 8          |
        | filesystem(18) | 32         |
        | filesystem(19) | 64         |

      Examples: Counters
        | program            | executions |
        | ainc(2)            | 2          |
        | ainc(3)            | 6          |
        | ainc(4)            | 24         |
        | ainc(5)            | 120        |
        | ainc(6)            | 720        |
        | ainc(7)            | 5040       |
        | casrot(3)          | 6          |
        | casrot(5)          | 120        |
        | cas(3)             | 6          |
        | cas(5)             | 120        |
        | fib(3)             | 1698       |

      Examples: Locks
        | program         | executions |
        | lockcount(4, 1) | 24         |
        | lockcount(4, 2) | 2520       |
        | xenpin(4, 2)    | 1296       |
        | xenpin(2, 3)    | 576        |
        | xenpin(3, 3)    | 13824      |

      Examples: Stores and loads in order (sequential consistency)
        | program            | executions |
        | store-buffering(2) | 3          |
        | store-buffering(3) | 7          |
        | store-buffering(4) | 15         |
        | store-buffering(5) | 31         |
        | litmus SB          | 3          |
        | litmus SB+mfence   | 3          |
        | litmus MP          | 3          |
        | litmus LB          | 3          |
        | litmus 2+2W        | 3          |
        | litmus R           | 3          |
        | litmus S           | 3          |
        | litmus IRIW        | 15         |
        | litmus WRC         | 7          |
        | litmus SB+rfi      | 3          |
        | litmus Dekker      | 7          |

  Rule: Each class is run once even if a process has a choice
    A processor may go on, take an interrupt, or let a store drain from its buffer. The classes are
    counted a second time without the engine: each beginning of a run is extended by every move, and
    only one is kept of those that differ only in the order of independent events. Programs whose stores
    wait in a buffer are counted a third time, by an interpreter for litmus programs that uses nothing of the machine.
    Many of these classes differ only in when a store drains. Tools for TSO do not tell these apart: they publish
    the number of graphs, that is, of ways in which loads read from stores and the stores of each word follow each other.

    Scenario Outline: <program> has <executions> executions, one for each class, and they amount to <graphs> graphs
      When the executions of "<program>" and its classes are counted
      Then there are <executions> of each, and no run was abandoned
      And there are <executions> classes if they are counted without the machine
      And they amount to <graphs> graphs, also when these are counted without the machine

      Examples: Stores that wait in a buffer (x86-TSO)
        | program                    | executions | graphs |
        | litmus SB under TSO        | 31         | 4      |
        | litmus SB+mfence under TSO | 3          | 3      |
        | litmus MP under TSO        | 15         | 3      |
        | litmus LB under TSO        | 12         | 3      |
        | litmus R under TSO         | 55         | 4      |
        | litmus S under TSO         | 30         | 3      |
        | litmus 2+2W under TSO      | 75         | 3      |
        | litmus IRIW under TSO      | 60         | 15     |
        | litmus WRC under TSO       | 28         | 7      |
        | litmus SB+rfi under TSO    | 56         | 4      |
        | litmus Dekker under TSO    | 417        | 8      |
        | litmus LB3 under TSO       | 56         | 7      |
        | litmus SB3 under TSO       | 207        | 8      |

    Scenario Outline: <program> has <executions> executions, one for each class
      When the executions of "<program>" and its classes are counted
      Then there are <executions> of each, and no run was abandoned

      Examples: Interrupts and choices
        | program                                 | executions |
        | an interrupt beside a reader            | 12         |
        | two interrupts that nest                | 74         |
        | an interrupt that is masked for a while | 9          |
        | an IPI beside a device                  | 68         |
        | a choice beside a reader                | 16         |
        | a choice that depends on a word         | 5          |
        | two threads that choose                 | 12         |
        | an interrupt and a store buffer         | 208        |

    Scenario: The executions of random programs are as many as their classes
      When the executions of 60 random programs and their classes are counted
      Then there are as many of each, and no run was abandoned
      And at least 10 of these programs have a process that can do several things

  Rule: A failed compare-and-swap may count as a write or as a read

    Scenario Outline: <program> has <executions> executions if a failed compare-and-swap counts as a read
      When every execution of "<program>" is run
      Then there are <executions> executions
      And none was abandoned

      Examples:
        | program       | executions |
        | casrot-c11(2) | 2          |
        | casrot-c11(3) | 5          |
        | casrot-c11(4) | 14         |
        | casrot-c11(5) | 43         |
        | casrot-c11(6) | 144        |
        | casrot-c11(7) | 523        |
        | casrot-c11(8) | 2048       |
        | cas-c11(4)    | 4          |

  Rule: An execution can also end in a deadlock

    Scenario Outline: <program> deadlocks in one of <executions> executions
      When every execution of "<program>" is run
      Then there are <executions> executions
      And none was abandoned
      And <deadlocked> of them is deadlocked

      Examples:
        | program         | executions | deadlocked |
        | ab-ba           | 3          | 1          |
        | philosophers(2) | 3          | 1          |
        | philosophers(3) | 7          | 1          |
        | philosophers(4) | 15         | 1          |

  Rule: The number of switches that a class needs does not depend on which of its executions was run

    Scenario Outline: <program> has <classes> ways to read, and needs few switches
      When every execution of "<program>" is run and examined
      Then the reads of all executions fall into <classes> classes
      And allowing 0, 1, 2 and more switches reaches "<within>" executions

      Examples: One turn each is enough
        | program     | classes | within |
        | readers(4)  | 16      | 16     |
        | lastzero(4) | 28      | 28     |
        | ainc(4)     | 24      | 24     |
        | casrot(4)   | 24      | 24     |
        | cas-c11(4)  | 4       | 4      |

      Examples: Counters
        | program             | classes | within                      |
        | binc(2)             | 4       | 2 4                         |
        | binc(3)             | 36      | 6 24 36                     |
        | binc(4)             | 576     | 24 168 432 576              |
        | inc(2)              | 3       | 2 4                         |
        | inc(3)              | 16      | 6 24 36                     |
        | inc(4)              | 125     | 24 168 432 576              |
        | writes-then-read(1) | 3       | 2 4                         |
        | writes-then-read(2) | 5       | 2 6 12 14                   |
        | writes-then-read(3) | 7       | 2 8 24 38 48 50             |
        | writes-then-read(4) | 9       | 2 10 40 82 136 166 180 182  |
        | fib(1)              | 11      | 6 11                        |
        | fib(2)              | 140     | 6 33 98 137 140             |

      Examples: Locks
        | program            | classes | within             |
        | lockcount(2, 2)    | 6       | 2 4 6              |
        | lockcount(2, 3)    | 20      | 2 6 14 18 20       |
        | lockcount(3, 2)    | 90      | 6 24 60 90         |
        | xenpin(2, 1)       | 4       | 2 4                |
        | xenpin(3, 1)       | 8       | 2 6 8              |
        | xenpin(2, 2)       | 36      | 6 24 36            |
        | xenpin(3, 2)       | 216     | 6 42 120 192 216   |
        | ab-ba              | 3       | 2 3                |
        | philosophers(3)    | 7       | 6 7                |
        | philosophers(4)    | 15      | 14 15              |
        | store-buffering(3) | 7       | 6 7                |
