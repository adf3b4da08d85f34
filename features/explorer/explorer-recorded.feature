@recorded
Feature: The engines do what was recorded of them
  Small programs, published ones, litmus tests and random ones, are searched by every engine, with and without bounds: verdicts, counts, findings with
  their smallest runs, windows, and the progress at every few events are recorded as counts and a digest (steps/recorded/README.md). So are searches that are
  divided into parts, among shards or among members that take turns, saved and continued, or counted by schedules and classes; searches that are limited,
  stopped or doubted; and what the explorer's data structures answer to long series of questions.

  Rule: Each engine has the recorded result

    Scenario Outline: Engines on <part>
      When the recorded engines of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part               |
        | published programs |
        | litmus programs    |
        | random programs 1  |
        | random programs 2  |
        | random programs 3  |
        | random programs 5  |
        | random programs 6  |
        | random programs 7  |
        | random programs 8  |
        | random programs 9  |
        | faulty programs    |
        | larger programs    |
        | long searches      |
        | kernels            |

    Scenario: No program is left out
      Then there are recorded engines for each part, and for nothing else

    Scenario: A state more is noticed
      When the recorded engines of "litmus programs" are computed again, and "litmus SB, stateful" has one more in its first number
      Then one difference is found, in "litmus SB, stateful"

  Rule: Each division of a search has the recorded result

    Scenario Outline: Divisions of <part>
      When the recorded divisions of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                    |
        | published programs      |
        | litmus programs         |
        | random programs 1       |
        | random programs 2       |
        | random programs 3       |
        | kernels                 |
        | what is interchangeable |

    Scenario: No division is left out
      Then there are recorded divisions for each part, and for nothing else

  Rule: Each search that is limited, stopped or doubted has the recorded result

    Scenario Outline: Limits of <part>
      When the recorded limits of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part               |
        | faulty programs    |
        | random programs 6  |
        | random programs 7  |
        | published programs |
        | larger programs    |

    Scenario: No limit is left out
      Then there are recorded limits for each part, and for nothing else

  Rule: The data structures of the explorer answer as recorded

    Scenario Outline: Long series of questions: <part>
      When the recorded structures of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                |
        | explorer            |
        | memories and limits |
        | what is learned     |

    Scenario: No structure is left out
      Then there are recorded structures for each part, and for nothing else
