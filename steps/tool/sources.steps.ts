// Minimal git histories of C files, and the command that reads them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { runCommandLine } from '../../machine/cli/main';
import { historyIn } from '../../machine/cli/sources/history';
import type { MachineWorld } from '../support/world';

const histories = new WeakMap<MachineWorld, string>();

/** An artificial function, on the requested lines. */
function functionOn(first: number, last: number, name: string, calls: readonly string[]): string {
  const body = [`void ${name}(void)`, '{', ...calls.map((call) => `\t${call}();`)];
  return `${'\n'.repeat(first - 1)}${body.join('\n')}${'\n'.repeat(last - first - body.length + 1)}}\n`;
}

Given('a git history in which {string} of {string} in {word} is on lines {int} to {int} and calls {string}', function (this: MachineWorld, name: string, file: string, release: string, first: number, last: number, calls: string) {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  histories.set(this, folder);
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), functionOn(first, last, name, calls.split(', ')));
  const git = (...words: readonly string[]): void => {
    const { status, stderr } = spawnSync('git', ['-C', folder, '-c', 'user.name=nobody', '-c', 'user.email=nobody@localhost', ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`);
  };
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', release);
  git('tag', `v${release}`); // of Linux
  git('tag', `RELEASE-${release}`); // of Xen
  git('tag', 'staging');
});

When(/^it is asked about "([^"]*)"( as JSON)?$/, async function (this: MachineWorld, only: string, asJson: string | null) {
  let stdout = '';
  let stderr = '';
  const argv = ['sources', '--against', histories.get(this)!, '--only', only, ...(asJson ? ['--json'] : [])];
  const status = await runCommandLine(argv, { stdout: (text) => { stdout += text; }, stderr: (text) => { stderr += text; } });
  this.command = { line: argv.join(' '), status, stdout, stderr };
});

Then('it prints nothing of {string}', function (this: MachineWorld, text: string) {
  expect(this.command.stdout, this.command.line).not.to.contain(text);
});

Then('it knows the commit of {word} by its first 12 digits, and not by 11', function (this: MachineWorld, release: string) {
  const { commitOf } = historyIn(histories.get(this)!);
  const commit = commitOf(release)!;
  expect([12, 11].map((digits) => commitOf(commit.slice(0, digits)))).to.deep.equal([commit, null]);
});

Then('it knows the commit of Xen {word} by the tag of the release, and that of Xen staging by a tag of this name', function (this: MachineWorld, release: string) {
  const { commitOf } = historyIn(histories.get(this)!);
  expect([`Xen ${release}`, 'Xen staging', 'Xen other'].map((revision) => commitOf(revision))).to.deep.equal([commitOf(release), commitOf(release), null]);
});

After(function (this: MachineWorld) {
  const folder = histories.get(this);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});
