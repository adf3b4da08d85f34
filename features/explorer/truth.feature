Feature: Every engine says what a program means
  The engines share the store, the contexts and the meaning of an end with brute force, so a fault in
  what they share could not be seen by it. Random programs therefore have their meaning written
  down twice: as paths, and in an interpreter that has none of that and copies a plain object before
  each step. The programs have in them what situations have: processors that start, wake and abandon
  others, tables that are gone through, interrupts at rest, faults, loops, several invariants.

  Rule: Engines and interpreter agree in all that a verdict says
    Outcomes, violations by invariant and message, deadlocks with who waits, endless loops, whether
    everything was seen, and what the smallest run costs. `npm run soundness` makes the same
    comparison on as many programs as one likes, and says what they had in them.

    Scenario: On random programs
      When 150 random programs are explored by every engine and run by the plain interpreter
      Then each engine says of each program what it means
      And at most 2 % of the comparisons were passed over
      And each of 29 features was in some program

    Scenario Outline: A reduced search that <fault> is found out
      When up to 2000 random programs are explored by a reduced search that <fault>
      Then the comparison names a program on which it differs from what that means

      Examples:
        | fault                                |
        | forgets the order of observed writes |
        | forgets whom an event moves          |
        | has tables that forget their keys    |

  Rule: A search leaves nothing behind that decides what the next one says

    Scenario Outline: A second search of <what> sees what the first did
      When <what> is searched twice on one machine, the second time after every other engine
      Then both times as much is seen, and the same found

      Examples:
        | what                           |
        | 60 random programs             |
        | flush-tlb/classic with none    |
        | vmi-lazy/kmap with none        |
        | xen-pte-lock/pin with none     |
