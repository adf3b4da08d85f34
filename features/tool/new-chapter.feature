Feature: A chapter is begun with one command, and fails until it is decided
  `paravirt-spec new` writes what every chapter has (the catalogue entry, the
  claims, a kernel path, an invariant, a situation, the feature and its steps) and
  registers them. All of it runs at once, and fails because nothing is decided
  yet. What the author still has to write is marked, and the lint lists the marks.

  Rule: A new chapter runs, and nothing in it passes as decided

    Scenario: The scenarios before and after the patch both fail
      Given a chapter "late-wakeup" of thread 950, begun in a copy of this project
      When its feature is run
      Then both of its scenarios fail, saying "owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say"

    Scenario: The command line knows the new chapter
      Given a chapter "late-wakeup" of thread 950, begun in a copy of this project
      When "paravirt-spec check late-wakeup" is typed there
      Then it exits with 1
      And it prints "lateWakeupHolds: owed: nothing is decided yet"

    Scenario: The lint lists what is still missing, and nothing else
      Given a chapter "late-wakeup" of thread 950, begun in a copy of this project
      When the lint reads it
      Then what it finds about the chapter is only what is owed

    Scenario: The code linter has no objection to the new chapter
      Given a chapter "late-wakeup" of thread 950, begun in a copy of this project
      When the linter reads its files
      Then it finds nothing in 8 files

    Scenario Outline: In the scene <scene>, it fails with the patch and without
      When a chapter is begun in the scene "<scene>", and explored
      Then it fails with the patch and without, saying "<words>"
      And its features and paths say what is owed

      Examples:
        | scene     | words                                                                          |
        | smp       | reader reads at 0x8048000, which cpu1 still translates to the page; that page is free |
        | scheduler | owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say     |
        | xen       | owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say     |
        | boot      | owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say     |

    Scenario: Without a scene it is set on several processors
      When a chapter is begun without a scene, and explored
      Then it fails with the patch and without, saying "reader reads at 0x8048000, which cpu1 still translates to the page; that page is free"

    Scenario Outline: In a chapter that uses blocks of others, all hunks are those of its own patch (<asked>)
      When the hunks of "zap-dirty/munmap" are asked for as "<asked>"
      Then they are "<hunks>"

      Examples:
        | asked                    | hunks                                                               |
        | all                      | zap-dirty/flush-first, zap-dirty/rmap-after-flush                   |
        | all,+batched-flush/zap   | zap-dirty/flush-first, zap-dirty/rmap-after-flush, batched-flush/zap |

  Rule: A chapter that was begun elsewhere moves in by a change of its imports

    Scenario: A chapter written beside the package differs from one written inside it only in its imports, and uses no name that is taken
      When each scene's chapter is written inside and beside
      Then the two differ only in where they import from
      And no file of theirs is there already

  Rule: A chapter is written completely or not at all

    Scenario Outline: A mistake is reported in one line: <mistake>
      Given a project of another name
      When "<typed>" is typed there
      Then it exits with 2
      And it complains in one line that '<words>'
      And nothing has changed there

      Examples:
        | mistake                       | typed                                      | words |
        | A name of one word            | paravirt-spec new wakeup                   | "wakeup" is not a valid patch name; legal: |
        | A name with a path in it      | paravirt-spec new ../late-wakeup           | "../late-wakeup" is not a valid patch name |
        | A patch that already exists   | paravirt-spec new flush-tlb                | there is a patch "flush-tlb" already |
        | A thread that is not a number | paravirt-spec new late-wakeup --thread 7   | --thread "7" is not a thread number; legal: |
        | A thread that already exists  | paravirt-spec new late-wakeup --thread 002 | there is a thread 002 already; in use: 00 |
        | A scene that does not exist   | paravirt-spec new late-wakeup --scene smpp | no scene "smpp"; did you mean smp? legal: smp, scheduler, xen, boot |
        | A folder that does not exist  | paravirt-spec new late-wakeup --into gone  | there is no folder |

    Scenario: A file in the place of a folder is reported, and nothing is written
      Given a project of another name
      And it has a file "steps" with the text "no folder"
      When "paravirt-spec new late-wakeup --scene scheduler" is typed there
      Then it exits with 2
      And it complains in one line that "cannot write steps/late-wakeup.steps.ts: a file is in the place of a folder; nothing was changed"
      And nothing has changed there

    Scenario: A project that already runs Cucumber keeps its settings
      Given a project of another name
      And it has a file "cucumber.js" with the text "module.exports = { default: {} };"
      When "paravirt-spec new late-wakeup" is typed there
      Then it exits with 0
      And it complains that "cucumber.js is there already and is left alone"
      And its file "cucumber.js" still says "module.exports = { default: {} };"

    Scenario: A project with modules of the other kind is refused, and nothing is written
      Given a project of another name
      And it has a file "package.json" with the text '{ "type": "module" }'
      When "paravirt-spec new late-wakeup" is typed there
      Then it exits with 2
      And it complains in one line that "chapters are CommonJS"

    Scenario: A file of the chapter that already exists is reported, and nothing is written
      Given a project of another name
      And it has a file "steps/late-wakeup.steps.ts" with the text "// mine"
      When "paravirt-spec new late-wakeup --scene scheduler" is typed there
      Then it exits with 2
      And it complains in one line that "steps/late-wakeup.steps.ts exists; nothing was changed"
      And nothing has changed there

    Scenario Outline: If any write fails with <code>, everything is left as it was
      Given a project of another name
      When a chapter is begun there while each of its writes in turn fails with "<code>"
      Then each time it complains that "<words>", and nothing has changed

      Examples:
        | code   | words                        |
        | ENOSPC | no space left there          |
        | EACCES | no permission to write there |
