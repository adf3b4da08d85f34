@recorded
Feature: The command line answers as it was recorded
  Some three hundred lines (steps/recorded/lines/command-lines.txt) are typed: each command with its options, and mistakes of each kind. The exit code of each is
  recorded, what it prints, what it complains about, and the files that it writes; seconds and the names of folders are left out. After a change that is
  meant to change answers, "npm run recorded -- command-lines --record" records the new ones and prints them.

  Rule: Each line gets the recorded answer

    Scenario Outline: The lines about <part>
      When the recorded command-lines of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                      |
        | help                      |
        | nothing, or not a command |
        | list                      |
        | check: verdicts           |
        | check: diffs and grids    |
        | check: mistakes           |
        | explore                   |
        | explore: mistakes         |
        | replay                    |
        | hunks                     |
        | fuzz                      |
        | conform                   |
        | boots                     |
        | sources                   |
        | neighbours                |
        | new                       |

    Scenario: No line is left out
      Then there are recorded command-lines for each part, and for nothing else

  Rule: The tools behind it make of the source what is recorded

    Scenario Outline: The tools for <part>
      When the recorded tools of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part       |
        | neighbours |
        | operations |
        | chapters   |
        | switched   |
        | judge      |
        | counts     |
        | bench      |
        | progress   |

    Scenario: No tool is left out
      Then there are recorded tools for each part, and for nothing else
