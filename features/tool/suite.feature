Feature: The suite cannot pass by accident
  Cucumber reports success even if nothing was run, if a step skipped the rest, or if a second attempt succeeded after the
  first had failed. Such a verdict is worth nothing, so each of these cases fails here, and scenarios show that it does.

  Rule: A run that shows nothing fails

    Scenario: A run fails if no scenario carries the tag
      When the suite is run with the tag "@no-such-tag"
      Then the command fails, saying "No scenario was run"

    Scenario: A run fails if a step skips its scenario
      When the sample suite "undecided" is run
      Then the command fails, saying "this scenario was skipped"
      And the last line is "0 passed, 2 failed"

    Scenario: A run fails if a scenario has no steps
      When the sample suite "undecided" is run
      Then the command fails, saying "A scenario has no steps (1x)"

    Scenario: A run fails if a scenario gets a second attempt
      When the sample suite "outcomes" is run with one retry
      Then the command fails, saying "A scenario was retried"

    Scenario: A run ends with the count of its scenarios
      When the sample suite "outcomes" is run
      Then the command fails, saying "16 scenarios"
      And the last line is "4 passed, 12 failed"

    Scenario: What failed in a run is named before the count
      Given the sample suite "outcomes" is run
      When its messages are counted
      Then the command fails, saying "FAILED: steps/fixtures/outcomes/"
      And the command fails, saying "FAILED: 2 more"
      And the last line is "4 passed, 12 failed"

  Rule: A scenario says one thing, in steps that are defined once and used

    Scenario: The lint accepts a feature that follows the rules
      When the lint reads the sample suite "faultless"
      Then the command succeeds
      And the last line is "1 features, 3 steps: 0 findings"

    Scenario Outline: The lint reports a mistake: <mistake>
      When the lint reads the sample suite "mistakes"
      Then the command fails, saying '<complaint>'

      Examples: Names
        | mistake                        | complaint                                                   |
        | Two scenarios share a name     | names.feature:11: another scenario is named "The same name" |
        | A scenario has no name         | names.feature:6: a scenario has no name                     |
        | A name leans on the one before | names.feature:14: "Nor when it leans" cannot be read alone  |
        | A phrase makes readers stop    | names.feature:17: "nobody" makes readers stop               |

      Examples: Shapes
        | mistake                         | complaint                                                           |
        | A scenario has two When-steps   | shape.feature:3: "Two things are done" has 2 When-steps             |
        | Nothing follows the name        | shape.feature:7: "Nothing is said" has no steps                     |
        | A scenario is too long          | shape.feature:9: "Too much is said" has 8 steps                     |

      Examples: Steps
        | mistake                         | complaint                                                           |
        | A step is undefined             | steps.feature:4: no step is defined for "a step that nobody wrote"  |
        | A step is defined twice         | steps.feature:7: "a step that matches twice" is ambiguous           |
        | A step is not used              | mistakes.steps.ts:13: no scenario uses the step                     |
        | A step does nothing             | mistakes.steps.ts:10: the step "a step that does nothing" does      |
        | A step would wait for a call    | mistakes.steps.ts:9: "a step with a forgotten table" declares 1     |

      Examples: Paths
        | mistake                        | complaint                                                           |
        | A path stands nowhere in the C | paths.ts:6: the path from_nowhere says neither where it stands      |
        | A path names no lines          | paths.ts:11: the path without_lines names kernel/sched.c without    |
        | A phrase in a comment          | paths.ts:5: "Nobody" makes readers stop                             |
        | An instruction stores twice    | paths.ts:21: the instruction half_done stores to cpu.memory.write32 |

      Examples: Tags
        | mistake                         | complaint                                                           |
        | A tag is not on the list        | tags.feature:3: unknown tag @wip                                    |
        | A scenario is before and after  | tags.feature:8: "Contradictory" is tagged both @before and @after   |
        | A claim is of another thread    | tags.feature:12: "The claim of another thread" has @claim:002.1     |

    Scenario: The lint reports a feature that cannot be parsed
      When the lint reads the sample suite "unreadable"
      Then the command fails, saying "unreadable.feature:5"

    Scenario: The lint refuses a folder without features
      When the lint reads the sample suite "nowhere"
      Then the command fails, saying "No feature was found"

  Rule: Each part of the machine imports only the parts below it

    Scenario Outline: <file> must not import <import>
      When the linter reads "import { it } from '<import>'; export default it;" in "<file>"
      Then the command fails, saying "<part> must not import"

      Examples:
        | file                         | import                | part                |
        | machine/state/store.ts       | ../path               | machine/state       |
        | machine/path.ts              | node:fs               | machine/path        |
        | machine/explorer/explore.ts  | ../kernel/kernel      | machine/explorer    |
        | machine/hardware/tlb.ts      | ../kernel/kernel      | machine/hardware    |
        | machine/hypervisors/xen.ts   | ../kernel/kernel      | machine/hypervisors |
        | machine/kernel/tlbflush.ts   | ../hypervisors/xen    | machine/kernel      |
        | machine/kernel/tlbflush.ts   | ../patches/types      | machine/kernel      |
        | machine/patches/flush-tlb.ts | ../kernel/tlbflush    | machine/patches     |
        | machine/invariants/stale.ts  | ../situations/flush   | machine/invariants  |
        | machine/situations/flush.ts  | ../../steps/run/tally | machine/situations  |
        | machine/situations/flush.ts  | chai                  | machine/situations  |
        | machine/cli/main.ts          | @cucumber/cucumber    | machine/cli         |
        | reports/page.ts              | ../steps/run/tally    | reports             |

    Scenario: The kernel may import the type of a hunk
      When the linter reads "import type { HunkId } from '../patches/types'; export type It = HunkId;" in "machine/kernel/tlbflush.ts"
      Then the command succeeds

    Scenario: A file that belongs to no part is reported
      When the linter reads "export const it = 1;" in "machine/oddments.ts"
      Then the command fails, saying "machine/oddments.ts belongs to no part"

    Scenario Outline: The machine has no <what>
      When the linter reads "<code>" in "machine/kernel/tlbflush.ts"
      Then the command fails, saying "<complaint>"

      Examples:
        | what          | code                                   | complaint                    |
        | environment   | export const it = process.env;         | no Node, no time             |
        | clock         | export const it = () => new Date();    | no Node, no time             |
        | randomness    | export const it = () => Math.random(); | The machine is deterministic |
        | mutable state | export let it = 1;                     | No mutable state of a module |
