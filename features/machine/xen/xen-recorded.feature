@recorded
Feature: Xen does what was recorded of it
  Random guests make some thousand calls on each shape of page tables, in thirteen releases with the holes of their time, without each rule in turn,
  and as the published advisories say. Each call is recorded with its result, with all that it changes and with what it breaks; so are runs of two
  virtual CPUs that are inside Xen at once, step by step. A line has counts and a digest (steps/recorded/README.md), and the portions of a release come one
  after the other, so that the first that differs says where a change begins.

  Rule: Each call of a random guest has the recorded effect

    Scenario Outline: Calls, <part>
      When the recorded guests of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part              |
        | 2-level           |
        | PAE               |
        | PAE on 64-bit     |
        | 64-bit            |
        | rules left out    |
        | advisories        |
        | scripts for rules |
        | sequels           |
        | limits            |
        | moves             |
        | single ploys      |
        | fuzzers           |

    Scenario: No shape of page tables is left out
      Then there are recorded guests for each part, and for nothing else

    Scenario: A guest that makes one call more is noticed
      When the recorded guests of "advisories" are computed again, and "XSA-26 in 4.2.0, the last" has one more in its first number
      Then one difference is found, in "XSA-26 in 4.2.0, the last"

  Rule: Each step of two calls at once is the recorded one

    Scenario Outline: Two calls, about a frame that is <part>
      When the recorded steps of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                             |
        | writable                         |
        | read-only                        |
        | unmapped                         |
        | pinned                           |
        | linked                           |
        | pinned and linked                |
        | a descriptor table               |
        | granted                          |
        | in a pinned tree                 |
        | an unused table                  |
        | a pinned table                   |
        | a table that the one in use maps |
        | a table that another maps        |
        | a table that maps the one in use |
        | below no root                    |
        | below the root                   |
        | pinned, below no root            |
        | pinned, below the root           |
        | granted to another domain        |
        | granted and read-only            |
        | mapped by another domain         |
        | only mapped by another domain    |

    Scenario Outline: Two calls, <part>
      When the recorded steps of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                 |
        | interrupted calls    |
        | calls without a rule |

    Scenario: No state of a frame is left out
      Then there are recorded steps for each part, and for nothing else
