Feature: Page-table stores, walks, flushes and store buffers do together what axioms say
  What a processor sees through its page tables is memory order too: a walk is a load, INVLPG puts an end to what earlier
  walks have found, and an interrupt tells others to do the same. All small programs of such operations are run on the
  machine, in every interleaving, and judged by axioms that share no code with it. The command
  "npm run transistency 4" compares all of four operations; more take longer.

  Rule: The machine reaches exactly what the axioms allow

    Scenario Outline: All programs of <processors> processors and <operations> operations
      When all programs of <processors> processors and <operations> operations are compared
      Then none of <programs> differs

      Examples:
        | processors | operations | programs |
        | 2          | 2          | 11       |
        | 2          | 3          | 257      |

    Scenario: Some of those of four
      When every 40th program of 2 processors and 4 operations is compared
      Then none of 97 differs

  Rule: The axioms say what is known of processors

    Scenario Outline: <what>
      Given the program "<program>"
      Then the axioms allow "<outcomes>"

      Examples:
        | what                                                                      | program                       | outcomes                            |
        | A store to the entry is not seen through a translation that is cached     | map; ld                       | a=0, b=0                            |
        | After INVLPG it is                                                        | map; inv; ld                  | b=0                                 |
        | A fence is no flush                                                       | map; fence; ld                | a=0, b=0                            |
        | INVLPG before the store does not help                                     | inv; map; ld                  | a=0, b=0                            |
        | Another processor's translation outlives a flush here                     | map; inv; poke \|\| ld        | \| a=0, \| a=0#2, \| b=0            |
        | Unless it is told, and has answered                                       | map; fence; flush; poke \|\| ld | \| a=0, \| b=0                   |
        | To tell it while the store to the entry still waits is too early          | map; flush; poke \|\| ld      | \| a=0, \| a=0#2, \| b=0            |

  Rule: A difference is found

    Scenario: A flush is lost
      Given the program "map; inv; ld"
      When the machine runs "map; ld" in its place
      Then the difference is that "the machine reaches a=0, which the axioms forbid"

    Scenario: A processor never looks ahead
      Given the program "map; poke || ld"
      When the machine runs it without looking ahead
      Then the difference is that "the machine never reaches | a=0#1, which the axioms allow"
