Feature: The Allure report agrees with Cucumber
  The usual adapter shows a failing hook, an undefined step and an empty scenario as passed. It treats two scenarios with the
  same name as one that was retried, and drops rules and doc strings. So readers who open Allure first would see too good a
  result.

  Rule: Every scenario is counted once, and counts as passed only if it passed

    Scenario: The counts agree for a run with every kind of result
      When the sample suite "outcomes" is run
      Then Cucumber itself counted "16 scenarios (6 failed, 1 ambiguous, 1 undefined, 1 pending, 2 skipped, 4 passed, 1 unknown)"
      And each outcome is counted as
        | Cucumber  | Allure  | scenarios |
        | passed    | passed  | 4         |
        | failed    | failed  | 6         |
        | ambiguous | broken  | 1         |
        | undefined | broken  | 1         |
        | pending   | broken  | 1         |
        | skipped   | skipped | 2         |
        | unknown   | unknown | 1         |
      And no result is taken for a retry of another

    Scenario: The reason for each failure is shown
      When the sample suite "outcomes" is run
      Then Allure shows "A hook after the scenario fails" as failed, because "the hook after it failed"
      And Allure shows "A hook before the scenario fails" as failed, because "the hook before it failed"
      And Allure shows "A step is undefined after one that passed" as broken, because "A step has no definition."
      And Allure shows "A step is ambiguous after one that passed" as broken, because "matches more than one definition"
      And Allure shows "A step is pending after one that passed" as broken, because "not written yet"

  Rule: Nothing in a feature is lost

    Scenario: The report shows a rule, its background, and the arguments of its steps
      When the sample suite "outcomes" is run
      Then Allure shows "Arguments are kept" with
        | story      | A rule has a name                                          |
        | prose      | The rule's own prose.                                      |
        | prose      | The feature's own prose.                                   |
        | step       | Given a step that passes in the background of a rule       |
        | attachment | two lines                                                  |
        | attachment | "a, b","a ""quoted"" word"                                 |
        | attachment | a line of the log                                          |
        | link       | https://example.org/a-link                                 |

    Scenario: The report shows the row of examples
      When the sample suite "outcomes" is run
      Then Allure shows "A row of examples ends as fails" with
        | parameter  | remark = one, or two |
        | attachment | fails,"one, or two"  |

    Scenario: Indented prose is shown as prose, not as code
      When the sample suite "outcomes" is run
      Then the HTML report shows the prose "This is the scenario's own *prose*." without its indentation

  Rule: Only the Allure report needs Java

    Scenario: Without Java, one line says so
      When the Allure report is built where there is no Java
      Then the command fails with the one line "Allure needs Java 8 or later, and none was found: install it or set JAVA_HOME."
