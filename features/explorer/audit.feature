Feature: A model that keeps state where the explorer cannot undo it is found out
  The explorer goes back by undoing writes of tracked cells, and trusts that
  the same run is always the same. A plain field that an instruction changes,
  or anything asked from outside, breaks this without a sound. So models are
  audited: runs are made, undone, compared, and made again.

  Rule: All state is in tracked cells, and a run depends on its schedule alone

    Scenario Outline: <program> passes
      When "<program>" is audited
      Then the audit has no objection

      Examples:
        | program               |
        | filesystem(13)        |
        | xenpin(3, 2)          |
        | flush-tlb(4, 6)       |
        | litmus IRIW under TSO |

    Scenario: A plain field that an instruction changes is named
      When a model that counts in a plain field is audited
      Then the audit objects that "a plain field changes behind the explorer's back: door.visits"

    Scenario: A model that is not deterministic is named
      When a model that asks something outside is audited
      Then the audit objects that "not deterministic: event 1 of the same run ("thread") led to different states"

    Scenario: A search over such a model does not show a witness that cannot be repeated
      When a model that asks something outside fails
      Then the explorer reports that the program is not deterministic
