Feature: A model that keeps state where the explorer cannot undo it is found
  The explorer goes back by undoing writes to tracked cells, and relies on a run
  being the same each time. If an instruction changes a plain field, or if the
  model reads something from outside, this fails silently. So models are audited:
  runs are executed, undone, compared, and executed again.

  Rule: All state is in tracked cells, and a run depends on its schedule alone

    Scenario Outline: The audit accepts <program>
      When "<program>" is audited
      Then the audit has no objection

      Examples:
        | program               |
        | filesystem(13)        |
        | xenpin(3, 2)          |
        | flush-tlb(4, 6)       |
        | litmus IRIW under TSO |

    Scenario: The audit names a plain field that an instruction changes
      When a model that counts in a plain field is audited
      Then the audit objects that "a plain field changes behind the explorer's back: door.visits"

    Scenario: The audit names a model that is not deterministic
      When a model that asks something outside is audited
      Then the audit objects that "not deterministic: event 1 of the same run ("thread") led to different states"

    Scenario: If a model that is not deterministic fails, that is reported instead of a witness
      When a model that asks something outside fails
      Then the explorer reports that the program is not deterministic
