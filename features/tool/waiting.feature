Feature: A long command shows its progress, and can be stopped without losing what was found
  A search may take minutes. At a terminal it shows its progress. If it is asked to stop, it ends, reports
  what it has seen so far, and claims no more than that.

  Rule: A command that is asked to stop reports what it has seen, and decides nothing beyond it

    Scenario Outline: "<command>" can be stopped
      When the user types "paravirt-spec <command>" and asks it to stop at once
      Then it exits with 4
      And it prints "<words>"
      And before that it showed a line with "<line>"

      Examples:
        | command                                  | words                                                            | line              |
        | check flush-tlb                          | UNDECIDED: the search is incomplete and has found nothing so far | states            |
        | hunks flush-tlb                          | undecided  flush-tlb/classic                                     | trying hunks      |
        | boots                                    | 0 not as predicted                                               | boots, now        |
        | fuzz --tables PAE                        | every rule held so far                                           | PAE, calls: 0     |

    Scenario: The suite reports how many scenarios are done, and each chapter when it is finished
      When a run of two scenarios about the claim "002.4" is followed
      Then after the first it shows "1 of 2 scenarios"
      And after the second it says "2 passed, 0 failed; claims: 1 confirmed"

  Rule: Two runs in one folder do not overwrite each other

    Scenario: A second run is refused while the first is running
      Given a folder in which this process holds the lock
      When the lock is asked for
      Then it is refused because "is writing to"

    Scenario: A lock that was left behind by a dead process is taken over
      Given a folder with the lock of a dead process
      When the lock is asked for
      Then it is given

  Rule: A run can be compared with an earlier one

    Scenario: Verdicts that differ are listed with both witnesses
      Given a run of "switch-mm-barrier" without the patch, kept as the earlier one
      When it is compared with a run in which the same search holds
      Then the comparison lists "claim 100.1 was confirmed and is not yet decided"
      And the comparison lists "violated before, holds now"
      And the comparison lists "npx paravirt-spec replay switch-mm-barrier"

    Scenario: If nothing differs, nothing is listed
      Given a run of "switch-mm-barrier" without the patch, kept as the earlier one
      When it is compared with itself
      Then the comparison lists nothing
