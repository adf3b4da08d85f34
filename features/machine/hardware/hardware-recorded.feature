@recorded
Feature: The processors do what was recorded of them
  Recordings of real processors show what an access does (hardware-recordings.feature). They do not show what the model keeps between accesses, or how
  it delivers interrupts. Here, random accesses go through random tables in every paging mode, with changes of tables and control registers in between, and
  random programs run with interrupts, waiting stores and whatever a processor may do on its own. Each is recorded as counts and a digest of
  all that changes (steps/recorded/README.md).

  Rule: Each access, change of a register and instruction has the recorded effect

    Scenario Outline: Processors, <part>
      When the recorded processors of "<part>" are computed again
      Then they are as recorded

      Examples:
        | part                               |
        | two levels                         |
        | PAE                                |
        | four levels                        |
        | four levels with PCIDs             |
        | four levels with every freedom     |
        | two levels with every freedom      |
        | programs plain                     |
        | programs with APICs                |
        | programs with paging               |
        | programs with long mode and PCIDs  |
        | programs with every freedom        |
        | programs without a stack           |
        | programs with a bad table of gates |

    Scenario: No mode is left out
      Then there are recorded processors for each part, and for nothing else

    Scenario: One operation more is noticed
      When the recorded processors of "PAE" are computed again, and "portion 1" has one more in its first number
      Then one difference is found, in "portion 1"
