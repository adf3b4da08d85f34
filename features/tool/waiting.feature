Feature: Whoever waits is told how far it is, and can stop it without losing what was found
  A search may take minutes. At a terminal it says what it is at; asked to stop, it ends with what it has
  seen so far and claims no more.

  Rule: A command that is asked to stop says what it has seen, and decides nothing that it has not seen

    Scenario Outline: <command>
      When the user types "paravirt-spec <command>" and asks it to stop at once
      Then it exits with 4
      And it prints "<words>"
      And it had shown a line with "<line>"

      Examples:
        | command                                  | words                                                            | line              |
        | check flush-tlb                          | UNDECIDED: the search is incomplete and has found nothing so far | states            |
        | hunks flush-tlb                          | undecided  flush-tlb/classic                                     | trying hunks      |
        | boots                                    | 0 not as predicted                                               | boots, now        |
        | fuzz --tables PAE                        | every rule held so far                                           | PAE, calls: 0     |

    Scenario: The suite tells how many scenarios are behind, and each chapter when it is done
      When a run of two scenarios about the claim "002.4" is followed
      Then after the first it shows "1 of 2 scenarios"
      And after the second it says "2 passed, 0 failed; claims: 1 confirmed"

  Rule: Two runs in one folder do not overwrite one another

    Scenario: The second is refused while the first is at work
      Given a folder in which this process holds the lock
      When the lock is asked for
      Then it is refused because "is writing to"

    Scenario: A lock that was left behind by a process that is gone is taken over
      Given a folder with the lock of a process that is gone
      When the lock is asked for
      Then it is given

  Rule: A run can be compared with an earlier one

    Scenario: Verdicts that differ are listed with both witnesses
      Given a run of "switch-mm-barrier" without the patch, kept as the earlier one
      When it is compared with a run in which the same search holds
      Then the comparison lists "claim 100.1 was confirmed and is not yet decided"
      And the comparison lists "violated before, holds now"
      And the comparison lists "npx paravirt-spec replay switch-mm-barrier"

    Scenario: Nothing is listed where nothing differs
      Given a run of "switch-mm-barrier" without the patch, kept as the earlier one
      When it is compared with itself
      Then the comparison lists nothing
