// Process-context identifiers: which translations are used under which, and what drops them.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { invalidatePcid, INVPCID, setCr, setCr3NoFlush } from '../../machine/hardware/mmu';
import { CR0, CR4 } from '../../machine/hardware/paging';
import { TOP, type Bench } from '../support/bench';
import { benchOf, setUpBench } from './paging.steps';
import type { MachineWorld } from '../support/world';

const PAGES = ['the plain page', 'the global page'];

Given('a processor with 4-level paging and PCIDs', function (this: MachineWorld) {
  setUpBench(this, '4-level', { pcids: true, structureCaches: true }).control('PCIDE=1');
});

Given('a processor with 4-level paging that has PCIDs but does not use them', function (this: MachineWorld) {
  setUpBench(this, '4-level', { pcids: true });
});

Given('PCID {int} is current', function (this: MachineWorld, pcid: number) {
  setCr3NoFlush(benchOf(this).cpu, TOP | pcid);
});

function readBoth(bench: Bench, pcid: number): void {
  setCr3NoFlush(bench.cpu, TOP | pcid);
  for (const name of PAGES) bench.access('read', 3, bench.page(name).la);
}

Given('both pages have been read under PCID {int}', function (this: MachineWorld, pcid: number) {
  readBoth(benchOf(this), pcid);
});

Given('both pages have been read under PCID {int} and under PCID {int}', function (this: MachineWorld, one: number, other: number) {
  for (const pcid of [one, other]) readBoth(benchOf(this), pcid);
});

When('CR3 is loaded with PCID {int} and bit 63 clear', function (this: MachineWorld, pcid: number) {
  const bench = benchOf(this);
  bench.moved = setCr(bench.cpu, 'cr3', TOP | pcid);
});

When('CR3 is loaded with PCID {int} and bit 63 set', function (this: MachineWorld, pcid: number) {
  const bench = benchOf(this);
  bench.moved = setCr3NoFlush(bench.cpu, TOP | pcid);
});

When('INVPCID of type {int} names PCID {int} and {string}', function (this: MachineWorld, type: number, pcid: number, name: string) {
  const bench = benchOf(this);
  bench.moved = invalidatePcid(bench.cpu, type, pcid, bench.page(name).la);
});

When('INVPCID of type {int} names PCID {int}', function (this: MachineWorld, type: number, pcid: number) {
  const bench = benchOf(this);
  bench.moved = invalidatePcid(bench.cpu, type, pcid, 0);
});

When('INVPCID names an address that is not canonical', function (this: MachineWorld) {
  const bench = benchOf(this);
  bench.moved = invalidatePcid(bench.cpu, INVPCID.address, 0, 0x800000000000);
});

/** Which translations are in the TLB, each with the PCID under which it was loaded, unless it is used under all. */
function held(bench: Bench): string {
  const nameOf = (la: number): string => PAGES.find((name) => bench.page(name).la === la)!;
  return bench.cpu.tlb.entries().map(({ base, global, pcid }) => (global ? nameOf(base) : `${nameOf(base)} of ${pcid}`)).sort().join(', ') || 'nothing';
}

Then('the TLB holds {string}', function (this: MachineWorld, expected: string) {
  expect(held(benchOf(this))).to.equal(expected);
});

Then('upper entries are kept for the PCIDs {string}', function (this: MachineWorld, expected: string) {
  const { cpu } = benchOf(this);
  const kept = [0, 1, 2].filter((pcid) => cpu.tlb.structures!.lookup(benchOf(this).page('the plain page').la, pcid) !== undefined);
  expect(kept.join(', ') || 'none').to.equal(expected);
});

Then('the move raises #GP and {word} is as it was', function (this: MachineWorld, register: string) {
  const { moved, cpu } = benchOf(this);
  expect(moved).to.deep.equal({ out: 'gp', err: 0 });
  if (register === 'CR4') expect(cpu.cr4 & CR4.PCIDE).to.equal(0);
  else expect(cpu.cr3).to.equal(TOP);
});

Then('the move raises #GP and paging is on', function (this: MachineWorld) {
  const { moved, cpu } = benchOf(this);
  expect(moved).to.deep.equal({ out: 'gp', err: 0 });
  expect(cpu.cr0 & CR0.PG).not.to.equal(0);
});

Then(/^it is let through$/, function (this: MachineWorld) {
  expect(benchOf(this).moved).to.equal(null);
});

Then(/^INVPCID is (let through|refused)$/, function (this: MachineWorld, outcome: string) {
  expect(benchOf(this).moved).to.deep.equal(outcome === 'refused' ? { out: 'gp', err: 0 } : null);
});
