// What a user sees while the suite runs at a terminal: the current scenario, how many are done,
// about how long the rest takes, and one line for each chapter when it is done. Without a
// terminal, nothing is shown.

import type { Plugin } from '@cucumber/cucumber/api';
import { type Envelope, getWorstTestStepResult, type TestStepResult, TestStepResultStatus } from '@cucumber/messages';
import { CLAIMS, PATCHES } from '../../machine/patches';
import { countVerdicts, ledgerOf, type Outcome } from '../../machine/patches/ledger';

const INTERVAL = 200;

interface Planned {
  readonly name: string;
  readonly tags: readonly string[];
  readonly chapter: string;
}

/** A chapter is a thread; what belongs to no thread counts as the tool. */
const chapterOf = (tags: readonly string[]): string => tags.find((tag) => tag.startsWith('@seed:'))?.slice('@seed:'.length) ?? 'the tool';

/** The lines of a run, made as its messages arrive. */
export class ProgressOfRun {
  private readonly planned = new Map<string, Planned>();
  private readonly cases = new Map<string, string>();
  private readonly attempts = new Map<string, { readonly pickle: string; readonly results: TestStepResult[] }>();
  private readonly outcomes = new Map<string, Outcome & { readonly chapter: string }>();

  /** @returns the line of a chapter that is done with this message, otherwise null */
  add(message: Envelope): string | null {
    const { pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished } = message;
    if (pickle) this.planned.set(pickle.id, { name: pickle.name, tags: pickle.tags.map(({ name }) => name), chapter: chapterOf(pickle.tags.map(({ name }) => name)) });
    if (testCase) this.cases.set(testCase.id, testCase.pickleId);
    if (testCaseStarted) this.attempts.set(testCaseStarted.id, { pickle: this.cases.get(testCaseStarted.testCaseId)!, results: [] });
    if (testStepFinished) this.attempts.get(testStepFinished.testCaseStartedId)?.results.push(testStepFinished.testStepResult);
    return testCaseFinished ? this.finish(testCaseFinished.testCaseStartedId) : null;
  }

  /** `312 of 950 scenarios, about 40 s left: With the patch …`. */
  line(seconds: number): string {
    const done = this.outcomes.size;
    const left = done === 0 ? '' : `, about ${Math.round((seconds / done) * (this.planned.size - done))} s left`;
    const now = [...this.attempts.values()].map(({ pickle }) => this.planned.get(pickle)?.name).at(-1);
    return `${done} of ${this.planned.size} scenarios${left}${now === undefined ? '' : `: ${now}`}`;
  }

  private finish(attempt: string): string | null {
    const { pickle, results } = this.attempts.get(attempt)!;
    this.attempts.delete(attempt);
    const { name, tags, chapter } = this.planned.get(pickle)!;
    this.outcomes.set(pickle, { scenario: name, tags, chapter, passed: getWorstTestStepResult(results).status === TestStepResultStatus.PASSED });
    const all = [...this.planned.values()].filter((each) => each.chapter === chapter).length;
    const own = [...this.outcomes.values()].filter((each) => each.chapter === chapter);
    return own.length < all ? null : this.chapterLine(chapter, own);
  }

  private chapterLine(chapter: string, own: readonly Outcome[]): string {
    const failed = own.filter(({ passed }) => !passed).length;
    const claims = CLAIMS.filter(({ id }) => id.startsWith(`${chapter}.`));
    const verdicts = countVerdicts(ledgerOf(CLAIMS, own).filter(({ claim }) => claims.includes(claim))).map(([verdict, count]) => `${count} ${verdict}`).join(', ');
    const title = PATCHES.find(({ thread }) => thread === chapter)?.title;
    return `${chapter}${title === undefined ? '' : ` ${title}`}: ${own.length - failed} passed, ${failed} failed${verdicts === '' ? '' : `; claims: ${verdicts}`}`;
  }
}

export const progress: Plugin = {
  type: 'plugin',
  coordinator: ({ on }) => {
    const terminal = process.stderr;
    if (!terminal.isTTY) return;
    const run = new ProgressOfRun();
    const began = performance.now();
    let shown = 0;
    on('message', (message) => {
      const done = run.add(message);
      if (done !== null) terminal.write(`\r\x1b[2K${done}\n`);
      const now = performance.now();
      if (now - shown < INTERVAL) return;
      shown = now;
      terminal.write(`\r\x1b[2K${run.line((now - began) / 1000).slice(0, Math.max(20, (terminal.columns ?? 80) - 1))}`);
    });
    process.on('exit', () => terminal.write('\r\x1b[2K'));
  },
};
