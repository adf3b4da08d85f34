Feature: The report of a run that cannot end says which process waits for what, and which holds it
  The report of a deadlock says where each process is, what it waits for, which
  process holds or must provide that, and whether the processes wait in a cycle. A
  run that repeats the same state forever, although it gives every process its turn,
  is not a deadlock but a livelock. Its report names the processes in the loop.

  Rule: A deadlock report names the waiting processes and what they wait for

    Scenario Outline: The <engine> engine says which process of <program> holds what
      When "<program>" is explored by the "<engine>" engine
      Then it says "<first> waits for <wanted>, which <holder> holds"
      And it says ": a cycle of <length> (<circle>)"

      Examples:
        | program         | engine   | first                                     | wanted  | holder       | length | circle                                   |
        | ab-ba           | stateful | forward at "lock b" in both               | b       | backward     | 2      | forward, backward                        |
        | ab-ba           | optimal  | forward at "lock b" in both               | b       | backward     | 2      | forward, backward                        |
        | philosophers(3) | stateful | philosopher3 at "lock fork[0]" in philosopher | fork[0] | philosopher1 | 3      | philosopher1, philosopher2, philosopher3 |

    Scenario: The report says that the holder has ended
      When a thread ends without releasing a lock that another one wants
      Then nothing can continue after "keeper: 1"
      And it says "nothing can go on: visitor at "lock door" in visitor waits for door, which keeper, which has ended, holds"

    Scenario: The report says that the holder waits for itself
      When a thread takes a lock that it already holds
      Then it says "nested at "lock door" in twice waits for door, which it itself holds"
      And it says "late at "lock door" in twice waits for door, which nested holds"

    Scenario: The report names a wait that no particular process has to end
      When a thread waits for a value that is never written
      Then nothing can continue after "writer: 1"
      And it says "nothing can go on: waiter at "await flag = 2" in waiter waits for flag = 2, which is 1"

    Scenario: The report names a CPU that does not answer because it waits with interrupts off
      When the user types "paravirt-spec check vmi-lazy/smp --patches vmi-lazy@posted"
      Then it exits with 1
      And it prints "in spin_lock waits for smp.tlbstate_lock, which allocator holds; "
      And it prints "in flush_tlb_others waits for the answer of cpu0 (runs editor, interrupts off): a cycle of 2 (editor, allocator)"

  Rule: A loop is a livelock only if it is fair

    Scenario: Spinning forever is a livelock
      When a thread spins on a flag that is never set
      Then the same state repeats forever after "writer: 1, spinner: 1"
      And it says "although every process that stays ready gets its turn: spinner at "spin on flag" in spinner loops"

    Scenario: Spinning while another process could end the wait is not a livelock
      When a thread spins on a flag that another will set
      Then nothing is wrong with the program
      And the search was complete over the program

    Scenario: The report distinguishes processes in the loop from processes that wait
      When a thread spins under the lock that another one needs to let it go on
      Then the same state repeats forever after "spinner: 2"
      And it says "spinner at "spin on flag" in spinner loops; setter at "lock door" in setter waits for door, which spinner holds"

    Scenario: A loop in which each process moves when no other can is fair
      When two threads pass a turn back and forth forever
      Then the same state repeats forever after "first: 1, second: 1"
      And it says "first at "give away" in first loops"

  Rule: A replay says how the run ended

    Scenario Outline: A replay of "<schedule>" of <subject> says how it ended
      When the user types "paravirt-spec replay <subject> '<schedule>'"
      Then it exits with <status>
      And it prints '<words>'

      Examples:
        | subject | schedule                 | status | words                                                              |
        | ab-ba   | forward: 1               | 0      | nothing violated so far; what can come next: forward, backward     |
        | ab-ba   | forward: 4, backward: 4  | 0      | nothing violated, and all work is done                             |
        | ab-ba   | forward: 1, backward: 1  | 1      | deadlock: nothing can go on: forward at "lock b" in both waits     |

    Scenario: A replay ends in the deadlock that a search has shown
      When the user types "paravirt-spec replay vmi-lazy/smp 'allocator: 11, editor: 15' --patches vmi-lazy@posted"
      Then it exits with 1
      And it prints "deadlock: nothing can go on: editor at"

    Scenario: A choice that does not fit stops the replay, which says what was possible
      When the user types "paravirt-spec replay ab-ba 'forward: 2, sideways: 1'"
      Then it exits with 2
      And it complains in one line that 'the schedule does not fit at choice 3: it says "sideways"; legal: forward'
