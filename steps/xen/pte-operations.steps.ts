// One operation on one entry: what the guest's kernel does, and what Xen does for it.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { perform, type Performed } from '../../machine/situations/xen/pte-ops';
import type { MachineWorld } from '../support/world';

const known = new WeakMap<MachineWorld, Performed>();

function performed(world: MachineWorld): Performed {
  const result = known.get(world);
  if (!result) throw new Error('no operation was performed yet in this scenario');
  return result;
}

When(/^a CPU performs "([^"]*)" on an entry of a (plain|pinned foreign|pinned loaded) page table (with|without) PAE$/, function (this: MachineWorld, operation: string, table: string, pae: string) {
  const result = perform(operation, { pae: pae === 'with', pinned: table !== 'plain', current: table === 'pinned loaded' });
  expect(result.oops).to.equal(null);
  known.set(this, result);
});

Then('it makes the hypercalls {string}', function (this: MachineWorld, hypercalls: string) {
  expect(performed(this).hypercalls.join(', ')).to.equal(hypercalls);
});

Then('it stores {int} times, and Xen carries out {int} of these stores', function (this: MachineWorld, stores: number, emulated: number) {
  expect({ stores: performed(this).stores, emulated: performed(this).emulated }).to.deep.equal({ stores, emulated });
});

Then('the page is no longer mapped', function (this: MachineWorld) {
  expect(performed(this).isMapped).to.equal(false);
});

Then('it leaves {int} call(s) in its queue', function (this: MachineWorld, waiting: number) {
  expect(performed(this).waiting).to.equal(waiting);
});
