// Compiled code that is kept between runs, and how much of it.

import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
const { prune } = module.require('../../machine/cli/load/prune.js') as { prune: (folder: string, most: number) => void };

interface KeptWorld {
  keptFolder: string | undefined;
}

/** All were written long ago and read in this order, except the last but one, which was written when it was used. */
Given('a folder of kept code whose files were used in the order {string}', function (this: KeptWorld, names: string) {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'));
  this.keptFolder = folder;
  const all = names.split(', ');
  all.forEach((name, i) => {
    writeFileSync(join(folder, name), '');
    const seconds = 1_000_000 + i;
    utimesSync(join(folder, name), seconds, i === all.length - 2 ? seconds : 1000);
  });
});

When('at most {int} files may be kept there', function (this: KeptWorld, most: number) {
  prune(this.keptFolder!, most);
});

Then('{string} are left', function (this: KeptWorld, names: string) {
  expect(readdirSync(this.keptFolder!).sort()).to.deep.equal(names.split(', ').sort());
});

After(function (this: KeptWorld) {
  if (this.keptFolder !== undefined) rmSync(this.keptFolder, { recursive: true });
});
