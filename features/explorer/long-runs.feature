Feature: A long search can be stopped, killed, resumed and distributed
  A search may take hours. If it is stopped, it reports what it has found so far
  and says that this is not complete. A search that is kept in a file resumes from
  there, even after its process was killed. Distributed over threads or machines,
  it reaches the same verdict.

  Rule: A search that is resumed from a file ends like one that was never interrupted

    Scenario: A search whose process was killed is resumed
      Given "xenpin(4, 3)" is explored and kept in a file
      When its process is killed once the file is there, and it is explored again from the file
      Then the verdict and all counts are those of an uninterrupted search

    Scenario: A search of the optimal engine whose process was killed is resumed
      Given "fib(5)" is explored by the optimal engine and kept in a file
      When its process is killed once the file is there, and it is explored again from the file
      Then the verdict and all counts are those of an uninterrupted search

    Scenario: A search that was asked to stop is resumed
      Given "xenpin(6, 4)" is explored and kept in a file
      When its process gets a SIGTERM once the file is there
      Then it ends by itself and says "UNDECIDED, nothing found so far; incomplete: stopped by SIGTERM"

    Scenario: The file of another search is refused
      Given the search of "xenpin(2, 1)" is kept in a file
      When "xenpin(2, 2)" is explored from that file
      Then the command is refused because the file "is a checkpoint of another search"

    Scenario: A search on several threads that is stopped at once shows nothing, and is not complete
      When "xenpin-unfixed(6, 4)" is explored on 2 threads, and stopped at once
      Then the report says that SIGTERM stopped it, and shows 0 findings

  Rule: Ctrl-C stops every engine at its next look for signals
    An engine looks for signals after every 1,000 events of its search, and then reports what it has found.

    Scenario Outline: Ctrl-C stops the <engine> engine, and what it has found is reported
      When "xenpin-unfixed(6, 4)" is explored by the <engine> engine, and Ctrl-C is pressed at the 10th look
      Then it ends by itself with exit code <code>, within 15000 events of its beginning
      And the report says that SIGINT stopped it, and shows <found> findings

      Examples:
        | engine   | code | found |
        | auto     | 1    | 6     |
        | stateful | 4    | 0     |
        | reduced  | 1    | 6     |
        | layered  | 1    | 1     |
        | optimal  | 4    | 0     |

  Rule: A search stays within its memory limit

    Scenario: With too little memory, a search stops and does not crash
      When "xenpin(6, 4)" is explored within 20 MB
      Then it ends by itself and says "incomplete: out of the memory allowed"

    Scenario: With too little memory, the optimal engine stops and does not crash
      When "lastzero(15)" is explored by the optimal engine within 64 MB
      Then it ends by itself and says "incomplete: out of the memory allowed"

  Rule: The verdict does not depend on how a search is distributed
    Findings, outcomes and the executions of the optimal engine are the same for
    any split. A state is counted in every part that reaches it.

    Scenario Outline: <program> gives the same verdict in <parts> parts
      When "<program>" is explored by the optimal engine in <parts> parts
      Then the parts together make <executions> executions
      And they find what the whole search finds

      Examples:
        | program              | parts | executions |
        | lastzero(7)          | 1     | 320        |
        | lastzero(7)          | 8     | 320        |
        | lastzero(7)          | 60    | 320        |
        | xenpin(3, 2)         | 30    | 216        |
        | fib(3)               | 40    | 1698       |
        | philosophers(4)      | 20    | 15         |

    Scenario: The stateful engine gives the same verdict in parts
      When "xenpin-unfixed(3, 2)" is explored by the stateful engine in 12 parts
      Then they find what the whole search finds

    Scenario: Two threads give the same verdict
      When "xenpin-unfixed(2, 1)" is explored on 2 threads
      Then the command finds "assertion: a write to page 0 faults: it is read-only and not pinned"

    Scenario: Merging decides nothing if a shard is missing
      Given "lastzero(5)" is distributed over 3 shards
      When shards 1 and 3 are merged
      Then the merged verdict is "UNDECIDED, nothing found so far; incomplete: not everything was seen"

    Scenario: Merging all shards gives the verdict of the whole
      Given "lastzero(5)" is distributed over 3 shards
      When shards 1, 2 and 3 are merged
      Then the merged verdict is "HOLDS; everything was seen"

    Scenario: Merging is refused if a shard belongs to another search
      Given "lastzero(5)" is distributed over 3 shards
      And one of them is of "lastzero(4)"
      When shards 1, 2 and 3 are merged
      Then merging is refused because a shard "belongs to another search"

    Scenario: The worked example gives the same verdict in 3 processes
      When the example's script distributes "xenpin(3, 2)" over 3 processes
      Then the merged verdict is "HOLDS; everything was seen"
      And the merged search made 216 executions, as its README says
