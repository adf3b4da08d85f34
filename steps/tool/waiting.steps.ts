// What a waiting user is shown, what is left of a command that is asked to stop, and runs that
// are kept apart and compared.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { runCommandLine } from '../../machine/cli/main';
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
}

When('the user types {string} and asks it to stop at once', async function (this: WaitingWorld, line: string) {
  this.shown = [];
  let [stdout, stderr] = ['', ''];
  const status = await runCommandLine(line.split(' ').slice(1), {
    stdout: (text) => { stdout += text; },
    stderr: (text) => { stderr += text; },
    attend: { show: (text) => { this.shown.push(text); }, stopped: () => 'SIGTERM' },
  });
  this.command = { line, status, stdout, stderr };
});

Then('before that it showed a line with {string}', function (this: WaitingWorld, words: string) {
  expect(this.shown.join('\n')).to.contain(words);
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
  const feature: RunFeature = { id: 'a', uri: 'a', name: 'a', prose: '', tags: [], rules: [{ name: '', prose: '', scenarios: [scenario] }] };
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
