Feature: Shards that hand states over explore each state once
  A search on several machines can be split in two ways. Parts (`--shard` with `--out`) need no common folder, but a state that
  several parts reach is explored in each. With `--exchange`, every state belongs to one shard: the others leave a note in a folder
  that says how to get there, and the shard continues from there in its next round.

  Rule: The answer is that of one search, and so is the number of states

    Scenario Outline: <subject> on <count> shards
      When "<subject>" is explored by <count> shards that hand states over
      Then merging their folder prints what one search prints
      And the shards have explored as many states as it has

      Examples:
        | subject                     | count |
        | xenpin-unfixed(3, 2)        | 2     |
        | flush-smp-unfixed(2, 2, 3)  | 3     |
        | xenpin(3, 2)                | 4     |
        | ab-ba                       | 2     |
        | philosophers(4)             | 3     |
        | litmus SB under TSO         | 2     |
        | skipped-flush               | 2     |

  Rule: A shard does a round only when all shards have done the one before

    Scenario: A shard that is ahead waits for the others
      Given shard 1 of 2 has done a round of "xenpin(2, 1)"
      When shard 1 of 2 is called again
      Then the call says "round 1 is done; waiting for shard-2-of-2-round-1"
      And the call exits with code 4

    Scenario: When no states are left, the shards say so
      When "xenpin(2, 1)" is explored by 2 shards that hand states over
      And shard 2 of 2 is called again
      Then the call says "nothing is left to explore after round"
      And the call exits with code 0

    Scenario: Merging before the end gives no verdict
      Given shard 1 of 2 has done a round of "xenpin(2, 1)"
      When the folder is merged
      Then the call says "missing: shard-2-of-2-round-1"
      And the call says "UNDECIDED, nothing found so far; incomplete: not everything was seen"
      And the call exits with code 4

    Scenario Outline: What a shard says as JSON when it is <became> fits the schema
      Given shard 1 of <count> has done a round of "xenpin(2, 1)"
      When shard 1 of <count> is called again, for JSON
      Then the JSON says "<became>", in the format of a round

      Examples:
        | count | became   |
        | 1     | finished |
        | 2     | waiting  |

    Scenario: A round that is stopped leaves nothing behind
      When the first round of shard 1 of 1 of "xenpin(3, 2)" is stopped
      Then the folder of the shards is empty
      And the same round, done again, explores 1437 states

  Rule: What does not fit together is refused

    Scenario: The folder of another search is refused
      Given shard 1 of 2 has done a round of "xenpin(2, 1)"
      When shard 1 of 2 is called for "xenpin(2, 2)"
      Then the call is refused with "is a round of a shard of another search"

    Scenario: A search with a bound is refused
      When shard 1 of 2 of "xenpin(2, 1)" is called for runs with at most 1 interrupt
      Then the call is refused with "the search has a bound on interrupts"

    Scenario: Until every shard has done its part, a state from which no end is known is not claimed to be a deadlock
      When shard 2 of 2 of "litmus SB+mfence under TSO" has done its first round
      Then its round alone has 2 states in which no process can go on by itself, and claims no deadlock

    Scenario: A state that two shards take for their own is noticed
      When two shards that disagree about who owns a state of "xenpin(2, 1)" have done their rounds
      Then putting them together fails with "has explored a state that shard 1 has explored too"
