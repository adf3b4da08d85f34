// One processor and one move to a control register, or one access: the answer, what is dropped, which address is reached.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Cpu } from '../../machine/hardware/cpu';
import { Memory } from '../../machine/hardware/memory';
import { access, invalidatePcid, setCr, setCr3NoFlush, setEfer, type AccessKind, type AccessResult } from '../../machine/hardware/mmu';
import { CR0, CR4, EFER, PTE, type ProtectionFault } from '../../machine/hardware/paging';
import { Store } from '../../machine/state/store';
import type { MachineWorld } from '../support/world';

type Bits = Readonly<Record<string, number>>;

const ROOT = 0x10000;
const PDPTES = [0x21001, 0, 0x22001, 0, 0x23001, 0, 0x24001, 0];

/** "PE PG" as a number; "bit 11" stands for a bit without a name. */
function valueOf(words: string, bits: Bits): number {
  const unnamed = /^bit (\d+)$/.exec(words);
  if (unnamed) return (1 << Number(unnamed[1])) >>> 0;
  return words.split(' ').filter((name) => name !== '').reduce((sum, name) => {
    if (bits[name] === undefined) throw new Error(`no bit is called ${name}; there are ${Object.keys(bits).join(', ')}`);
    return (sum | bits[name]) >>> 0;
  }, 0);
}

const namesIn = (value: number, bits: Bits): string => Object.entries(bits).filter(([, bit]) => (value & bit) !== 0).map(([name]) => name).join(' ');

const MODES: Readonly<Record<string, { readonly cr0: string; readonly efer: string; readonly pcid?: number }>> = {
  'no paging': { cr0: 'PE', efer: '' },
  '32-bit paging': { cr0: 'PE PG', efer: '' },
  PAE: { cr0: 'PE PG', efer: '' },
  '4-level': { cr0: 'PE PG', efer: 'LME LMA' },
  '4-level, CR3 with PCID 5': { cr0: 'PE PG', efer: 'LME LMA', pcid: 5 },
};

/** The pages that are cached, by PCID, at the addresses that `cached` gives them. */
const CACHED = [['global', 0x1000, 0], ['other', 0x2000, 0], ['global of 5', 0x3000, 5], ['other of 5', 0x4000, 5]] as const;

class Desk {
  readonly memory: Memory;
  readonly cpu: Cpu;
  private before: Bits = {};
  private answer: ProtectionFault | null = null;
  result: AccessResult | null = null;

  constructor(cr0: number, cr4: number, efer: number, hasPcids: boolean, pcid = 0) {
    const store = new Store();
    this.memory = new Memory(store);
    this.cpu = new Cpu(store, 0, this.memory, { pcids: hasPcids });
    Object.assign(this.cpu, { cr0, cr4, efer, cr3: ROOT + pcid, pdptes: [1, 2, 3] });
  }

  static in(mode: string, cr4: string, hasPcids = true): Desk {
    const { cr0, efer, pcid } = MODES[mode]!;
    return new Desk(valueOf(cr0, CR0), valueOf(cr4, CR4), valueOf(efer, EFER), hasPcids, pcid);
  }

  write(words: readonly number[]): void {
    words.forEach((word, i) => this.memory.write32(ROOT + 4 * i, word));
  }

  /** A TLB filled by walks under each PCID. */
  cache(): void {
    const { cpu } = this;
    const { cr3, cr4 } = cpu;
    for (const [name, la, pcid] of CACHED) {
      Object.assign(cpu, { cr3: ROOT + pcid, cr4: cr4 | CR4.PCIDE });
      cpu.tlb.fill(la, { out: 'ok', pa: la, pageSize: 4096, writable: true, user: true, noExecute: false, global: false, dirty: true, entries: [] }, name.startsWith('global'), true);
    }
    Object.assign(cpu, { cr3, cr4 });
  }

  get cached(): string {
    const left = new Set(this.cpu.tlb.entries().map(({ base }) => base));
    return CACHED.filter(([, la]) => left.has(la)).map(([name]) => name).join(', ') || 'nothing';
  }

  private get registers(): Bits {
    const { cr0, cr3, cr4, efer } = this.cpu;
    return { cr0, cr3, cr4, efer };
  }

  do(act: (cpu: Cpu) => ProtectionFault | null): void {
    this.before = this.registers;
    this.answer = act(this.cpu);
  }

  /** `#GP`, or the registers that have changed. A refused move must not change any. */
  get answered(): string {
    const now = this.registers;
    const changed = Object.keys(now).filter((name) => now[name] !== this.before[name]);
    if (this.answer !== null) return changed.length === 0 ? '#GP' : `#GP, and ${changed.join(', ')} changed`;
    const told: Readonly<Record<string, (value: number) => string>> = {
      cr0: (value) => `CR0 ${namesIn(value, CR0)}`, cr3: (value) => `CR3 0x${value.toString(16)}`, cr4: (value) => `CR4 ${namesIn(value, CR4)}`, efer: (value) => `EFER ${namesIn(value, EFER)}`,
    };
    return changed.map((name) => told[name]!(now[name]!).trim()).join(' ') || 'done';
  }

  get pdptes(): string {
    const { pdptes } = this.cpu;
    if (pdptes.join() === '1,2,3') return 'kept';
    return pdptes.join() === PDPTES.map((_, i) => this.memory.read32(ROOT + 4 * i)).join() ? 'loaded' : pdptes.join(' ');
  }
}

const desks = new WeakMap<MachineWorld, Desk>();

function deskOf(world: MachineWorld): Desk {
  const desk = desks.get(world);
  if (!desk) throw new Error('there is no processor in this scenario');
  return desk;
}

Given('a processor with CR0 {string}, CR4 {string} and EFER {string}', function (this: MachineWorld, cr0: string, cr4: string, efer: string) {
  desks.set(this, new Desk(valueOf(cr0, CR0), valueOf(cr4, CR4), valueOf(efer, EFER), true));
});

Given(/^a processor in (.+) with CR4 "([^"]*)", and (no|with) process-context identifiers$/, function (this: MachineWorld, mode: string, cr4: string, pcids: string) {
  desks.set(this, Desk.in(mode, cr4, pcids === 'with'));
});

Given(/^a processor in (.+) with CR4 "([^"]*)", whose table at CR3 has (good PDPTEs|a bad PDPTE)$/, function (this: MachineWorld, mode: string, cr4: string, table: string) {
  const desk = Desk.in(mode, cr4);
  desk.write(table === 'good PDPTEs' ? PDPTES : PDPTES.with(6, PDPTES[6]! | PTE.US));
  desks.set(this, desk);
});

Given(/^a processor in PAE with CR4 "PAE", whose table at CR3 has the PDPTE (\w+) with the high word (\w+)$/, function (this: MachineWorld, low: string, high: string) {
  const desk = Desk.in('PAE', 'PAE');
  desk.write(PDPTES.with(2, Number(low)).with(3, Number(high)));
  desks.set(this, desk);
});

Given(/^a processor in (.+) with CR4 "([^"]*)", which has cached global and other pages under two PCIDs$/, function (this: MachineWorld, mode: string, cr4: string) {
  const desk = Desk.in(mode, cr4);
  desk.cache();
  desks.set(this, desk);
});

Given(/^a processor in (.+), where "([^"]*)" are mapped to frames of their own$/, function (this: MachineWorld, mode: string, pages: string) {
  const desk = Desk.in(mode, mode === '4-level' ? 'PAE' : '');
  const { memory, cpu } = desk;
  const flags = PTE.P | PTE.RW;
  let free = ROOT + 0x1000;
  const below = (at: number): number => {
    if (memory.read32(at) === 0) memory.write32(at, (free += 0x1000) | flags);
    return Math.floor(memory.read32(at) / 0x1000) * 0x1000;
  };
  for (const page of pages.split(' ').filter((text) => text !== '').map(Number)) {
    const shifts = mode === '4-level' ? [39, 30, 21, 12] : [22, 12];
    let table = cpu.cr3;
    for (const shift of shifts) {
      const at = table + (mode === '4-level' ? 8 * (Math.floor(page / 2 ** shift) % 512) : 4 * (Math.floor(page / 2 ** shift) % 1024));
      if (shift === 12) memory.write32(at, ((page + 0x100000) | flags) >>> 0);
      else table = below(at);
    }
  }
  desks.set(this, desk);
});

When('it moves {string} to CR0', function (this: MachineWorld, value: string) {
  deskOf(this).do((cpu) => setCr(cpu, 'cr0', valueOf(value, CR0)));
});

When('it moves {string} to CR4', function (this: MachineWorld, value: string) {
  deskOf(this).do((cpu) => setCr(cpu, 'cr4', valueOf(value, CR4)));
});

When('it writes {string} to EFER', function (this: MachineWorld, value: string) {
  deskOf(this).do((cpu) => setEfer(cpu, valueOf(value, EFER)));
});

When(/^it moves (0x\w+|the same) to CR3(?:, with bit 63 (set|clear))?$/, function (this: MachineWorld, value: string, bit: string | undefined) {
  deskOf(this).do((cpu) => {
    const cr3 = value === 'the same' ? cpu.cr3 : Number(value);
    return bit === 'set' ? setCr3NoFlush(cpu, cr3) : setCr(cpu, 'cr3', cr3);
  });
});

When(/^it executes INVPCID of type (\d+) with PCID (-?\d+) and the address (\w+)$/, function (this: MachineWorld, type: string, pcid: string, address: string) {
  deskOf(this).do((cpu) => invalidatePcid(cpu, Number(type), Number(pcid), Number(address)));
});

When(/^it invalidates (the other page of PCID 5|the global page of PCID 5|PCID 5|PCID 0|everything|everything but global pages)$/, function (this: MachineWorld, what: string) {
  const page = CACHED.find(([name]) => what === `the ${name.replace(' of 5', '')} page of PCID 5` && name.endsWith('5'));
  const [type, pcid] = page ? [0, 5] : what.startsWith('PCID') ? [1, Number(what.slice(5))] : what === 'everything' ? [2, 0] : [3, 0];
  deskOf(this).do((cpu) => invalidatePcid(cpu, type, pcid, page?.[1] ?? 0));
});

When(/^it accesses (\d+) bytes at (\w+), to (read|write|fetch|rmw)$/, function (this: MachineWorld, size: string, address: string, kind: AccessKind) {
  const desk = deskOf(this);
  desk.result = access(desk.cpu, kind, Number(address), 0, false, Number(size));
});

Then('the answer is {string}', function (this: MachineWorld, answer: string) {
  expect(deskOf(this).answered).to.equal(answer);
});

Then('the answer is {string}, and the PDPTEs are {string}', function (this: MachineWorld, answer: string, pdptes: string) {
  expect([deskOf(this).answered, deskOf(this).pdptes]).to.deep.equal([answer, pdptes]);
});

Then('what is still cached is {string}', function (this: MachineWorld, left: string) {
  expect(deskOf(this).cached).to.equal(left);
});

Then('the result of the access is {string}', function (this: MachineWorld, told: string) {
  const result = deskOf(this).result!;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const shown = result.out === 'ok' ? [result.pa, ...(result.pa2 === undefined ? [] : [result.pa2])].map(hex).join(' and ') : result.out === 'gp' ? '#GP' : `#PF(${hex(result.err)}) at ${hex(result.cr2)}`;
  expect(shown).to.equal(told);
});
