Feature: The Allure report says what Cucumber says
  The usual adapter shows a failing hook, an undefined step and an empty scenario as passed, takes two scenarios of one name
  for one that was retried, and drops rules and doc strings. Readers who look at Allure first would be told a kinder story.

  Rule: Every scenario is counted once, and as passed only if it passed

    Scenario: The counts of a run in which everything happens
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

    Scenario: What went wrong is told
      When the sample suite "outcomes" is run
      Then Allure shows "A hook after the scenario fails" as failed, because "the hook after it failed"
      And Allure shows "A hook before the scenario fails" as failed, because "the hook before it failed"
      And Allure shows "A step is undefined after one that passed" as broken, because "A step has no definition."
      And Allure shows "A step is ambiguous after one that passed" as broken, because "matches more than one definition"
      And Allure shows "A step is pending after one that passed" as broken, because "not written yet"

  Rule: Nothing that a feature says is lost

    Scenario: A rule, its background, and what its steps were given
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

    Scenario: A row of examples
      When the sample suite "outcomes" is run
      Then Allure shows "A row of examples ends as fails" with
        | parameter  | remark = one, or two |
        | attachment | fails,"one, or two"  |

    Scenario: Indented prose is prose, and no block of code
      When the sample suite "outcomes" is run
      Then the HTML report shows the prose "This is the scenario's own *prose*." without its indentation

  Rule: Only Allure needs Java

    Scenario: Where there is none, one line says so
      When the Allure report is built where there is no Java
      Then the command fails with the one line "Allure needs Java 8 or later, and none was found: install it or set JAVA_HOME."
