// What a waiting user sees, what a command reports when it is asked to stop, and runs that
// are kept apart and compared.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { runCommandLine } from '../../machine/cli/main';
import { neighboursOf, subjectOf } from '../../machine/cli/neighbours/enumerate';
import { judge, type Judgement } from '../../machine/cli/neighbours/judge';
import { readKernelSource } from '../../machine/cli/neighbours/kernel-source';
import { recordedOf } from '../../machine/cli/neighbours/recorded';
import type * as Program from '../../machine/cli/program';
import { PATCHES } from '../../machine/patches';
import { patchNamed } from '../../machine/patches/selection';
import { check, type Evidence } from '../../machine/situations/check';
import { reportOf } from '../../reports/chapters';
import type { RunFeature, RunScenario } from '../../reports/messages';
import { takeLock } from '../../reports/review/lock';
import { changesSince, keptRunOf, type KeptRun } from '../../reports/review/verdicts';
import { ProgressOfRun } from '../run/progress';
import type { MachineWorld } from '../support/world';

interface WaitingWorld extends MachineWorld {
  shown: string[];
  told: { readonly line: string; readonly chapter: string | null }[];
  lockedFolder: string;
  release: (() => void) | Error;
  earlier: KeptRun;
  changes: string[];
  judgement: Judgement;
}

When(/^the user types "([^"]*)" and asks it to stop (?:at once|at the (\d+)(?:st|nd|rd|th) look)$/, async function (this: WaitingWorld, line: string, look: string | null) {
  this.shown = [];
  let looks = 0;
  let [stdout, stderr] = ['', ''];
  const status = await runCommandLine(line.split(' ').slice(1), {
    stdout: (text) => { stdout += text; },
    stderr: (text) => { stderr += text; },
    attend: { show: (text) => { this.shown.push(text); }, stopped: () => (++looks >= Number(look ?? 0) ? 'SIGTERM' : null) },
  });
  this.command = { line, status, stdout, stderr };
});

When('the neighbours of {string} are judged, and the signal comes with the first answer', async function (this: WaitingWorld, patch: string) {
  const subject = subjectOf(patchNamed(PATCHES, patch), null);
  const neighbours = neighboursOf(readKernelSource(), subject);
  let answered = 0;
  const { trials = [] } = recordedOf(patch) ?? {};
  this.judgement = await judge(subject, neighbours, { workers: 1, order: trials, areBuilt: true, keep: () => { answered++; }, isStopped: () => answered > 0 });
});

Then('that answer alone is given', function (this: WaitingWorld) {
  expect(this.judgement.judged).to.have.length(1);
});

Then('before that it showed a line with {string}', function (this: WaitingWorld, words: string) {
  expect(this.shown.join('\n')).to.contain(words);
});

/** Runs the program in this process; gives its output and its exit code. The callbacks are called when it has begun, and when it has shown its first line. */
async function programRuns(line: string, isTerminal: boolean, atOnce: () => void, atFirstLine: () => void = () => undefined, thread?: string): Promise<{ line: string; status: number; stdout: string; stderr: string }> {
  const { main } = module.require('../../machine/cli/program') as typeof Program;
  const { argv, exitCode } = process;
  const kept = ([process.stdout, process.stderr] as const).map(({ write, isTTY }) => ({ write, isTTY }));
  const errors = process.stdout.listeners('error');
  const texts = { stdout: '', stderr: '' };
  try {
    process.argv = [argv[0]!, 'paravirt-spec', ...line.split(' ').slice(1)];
    for (const name of ['stdout', 'stderr'] as const) process[name].write = (text: unknown) => {
      const isFirst = name === 'stderr' && texts.stderr === '';
      texts[name] += String(text);
      if (isFirst) atFirstLine();
      return true;
    };
    process.stderr.isTTY = isTerminal;
    const ended = main(thread);
    atOnce();
    await ended;
    return { line, status: Number(process.exitCode), ...texts };
  } finally {
    Object.assign(process, { argv, exitCode });
    ([process.stdout, process.stderr] as const).forEach((stream, i) => Object.assign(stream, kept[i]));
    for (const listener of process.stdout.listeners('error')) if (!errors.includes(listener)) process.stdout.off('error', listener as () => void);
  }
}

/** Calls the listeners of `signal` that were not there before. */
function signalled(signal: 'SIGINT' | 'SIGTERM', before: readonly unknown[]): void {
  for (const listener of process.listeners(signal)) if (!before.includes(listener)) (listener as (name: string) => void)(signal);
}

When('the program runs {string}', async function (this: WaitingWorld, line: string) {
  this.command = await programRuns(line, false, () => undefined);
});

When(/^the program runs "(.*)" with a thread that (.*)$/, async function (this: WaitingWorld, line: string, event: string) {
  this.command = await programRuns(line, false, () => undefined, undefined, join(__dirname, '..', 'fixtures', 'threads', `${event.replaceAll(' ', '-')}.js`));
});

When('the program runs {string} at a terminal and gets {word} once it shows how far it is', async function (this: WaitingWorld, line: string, signal: 'SIGINT' | 'SIGTERM') {
  const before = process.listeners(signal);
  this.command = await programRuns(line, true, () => undefined, () => signalled(signal, before));
});

When('the output of {string} cannot be written: {word}', async function (this: WaitingWorld, line: string, code: string) {
  const before = process.stdout.listeners('error');
  this.command = await programRuns(line, false, () => {
    const [listener] = process.stdout.listeners('error').filter((one) => !before.includes(one)) as ((error: Error) => void)[];
    listener!(Object.assign(new Error('the pipe is broken'), { code }));
  });
});

When('what {string} complains about cannot be written', async function (this: WaitingWorld, line: string) {
  const before = process.stderr.listeners('error');
  this.command = await programRuns(line, false, () => {
    const [listener] = process.stderr.listeners('error').filter((one) => !before.includes(one)) as ((error: Error) => void)[];
    expect(listener, 'without a listener, such an error ends the process').not.to.equal(undefined);
    listener!(Object.assign(new Error('the pipe is broken'), { code: 'EPIPE' }));
  });
});

Then('on the terminal it showed a line with {string}, and took it away', function (this: WaitingWorld, words: string) {
  const shown = this.command.stderr.split('\r\x1b[2K');
  expect(shown.slice(1).join('|')).to.contain(words);
  expect(shown.at(-1)).to.match(/^(paravirt-spec: .*\n)?$/);
});

When('a run of two scenarios about the claim {string} is followed', function (this: WaitingWorld, claim: string) {
  const run = new ProgressOfRun();
  const add = (message: object): string | null => run.add(message as Envelope);
  const tags = ['@seed:002', `@claim:${claim}`].map((name) => ({ name, astNodeId: '' }));
  for (const id of ['a', 'b']) add({ pickle: { id, name: `scenario ${id}`, tags } });
  this.told = ['a', 'b'].map((id) => {
    add({ testCase: { id: `case ${id}`, pickleId: id, testSteps: [] } });
    add({ testCaseStarted: { id: `start ${id}`, testCaseId: `case ${id}` } });
    add({ testStepFinished: { testCaseStartedId: `start ${id}`, testStepResult: { status: TestStepResultStatus.PASSED, duration: { seconds: 0, nanos: 0 } } } });
    const chapter = add({ testCaseFinished: { testCaseStartedId: `start ${id}`, willBeRetried: false } });
    return { line: run.line(1), chapter };
  });
});

Then('after the first it shows {string}', function (this: WaitingWorld, words: string) {
  expect(this.told[0]!.line).to.contain(words);
  expect(this.told[0]!.chapter).to.equal(null);
});

Then('after the second it says {string}', function (this: WaitingWorld, words: string) {
  expect(this.told[1]!.chapter).to.contain(words);
});

Given('a folder in which this process holds the lock', function (this: WaitingWorld) {
  this.lockedFolder = mkdtempSync(join(tmpdir(), 'paravirt-spec-'));
  takeLock(this.lockedFolder);
});

Given('a folder with the lock of a dead process', function (this: WaitingWorld) {
  this.lockedFolder = mkdtempSync(join(tmpdir(), 'paravirt-spec-'));
  writeFileSync(join(this.lockedFolder, '.lock'), '999999999');
});

When('the lock is asked for', function (this: WaitingWorld) {
  try {
    this.release = takeLock(this.lockedFolder);
  } catch (error) {
    this.release = error as Error;
  }
});

Then('it is refused because {string}', function (this: WaitingWorld, words: string) {
  expect(this.release).to.be.instanceOf(Error);
  expect((this.release as Error).message).to.contain(words);
});

Then('it is given', function (this: WaitingWorld) {
  expect(this.release).to.be.a('function');
});

const searched = new Map<string, Evidence>();

/** A run of one scenario about claim 100.1, with one search. */
function runWith(patches: string, tag: string): KeptRun {
  const evidence = searched.get(patches) ?? check({ situation: 'switch-mm-barrier', patches });
  searched.set(patches, evidence);
  const scenario: RunScenario = { id: 'a', name: 'a', prose: '', place: 'a:1', tags: [tag], steps: [], status: 'PASSED', evidence: [{ ...evidence, hunks: [] }], pictures: [] };
  const feature: RunFeature = { id: 'a', uri: 'a', name: 'a', prose: '', tags: [], rules: [{ name: '', prose: '', scenarios: [scenario], leftOut: [] }] };
  return keptRunOf(reportOf([feature]));
}

Given('a run of {string} without the patch, kept as the earlier one', function (this: WaitingWorld, _patch: string) {
  this.earlier = runWith('none', '@claim:100.1');
});

When('it is compared with a run in which the same search holds', function (this: WaitingWorld) {
  this.changes = changesSince(this.earlier, runWith('all', '@i386'));
});

When('it is compared with itself', function (this: WaitingWorld) {
  this.changes = changesSince(this.earlier, runWith('none', '@claim:100.1'));
});

Then('the comparison lists {string}', function (this: WaitingWorld, words: string) {
  expect(this.changes.join('\n')).to.contain(words);
});

Then('the comparison lists nothing', function (this: WaitingWorld) {
  expect(this.changes).to.deep.equal([]);
});

After(function (this: WaitingWorld) {
  if (this.lockedFolder !== undefined) rmSync(this.lockedFolder, { recursive: true, force: true });
});
