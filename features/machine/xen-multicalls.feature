@seed:004
Feature: Hypercalls wait in a queue of each CPU and are made together
  A guest saves entries into Xen by queueing calls. A queue has 32 slots, 64 words for
  arguments, and room for 32 callbacks. Whoever needs room that is not there makes what
  waits first, in the middle of whatever it is doing: that is where the pinning code can
  find a batch gone that it is still filling.

  Rule: What does not fit any more makes what waits

    Scenario Outline: <count> <calls> make <made> of them, and <waiting> wait
      When a CPU queues <count> "<calls>"
      Then <made> calls have been made, in batches of at most <batch>
      And <waiting> wait

      Examples: 32 slots; two words for each operation fill the arguments at the same time
        | count | calls      | made | batch | waiting |
        | 32    | mappings   | 0    | 0     | 32      |
        | 33    | mappings   | 32   | 32    | 1       |
        | 32    | operations | 0    | 0     | 32      |
        | 33    | operations | 32   | 32    | 1       |

      Examples: arguments of four words run out first
        | count | calls            | made | batch | waiting |
        | 16    | large operations | 0    | 0     | 16      |
        | 17    | large operations | 16   | 16    | 1       |

    Scenario: A callback that finds no room runs those that wait, even if no call does
      When a CPU queues 33 "callbacks"
      Then 32 callbacks have run, and 1 waits

  Rule: A lazy mode keeps calls until it ends

    Scenario: In lazy CPU mode a call is left in the queue
      When a CPU queues "one in lazy mode"
      Then 0 calls have been made, in batches of at most 0
      And 1 waits

    Scenario: A call that waits in lazy CPU mode is made when the mode ends
      When a CPU queues "one in lazy mode, which ends"
      Then 1 call has been made, in batches of at most 1
      And 0 wait

  Rule: A refused call stops neither the rest of its batch nor the callbacks

    Scenario: The kernel dies of it, after all that
      When a CPU queues "one that Xen refuses, between two others"
      Then 3 calls have been made, in batches of at most 3
      And 1 callback has run, and 0 wait
      And the kernel then prints "1 multicall(s) failed: cpu 0; call 2/3: op=26 result=-22; kernel BUG at arch/x86/xen/multicalls.c!"
