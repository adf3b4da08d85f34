Feature: The table of versions agrees with the verdicts that it links to
  Each chapter has a table with one row for each release and version of its patch. A reader who sees red
  there must be able to tell the bug that the patch is about from another one.

  Background:
    Given a run with these scenarios
      | scenario         | hunks                        | set-up        |
      | before           | none                         |               |
      | after            | all                          |               |
      | barrier too late | none,+switch-mm-barrier@late |               |
      | nothing flushed  | all                          | flush=nothing |

  Rule: A cell says what the search behind it has found

    Scenario: Every mark is compared with the verdict that it links to
      When the table of "switch-mm-barrier" is drawn
      Then every mark in it says what the scenario that it links to has found
      And every property that no search looked at is marked "not checked"

    Scenario: A mark that says something else is noticed
      When the table of "switch-mm-barrier" is drawn
      And the word "holds" in it is changed to "fails"
      Then the comparison complains that 'the table says "fails" of flushReachesEveryTlb'

  Rule: A failure says whose bug it is

    Scenario: The bug of the patch, a wrong fix for it, and a bug that the patch leaves
      When the table of "switch-mm-barrier" is drawn
      Then it has the rows
        | version                | property             | says                                  |
        | without the patch      | flushReachesEveryTlb | fails: this bug                       |
        | the patch              | flushReachesEveryTlb | holds, fails: another bug             |
        | switch-mm-barrier@late | flushReachesEveryTlb | fails: this bug                       |
      And its first column is "flushReachesEveryTlb"
