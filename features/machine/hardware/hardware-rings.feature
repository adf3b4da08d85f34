Feature: Outside ring 0 the processor refuses most system instructions, and silently ignores one
  A paravirtual kernel does not run in ring 0. An instruction that faults there can be emulated. One that neither faults nor
  works must be replaced by a call, which is why these kernels have their own interrupt flags.

  Background:
    Given the handler of vector 13 runs "note GP; stop"
    And the handler of vector 6 runs "note UD; stop"

  Rule: Instructions that could take over the machine fault

    Scenario Outline: <instruction> faults in ring <ring>
      Given a processor that runs "ring <ring>; <instruction>; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "GP"

      Examples:
        | instruction | ring |
        | cr0         | 3    |
        | cr2         | 3    |
        | cr3         | 1    |
        | pcid 1      | 3    |
        | pcid 1      | 1    |
        | invlpg here | 3    |
        | halt        | 1    |
        | lidt        | 3    |
        | rdmsr       | 3    |
        | wrmsr       | 1    |
        | wbinvd      | 3    |

    Scenario Outline: <instruction> in ring 3 is an undefined instruction
      Given a processor that runs "ring 3; <instruction>; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "UD"

      Examples:
        | instruction |
        | stac        |
        | clac        |

    Scenario Outline: <instruction> works in ring 0
      Given a processor that runs "ring 0; <instruction>; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "done"

      Examples:
        | instruction |
        | cr0         |
        | cr2         |
        | cr3         |
        | invlpg here |
        | rdmsr       |
        | wrmsr       |
        | lidt        |
        | wbinvd      |
        | stac        |
        | clac        |

  Rule: Instructions that only read do not fault, and show a guest the real machine

    Scenario Outline: <instruction> works in ring 3
      Given a processor that runs "ring 3; <instruction>; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "done"

      Examples:
        | instruction |
        | smsw        |
        | sidt        |
        | cpuid       |

  Rule: The I/O privilege level decides who may change the interrupt flag

    Scenario Outline: <instruction> in ring <ring> with IOPL <iopl> faults
      Given a processor that runs "iopl <iopl>; ring <ring>; <instruction>; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "GP"

      Examples:
        | instruction | ring | iopl |
        | cli         | 3    | 0    |
        | sti         | 3    | 2    |
        | cli         | 1    | 0    |

    Scenario Outline: <instruction> in ring <ring> with IOPL <iopl> works
      Given a processor that runs "iopl <iopl>; ring <ring>; <instruction>; flag; nop"
      When every interleaving is explored
      Then what was noted is one of "<flag>"

      Examples:
        | instruction | ring | iopl | flag |
        | cli         | 3    | 3    | IF=0 |
        | cli         | 1    | 1    | IF=0 |
        | sti         | 0    | 0    | IF=1 |
        | popf IF=0   | 3    | 3    | IF=0 |
        | popf IF=0   | 0    | 0    | IF=0 |

    Scenario Outline: POPF in ring <ring> with IOPL <iopl> neither changes IF nor faults
      Given a processor that runs "iopl <iopl>; ring <ring>; popf IF=0; flag; nop; note done"
      When every interleaving is explored
      Then what was noted is one of "IF=1 done"

      Examples:
        | ring | iopl |
        | 3    | 0    |
        | 1    | 0    |

  Rule: INT may use only a gate whose privilege level allows it

    Scenario: INT in ring 3 may use a gate for ring 3
      Given a processor that runs "ring 3; int 128; nop; note done"
      And the handler of vector 128 runs "note call" behind a gate for ring 3
      When every interleaving is explored
      Then what was noted is one of "call done"

    Scenario: INT in ring 3 through a gate for ring 0 faults
      Given a processor that runs "ring 3; int 32; nop; note done"
      And the handler of vector 32 runs "note call"
      When every interleaving is explored
      Then what was noted is one of "GP"

    Scenario: A hardware interrupt may use any gate
      Given a processor that runs "ring 3; nop; note done"
      And the handler of vector 32 runs "note tick"
      And vector 32 may arrive from outside 1 time
      When every interleaving is explored
      Then some run notes "tick done"

  Rule: A register reads back what was moved to it

    Scenario Outline: <register> reads back what was moved to it
      Given a processor that runs "set <register> <value>; get <register>"
      When every interleaving is explored
      Then what was noted is one of "<noted>"

      Examples: The processor sets CR0.ET itself
        | register | value      | noted      |
        | cr0      | 0x10001    | 0x10011    |
        | cr3      | 0x5018     | 0x5018     |
        | cr4      | 0x90       | 0x90       |
        | efer     | 0x900      | 0x900      |
        | idt      | 0x7000     | 0x7000     |

    Scenario: SMSW shows the low half of CR0
      Given a processor that runs "set cr0 0x10003; get smsw"
      When every interleaving is explored
      Then what was noted is one of "0x13"

    Scenario: CR2 is the address that faulted
      Given the page "here" leads to the old frame
      And the handler of vector 14 runs "get cr2; stop"
      And a processor that runs "clear here; touch here"
      When every interleaving is explored
      Then what was noted is one of "0x20000"
