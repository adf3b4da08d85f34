// What processors do, in lines: random instructions with whatever may interrupt them, and random accesses through random tables.

import { Random } from '../../../machine/cli/fuzz/random';
import { Cpu, type CpuOptions } from '../../../machine/hardware/cpu';
import { Memory } from '../../../machine/hardware/memory';
import { access, invalidatePcid, setCr, setCr3NoFlush, setEfer, type AccessKind } from '../../../machine/hardware/mmu';
import { CR0, CR4, EFER, NX, PTE } from '../../../machine/hardware/paging';
import type { SeenMemory } from '../../../machine/hardware/store-buffer';
import { exactText } from '../../../machine/state/hash';
import { Store } from '../../../machine/state/store';
import { Assembly } from '../../support/assembly';
import { graphAndRun } from './runs';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Registers and what the processor has, by the name of the part. */
interface Mode {
  readonly cr4: number;
  readonly efer: number;
  readonly options: CpuOptions;
  /** Bytes of an entry. */
  readonly bytes: 4 | 8;
}

const LONG = EFER.LME | EFER.LMA | EFER.NXE;
const MODES: Readonly<Record<string, Mode>> = {
  'two levels': { cr4: CR4.PSE | CR4.PGE, efer: 0, options: {}, bytes: 4 },
  PAE: { cr4: CR4.PAE | CR4.PGE, efer: EFER.NXE, options: {}, bytes: 8 },
  'four levels': { cr4: CR4.PAE | CR4.PGE, efer: LONG, options: { gigabytePages: true }, bytes: 8 },
  'four levels with PCIDs': { cr4: CR4.PAE | CR4.PGE | CR4.PCIDE, efer: LONG, options: { pcids: true, gigabytePages: false, structureCaches: true }, bytes: 8 },
  'four levels with every freedom': { cr4: CR4.PAE, efer: LONG, options: { structureCaches: true, severalSizes: true, strayBits: true, walksPassStores: true, order: 'TSO', pcids: true }, bytes: 8 },
  'two levels with every freedom': { cr4: CR4.PSE, efer: 0, options: { structureCaches: true, severalSizes: true, strayBits: true, order: 'TSO' }, bytes: 4 },
};

/** Portions of each mode, and operations of each. */
const ACCESSES = { portions: 10, operations: 250 } as const;

/** Random programs of each kind. */
const PROGRAMS = 60;

/** How far their graphs are recorded, in states. */
const STATES = 60;

const ASSEMBLIES = ['plain', 'with APICs', 'with paging', 'with long mode and PCIDs', 'with every freedom', 'without a stack', 'with a bad table of gates'] as const;

export const processors: Recording = { name: 'processors', parts: [...Object.keys(MODES), ...ASSEMBLIES.map((kind) => `programs ${kind}`)], linesOf };

function linesOf(part: string): Lines {
  const mode = MODES[part];
  return mode === undefined ? programsOf(part.slice('programs '.length)) : accessesIn(mode);
}

function programsOf(kind: string): Lines {
  return Object.fromEntries(Array.from({ length: PROGRAMS }, (_, i) => {
    const assembly = assemblyOf(kind, new Random(i + 1));
    return [`program ${i + 1}`, orRefusal(() => graphAndRun(assembly.build(), STATES, i + 1))];
  }));
}

/** Instructions for any processor, then those that need an APIC, and those that need pages. */
const PLAIN = ['x = 1', 'y = 2', 'see x', 'see y', 'nop', 'cli', 'sti', 'popf IF=1', 'popf IF=0', 'flag', 'movss', 'halt', 'int 32', 'int 48', 'mfence', 'ipi 33 cpu0', 'ipi 33 cpu1', 'get cr0', 'get cr2', 'get cr4', 'get efer', 'get smsw', 'get idt', 'smsw', 'rdmsr', 'sidt', 'wbinvd', 'cpuid', 'stac', 'clac', 'init cpu1', 'start cpu1', 'ring 3', 'iopl 3', 'lidt', 'set efer 2048'];
const WITH_APIC = ['eoi', 'eoi', 'tpr 32', 'tpr 0', 'timer 49'];
const WITH_PAGES = ['touch here', 'touch beside', 'write here', 'write beside', 'clear here', 'age here', 'entry here', 'remap here new', 'remap here absent', 'remap beside old', 'retable', 'set idt 65536', 'set idt 1048576', 'set idt 140737488355328', 'invlpg here', 'invlpg beside', 'cr3', 'cr0', 'see x'];
const WITH_PCIDS = ['pcid 1', 'pcid 1 flush', 'pcid 0', 'invpcid address 1 here', 'invpcid context 1', 'invpcid all', 'invpcid allButGlobal'];

function assemblyOf(kind: string, random: Random): Assembly {
  const assembly = new Assembly();
  const isLong = kind.startsWith('with long') || kind.startsWith('with every') || (kind === 'with a bad table of gates' && random.percent(60));
  const hasPages = kind !== 'plain' && kind !== 'with APICs';
  const hasApic = kind === 'with APICs' || kind === 'with every freedom';
  const words = [...PLAIN, ...(hasApic ? WITH_APIC : []), ...(hasPages ? [...WITH_PAGES, ...WITH_PAGES] : []), ...(isLong ? WITH_PCIDS : [])];
  const code = (length: number, from: readonly string[] = words): string => Array.from({ length }, () => random.pick(from)).join('; ');
  const begins = kind === 'with a bad table of gates' ? `set idt ${random.pick([0x8000, 0x100000, 2 ** 40, 2 ** 47])}; sti; ` : '';
  assembly.programs.push({ code: begins + code(5), interruptsOff: random.percent(30) }, { code: code(4), interruptsOff: random.percent(30) });
  for (const vector of [2, 6, 8, 13, 14, 32, 33, 48, 49]) {
    if (vector !== 6 && vector !== 13 && vector !== 14 && random.percent(30)) continue;
    const isFault = vector < 32 && vector !== 2;
    const returns = !isFault || random.percent(30);
    // A handler that returns to an instruction which faults again must not note anything: no state would ever come twice.
    const body = hasApic && vector >= 32 ? `eoi; ${code(1, ['x = 3', 'see y', 'nop', 'sti'])}` : code(1 + random.below(2), isFault && returns ? ['x = 3', 'nop', ...(hasPages ? ['remap here new'] : [])] : ['x = 3', 'note seen', 'nop', 'see y', 'flag']);
    assembly.handlers.set(vector, { code: returns ? body : `${body}; stop`, kind: random.percent(70) ? 'interrupt' : 'trap', dpl: random.percent(50) ? 3 : 0 });
  }
  assembly.sources.push({ name: 'irq', vector: 32, limit: 1 }, ...(assembly.handlers.has(2) ? [{ name: 'nmi', vector: 2, limit: 1 }] : []));
  assembly.paging = hasPages;
  assembly.longMode = isLong;
  assembly.stackMissing = kind === 'without a stack';
  assembly.trampoline = random.percent(70) ? code(2, ['x = 4', 'see x', 'sti', 'nop']) : null;
  if (hasApic) assembly.options.apic = true;
  if (isLong) assembly.options.pcids = true;
  if (random.percent(50)) assembly.options.order = 'TSO';
  if (kind === 'with every freedom') Object.assign(assembly.options, { order: 'TSO', structureCaches: true, severalSizes: true, strayBits: true, walksPassStores: true, earlyFills: [Assembly.addressOf('here')] });
  return assembly;
}

/** Where the tables are, and the addresses that are accessed: in the slots that the tables fill, and some that are not canonical or far. */
const TABLES = [0x10000, 0x11000, 0x12000, 0x13000, 0x14000, 0x15000];
const FLAGS = [PTE.RW, PTE.US, PTE.RW | PTE.US, PTE.RW | PTE.US | PTE.A | PTE.D, PTE.RW | PTE.US | PTE.G, PTE.PS | PTE.RW | PTE.US, PTE.PS | PTE.RW | PTE.G | PTE.D, 0];
const KINDS: readonly AccessKind[] = ['read', 'write', 'fetch', 'rmw'];

function accessesIn({ cr4, efer, options, bytes }: Mode): Lines {
  const random = new Random(bytes + cr4 % 1000 + (options.strayBits ? 5 : 0));
  const lines: Record<string, string> = {};
  for (let portion = 1; portion <= ACCESSES.portions; portion++) {
    const store = new Store();
    const memory = new Memory(store);
    const cpu = new Cpu(store, 0, memory, options);
    Object.assign(cpu, { cr0: CR0.PE | (random.percent(70) ? CR0.WP : 0), cr3: TABLES[0]! });
    const hasPcids = (cr4 & CR4.PCIDE) !== 0;
    for (const table of TABLES) for (let slot = 0; slot < 4; slot++) put(memory, bytes, random, table, slot);
    Object.assign(cpu, { cr0: cpu.cr0 | CR0.PG, cr4, efer });
    if (bytes === 8 && efer < LONG) setCr(cpu, 'cr3', TABLES[0]!);
    store.settle();
    const told: string[] = [];
    const outs: Record<string, number> = {};
    for (let i = 0; i < ACCESSES.operations; i++) {
      const mark = store.mark();
      const [words, result] = operation(cpu, memory, bytes, hasPcids, random);
      const out = result === null ? 'done' : 'out' in result ? result.out : 'done';
      outs[out] = (outs[out] ?? 0) + 1;
      told.push(words, exactText({ ...result }), `${store.a} ${store.b}`, ...store.changesSince(mark).map(({ cell, after }) => `${cell} = ${exactText(after)}`));
      const moves: Parameters<Cpu['moves']>[0] = [];
      cpu.moves(moves);
      told.push(...moves.map(({ label }) => label));
      if (moves.length > 0 && random.percent(40)) random.pick(moves).perform();
    }
    lines[`portion ${portion}`] = `${Object.entries(outs).sort().map(([out, count]) => `${count} ${out}`).join(', ')}, ${cpu.tlb.entries().length} translations at the end, ${digest([told, store.exactState(), memory.wordsOf(TABLES[0]! / 4096)])}`;
  }
  return lines;
}

/** An entry of a table: it leads to another table or to a frame, with any flags, sometimes with a reserved bit. */
function put(memory: Pick<Memory, 'write32'>, bytes: number, random: Random, table: number, slot: number): void {
  const target = random.percent(85) ? random.pick(TABLES) : random.below(8) * 0x200000 + random.below(2) * 0x3000;
  // A large page of two-level paging may lie beyond 4 GiB: four bits of its entry say where, and the next one is reserved.
  const beyond = bytes === 4 && random.percent(30) ? (random.below(4) << 13) | (random.percent(10) ? 1 << 21 : 0) | PTE.PS : 0;
  const low = target | beyond | (random.percent(60) ? PTE.RW | PTE.US : random.pick(FLAGS)) | (random.percent(95) ? PTE.P : 0);
  const at = table + slot * bytes;
  memory.write32(at, low >>> 0);
  if (bytes === 8) memory.write32(at + 4, (random.percent(8) ? NX : 0) | (random.percent(2) ? 1 << random.below(31) : 0));
}

function addressIn(bytes: number, random: Random): number {
  const low = random.below(4) * 0x1000 + random.pick([0, 8, 0xffc, 0xffe]);
  if (bytes === 4) return random.below(3) * 0x400000 + low;
  return random.below(2) * 0x40000000 + random.below(3) * 0x200000 + low + (random.percent(10) ? random.pick([2 ** 39, -(2 ** 39), 2 ** 47, -4096]) : 0);
}

function operation(cpu: Cpu, memory: Memory, bytes: number, hasPcids: boolean, random: Random): readonly [string, ReturnType<typeof access> | ReturnType<typeof setCr>] {
  const la = addressIn(bytes, random) % (cpu.efer === 0 || bytes === 4 ? 2 ** 32 : Infinity);
  const address = bytes === 4 || (cpu.efer & EFER.LMA) === 0 ? la >>> 0 : la;
  switch (random.weighted({ access: 60, put: 14, invlpg: 5, cr3: 5, cr4: 4, cr0: 3, efer: 1, invpcid: hasPcids ? 5 : 1, 'no flush': hasPcids ? 4 : 1, store: 8 })) {
    case 'access': {
      const [kind, cpl, ac, size] = [random.pick(KINDS), random.pick([0, 3]), random.percent(30), random.pick([1, 2, 4, 8])];
      return [`${kind} ${address} ${cpl} ${ac} ${size}`, access(cpu, kind, address, cpl, ac, size)];
    }
    case 'put': put(random.percent(50) ? cpu.memory : memory, bytes, random, random.pick(TABLES), random.below(4)); return ['put', null];
    case 'store': return [stored(cpu, random), null];
    case 'invlpg': cpu.tlb.invlpg(address); return [`invlpg ${address}`, null];
    case 'cr3': { const value = random.pick(TABLES) + (hasPcids ? random.below(3) : 0); return [`cr3 ${value}`, setCr(cpu, 'cr3', value)]; }
    case 'cr4': { const bit = random.pick(Object.values(CR4)); return [`cr4 ${bit}`, setCr(cpu, 'cr4', bit === CR4.PAE && random.percent(90) ? cpu.cr4 : cpu.cr4 ^ bit)]; }
    case 'cr0': { const bit = random.pick([CR0.WP, CR0.WP, CR0.PG, CR0.PE, CR0.CD, CR0.NW, CR0.TS]); return [`cr0 ${bit}`, setCr(cpu, 'cr0', cpu.cr0 ^ bit) ?? (bit === CR0.PG ? setCr(cpu, 'cr0', cpu.cr0 | CR0.PG) : null)]; }
    case 'efer': { const bit = random.pick([EFER.NXE, EFER.NXE, EFER.LME, EFER.SCE]); return [`efer ${bit}`, setEfer(cpu, cpu.efer ^ bit)]; }
    case 'invpcid': { const [type, pcid] = [random.below(5), random.below(3)]; return [`invpcid ${type} ${pcid} ${address}`, invalidatePcid(cpu, type, pcid, address)]; }
    case 'no flush': { const value = random.pick(TABLES) + (hasPcids ? random.below(3) : 0); return [`cr3 ${value} kept`, setCr3NoFlush(cpu, value)]; }
  }
}

/** A store of one, two or eight bytes or a fence, and what the processor and the others see then. */
function stored(cpu: Cpu, random: Random): string {
  const pa = 0x8000 + random.below(4) * 8;
  const value = random.below(2 ** 31);
  const how = random.weighted({ word: 4, bits: 3, pair: 3, drain: 1 });
  if (how === 'word') cpu.memory.write32(pa + 4 * random.below(2), value);
  if (how === 'bits') cpu.memory.writeBits(pa, value, random.pick([0xff, 0xff00, 0xffff]));
  if (how === 'pair') cpu.memory.writePair(pa, value, value ^ 1);
  if (how === 'drain') cpu.drain();
  return `${how} ${[0, 4, 8, 12].map((offset) => `${cpu.memory.read32(0x8000 + offset)} ${cpu.walker.read32(0x8000 + offset)}`).join(' ')} ${(cpu.memory as SeenMemory).wordsOf(8).join(' ')}`;
}
