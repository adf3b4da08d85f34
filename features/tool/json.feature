Feature: What other programs read has a format with a version
  `--json` of every command prints an object that names its format, and machine/cli/json.schema.json
  describes all of them. A version changes when a field goes away or means something else.

  Rule: What a command prints fits the schema

    Scenario Outline: <format>
      When the user types "paravirt-spec <typed> --json"
      Then what it prints is JSON in the format "<format>"

      Examples:
        | format     | typed                                                            |
        | check/1    | check switch-mm-barrier --patches none                           |
        | check/1    | check switch-mm-barrier                                          |
        | grid/1     | check skipped-flush --grid 'order=*'                             |
        | explore/1  | explore 'xenpin(2, 1)'                                           |
        | explore/1  | explore ab-ba --engine optimal                                   |
        | replay/1   | replay ab-ba 'forward: 1'                                        |
        | replay/1   | replay switch-mm-barrier ''                                      |
        | hunks/1    | hunks switch-mm-barrier                                          |
        | list/1     | list                                                             |
        | conform/1  | conform tso steps/fixtures/no-such-file.jsonl                    |

  Rule: The schema is no formality

    Scenario: A field that is missing is noticed
      When the user types "paravirt-spec check switch-mm-barrier --json"
      Then without its field "verdict" it fits no format
