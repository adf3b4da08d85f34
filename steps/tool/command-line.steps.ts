// The command paravirt-spec, typed as a user would.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { runCommandLine } from '../../machine/cli/main';
import { type FinishedCommand, runNodeOnce } from '../run/command';
import { jsonSchema, violations } from '../support/json-schema';
import type { MachineWorld } from '../support/world';

const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';

/** Lines that were typed one after the other, with the message that each must get. */
interface TypedWorld {
  typed: (FinishedCommand & { readonly words: string })[];
}

interface PipeWorld extends MachineWorld {
  pipe: string;
}

/** Splits a line like a shell: words, and 'quoted words'. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** Runs the line in this process: the same code as that of the program, without the time for its start. */
async function type(world: MachineWorld, line: string, patches?: string): Promise<void> {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(words(line.replace(/^(npx )?paravirt-spec /, '')), {
    stdout: (text) => { stdout += text; },
    stderr: (text) => { stderr += text; },
  }, patches);
  world.command = { line, status, stdout, stderr };
}

When('a shell runs {string}', function (this: MachineWorld, line: string) {
  this.command = runNodeOnce(['machine/cli/bin.js', ...words(line.replace(/^paravirt-spec /, ''))], { PATCHES: 'all' });
});

When('the user types {string}', async function (this: MachineWorld, line: string) {
  await type(this, line);
});

When('the user types {string} with PATCHES {string}', async function (this: MachineWorld, line: string, patches: string) {
  await type(this, line, patches);
});

Given('a pipe that no program has open', function (this: PipeWorld) {
  this.pipe = join(mkdtempSync(join(tmpdir(), 'paravirt-spec-')), 'pipe');
  execFileSync('mkfifo', [this.pipe]);
});

When('the user types {string} with its name for PIPE', async function (this: PipeWorld, line: string) {
  await type(this, line.replace('PIPE', this.pipe));
  rmSync(dirname(this.pipe), { recursive: true });
});

When('the scenario {string} of {string} is run with PATCHES {string}', function (this: MachineWorld, name: string, feature: string, patches: string) {
  this.command = runNodeOnce([cucumber, feature, '--name', name], { PATCHES: patches });
});

When('the scenario {string} of {string} is run with the world parameter {string}', function (this: MachineWorld, name: string, feature: string, patches: string) {
  this.command = runNodeOnce([cucumber, feature, '--name', name, '--world-parameters', JSON.stringify({ patches })]);
});

Then('it exits with {int}', function (this: MachineWorld, status: number) {
  const { line, stdout, stderr } = this.command;
  expect(this.command.status, `${line}\n${stdout}${stderr}`).to.equal(status);
});

Then('it prints {string}', function (this: MachineWorld, text: string) {
  expect(this.command.stdout, this.command.line).to.contain(text);
});

Then('it complains that {string}', function (this: MachineWorld, text: string) {
  expect(this.command.stderr, this.command.line).to.contain(text);
});

Then('it complains in one line that {string}', function (this: MachineWorld, text: string) {
  expect(this.command.stderr).to.match(/^paravirt-spec: [^\n]*\n$/);
  expect(this.command.stderr, this.command.line).to.contain(text);
});

Then('what it prints is JSON in the format {string}', function (this: MachineWorld, format: string) {
  const printed = JSON.parse(this.command.stdout) as { readonly format?: string };
  expect(printed.format, this.command.line).to.equal(format);
  expect(violations(jsonSchema(), printed), this.command.line).to.deep.equal([]);
});

Then('each prints JSON in the format beside it', function (this: TypedWorld) {
  for (const { line, words: format, stdout } of this.typed) {
    const printed = JSON.parse(stdout) as { readonly format?: string };
    expect([printed.format, ...violations(jsonSchema(), printed)], line).to.deep.equal([format]);
  }
});

Then('without its field {string} it fits no format', function (this: MachineWorld, field: string) {
  const printed = JSON.parse(this.command.stdout) as Record<string, unknown>;
  expect(violations(jsonSchema(), Object.fromEntries(Object.entries(printed).filter(([name]) => name !== field)))).to.not.deep.equal([]);
});

When('the user types each of these lines', async function (this: MachineWorld & TypedWorld, table: DataTable) {
  this.typed = [];
  for (const [line = '', words = ''] of table.raw()) {
    await type(this, `paravirt-spec ${line}`);
    this.typed.push({ ...this.command, line, words });
  }
});

Then('each is wrong use, and says so in one line with these words', function (this: TypedWorld) {
  const wrong: string[] = [];
  for (const { line, words, status, stderr, stdout } of this.typed) {
    if (status !== 2) wrong.push(`${line}: exits with ${status}`);
    else if (!/^paravirt-spec[^\n]+\n$/.test(stderr) || stdout !== '') wrong.push(`${line}: says ${JSON.stringify(stderr + stdout)}`);
    else if (!stderr.includes(words)) wrong.push(`${line}: says ${JSON.stringify(stderr)}, without "${words}"`);
  }
  expect(wrong.join('\n')).to.equal('');
});

Then('the JSON has {string} = {string}', function (this: MachineWorld, place: string, value: string) {
  const found = place.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], JSON.parse(this.command.stdout));
  expect(String(found)).to.equal(value);
});

Then('the command that it prints replays to the same violation', async function (this: MachineWorld) {
  const line = /npx (paravirt-spec replay .*)/.exec(this.command.stdout)?.[1];
  const message = /^ {2}(\w+: .*)$/m.exec(this.command.stdout)?.[1];
  expect(line, 'a line that replays').to.not.equal(undefined);
  await type(this, line!);
  expect(this.command.status).to.equal(1);
  expect(this.command.stdout).to.contain(message);
});
