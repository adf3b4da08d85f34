Feature: The table of versions agrees with the verdicts that it links to
  Each chapter has a table with one row for each release and version of its patch. A reader who sees a red
  cell must be able to tell whether it is the bug that the patch is about, or another one.

  Background:
    Given a run with these scenarios
      | scenario         | hunks                        | set-up        |
      | before           | none                         |               |
      | after            | all                          |               |
      | barrier too late | none,+switch-mm-barrier@late |               |
      | nothing flushed  | all                          | flush=nothing |

  Rule: A cell shows what its search found

    Scenario: Every mark agrees with the verdict that it links to
      When the table of "switch-mm-barrier" is drawn
      Then every mark in it agrees with the scenario that it links to
      And every property that no search checked is marked "not checked"

    Scenario: A mark that disagrees with its verdict is noticed
      When the table of "switch-mm-barrier" is drawn
      And the word "holds" in it is changed to "fails"
      Then the comparison complains that 'the table says "fails" of flushReachesEveryTlb'

  Rule: A failure says which bug it is

    Scenario: The table distinguishes the bug of the patch, a wrong fix, and a bug that the patch leaves
      When the table of "switch-mm-barrier" is drawn
      Then it has the rows
        | version                | property             | says                                  |
        | without the patch      | flushReachesEveryTlb | fails: this bug                       |
        | the patch              | flushReachesEveryTlb | holds, fails: another bug             |
        | switch-mm-barrier@late | flushReachesEveryTlb | fails: this bug                       |
      And its first column is "flushReachesEveryTlb"
