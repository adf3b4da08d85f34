Feature: A path that breaks the rules for paths is stopped and named
  The search is sound only if a path's local variables depend on nothing but its
  arguments and what its instructions returned. Anything that breaks this is refused.

  Rule: Between its instructions a path uses only its own local variables

    Scenario Outline: A path that <mistake> is refused
      When a path that <mistake> is run
      Then it is stopped as a mistake of its author that says '<words>'

      Examples:
        | mistake                                         | words                                                                       |
        | reads a cell between two instructions           | reads counter between its instructions                                      |
        | writes a cell between two instructions          | writes counter between its instructions                                     |
        | forgets a yield* before an instruction          | makes "counter = 1" and never reaches it; a yield* is missing               |
        | forgets a yield* before a path                  | makes "increment" and never reaches it; a yield* is missing                 |
        | takes a function as its argument                | a function cannot be part of the state                                      |
        | returns an object that can change               | a Map cannot be part of the state                                           |
        | loops over silent instructions forever         | does not reach an instruction                                               |

    Scenario: A silent instruction is refused if each event must be exactly one instruction
      When a path with a silent instruction is run by a thread that is to have none
      Then it is stopped as a mistake of its author that says 'the silent "look at counter" is in a path of thread, which is to have none'

  Rule: Going back in time leaves no trace

    Scenario: After a complete run is undone, every cell and the fingerprint are as before
      When a run of 500 events of "flush-tlb/classic" is undone
      Then the state in words is as before
      And the fingerprint is the one that is computed afresh

    Scenario: A handler returns to the instruction that it interrupted
      When a path is interrupted before each of its instructions in turn
      Then each time the handler runs once, and the path does everything it would have done

  Rule: Plain generators perform the same instructions as a run of the explorer

    Scenario Outline: <program> gives the same run by plain generators
      Then "<program>" run straight through performs as many instructions as its first interleaving, and undoes its writes

      Examples:
        | program     |
        | lastzero(3) |
        | xenpin(2,1) |

  Rule: The memory for paths is bounded, however long the search runs

    Scenario: A path that is longer than the memory still does the same when it is repeated
      When a path of 40000 rounds is run, undone, and run again
      Then both runs come to the same state
      And some of it was forgotten on the way
