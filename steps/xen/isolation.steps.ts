// Requests of a guest, and the answers of Xen.

import { flagsOf, mfnOf } from '../../machine/hypervisors/xen/public/layout';
import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Xen } from '../../machine/hypervisors/xen/xen';
import { Memory } from '../../machine/hardware/memory';
import { xenDescriptorsHarmless } from '../../machine/invariants/xen/tables-harmless';
import { Store } from '../../machine/state/store';
import { ruleNamed } from '../../machine/hypervisors/xen/rules';
import { XenBench } from '../support/xen-bench';
import type { MachineWorld } from '../support/world';

const benches = new WeakMap<MachineWorld, XenBench>();

function bench(world: MachineWorld): XenBench {
  const known = benches.get(world);
  if (!known) throw new Error('no Xen was started yet in this scenario');
  return known;
}

Given('two domains A and B on a {string} Xen', function (this: MachineWorld, mode: string) {
  benches.set(this, new XenBench(mode));
});

Given('two domains A and B on a {string} Xen whose counts end at {int}', function (this: MachineWorld, mode: string, maximum: number) {
  benches.set(this, new XenBench(mode, { maximumCount: maximum }));
});

Given('two domains A and B on a {string} Xen whose type counts end at {int}', function (this: MachineWorld, mode: string, maximum: number) {
  benches.set(this, new XenBench(mode, { maximumTypeCount: maximum }));
});

Given('two domains A and B on a {string} Xen that does not keep {string}', function (this: MachineWorld, mode: string, rules: string) {
  benches.set(this, new XenBench(mode, { without: new Set(rules.split(' and ').map(ruleNamed)) }));
});

Given('two domains A and B on a {string} Xen, release {string}', function (this: MachineWorld, mode: string, release: string) {
  benches.set(this, new XenBench(mode, { release }));
});

Given('A has done: {}', function (this: MachineWorld, calls: string) {
  bench(this).call(calls);
  expect(bench(this).answer, `the last of "${calls}": ${bench(this).why}`).to.match(/^(0|done)$/);
});

When('A tries to: {}', function (this: MachineWorld, call: string) {
  bench(this).call(call);
});

Then('Xen answers {string}', function (this: MachineWorld, answer: string) {
  expect(bench(this).answer, bench(this).why).to.equal(answer);
});

Then('Xen says {string}', function (this: MachineWorld, words: string) {
  expect(bench(this).why).to.include(words);
});

Then('it is {string} that refuses', function (this: MachineWorld, name: string) {
  expect(`${bench(this).refuser}()`, bench(this).why).to.equal(name);
});

Then('A gets a page fault, because {string}', function (this: MachineWorld, why: string) {
  expect(bench(this).answer).to.include('fault: ');
  expect(bench(this).answer).to.include(why);
});

Then('nothing has changed', function (this: MachineWorld) {
  expect(bench(this).changes()).to.deep.equal([]);
});

Then('no TLB was flushed', function (this: MachineWorld) {
  expect(bench(this).flushed()).to.equal(false);
});

Then('the TLBs that lost something are those of {string}', function (this: MachineWorld, losers: string) {
  expect(bench(this).losers()).to.equal(losers);
});

Then('slot {int} of {string} has the flags {word}', function (this: MachineWorld, slot: number, table: string, flags: string) {
  expect(`0x${flagsOf(bench(this).ground.xen.entryAt(bench(this).frame(table), slot)).toString(16)}`).to.equal(flags);
});

Then('{string} holds the words of {string}', function (this: MachineWorld, one: string, other: string) {
  const wordsOf = (frame: string): number[] => Array.from({ length: 1024 }, (_, i) => bench(this).ground.memory.read32(bench(this).frame(frame) * 4096 + 4 * i));
  expect(wordsOf(one)).to.deep.equal(wordsOf(other));
});

Then('{string} holds nothing', function (this: MachineWorld, frame: string) {
  expect(bench(this).ground.memory.wordsOf(bench(this).frame(frame) as number)).to.deep.equal([]);
});

Then('byte {int} of {string} begins the words {word} {word}', function (this: MachineWorld, byte: number, frame: string, low: string, high: string) {
  const at = bench(this).frame(frame) * 4096 + byte;
  expect([at, at + 4].map((pa) => bench(this).ground.memory.read32(pa))).to.deep.equal([Number(low), Number(high)]);
});

Then('Xen has broken {string}: {string}', function (this: MachineWorld, invariant: string, words: string) {
  const found = bench(this).broken().find(([name]) => name === invariant)?.[1];
  expect(found, `${invariant} holds`).to.be.a('string');
  expect(found).to.include(words);
});

Then('every rule holds', function (this: MachineWorld) {
  expect(bench(this).broken().map(([, message]) => message)).to.deep.equal([]);
});

Then('{string} is pinned', function (this: MachineWorld, frame: string) {
  expect(bench(this).page(frame).pinned).to.equal(true);
});

Then('{string} is not pinned', function (this: MachineWorld, frame: string) {
  expect(bench(this).page(frame).pinned).to.equal(false);
});

Then('{string} is free', function (this: MachineWorld, frame: string) {
  expect(bench(this).page(frame).owner).to.equal(null);
});

Then('{string} still belongs to {string}', function (this: MachineWorld, frame: string, owner: string) {
  expect(bench(this).page(frame).owner?.name).to.equal(owner);
});

Then('nothing but the privilege has changed', function (this: MachineWorld) {
  expect(bench(this).changes()).to.deep.equal([`${bench(this).who.cpu.name}.cpl: 0 -> 3`]);
});

Then('no device can write {string}', function (this: MachineWorld, frame: string) {
  expect(bench(this).ground.xen.iommu.get(bench(this).frame(frame))).to.equal('');
});

Then('a device of {string} can write {string}', function (this: MachineWorld, owner: string, frame: string) {
  expect(bench(this).ground.xen.iommu.get(bench(this).frame(frame))).to.equal(owner);
});

Then('the reverse map has no page for {string}', function (this: MachineWorld, frame: string) {
  expect(bench(this).ground.xen.machineToPhys(bench(this).frame(frame))).to.equal(-1);
});

Then('the reverse map calls {string} what it called {string}', function (this: MachineWorld, heir: string, frame: string) {
  const place = bench(this).frame(frame) - bench(this).frame('root');
  expect(bench(this).ground.xen.machineToPhys(bench(this).frame(heir))).to.equal(place);
});

Then('slot {int} of {string} leads to {string}', function (this: MachineWorld, slot: number, table: string, frame: string) {
  const entry = bench(this).ground.xen.entryAt(bench(this).frame(table), slot);
  expect(mfnOf(entry)).to.equal(bench(this).frame(frame));
});

When(/^a descriptor table in use has the words (0x[0-9a-f]{8}) and (0x[0-9a-f]{8})$/, function (this: MachineWorld & { judged: string | null }, low: string, high: string) {
  const memory = new Memory(new Store());
  memory.write32(0x5008, Number(low));
  memory.write32(0x500c, Number(high));
  this.judged = xenDescriptorsHarmless({ memory, vcpus: [], pages: [{ mfn: 5, type: 'gdt', type_count: 1, validated: true }] } as unknown as Xen).check();
});

Then(/^the descriptor is judged (harmless|harmful)$/, function (this: MachineWorld & { judged: string | null }, judged: string) {
  expect(this.judged === null ? 'harmless' : 'harmful', this.judged ?? '').to.equal(judged);
});
