// The same programs on the machine: processors with store buffers and TLBs that may be filled at any time.

import { Context } from '../../../machine/context';
import { explore } from '../../../machine/explorer/explore';
import type { System } from '../../../machine/explorer/system';
import { Cpu, type CpuOptions } from '../../../machine/hardware/cpu';
import { hlt, invlpg, iret, load, mfence, sendIpi, store as storeThrough } from '../../../machine/hardware/instructions';
import { VECTOR, type TrapFrame } from '../../../machine/hardware/interrupts';
import { Memory } from '../../../machine/hardware/memory';
import { PTE } from '../../../machine/hardware/paging';
import { instruction, path, repeatWhile, silently, type Path } from '../../../machine/path';
import { Store } from '../../../machine/state/store';
import { Cell } from '../../../machine/state/tracked';
import { FAMILIES, STRICT, type Family, type Latitude, type Op, type Program } from './operations';

const PAGE = 0x00008000;
const DIRECTORY = 0x10000;
const TABLE = 0x11000;
const OTHER_TABLE = 0x12000;
const INDEX = 4 * (PAGE >>> 12);
const ENTRY = TABLE + INDEX;
const FRAMES = { a: 0x20000, b: 0x21000, c: 0x22000 };
const WORD_X = 0x30000;
const FLUSH = 0xfd;
/** Random runs that challenge each search: few, since its outcomes are compared with the axioms. */
const FEW = 20;
const RIGHTS = PTE.P | PTE.RW | PTE.US;
const MARKED = RIGHTS | PTE.A | PTE.D;

/** The value that an operation stores, by how many operations its processor still has, this one included. */
const numberOf = (cpu: number, left: number): number => 16 * cpu + left;

/** The value as the outcomes name it: `0#2` is that of the first CPU's third operation. */
function nameOf(value: number, program: Program): string {
  if (value === 0) return '0';
  const [cpu, left] = [value >> 4, value & 15];
  return `${cpu}#${program[cpu]!.length - left}`;
}

const frameAt = (pa: number): string => Object.entries(FRAMES).find(([, frame]) => Math.floor(pa / 4096) * 4096 === frame)?.[0] ?? '-';
const entryNameOf = (entry: number): string => `${(entry & PTE.P) === 0 ? '-' : frameAt(entry)}${(entry & PTE.A) === 0 ? '' : 'A'}${(entry & PTE.D) === 0 ? '' : 'D'}`;

/** The properties of the processors. */
export function optionsFor({ levels }: Family, { passing, stray }: Latitude): CpuOptions {
  return { order: 'TSO', earlyFills: [PAGE], structureCaches: levels, walksPassStores: passing, strayBits: stray };
}

/**
 * Every outcome that the machine reaches, in the words of `allowedOutcomes`.
 *
 * @param challenge random runs that challenge the search
 */
export function reachedOutcomes(program: Program, family: Family = FAMILIES.stores, options: CpuOptions = optionsFor(family, STRICT), challenge = FEW): string[] {
  const verdict = explore(() => build(program, family, options), {}, undefined, { challenge });
  if (!verdict.complete || verdict.findings.length > 0) throw new Error(`${JSON.stringify(program)}: ${verdict.findings.map(({ message }) => message).join('; ') || 'the search was not complete'}`);
  return namedIn(verdict.outcomes, program);
}

function build(program: Program, family: Family, options: CpuOptions): System {
  const store = new Store();
  const noted = program.map((_, i) => new Cell<readonly string[]>(store, `noted${i}`, []));
  const machine = assemble(store, program.length, family, options, (cpu, text) => {
    noted[cpu]!.value = [...noted[cpu]!.value, text];
  });
  machine.start(program);
  store.settle();
  return { store, processes: machine.processes, invariants: [], outcome: () => partsJoined(noted.map(({ value }) => value.join(' '))) };
}

/** The outcome of a run in which the processors noted these texts. */
export const partsJoined = (parts: readonly string[]): string => parts.join(' | ').trim();

/** Outcomes in which values are numbers, with their names. */
export function namedIn(outcomes: readonly string[], program: Program): string[] {
  return outcomes.map((outcome) => outcome.replace(/(?<==)\d+/g, (value) => nameOf(Number(value), program))).sort();
}

/** Processors with a page table between them, which have nothing to do yet. */
export interface Machine {
  readonly processes: readonly Cpu[];
  /** Gives each processor its operations. */
  start(program: Program): void;
}

/**
 * @param note is told what the operations find: `a=17` for the value 17 in frame a
 */
export function assemble(store: Store, count: number, { marks }: Family, options: CpuOptions, note: (cpu: number, text: string) => void): Machine {
  const memory = new Memory(store);
  const rights = marks ? RIGHTS : MARKED;
  memory.write32(DIRECTORY, TABLE | MARKED);
  memory.write32(ENTRY, FRAMES.a | rights);
  memory.write32(OTHER_TABLE + INDEX, FRAMES.c | MARKED);
  const cpus = Array.from({ length: count }, (_, i) => new Cpu(store, i, memory, options));
  const todo = cpus.map((_, i) => new Cell<readonly Op[]>(store, `todo${i}`, []));
  const waiting = new Cell<number>(store, 'not answered', 0);

  const goOn = silently('goes on', (cpu: Cpu) => {
    const [op, ...rest] = todo[cpu.id]!.value;
    todo[cpu.id]!.value = rest;
    return { op: op!, left: rest.length + 1 };
  });
  const say = silently((text: string) => `note ${text}`, (cpu: Cpu, text: string) => note(cpu.id, text));
  const sayFound = silently((value: number) => `note ${value}`, (cpu: Cpu, value: number) => note(cpu.id, `${frameAt(cpu.lastAccess!.pa)}=${value}`));
  const look = instruction((pa: number) => `read [0x${pa.toString(16)}]`, (cpu: Cpu, pa: number) => cpu.memory.read32(pa));
  const put = instruction((pa: number, value: number) => `[0x${pa.toString(16)}] = 0x${value.toString(16)}`, (cpu: Cpu, pa: number, value: number) => cpu.memory.write32(pa, value));
  const exchange = instruction((pa: number, value: number) => `xchg ${value}, [0x${pa.toString(16)}]`, (cpu: Cpu, pa: number, value: number) => {
    cpu.drain();
    const old = cpu.memory.read32(pa);
    cpu.memory.write32(pa, value);
    cpu.drain();
    return old;
  });
  const begin = instruction('calls the others', () => {
    waiting.value = (1 << count) - 2;
  });
  const answered = instruction('all have answered', () => undefined, { when: () => waiting.value === 0 });
  const answer = instruction('answer', (cpu: Cpu) => {
    cpu.drain();
    waiting.value &= ~(1 << cpu.id);
  });
  const handler = path(function* handler(frame: TrapFrame): Path {
    yield* invlpg(PAGE);
    yield* answer();
    yield* iret(frame);
  });
  const faulted = path(function* faulted(): Path {
    yield* say('fault');
    yield* hlt();
  });
  const round = path(function* round(cpu: number): Path<boolean> {
    const { op, left } = yield* goOn();
    const name = numberOf(cpu, left);
    switch (op) {
      case 'map': yield* put(ENTRY, FRAMES.b | rights); break;
      case 'lift': yield* put(DIRECTORY, OTHER_TABLE | MARKED); break;
      case 'poke': yield* put(FRAMES.a, name); break;
      case 'ld': yield* sayFound(yield* load(PAGE)); break;
      case 'st': yield* storeThrough(PAGE, name); break;
      case 'inv': yield* invlpg(PAGE); break;
      case 'beside': yield* invlpg(PAGE + 4096); break;
      case 'look': yield* say(`entry=${entryNameOf(yield* look(ENTRY))}`); break;
      case 'clear': yield* say(`entry=${entryNameOf(yield* exchange(ENTRY, 0))}`); break;
      case 'fence': yield* mfence(); break;
      case 'xchg': yield* say(`x=${yield* exchange(WORD_X, name)}`); break;
      case 'flush':
        yield* begin();
        yield* sendIpi(FLUSH, cpus.slice(1));
        yield* answered();
    }
    return left > 1;
  });
  const run = path(function* run(cpu: number, isIdle: boolean): Path {
    if (!isIdle) yield* repeatWhile(round(cpu));
    yield* hlt();
  });
  cpus.forEach((cpu, i) => {
    cpu.cr3 = DIRECTORY;
    cpu.IF = true;
    cpu.idt.set(FLUSH, { kind: 'interrupt', handler });
    cpu.idt.set(VECTOR.PF, { kind: 'trap', handler: faulted });
    cpu.context = new Context(store, `P${i}`);
  });
  return {
    processes: cpus,
    start(program) {
      program.forEach((ops, i) => {
        todo[i]!.value = ops;
        cpus[i]!.context!.start(run(i, ops.length === 0), cpus[i]!);
      });
    },
  };
}
