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
        | conform/1  | conform tso steps/fixtures/no-such-file.jsonl                    |
        | fuzz/1     | fuzz --tables PAE --calls 50                                     |
        | fuzz/1     | fuzz --tables PAE --without pin-once --calls 20000               |

  Rule: The schema rejects output that does not fit

    Scenario: A missing field is noticed
      When the user types "paravirt-spec check switch-mm-barrier --json"
      Then without its field "verdict" it fits no format
