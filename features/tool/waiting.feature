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
        | hunks flush-tlb                          | 1 search, 0 of them complete; stopped before everything was tried | trying hunks    |
        | neighbours skipped-flush --workers 1     | skipped-flush: 4 neighbours in 0 situations: 4 does not build    | building          |
        | boots                                    | 0 not as predicted                                               | boots, now        |
        | fuzz --tables PAE                        | every rule held so far                                           | PAE, calls: 0     |

    Scenario: Hunks that were tried before the signal are printed
      When the user types "paravirt-spec hunks freed-tables" and asks it to stop at the 3rd look
      Then it exits with 4
      And it prints "2 searches, 2 of them complete; stopped before everything was tried"
      And it prints "  freed-tables/munmap with no hunk"

    Scenario: Neighbours that were answered before the signal are printed
      When the neighbours of "skipped-flush" are judged, and the signal comes with the first answer
      Then that answer alone is given

    Scenario Outline: At a terminal the progress is one line, which is gone once <signal> has stopped the command
      When the program runs "paravirt-spec fuzz --tables PAE --calls 100000000" at a terminal and gets <signal> once it shows how far it is
      Then it exits with 4
      And on the terminal it showed a line with "calls: 0", and took it away
      And it prints "every rule held so far"
      And it complains that "stopped by <signal>; the output above is what was found until then"

      Examples:
        | signal  |
        | SIGINT  |
        | SIGTERM |

    Scenario: The program itself reports a mistake in one line
      When the program runs "paravirt-spec check flush-tbl"
      Then it exits with 2
      And it complains in one line that "did you mean flush-tlb?"

    Scenario: A command whose thread cannot be loaded is a fault of the program, with its trace
      When the program runs "paravirt-spec check flush-tlb" with a thread that cannot be loaded
      Then it exits with 3
      And it complains that "a fault of this program: Error: there is no machine here"
      And it complains that "cannot-be-loaded.js"

    Scenario Outline: Output that cannot be written, because of <code>, ends the program with <status>
      When the output of "paravirt-spec list flush-tlb" cannot be written: <code>
      Then it exits with <status>
      And it complains that "<words>"

      Examples: It is not an error if the reader has exited, as head does
        | code   | status | words                                              |
        | EPIPE  | 0      |                                                    |
        | ENOSPC | 3      | the output cannot be written: the disk is full     |
        | EIO    | 3      | the output cannot be written: the pipe is broken   |

    Scenario: A mistake has its exit code even if its message cannot be written
      When what "paravirt-spec check flush-tbl" complains about cannot be written
      Then it exits with 2

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
