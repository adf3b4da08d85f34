Feature: A model that could not be searched correctly is refused in one line
  The words of a schedule and the names of cells must be unique, and values must not change in place. Otherwise
  the search would silently be wrong, so every engine refuses such a model and says why.

  Rule: No engine searches a model that it would misread

    Scenario Outline: Every engine refuses <model>
      When every engine is asked to explore <model>
      Then each refuses, and says <words>

      Examples:
        | model                                      | words |
        | two moves of one name                      | two moves of one state are called "thread=left" |
        | two cells of one name                      | two cells are called x |
        | a value that is changed in place           | "grow the list" changes a value in place |
        | a zero with a sign                         | -0 cannot be part of the state |
        | a value that is not a number               | NaN cannot be part of the state |
        | a zero with a sign in a list               | -0 cannot be part of the state |
        | a record with a value that is not a number | NaN cannot be part of the state |
        | a list with a gap                          | a list with gaps, or with something beside its items |
        | a list with a name on it                   | a list with gaps, or with something beside its items |
        | a record with a computed field             | the field now, which is hidden or computed |
        | a record that has a hash of its own        | a record with a field hashA cannot be part of the state |
        | a set, which can grow in place             | a Set cannot be part of the state |
        | a frozen list of lists that can grow       | "grow the list" changes a value in place |
        | two things of one name                     | two things are called page |
        | a program that says it runs out            | "irq0@cpu0" can still come |
        | a program that says it is endless          | the program says that it is endless, and all its work can be done |

    Scenario: The audit refuses a mask that two kinds share
      When the symmetries of a mask that two kinds share are audited
      Then that is refused with "the field present is declared a mask of the readers and of the writers"

  Rule: States are distinguished by what they contain

    Scenario: A list that is emptied again equals the empty list that was there first
      When a cell that holds an empty list gets an item, and then another empty list
      Then its state is the first one again, by fingerprint and by text

    Scenario: Data that is kept only for readers does not distinguish states
      When a store has a cell for readers and then one of the program, and each is written
      Then only the write to the program's cell changes the state

    Scenario: A struct begins with the values that it was given
      When a struct with the fields "first, second, third" is made with second = 5
      Then its fields are "0, 5, 0"

    Scenario Outline: The <engine> engine notices a key that is added between two scans of all keys
      When the <engine> engine explores one thread that lists the keys of a map and one that adds a key
      Then the list has 0 keys in one outcome and 1 in the other

      Examples:
        | engine   |
        | stateful |
        | reduced  |
        | optimal  |
        | layered  |

  Rule: An unknown bound is refused, and a bound on memory is in MiB

    Scenario: The name of a bound is checked
      When "flush-tlb/classic" is asked about within the bound "stats" of 5
      Then that is refused with "no bound \"stats\""

    Scenario: The value of a bound is checked
      When "flush-tlb/classic" is asked about within the bound "states" of -1
      Then that is refused with "is not a whole number"

    Scenario: A small search fits into 64 MiB
      When "xenpin(2,1)" is searched by states within 64 MiB
      Then it is complete

  Rule: Large numbers and many processes are distinguished

    Scenario: Every engine distinguishes 2^64 from 2^65
      When two threads store 18446744073709551616 and 36893488147419103232
      Then every engine finds both outcomes

    Scenario: With 33 idle processes, no engine reports a livelock
      When every engine without a limit on processes explores 33 threads, of which one spins until another sets its flag
      Then none of them finds anything

    Scenario: An engine that cannot distinguish so many processes says so
      When the reduced engine is asked to explore 33 threads
      Then that is refused with "the reduced engine can tell 31 processes apart, and there are 33"

  Rule: A verdict that everything was seen is challenged by random runs
    Random runs with the plain semantics must not reach anything that the search has missed.

    Scenario Outline: Random runs expose a search that <fault>
      When a search that <fault> is challenged
      Then it is said that "the search missed <what>", with a schedule that replays, and exit code 3

      Examples:
        | fault                                | what                             |
        | forgets the order of observed writes | the outcome                      |
        | forgets which process an event moves | never both: word0 is 1           |
        | has tables that forget their keys    | at most: the table has more than |
        | never stops between two steps        | a state                          |
        | takes every loop for intended        | an endless loop                  |

    Scenario: Random runs that did not end are counted in the verdict
      When 2 threads that write 200 times each are explored and challenged by 20 runs
      Then 20 runs challenged each verdict
      And the verdict says that 20 of these runs were given up as too long

    Scenario: No random run is made twice
      Two threads that write twice each can be interleaved in 6 ways.

      When 2 threads that write 2 times each are explored and challenged by 20 runs
      Then 6 runs challenged each verdict

    Scenario: A sound search withstands 200 random runs
      When "xenpin(2, 2)" is explored by every engine and challenged by 200 runs
      Then 200 runs challenged each verdict
