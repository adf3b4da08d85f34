@seed:004
Feature: Hypercalls are queued on each CPU and issued in batches
  A guest saves transitions to Xen by queueing calls. A queue has 32 slots, 64 words for
  arguments, and room for 32 callbacks. If there is no room for a new call, the queued
  ones are issued first, whatever the caller is doing. So a batch that the pinning code
  is still filling may be issued before it is complete.

  Rule: If a new call does not fit, the queued calls are issued first

    Scenario Outline: Of <count> <calls>, <made> are issued and <waiting> wait
      When a CPU queues <count> "<calls>"
      Then <made> calls have been made, in batches of at most <batch>
      And <waiting> wait

      Examples: 32 slots; two words for each operation fill the arguments at the same time
        | count | calls      | made | batch | waiting |
        | 32    | mappings   | 0    | 0     | 32      |
        | 33    | mappings   | 32   | 32    | 1       |
        | 32    | operations | 0    | 0     | 32      |
        | 33    | operations | 32   | 32    | 1       |

      Examples: with four words for each, the room for arguments runs out first
        | count | calls            | made | batch | waiting |
        | 16    | large operations | 0    | 0     | 16      |
        | 17    | large operations | 16   | 16    | 1       |

    Scenario: If a new callback does not fit, the queued ones run first, even if no call is queued
      When a CPU queues 33 "callbacks"
      Then 32 callbacks have run, and 1 waits

  Rule: In lazy mode, calls stay queued until the mode ends

    Scenario: In lazy CPU mode, a call stays in the queue
      When a CPU queues "one in lazy mode"
      Then 0 calls have been made, in batches of at most 0
      And 1 waits

    Scenario: When lazy CPU mode ends, the queued call is issued
      When a CPU queues "one in lazy mode, which ends"
      Then 1 call has been made, in batches of at most 1
      And 0 wait

  Rule: A refused call stops neither the rest of its batch nor the callbacks

    Scenario: After a refused call, the batch is completed and then the kernel hits a BUG
      When a CPU queues "one that Xen refuses, between two others"
      Then 3 calls have been made, in batches of at most 3
      And 1 callback has run, and 0 wait
      And the kernel then prints "1 multicall(s) failed: cpu 0; call 2/3: op=26 result=-22; kernel BUG at arch/x86/xen/multicalls.c!"
