Feature: Page-table stores, walks, flushes and store buffers together behave as the axioms say
  Page tables are subject to memory order too: a walk is a load, INVLPG discards the result of earlier walks, and an
  interrupt asks other processors to do the same. All small programs of such operations run on the machine in every
  interleaving, and their outcomes are compared with axioms that share no code with the machine. The command
  "npm run transistency 4" compares all programs of four operations; "npm run transistency 5 2 40" also every 40th of five.

  Rule: The machine reaches exactly what the axioms allow

    Scenario Outline: The outcomes agree for all programs of <processors> processors and <operations> operations
      When all programs of <processors> processors and <operations> operations are compared
      Then none of <programs> differs

      Examples:
        | processors | operations | programs |
        | 2          | 2          | 11       |
        | 2          | 3          | 257      |
        | 3          | 3          | 53       |

    Scenario Outline: The outcomes agree for a sample of the programs of <processors> processors and <operations> operations
      When every <nth>th program of <processors> processors and <operations> operations is compared
      Then none of <programs> differs

      Examples:
        | processors | operations | nth  | programs |
        | 2          | 4          | 40   | 97       |
        | 3          | 4          | 200  | 7        |
        | 2          | 5          | 5000 | 10       |

  Rule: The axioms agree with what is known about processors

    Scenario Outline: <what>
      Given the program "<program>"
      Then the axioms allow "<outcomes>"

      Examples:
        | what                                                                      | program                       | outcomes                            |
        | A store to the entry is not seen through a translation that is cached     | map; ld                       | a=0, b=0                            |
        | A store to the entry is seen after INVLPG                                 | map; inv; ld                  | b=0                                 |
        | A fence does not flush                                                    | map; fence; ld                | a=0, b=0                            |
        | INVLPG before the store does not help                                     | inv; map; ld                  | a=0, b=0                            |
        | INVLPG does not drop another processor's translation                      | map; inv; poke \|\| ld        | \| a=0, \| a=0#2, \| b=0            |
        | A flush that another processor has answered drops its translation         | map; fence; flush; poke \|\| ld | \| a=0, \| b=0                   |
        | A flush sent while the store to the entry is in the buffer is too early   | map; flush; poke \|\| ld      | \| a=0, \| a=0#2, \| b=0            |

  Rule: A machine that differs from the axioms is found

    Scenario: A machine that loses a flush is found
      Given the program "map; inv; ld"
      When the machine runs "map; ld" in its place
      Then the difference is that "the machine reaches a=0, which the axioms forbid"

    Scenario: A machine that never loads translations speculatively is found
      Given the program "map; poke || ld"
      When the machine runs it without looking ahead
      Then the difference is that "the machine never reaches | a=0#1, which the axioms allow"
