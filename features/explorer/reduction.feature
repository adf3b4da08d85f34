Feature: A search leaves out runs that show nothing new
  If several processors work independently, most orders lead to the same state. So a
  step that affects no other process is taken at once. A process whose next event
  has been tried sleeps until something interferes with it. States that differ only
  in the order of interchangeable things are one state. Every outcome and failure
  is still found.

  Rule: The verdict is the same, from far fewer states

    Scenario Outline: <program> has <all> states, of which <seen> are enough
      When "<program>" is searched with and without reductions
      Then <all> states are seen without, and <seen> with them
      And both find the same outcomes and failures

      Examples: Many steps that affect no other process
        | program       | all  | seen |
        | indexer(5)    | 3125 | 2    |
        | filesystem(4) | 6561 | 2    |
        | lastzero(6)   | 5900 | 434  |

      Examples: Several threads that do the same
        | program                    | all  | seen |
        | readers(8)                 | 512  | 9    |
        | xenpin(4, 2)               | 4013 | 232  |
        | flush-smp(2, 3, 4)         | 1932 | 29   |
        | flush-smp-unfixed(2, 2, 3) | 8166 | 365  |

  Rule: Only things that are really interchangeable are treated as such

    Scenario Outline: What <program> declares interchangeable is interchangeable in all of its states
      When the symmetries of "<program>" are audited over at most 1500 states
      Then the audit of symmetries has no objection to any of all <states> states

      Examples:
        | program                    | states |
        | readers(5)                 | 64     |
        | xenpin(2, 2)               | 407    |
        | flush-smp-unfixed(2, 1, 2) | 62     |

    Scenario Outline: What <situation> with <settings> declares interchangeable is interchangeable in all of its states
      When the symmetries of "<situation>" with "<settings>" are audited over at most 1500 states
      Then the audit of symmetries has no objection to any of all <states> states

      Examples:
        | situation         | settings            | states |
        | xen-pte-lock/pin  | visitors=2          | 188    |
        | xen-pte-lock/pin  | visitors=3          | 472    |

    Scenario Outline: In the first states of <situation> with <settings>, what is declared interchangeable is interchangeable
      When the symmetries of "<situation>" with "<settings>" are audited over at most 300 states
      Then the audit of symmetries has no objection to the first 300 states, and says that there are more

      Examples:
        | situation         | settings                                          |
        | xen-pte-lock/pin  | visitors=2, pages=2, unpin=true                   |
        | xen-pte-lock/fork | visitors=2, pages=2, visited=any, visit=truncate  |
        | xen-pte-lock/exec | visitors=2, pages=2, visited=any, visit=reclaim   |
        | xen-pte-lock/exit | visitors=2, pages=2, visited=any, visit=writeback |

    Scenario: CPUs that the kernel notifies one after the other are not interchangeable
      When the symmetries of gup-fast/collapse are audited as if its two walkers were interchangeable
      Then the audit of symmetries objects that "walkers are not interchangeable"

    Scenario: Two threads that do different things are not interchangeable
      When the symmetries of two threads, one of which adds more than the other, are audited
      Then the audit of symmetries objects that "threads are not interchangeable"
