// Page tables, and the results of accesses through them.

import { defineParameterType, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { CpuOptions } from '../../machine/hardware/cpu';
import type { AccessKind } from '../../machine/hardware/mmu';
import { PF, PTE, RIGHTS, rightFor, type PagingMode } from '../../machine/hardware/paging';
import { setCr } from '../../machine/hardware/mmu';
import { Bench, TOP } from '../support/bench';
import type { MachineWorld } from '../support/world';

const verbs = { reads: 'read', writes: 'write', 'fetches from': 'fetch', 'exchanges with': 'rmw' } as const satisfies Record<string, AccessKind>;

defineParameterType({ name: 'paging', regexp: /32-bit|PAE|4-level/, transformer: (mode: string) => mode as Exclude<PagingMode, 'none'>, useForSnippets: false });
defineParameterType({ name: 'accesses', regexp: /reads|writes|fetches from|exchanges with/, transformer: (verb: string) => verbs[verb as keyof typeof verbs], useForSnippets: false });
defineParameterType({ name: 'hex', regexp: /0x[0-9a-f_]+/, transformer: (digits: string) => BigInt(digits.replaceAll('_', '')), useForSnippets: false });

const benches = new WeakMap<MachineWorld, Bench>();

/** The processor of this scenario. */
export function benchOf(world: MachineWorld): Bench {
  const bench = benches.get(world);
  if (!bench) throw new Error('no processor was set up yet in this scenario');
  return bench;
}

/** Gives the scenario a processor. */
export function setUpBench(world: MachineWorld, mode: Exclude<PagingMode, 'none'>, options: CpuOptions = {}): Bench {
  const bench = new Bench(mode, options);
  benches.set(world, bench);
  return bench;
}

Given('a processor with {paging} paging', function (this: MachineWorld, mode: Exclude<PagingMode, 'none'>) {
  setUpBench(this, mode);
});

Given('a page that is {string}', function (this: MachineWorld, words: string) {
  benchOf(this).map('the page', words);
});

Given('a next page that is {string}', function (this: MachineWorld, words: string) {
  benchOf(this).map('the next page', words);
});

Given('the control bits {string}', function (this: MachineWorld, words: string) {
  benchOf(this).control(words);
});

When('ring {int} {accesses} the page', function (this: MachineWorld, ring: number, kind: AccessKind) {
  benchOf(this).access(kind, ring, benchOf(this).page('the page').la);
});

When('ring {int} {accesses} the last {int} bytes of the page and the first of the next', function (this: MachineWorld, ring: number, kind: AccessKind, bytes: number) {
  benchOf(this).access(kind, ring, benchOf(this).page('the page').la + 0x1000 - bytes);
});

When('ring {int} {accesses} address {hex}', function (this: MachineWorld, ring: number, kind: AccessKind, la: bigint) {
  benchOf(this).access(kind, ring, Number(BigInt.asIntN(64, la)));
});

When('CR3 is loaded with a table whose first PDPTE has {string} set', function (this: MachineWorld, words: string) {
  const bench = benchOf(this);
  const [, bit, absent] = /^bit (\d+)( but not P)?$/.exec(words)!;
  bench.memory.write64(0x8000, (1n << BigInt(bit!)) | BigInt(0x3000 | (absent ? 0 : PTE.P)));
  bench.moved = setCr(bench.cpu, 'cr3', 0x8000);
});

Given('the first PDPTE in memory is cleared', function (this: MachineWorld) {
  benchOf(this).memory.write64(TOP, 0n);
});

Then('the move goes through, and the register holds it', function (this: MachineWorld) {
  const { moved, cpu, memory } = benchOf(this);
  expect([moved, cpu.cr3]).to.deep.equal([null, 0x8000]);
  expect(cpu.pdptes.slice(0, 2)).to.deep.equal([memory.read32(0x8000), memory.read32(0x8004)]);
});

Then('the access reaches the page', function (this: MachineWorld) {
  expect(benchOf(this).result).to.deep.equal({ out: 'ok', pa: benchOf(this).page('the page').frame });
});

Then('the access reaches {hex} and {hex}', function (this: MachineWorld, pa: bigint, pa2: bigint) {
  expect(benchOf(this).result).to.deep.equal({ out: 'ok', pa: Number(pa), pa2: Number(pa2) });
});

Then('it faults with error code {string}', function (this: MachineWorld, flags: string) {
  const err = flags.split(' ').reduce((code, flag) => code | (flag === 'none' ? 0 : PF[flag as keyof typeof PF]), 0);
  const { result } = benchOf(this);
  expect(result).to.include({ out: 'pf', err });
});

Then('CR2 would hold the start of the next page', function (this: MachineWorld) {
  expect(benchOf(this).result).to.include({ cr2: benchOf(this).page('the next page').la });
});

Then('it raises #GP', function (this: MachineWorld) {
  expect(benchOf(this).result).to.deep.equal({ out: 'gp', err: 0 });
});

Then('the move raises #GP and loads nothing', function (this: MachineWorld) {
  expect(benchOf(this).moved).to.deep.equal({ out: 'gp', err: 0 });
  expect(benchOf(this).cpu.cr3).not.to.equal(0x8000);
});

Then('its entry has {string} set', function (this: MachineWorld, flags: string) {
  const bench = benchOf(this);
  const entry = bench.memory.read32(bench.entryOf(bench.page('the page').la));
  const set = (['A', 'D'] as const).filter((bit) => (entry & PTE[bit]) !== 0).join(' ') || 'none';
  expect(set).to.equal(flags);
});

Then('exactly one row of the permission table decides about each access', function () {
  const pages = [true, false].map((user) => ({ user, writable: true, noExecute: false }));
  const decided = [0, 3].flatMap((ring) => Object.values(verbs).flatMap((kind) => pages.map((page) => ({ ring, kind, page, row: rightFor(kind, ring, page) }))));
  for (const { ring, kind, page, row } of decided) {
    expect(row).to.include({ by: ring === 3 ? 'user' : 'supervisor', kind: kind === 'rmw' ? 'write' : kind, page: page.user ? 'user' : 'supervisor' });
  }
  expect(new Set(decided.map(({ row }) => row)).size).to.equal(RIGHTS.length);
});
