Feature: One processor starts another by INIT and a start-up message
  A second processor does nothing until the first one says where to begin. The messages take their time, and a message
  that comes at the wrong moment is lost.

  Background:
    Given the code at page 0x9f is "note up; nop; note running"

  Rule: INIT stops a processor, and a start-up message starts one that was stopped

    Scenario: INIT and a start-up message
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
