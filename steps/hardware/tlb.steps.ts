// The TLB: what it holds, and what drops it.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { setCr, type AccessKind } from '../../machine/hardware/mmu';
import { PTE } from '../../machine/hardware/paging';
import { receive } from '../../machine/hardware/start-up';
import { benchOf, setUpBench } from './paging.steps';
import type { Bench } from '../support/bench';
import type { MachineWorld } from '../support/world';

const cached = (bench: Bench, name: string): boolean => bench.cpu.tlb.lookup(bench.page(name).la) !== undefined;

Given('a page called {string} that is {string}', function (this: MachineWorld, name: string, words: string) {
  benchOf(this).map(name, words);
});

Given('ring {int} has read {string}', function (this: MachineWorld, ring: number, name: string) {
  const bench = benchOf(this);
  bench.access('read', ring, bench.page(name).la);
});

Given('ring {int} has written {string}', function (this: MachineWorld, ring: number, name: string) {
  const bench = benchOf(this);
  bench.access('write', ring, bench.page(name).la);
});

Given('both pages have been read', function (this: MachineWorld) {
  const bench = benchOf(this);
  for (const name of ['the plain page', 'the global page']) bench.access('read', 3, bench.page(name).la);
});

Given('the entry of {string} now leads to the frame of {string}', function (this: MachineWorld, name: string, other: string) {
  const bench = benchOf(this);
  bench.memory.write32(bench.entryOf(bench.page(name).la), bench.page(other).frame | PTE.P | PTE.US | PTE.RW);
});

Given('the entry of {string} now says {string}', function (this: MachineWorld, name: string, words: string) {
  benchOf(this).map(name, words);
});

Given('INVLPG has named {string}', function (this: MachineWorld, name: string) {
  const bench = benchOf(this);
  bench.cpu.tlb.invlpg(bench.page(name).la);
});

When('ring {int} {accesses} {string}', function (this: MachineWorld, ring: number, kind: AccessKind, name: string) {
  const bench = benchOf(this);
  bench.access(kind, ring, bench.page(name).la);
});

When('ring {int} {accesses} {string} twice', function (this: MachineWorld, ring: number, kind: AccessKind, name: string) {
  const bench = benchOf(this);
  bench.access(kind, ring, bench.page(name).la);
  bench.access(kind, ring, bench.page(name).la);
});

When('INVLPG names {string}', function (this: MachineWorld, name: string) {
  const bench = benchOf(this);
  bench.cpu.tlb.invlpg(bench.page(name).la);
});

When('the value of CR3 is written back', function (this: MachineWorld) {
  const { cpu } = benchOf(this);
  setCr(cpu, 'cr3', cpu.cr3);
});

When('the control bits become {string}', function (this: MachineWorld, words: string) {
  benchOf(this).control(words);
});

Then('the access reaches the frame of {string}', function (this: MachineWorld, name: string) {
  expect(benchOf(this).result).to.deep.equal({ out: 'ok', pa: benchOf(this).page(name).frame });
});

Then('the TLB holds {string} of the two', function (this: MachineWorld, words: string) {
  const bench = benchOf(this);
  const held = ['the plain page', 'the global page'].filter((name) => cached(bench, name)).join(' and ') || 'none';
  expect(held).to.equal(words);
});

Then('the entry of {string} has {string} set', function (this: MachineWorld, name: string, flags: string) {
  const bench = benchOf(this);
  const entry = bench.memory.read32(bench.entryOf(bench.page(name).la));
  expect((['A', 'D'] as const).filter((bit) => (entry & PTE[bit]) !== 0).join(' ')).to.equal(flags);
});

Given('a processor with 4-level paging that keeps upper entries', function (this: MachineWorld) {
  setUpBench(this, '4-level', { structureCaches: true });
});

When('INIT arrives', function (this: MachineWorld) {
  receive(benchOf(this).cpu, 'INIT');
});

const upperOf = (bench: Bench, name: string): unknown => bench.cpu.tlb.structures!.lookup(bench.page(name).la, 0);

Then('upper entries lead to {string}', function (this: MachineWorld, name: string) {
  expect(upperOf(benchOf(this), name)).not.to.equal(undefined);
});

Then('no upper entry leads to {string}', function (this: MachineWorld, name: string) {
  expect(upperOf(benchOf(this), name)).to.equal(undefined);
});

Then('the TLB has nothing', function (this: MachineWorld) {
  expect(benchOf(this).cpu.tlb.entries()).to.deep.equal([]);
});
