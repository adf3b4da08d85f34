Feature: Page-table stores, walks, flushes and store buffers together behave as the axioms say
  Page tables are subject to memory order too: a walk is a load, or an update that sets A and D; INVLPG discards the result
  of earlier walks, and an interrupt asks other processors to do the same. Small programs of such operations run on the
  machine in every interleaving, and their outcomes are compared with axioms that share no code with the machine. The
  command "npm run transistency -- 4 2 --family marks" compares all programs of four operations; machine/hardware/README.md shows
  the results of such runs.

  Rule: The machine reaches exactly what the axioms allow

    Scenario Outline: The outcomes agree for all "<family>" programs of <processors> <latitude> processors and <operations> operations
      When all "<family>" programs of <processors> <latitude> processors and <operations> operations are compared
      Then none of <programs> differs

      Examples:
        | family | processors | latitude | operations | programs |
        | stores | 2          | strict   | 2          | 11       |
        | stores | 2          | strict   | 3          | 257      |
        | stores | 3          | strict   | 3          | 53       |
        | levels | 2          | strict   | 3          | 108      |
        | marks  | 2          | lenient  | 2          | 17       |

    Scenario: A mark in a cleared entry is seen before the fault lets the processor's own stores reach memory
      Given the "marks" program "clear; map; st || look" on lenient processors
      When it is compared
      Then none of 1 differs

    Scenario: Two processors can both find a cleared entry before the fault of either lets its own store to it reach memory
      Given the "marks" program "clear; map; ld || map; ld" on lenient processors
      When it is compared
      Then none of 1 differs

    Scenario: A walk may end in a fault before an earlier store of the same processor is seen, even if walks do not pass stores to what they read
      Given the "marks" program "ld; clear; map; fence; ld || poke; ld" on strict processors
      When it is compared
      Then none of 1 differs

    Scenario Outline: The outcomes agree for a sample of the "<family>" programs of <processors> <latitude> processors and <operations> operations
      When every <nth>th "<family>" program of <processors> <latitude> processors and <operations> operations is compared
      Then none of <programs> differs

      Examples:
        | family | processors | latitude | operations | nth  | programs |
        | stores | 2          | strict   | 4          | 100  | 39       |
        | stores | 3          | strict   | 4          | 200  | 7        |
        | stores | 2          | lenient  | 5          | 5000 | 10       |
        | levels | 2          | lenient  | 4          | 100  | 20       |
        | levels | 3          | lenient  | 3          | 3    | 7        |
        | marks  | 2          | strict   | 3          | 9    | 39       |
        | marks  | 2          | lenient  | 3          | 7    | 50       |
        | marks  | 3          | lenient  | 3          | 4    | 19       |
        | marks  | 2          | lenient  | 4          | 200  | 25       |

  Rule: What a state can still lead to is found once for all programs

    Scenario Outline: The explorer finds the same outcomes of "<family>" programs of <processors> <latitude> processors and <operations> operations
      When the outcomes of every <nth>th "<family>" program of <processors> <latitude> processors and <operations> operations are found in both ways
      Then none of <programs> differs

      Examples:
        | family | processors | latitude | operations | nth  | programs |
        | stores | 2          | strict   | 3          | 3    | 86       |
        | stores | 3          | lenient  | 4          | 400  | 4        |
        | levels | 2          | strict   | 4          | 100  | 20       |
        | marks  | 2          | lenient  | 4          | 200  | 25       |
        | marks  | 3          | strict   | 3          | 4    | 19       |

  Rule: A program that a rule makes simpler needs no comparison of its own

    Scenario Outline: The simpler "<family>" program of <operations> operations has the same outcomes on <latitude> processors
      When each rule that makes "<family>" programs of <operations> operations simpler is checked on <latitude> processors
      Then none of <programs> differs

      Examples:
        | family | latitude | operations | programs |
        | stores | strict   | 3          | 219      |
        | levels | strict   | 3          | 56       |
        | levels | lenient  | 3          | 56       |
        | marks  | lenient  | 3          | 114      |

    Scenario Outline: No rule applies to a program in which every operation matters
      Given the "<family>" program "<program>" on strict processors
      When the rules make it simpler
      Then none of 0 differs

      Examples:
        | family | program                                  |
        | stores | map; fence; flush; poke \|\| ld          |
        | levels | ld; lift; beside; map; ld \|\| poke      |
        | marks  | map; inv; look \|\| st                   |

    Scenario Outline: A rule that drops every <operation> is refuted
      Given the "<family>" program "<program>" on strict processors
      When a rule makes it simpler that drops every "<operation>"
      Then the difference is that "<difference>"

      Examples:
        | family | operation | program                         | difference                                                                                                                                 |
        | stores | fence     | map; fence; flush; poke \|\| ld | by the rule tooMuch, map; flush; poke \|\| ld stands for it: that gives \| a=0, \| a=0#3, \| b=0, and the program itself to \| a=0, \| b=0 |
        | levels | beside    | lift; beside; map; ld           | by the rule tooMuch, lift; map; ld stands for it: that gives a=0, b=0, c=0, and the program itself to a=0, c=0                             |

  Rule: The axioms agree with what is known about processors

    Scenario Outline: <what>
      Given the "<family>" program "<program>" on <latitude> processors
      Then the axioms allow "<outcomes>"

      Examples:
        | what                                                                           | family | latitude | program                         | outcomes |
        | A store to the entry is not seen through a translation that is cached          | stores | strict   | map; ld                         | a=0, b=0 |
        | A store to the entry is seen after INVLPG                                      | stores | strict   | map; inv; ld                    | b=0 |
        | A fence does not flush                                                         | stores | strict   | map; fence; ld                  | a=0, b=0 |
        | INVLPG before the store does not help                                          | stores | strict   | inv; map; ld                    | a=0, b=0 |
        | INVLPG does not drop another processor's translation                           | stores | strict   | map; inv; poke \|\| ld          | \| a=0, \| a=0#2, \| b=0 |
        | A flush that another processor has answered drops its translation              | stores | strict   | map; fence; flush; poke \|\| ld | \| a=0, \| b=0 |
        | A flush sent while the store to the entry is in the buffer is too early        | stores | strict   | map; flush; poke \|\| ld        | \| a=0, \| a=0#2, \| b=0 |
        | A walk can read the upper entry long before the last one                       | levels | strict   | lift; map; ld                   | a=0, b=0, c=0 |
        | INVLPG of another page drops what was read of the upper entry                  | levels | strict   | lift; beside; map; ld           | a=0, c=0 |
        | INVLPG of another page does not drop the translation                           | levels | strict   | ld; lift; beside; ld            | a=0 a=0 |
        | A may be set although nothing has used the page                                | marks  | strict   | inv; look                       | entry=a, entry=aA |
        | A store has set D before the next instruction                                  | marks  | strict   | st; look                        | entry=aAD |
        | A cleared entry is not marked through a translation that was loaded before     | marks  | strict   | clear; look \|\| st             | entry=a entry=- \| fault, entry=aA entry=- \| fault, entry=aAD entry=- \| |
        | On a processor with an erratum, D can appear in an entry that is not present   | marks  | lenient  | clear; look \|\| st             | entry=a entry=- \| fault, entry=aA entry=- \| fault, entry=aA entry=-AD \| fault, entry=aAD entry=- \| |
        | D is lost if it is set in memory before the processor's own store to the entry | marks  | lenient  | map; st; look                   | entry=b, entry=bAD |

  Rule: A machine that differs from the axioms is found

    Scenario Outline: A machine that <mistake> is found
      Given the "<family>" program "<program>" on strict processors
      When the machine runs "<other>" in its place
      Then the difference is that "<difference>"

      Examples:
        | mistake                               | family | program               | other         | difference                                                |
        | loses a flush                         | stores | map; inv; ld          | map; ld       | the machine reaches a=0, which the axioms forbid          |
        | keeps the upper entry past any INVLPG | levels | lift; beside; map; ld | lift; map; ld | the machine reaches b=0, which the axioms forbid          |
        | sets A, but not D, by a store         | marks  | st; look              | ld; look      | the machine reaches a=0 entry=aA, which the axioms forbid |

    Scenario: A machine that never loads translations speculatively is found
      Given the program "map; poke || ld"
      When the machine runs it without looking ahead
      Then the difference is that "the machine never reaches | a=0#1, which the axioms allow"

    Scenario: A machine whose page walks wait for its stores is found wherever they need not wait
      Given the "marks" program "map; st; look" on lenient processors
      When the machine runs it on strict processors
      Then the difference is that "the machine never reaches entry=b, which the axioms allow"

    Scenario: A machine that sets D in absent entries is found wherever it must not
      Given the "marks" program "clear; look || st" on strict processors
      When the machine runs it on lenient processors
      Then the difference is that "the machine reaches entry=aA entry=-AD | fault, which the axioms forbid"
