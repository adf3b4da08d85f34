Feature: One processor starts another by INIT and a start-up message
  A second processor does nothing until the first one tells it where to begin. Messages may be delayed, and a message that
  comes at the wrong moment is lost.

  Background:
    Given the code at page 0x9f is "note up; nop; note running"

  Rule: INIT stops a processor, and a start-up message starts a stopped one

    Scenario: INIT and a start-up message start a processor
      Given a processor that runs "init cpu1; start cpu1; nop"
      And a processor that runs "stop"
      When every interleaving is explored
      Then what was noted is one of "up running"

    Scenario: A start-up message without INIT is lost
      Given a processor that runs "start cpu1; nop"
      And a processor that runs "stop"
      When every interleaving is explored
      Then what was noted is one of "nothing"

    Scenario: A second start-up message is lost
      Given a processor that runs "init cpu1; start cpu1; start cpu1"
      And a processor that runs "stop"
      When every interleaving is explored
      Then what was noted is one of "up running"

    Scenario: INIT reaches a processor that has its interrupts off
      Given a processor that runs "init cpu1; start cpu1"
      And a processor that runs "nop; note at-work; nop; note done" with interrupts off
      When every interleaving is explored
      Then what was noted is one of "at-work done up running, at-work up running, up running"

  Rule: INIT leaves the state that the manual lists

    Scenario Outline: <register> has the listed value after INIT
      Given the code at page 0x9f is "get <register>"
      And a processor that runs "init cpu1; start cpu1"
      And a processor that runs "set <register> <before>; stop"
      When every interleaving is explored
      Then what was noted is one of "<after>"

      Examples:
        | register | before  | after      |
        | cr0      | 0x10001 | 0x60000010 |
        | cr3      | 0x5000  | 0x0        |
        | cr4      | 0x90    | 0x0        |
        | efer     | 0x800   | 0x0        |
