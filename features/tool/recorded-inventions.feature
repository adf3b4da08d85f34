@recorded
Feature: The tools make of what is invented for them what was recorded
  The project's own paths have few kinds of statements, its searches few kinds of answers, and the C is not at hand. So there are paths with every kind of statement
  (steps/recorded/lines/invented-paths.txt), searches with any answer, C at each place that a docstring names, diffs as damaged mails hold them, files of
  searches that are right or cut short, and scripts of guests. After a change that is meant to change what the
  tools make of them, "npm run recorded -- inventions --record" records the new lines and prints them.

  Rule: They are judged and compared as recorded

    Scenario Outline: What is made of <part>
      When the recorded inventions of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                |
        | invented paths      |
        | invented answers    |
        | small searches      |
        | invented C          |
        | invented diffs      |
        | files and errors    |
        | invented scripts    |
        | invented recordings |

    Scenario: No part is left out
      Then there are recorded inventions for each part, and for nothing else
