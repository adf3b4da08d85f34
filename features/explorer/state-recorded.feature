@recorded
Feature: The state of a machine tells what it was recorded to tell
  All state is in the cells of a store. Values of every kind are put into one, and random accesses are made to words, registers, tables and maps, with everything that a search
  asks: what was read and written, what the state was before, how its fingerprint changes. After an intended change, "npm run recorded -- stores --record" records the new lines.

  Rule: Values and accesses are as recorded

    Scenario Outline: The recorded <part>
      When the recorded stores of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part     |
        | values   |
        | accesses |

    Scenario: No part is left out
      Then there are recorded stores for each part, and for nothing else
