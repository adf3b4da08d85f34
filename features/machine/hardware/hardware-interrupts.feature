Feature: An interrupt comes between two instructions, when the processor accepts it
  Most bugs in the threads are an interrupt at the wrong boundary. These scenarios fix the boundaries at which one can
  come, given the interrupt flag, the shadows of STI and MOV SS, and the priority in service. In the programs, "note"
  belongs to the instruction before it. After the end of its program a processor still accepts interrupts.

  Rule: A maskable interrupt comes only if IF is set, and not right after STI

    Scenario: An interrupt waits for the instruction after STI
      Given a processor that runs "nop; sti; note after-sti; nop; note end" with interrupts off
      And the handler of vector 32 runs "note tick"
      And vector 32 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "after-sti end, after-sti end tick"

    Scenario: An interrupt may come after the instruction that follows STI
      Given a processor that runs "sti; nop; note one; nop; note two" with interrupts off
      And the handler of vector 32 runs "note tick"
      And vector 32 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "one two, one tick two, one two tick"

    Scenario: STI casts no shadow if interrupts were already on
      Given a processor that runs "sti; note sti; nop; note end"
      And the handler of vector 32 runs "note tick"
      And vector 32 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "sti end, tick sti end, sti tick end, sti end tick"

    Scenario: POPF casts no shadow
      Given a processor that runs "popf IF=1; note popf; nop; note end" with interrupts off
      And the handler of vector 32 runs "note tick"
      And vector 32 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "popf end, popf tick end, popf end tick"

    Scenario: No interrupt comes between MOV SS and the next instruction, not even an NMI
      Given a processor that runs "movss; note ss; nop; note sp; nop; note end"
      And the handler of vector 2 runs "note nmi"
      And vector 2 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "ss sp end, nmi ss sp end, ss sp nmi end, ss sp end nmi"

    Scenario: An NMI comes even if IF is clear
      Given a processor that runs "nop; note one; nop; note two" with interrupts off
      And the handler of vector 2 runs "note nmi"
      And vector 2 may arrive from outside 1 time
      When every interleaving is explored
      Then what was noted is one of "one two, nmi one two, one nmi two, one two nmi"

  Rule: IRET restores what the gate changed

    Scenario: In the handler of an interrupt gate, no other interrupt comes until IRET
      Given a processor that runs "nop; note end"
      And the handler of vector 32 runs "note in; nop; flag; nop; note out"
      And vector 32 may arrive from outside 2 times
      When every interleaving is explored
      Then what was noted is one of "end, in IF=0 out end, end in IF=0 out, in IF=0 out in IF=0 out end, in IF=0 out end in IF=0 out, end in IF=0 out in IF=0 out"

    Scenario: In the handler of a trap gate, another interrupt may come
      Given a processor that runs "nop; note end"
      And the handler of vector 32 runs "note in; nop; note out" behind a trap gate
      And vector 32 may arrive from outside 2 times
      When every interleaving is explored
      Then some run notes "in in out out end"

    Scenario: A second NMI waits until the first one's IRET
      Given a processor that runs "nop; note end"
      And the handler of vector 2 runs "note in; nop; note out"
      And vector 2 may arrive from outside 2 times
      When every interleaving is explored
      Then what was noted is one of "end, in out end, end in out, in out in out end, in out end in out, end in out in out"

    Scenario: The IRET of a trap inside the NMI handler lets the second NMI in too early
      Given a processor that runs "nop; note end"
      And the handler of vector 2 runs "note in; int 128; nop; note out"
      And the handler of vector 128 runs "nop"
      And vector 2 may arrive from outside 2 times
      When every interleaving is explored
      Then some run notes "in in out out end"

  Rule: HLT waits for an interrupt

    Scenario: With STI right before HLT, no wake-up is missed
      Given a processor that runs "nop; sti; halt; note awake" with interrupts off
      And a processor that runs "ipi 49 cpu0"
      And the handler of vector 49 runs "note wake-up"
      When every interleaving is explored
      Then what was noted is one of "wake-up awake"

    Scenario: With an instruction between STI and HLT, the wake-up can be missed and the processor sleeps on
      Given a processor that runs "nop; sti; nop; halt; note awake" with interrupts off
      And a processor that runs "ipi 49 cpu0"
      And the handler of vector 49 runs "note wake-up"
      When every interleaving is explored
      Then what was noted is one of "wake-up awake, wake-up"

  Rule: The local APIC delivers only interrupts of a higher priority than the one in service

    Background:
      Given the processors have local APICs

    Scenario: A higher vector can interrupt the handler of a lower one, but not the other way round
      Given a processor that runs "nop; note end"
      And a processor that runs "ipi 49 cpu0; ipi 65 cpu0"
      And the handler of vector 49 runs "note low; sti; nop; nop; cli; note /low; eoi"
      And the handler of vector 65 runs "note high; sti; nop; nop; cli; note /high; eoi"
      When every interleaving is explored
      Then some run notes "low high /high /low end"
      And no run notes "high low /low /high end"

    Scenario: Without the end-of-interrupt message, no interrupt of that priority comes again
      Given a processor that runs "nop; note one; nop; note two"
      And a processor that runs "ipi 49 cpu0; ipi 50 cpu0"
      And the handler of vector 49 runs "note handler"
      And the handler of vector 50 runs "note same-class; eoi"
      When every interleaving is explored
      Then some run notes "same-class handler one two"
      And no run notes "handler same-class one two"

    Scenario: The task priority blocks its own class and those below
      Given a processor that runs "tpr 64; note raised; nop; note still; tpr 0; note lowered; nop; note end"
      And a processor that runs "ipi 65 cpu0"
      And the handler of vector 65 runs "note ipi; eoi"
      When every interleaving is explored
      Then what was noted is one of "ipi raised still lowered end, raised still lowered ipi end, raised still lowered end ipi"

    Scenario: A one-shot timer fires once, at any time after it is set
      Given a processor that runs "timer 49; note set; nop; note end; halt"
      And the handler of vector 49 runs "note fired; eoi"
      When every interleaving is explored
      Then what was noted is one of "set fired end, set end fired"

  Rule: A fault that cannot be delivered becomes a worse fault

    Scenario Outline: A fault with vector <second> during delivery of vector <first>
      Then a fault <second> on the way to the handler of <first> becomes "<what>"

      Examples:
        | first | second | what         |
        | 32    | 14     | second       |
        | 6     | 13     | second       |
        | 13    | 13     | double fault |
        | 13    | 14     | second       |
        | 14    | 13     | double fault |
        | 14    | 14     | double fault |
        | 8     | 14     | shutdown     |
        | 8     | 13     | shutdown     |

    Scenario: A missing gate causes a protection fault
      Given a processor that runs "int 99"
      And the handler of vector 13 runs "note GP; stop"
      When every interleaving is explored
      Then what was noted is one of "GP"

    Scenario Outline: A descriptor table at <table>: vector <vector> notes "<noted>"
      Given the page "here" leads to the old frame
      And a processor that runs "set idt <table>; int <vector>; note end; stop"
      And the handler of vector 99 runs "note 99"
      And the handler of vector 100 runs "note 100"
      And the handler of vector 14 runs "note PF; get cr2; stop"
      When every interleaving is explored
      Then what was noted is one of "<noted>"

      Examples: A gate has 8 bytes, and nothing is mapped from 0x40000 on; the gate of a page fault is mapped
        | table   | vector | noted      |
        | 0x3fce0 | 99     | 99 end     |
        | 0x3fce0 | 100    | PF 0x40000 |
        | 0x3fce4 | 99     | PF 0x40000 |
        | 0x3fcd8 | 100    | 100 end    |

    Scenario: Without a descriptor table, the processor shuts down
      Given the page "here" leads to the old frame
      And a processor that runs "set idt 0x40000; int 99; note never"
      And the handler of vector 99 runs "note handler"
      And the handler of vector 14 runs "note page-fault"
      And the handler of vector 8 runs "note double-fault"
      When every interleaving is explored
      Then every run ends in shutdown

    Scenario: If no handler has a stack, the processor shuts down
      Given a processor that runs "nop; int 128; nop; note never"
      And the handler of vector 128 runs "note handler"
      And the handler of vector 14 runs "note page-fault"
      And the handler of vector 8 runs "note double-fault"
      And the stack of the handlers is not mapped
      When every interleaving is explored
      Then every run ends in shutdown
