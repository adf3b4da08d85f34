// The suite itself: how its runs end, what its lint finds, what its linter forbids.

import { join } from 'node:path';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type * as EslintModule from 'eslint';
import { projectRoot, runNode, runNodeOnce } from '../run/command';
import { scratch } from '../support/projects';
import type { MachineWorld } from '../support/world';

const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';
const typescript = ['-r', './machine/cli/load/typescript.js'];
const samples = 'steps/fixtures';

/** Where the runs of the samples write their messages and reports. */
export const sampleOutput = (): string => scratch('samples');

const config = (sample: string): string[] => [cucumber, '--config', `${samples}/${sample}/cucumber.js`];

When('the suite is run with the tag {string}', function (this: MachineWorld, tag: string) {
  this.command = runNodeOnce([cucumber, '--tags', tag]);
});

When('the sample suite {string} is run', function (this: MachineWorld, sample: string) {
  this.command = runNodeOnce(config(sample), { OUT: sampleOutput() });
});

When('its messages are counted', function (this: MachineWorld) {
  this.command = runNodeOnce([...typescript, 'steps/run/print-tally.ts', join(sampleOutput(), 'messages.ndjson')]);
});

When('the sample suite {string} is run with one retry', function (this: MachineWorld, sample: string) {
  this.command = runNode([...config(sample), '--retry', '1'], { OUT: join(sampleOutput(), 'retried') });
});

When('the lint reads the sample suite {string}', function (this: MachineWorld, sample: string) {
  this.command = runNodeOnce([...typescript, 'steps/lint/main.ts', `${samples}/${sample}`]);
});

Then('the command succeeds', function (this: MachineWorld) {
  const { status, line, stdout, stderr } = this.command;
  expect(status, `${line}\n${stdout}${stderr}`).to.equal(0);
});

Then('the command fails, saying {string}', function (this: MachineWorld, words: string) {
  const { status, line, stdout, stderr } = this.command;
  expect(stdout + stderr, line).to.contain(words);
  expect(status, line).to.equal(1);
});

Then('the command fails with the one line {string}', function (this: MachineWorld, words: string) {
  const { status, line, stdout, stderr } = this.command;
  expect(stdout + stderr, line).to.equal(`${words}\n`);
  expect(status, line).to.equal(1);
});

Then('the last line is {string}', function (this: MachineWorld, words: string) {
  expect(this.command.stdout.trimEnd().split('\n').at(-1)).to.equal(words);
});

When('the linter reads {string} in {string}', async function (this: MachineWorld, code: string, file: string) {
  const { ESLint } = module.require('eslint') as typeof EslintModule;
  const [result] = await new ESLint({ cwd: projectRoot }).lintText(`${code}\n`, { filePath: file });
  const complaints = result?.messages.map(({ message }) => message) ?? [];
  this.command = {
    line: `eslint --stdin --stdin-filename ${file}`,
    status: complaints.length === 0 ? 0 : 1,
    stdout: complaints.join('\n'),
    stderr: '',
  };
});
