Feature: What a command prints is the same every time, word for word
  Each transcript in steps/fixtures/transcripts is a list of commands, each with everything that it prints and its exit code. Only seconds, lists of all names, and numbers of random runs may differ.
  If output is changed on purpose, `node -r ts-node/register/transpile-only steps/tool/words/transcribe.ts <name>` writes a transcript again; read the difference.

  Rule: Each command prints exactly what is recorded

    Scenario Outline: The transcript <name> is printed again: <about>
      When the lines of the transcript "<name>" are typed
      Then each prints the text below it, word for word, and exits with the code below it

      Examples:
        | name       | about                                                                  |
        | check      | verdicts that hold, fail and are undecided, with the bounds that apply  |
        | grid       | tables of verdicts                                                     |
        | explore    | every engine on one small program, and what bounds a search            |
        | shards     | a search in several parts, merged, and parts that do not fit together  |
        | replay     | runs step by step, and how each ends                                   |
        | hunks      | which hunk is needed, and which of them a diff has                     |
        | list       | the names of a chapter, and of the hunks in a diff                     |
        | diffs      | diffs that are recognised, refused and explored                         |
        | conform    | litmus tests that agree and differ, and files that are no recordings   |
        | boots      | a kernel in every configuration                                        |
        | fuzz       | scripts of hostile guests that are replayed                            |
