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

      Examples: Much that nobody notices
        | program       | all  | seen |
        | indexer(5)    | 3125 | 2    |
        | filesystem(4) | 6561 | 2    |
        | lastzero(6)   | 5900 | 434  |

      Examples: Several that do the same
        | program                    | all  | seen |
        | readers(8)                 | 512  | 9    |
        | xenpin(4, 2)               | 4013 | 232  |
        | flush-smp(2, 3, 4)         | 1932 | 29   |
        | flush-smp-unfixed(2, 2, 3) | 8166 | 365  |

  Rule: Only things that are really interchangeable are treated as such

    Scenario Outline: What <program> declares interchangeable is interchangeable
      When the symmetries of "<program>" are audited over 1500 states
      Then the audit of symmetries has no objection

      Examples:
        | program                    |
        | readers(5)                 |
        | xenpin(2, 3)               |
        | flush-smp-unfixed(4, 1, 4) |
        | pin 2x2 after              |

    Scenario Outline: What <situation> with <settings> declares interchangeable is interchangeable
      When the symmetries of "<situation>" with "<settings>" are audited over 400 states
      Then the audit of symmetries has no objection

      Examples:
        | situation         | settings                                          |
        | xen-pte-lock/pin  | visitors=2, pages=2, unpin=true                   |
        | xen-pte-lock/fork | visitors=2, pages=2, visited=any, visit=truncate  |
        | xen-pte-lock/exec | visitors=2, pages=2, visited=any, visit=reclaim   |
        | xen-pte-lock/exit | visitors=2, pages=2, visited=any, visit=writeback |

    Scenario: CPUs that the kernel tells one after the other are not interchangeable
      When the symmetries of gup-fast/collapse are audited as if its two walkers were interchangeable
      Then the audit of symmetries objects that "walkers are not interchangeable"

    Scenario: Two threads that do different things are not interchangeable
      When the symmetries of two threads are audited of which one adds more than the other
      Then the audit of symmetries objects that "threads are not interchangeable"
