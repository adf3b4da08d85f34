Feature: What a search could not be right about is refused, in one line that names it
  A schedule is words, a cell is its name, and a value never changes. A model that breaks one of these
  would be explored without a sound, and wrongly; so it is told, by every engine, what is wrong.

  Rule: No engine goes on with a model that it would misread

    Scenario Outline: <model>
      When every engine is asked about <model>
      Then each refuses, and says <words>

      Examples:
        | model                                    | words                                                          |
        | two moves of one name                    | two moves of one state are called "thread=left"                |
        | two cells of one name                    | two cells are called x                                         |
        | a value that is changed in place         | "grow the list" changes a value in place                       |
        | a zero with a sign                       | -0 cannot be part of the state                                 |
        | a number that is none                    | NaN cannot be part of the state                                |
        | a program that says it runs out          | "irq0@cpu0" can still come                                     |

    Scenario: A mask of two kinds
      When the symmetries of a mask that two kinds share are audited
      Then that is refused with "the field present is declared a mask of the readers and of the writers"

  Rule: Large numbers are told apart, and so are many processes

    Scenario: 2^64 is not 2^65
      When two threads store 18446744073709551616 and 36893488147419103232
      Then every engine finds both outcomes

    Scenario: Of 33 processes that have nothing to do none goes round
      When every engine that takes any number explores 33 threads, of which one spins until another sets its flag
      Then none of them finds anything

    Scenario: An engine that cannot tell so many apart says so
      When the reduced engine is asked to explore 33 threads
      Then that is refused with "the reduced engine can tell 31 processes apart, and there are 33"

  Rule: A verdict that everything was seen is held to its word
    Random runs by plain semantics must come to nothing that the search does not know.

    Scenario Outline: Random runs find out a search that <fault>
      When a search that <fault> is challenged
      Then it is said that "the search missed <what>", with a schedule that replays, and exit code 3

      Examples:
        | fault                                | what                              |
        | forgets the order of observed writes | the outcome                       |
        | forgets whom an event moves          | never both: word0 is 1            |
        | has tables that forget their keys    | at most: the table has more than  |

    Scenario: A sound search withstands 200 random runs
      When "xenpin(2, 2)" is explored by every engine and challenged by 200 runs
      Then 200 runs challenged each verdict
