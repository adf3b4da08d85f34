@recorded
Feature: The catalogue is as it was recorded
  A number in a table, an element of a list, or a value that a parameter may have can be wrong without any verdict changing. So all data that the modules
  of the machine export, what the functions of the catalogue say about each entry, and the beginning of the graph of each program that is no kernel, are
  recorded in lines (steps/recorded/README.md).

  Rule: The data of every module is as recorded

    Scenario Outline: The data that modules export, <part>
      When the recorded data of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part        |
        | cli         |
        | explorer    |
        | hardware    |
        | hypervisors |
        | invariants  |
        | kernel      |
        | patches     |
        | programs    |
        | situations  |
        | state       |
        | no folder   |

    Scenario: No folder is left out
      Then there are recorded data for each part, and for nothing else

    Scenario: A constant that is larger by one is noticed
      When the recorded data of "kernel" are computed again, and "kernel.ts PAGE_OFFSET" has one more in its first number
      Then one difference is found, in "kernel.ts PAGE_OFFSET"

  Rule: What is said about each entry is as recorded

    Scenario Outline: The entries of the catalogue, <part>
      When the recorded entries of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part           |
        | situations     |
        | patches        |
        | known failures |
        | boots          |
        | predictions    |
        | tables         |
        | shares         |
        | releases       |
        | advisories     |

    Scenario: No kind of entry is left out
      Then there are recorded entries for each part, and for nothing else

  Rule: Programs that are no kernels do what is recorded

    Scenario Outline: Programs, <part>
      When the recorded programs of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part      |
        | acts      |
        | declared  |
        | named     |
        | litmus    |
        | faulty    |
        | guests    |
        | one piece |
        | drawn     |

    Scenario: No kind of program is left out
      Then there are recorded programs for each part, and for nothing else

  Rule: A line shows what it is about

    Scenario: Long text is recorded by its beginning and a digest, and long data part by part
      Then these values are recorded so:
        | value             | recorded |
        | a number          | 16 |
        | minus zero        | -0 |
        | a large number    | 5n |
        | no value          | undefined |
        | a name            | "x" |
        | a pattern         | /a+/g |
        | a function        | max() |
        | an instance       | an instance of Sample |
        | a list            | [1, [2, "three"]] |
        | a record          | {one: 1, two: undefined} |
        | a map             | Map{"one": 1} |
        | a set             | Set[2, 1] |
        | bytes             | Uint8Array[1, 2] |
        | a long name       | "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (51, 5b12b0e7) |
        | a long list       | it: 400 elements / it > 0: 0 / it > 1: 1 / it > 2: 2 / 397 more |
        | a long list twice | it: one, other / it > one: 400 elements / it > one > 0: 0 / it > one > 1: 1 / it > one > 2: 2 / it > other: as it > one / 397 more |
        | two of one name   | it: a, a (2) / it > a: id, of / it > a > id: "a" / it > a > of: 400 elements / it > a > of > 0: 0 / it > a > of > 1: 1 / it > a > of > 2: 2 / it > a (2): {id: "a", of: 1} / 397 more |
