// The picture in the README.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { drawWitness, PICTURE } from '../../../reports/picture';
import { projectRoot } from '../../run/command';
import type { MachineWorld } from '../../support/world';

const drawn = new WeakMap<MachineWorld, string>();

When('the smallest run of thread 002 is drawn anew', function (this: MachineWorld) {
  drawn.set(this, drawWitness());
});

Then('it is the picture that the README shows', function (this: MachineWorld) {
  expect(readFileSync(PICTURE, 'utf8')).to.equal(drawn.get(this));
  expect(readFileSync(join(projectRoot, 'README.md'), 'utf8')).to.contain('reports/witness-002.svg');
});
