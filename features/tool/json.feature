Feature: Output for other programs has a format and a version
  With `--json`, every command prints an object that names its format. machine/cli/json.schema.json
  describes all formats. The version changes if a field is removed or changes its meaning.

  Rule: The output of a command fits the schema

    Scenario Outline: <format>
      When the user types "paravirt-spec <typed> --json"
      Then what it prints is JSON in the format "<format>"

      Examples:
        | format     | typed                                                            |
        | check/2    | check switch-mm-barrier --patches none                           |
        | check/2    | check switch-mm-barrier                                          |
        | grid/2     | check skipped-flush --grid 'order=*'                             |
        | explore/2  | explore 'xenpin(2, 1)'                                           |
        | explore/2  | explore ab-ba --engine optimal                                   |
        | replay/1   | replay ab-ba 'forward: 1'                                        |
        | replay/1   | replay switch-mm-barrier ''                                      |
        | hunks/1    | hunks switch-mm-barrier                                          |
        | list/1     | list                                                             |
        | list-diffs/1 | list --patches-from steps/fixtures/diffs/take-1.diff             |
        | check-diff/2 | check --patches-from steps/fixtures/diffs/take-1.diff            |
        | neighbour-list/1 | neighbours skipped-flush --list                              |
        | neighbours/1 | neighbours skipped-flush --workers 1 --only 'barrier: not applied' |
        | sources/1  | sources --chapter 103                                            |
        | boots/1    | boots --kernel 2.6.28                                            |
        | fuzz-rules/1 | fuzz --rules --calls 1                                           |
        | conform/1  | conform tso steps/fixtures/no-such-file.jsonl                    |
        | fuzz/1     | fuzz --tables PAE --calls 50                                     |
        | fuzz/1     | fuzz --tables PAE --without pin-once --calls 20000               |

    Scenario: A shard and a merged result fit the schema
      When the user types each of these lines
        | explore 'xenpin(2, 1)' --shard 1/1 --out node_modules/.cache/shard-of-xenpin --json | shard/2   |
        | merge node_modules/.cache/shard-of-xenpin --json                                    | explore/2 |
      Then each prints JSON in the format beside it

    Scenario: A shard for which the disk has no room is printed instead
      When the user types "paravirt-spec explore 'xenpin(2, 1)' --shard 1/1 --out /dev/full"
      Then it exits with 3
      And it complains in one line that "the disk is full; the result is on standard output instead"
      And it prints '"complete":true'

  Rule: The schema rejects output that does not fit

    Scenario: A missing field is noticed
      When the user types "paravirt-spec check switch-mm-barrier --json"
      Then without its field "verdict" it fits no format
