Feature: The package works where it is installed, beside chapters of other projects
  The output of `npm pack` is unpacked into an empty project, together with only
  the packages that it depends on. A project that installs it can explore what is
  in it, and keep its own features and patches in the same layout.

  Rule: The package contains everything that it needs, and nothing else

    Scenario: The package contains code and documentation, but no output of a run
      When the package is packed
      Then it has each of "machine/cli/bin.js, features/patches/002/002-flush-tlb.feature, steps/support/world.ts, reports/review/review.ts, CONTRIBUTING.md, README.md, LICENSE"
      And nothing in it is below "reports/out, tmp, node_modules, .git"

    Scenario: The installed command explores the package's own chapters
      When "paravirt-spec check flush-tlb/after-boot" is typed in a project that has it installed
      Then it exits with 0
      And it prints "HOLDS in every interleaving"

    Scenario: The package's own features run in the project that installs it
      When Cucumber runs "features/machine/hardware/hardware-start-up.feature" in the installed package itself
      Then the command succeeds

    Scenario: Compiled code that is copied with the package reports its own place
      When a mistake is made here and then in the installed package, with the same folder of kept code
      Then the trace of each names its own file

    Scenario: Compiled code is deleted when there is too much of it, starting with the least recently used
      Given a folder of kept code whose files were used in the order "older, old, new, newest, read lately"
      When at most 4 files may be kept there
      Then "newest, read lately" are left

  Rule: A project that installs the package can have its own chapters

    Scenario: A chapter that is begun in the project fails at first
      Given a project that has the package installed and has begun a chapter "late-wakeup"
      When Cucumber runs "features/patches/950/950-late-wakeup.feature" there
      Then the command fails, saying "owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say"

    Scenario: The command knows the chapters of the project and those of the package
      Given a project that has the package installed and has begun a chapter "late-wakeup"
      When "paravirt-spec list" is typed in a project that has it installed
      Then it exits with 0
      And it prints "late-wakeup/first"
      And it prints "flush-tlb/classic"

    Scenario: The commands that read a chapter read the one in the current folder
      Given a project that has the package installed and has begun a chapter "late-wakeup" in the scene "smp"
      When these lines are typed there
        | line                                               | exits with | prints                                                      |
        | lint                                               | 1          | owed: what the patch adds                                   |
        | sources                                            | 1          | lateWakeup                                                  |
        | neighbours late-wakeup --list                      | 0          | late-wakeup.ts, lateWakeup(): owed                          |
        | explore late-wakeup --workers 2                    | 1          | reader reads at 0x8048000                                   |
        | check late-wakeup --grid order=*,patches=none\|all | 1          | TSO    fails: freedPageUnreached  fails: freedPageUnreached |
      Then each does so
      And nothing of the installed package has changed

    Scenario Outline: A chapter that cannot be loaded is named in one line: <mistake>
      Given a project that has the package installed, whose "<file>" says "<text>"
      When "paravirt-spec list" is typed in that project
      Then it exits with 2
      And it complains in one line that '<words>'

      Examples:
        | mistake                     | file                     | text | words |
        | text that is not TypeScript | machine/patches/index.ts | export const PATCHES = ; | machine/patches/index.ts:1:24: Unexpected ";" |
        | a file that is missing      | machine/patches/index.ts | export { PATCHES } from './late-wakup'; | , which is not there |
        | a missing list              | machine/patches/index.ts | export const PATCHES = []; | machine/patches/index.ts exports no list CLAIMS |
        | a misspelt import           | machine/patches/index.ts | export const PATCHES = [undefined]; | number 1 in the list PATCHES is undefined; look at its import |
        | a name that is taken        | machine/patches/index.ts | export const PATCHES = [{ id: 'flush-tlb', thread: '901' }], CLAIMS = []; | there is a patch "flush-tlb" in paravirt-spec and in machine/patches |
        | a fault when it loads       | machine/patches/index.ts | export const PATCHES = [patch]; | machine/patches/index.ts:1:25: patch is not defined |

    Scenario: A review is about the chapters of the folder, and is written there
      Given a project that has the package installed and has begun a chapter "late-wakeup" in the scene "smp"
      When "paravirt-spec review" is typed in that project
      Then the command fails, saying "1 claim: 1 undecided"
      And its report covers "late-wakeup/first" and not "thread-002"
      And its report explores "late-wakeup/first" and shows the lines of "machine/kernel/late-wakeup/late-wakeup.ts"
      And nothing of the installed package has changed

    Scenario: A decided chapter works in the project as it does here
      The chapter on CVE-2016-2069 is moved into the project under another name, with
      its imports from the package. Its features pass there with their own steps.

      Given a project that has the package installed, with thread 100 of this one as its own thread 900
      When Cucumber runs "features/patches/900/900-conditions.feature" there
      Then the command succeeds

  Rule: A job on each push runs the chapters of a repository

    Scenario Outline: The job for <host> runs what works in the folder, and keeps what that has written
      Given a project that has the package installed and has begun a chapter "late-wakeup" in the scene "smp"
      When the job "<file>" is run there
      Then "npx paravirt-spec review" fails, saying "1 claim: 1 undecided"
      And "npx paravirt-spec lint" fails, saying "owed: what the patch adds"
      And each file that the job keeps is there
      And its summary is in Markdown

      Examples:
        | host   | file                                 |
        | GitHub | reports/examples/github/chapter.yml  |
        | GitLab | reports/examples/gitlab/chapter.yml  |
