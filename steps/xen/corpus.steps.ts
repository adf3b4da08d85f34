// Scripts that hostile guests keep from run to run.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { fuzzCommand } from '../../machine/cli/commands/fuzz';
import { readScript } from '../../machine/cli/fuzz/folder';
import type { MachineWorld } from '../support/world';

interface Filled {
  readonly folder: string;
  code: number;
  said: string;
}

const filled = new WeakMap<MachineWorld, Filled>();

function run(filling: Filled, calls: number, guests: number): void {
  let asked = 0;
  filling.said = '';
  filling.code = fuzzCommand({ tables: 'PAE on 64-bit', corpus: filling.folder, calls: String(calls) }, {
    stdout: (text) => { filling.said += text; },
    stderr: () => undefined,
    attend: { show: () => undefined, stopped: () => (++asked > guests ? 'SIGINT' : null) },
  });
}

Given('a folder for scripts', function (this: MachineWorld) {
  filled.set(this, { folder: mkdtempSync(join(tmpdir(), 'scripts-')), code: -1, said: '' });
});

After(function (this: MachineWorld) {
  const filling = filled.get(this);
  if (filling) rmSync(filling.folder, { recursive: true, force: true });
});

When('hostile guests fill it and are stopped after {int} guests', function (this: MachineWorld, guests: number) {
  run(filled.get(this)!, 1_000_000, guests);
});

Then('it exits with {int}, and says {string}', function (this: MachineWorld, code: number, words: string) {
  expect(filled.get(this)!.code).to.equal(code);
  expect(filled.get(this)!.said).to.include(words);
});

Then('each script that it says it kept is a file of the folder, whole and readable', function (this: MachineWorld) {
  const { folder, said } = filled.get(this)!;
  const names = readdirSync(folder);
  const kept = Number(/(\d+) scripts kept/.exec(said)![1]);
  expect(kept).to.be.above(10);
  expect(names).to.have.lengthOf(kept);
  for (const name of names) expect(readScript(readFileSync(join(folder, name), 'utf8'), name), name).to.not.have.lengthOf(0);
});

Then('a second run, of no more calls than these scripts have, adds none', function (this: MachineWorld) {
  const filling = filled.get(this)!;
  const names = readdirSync(filling.folder).sort();
  const calls = names.flatMap((name) => readScript(readFileSync(join(filling.folder, name), 'utf8'))).reduce((sum, turn) => sum + turn.length, 0);
  run(filling, calls, 1_000_000);
  expect(filling.code).to.equal(0);
  expect(readdirSync(filling.folder).sort()).to.deep.equal(names);
});
