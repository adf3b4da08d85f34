// The same programs on the machine: processors with store buffers and TLBs that may be filled at any time.

import { Context } from '../../../machine/context';
import { explore } from '../../../machine/explorer/explore';
import type { System } from '../../../machine/explorer/system';
import { Cpu, type CpuOptions } from '../../../machine/hardware/cpu';
import { hlt, invlpg, iret, load, mfence, sendIpi, store as storeThrough } from '../../../machine/hardware/instructions';
import type { TrapFrame } from '../../../machine/hardware/interrupts';
import { Memory } from '../../../machine/hardware/memory';
import { PTE } from '../../../machine/hardware/paging';
import { instruction, path, silently, type Path } from '../../../machine/path';
import { Store } from '../../../machine/state/store';
import { Cell } from '../../../machine/state/tracked';
import type { Program } from './axioms';

const PAGE = 0x00008000;
const DIRECTORY = 0x10000;
const TABLE = 0x11000;
const ENTRY = TABLE + 4 * (PAGE >>> 12);
const FRAMES = { a: 0x20000, b: 0x21000 };
const WORD_X = 0x30000;
const VECTOR = 0xfd;
/** Random runs that challenge each search: its outcomes are compared with the axioms' in any case. */
const FEW = 20;
const RIGHTS = PTE.P | PTE.RW | PTE.US | PTE.A | PTE.D;

/** The value that an operation stores, and its name: `0#2` is the third one of the first CPU. */
const numberOf = (cpu: number, at: number): number => 16 * cpu + at + 1;
const nameOf = (value: number): string => (value === 0 ? '0' : `${(value - 1) >> 4}#${(value - 1) & 15}`);

/** Every outcome that the machine reaches, in the words of `allowedOutcomes`. */
export function reachedOutcomes(program: Program, options: CpuOptions = { order: 'TSO', earlyFills: [PAGE] }): string[] {
  const verdict = explore(() => build(program, options), {}, undefined, { challenge: FEW });
  if (!verdict.complete || verdict.findings.length > 0) throw new Error(`${JSON.stringify(program)}: ${verdict.findings.map(({ message }) => message).join('; ') || 'the search was not complete'}`);
  return [...verdict.outcomes].sort();
}

function build(program: Program, options: CpuOptions): System {
  const store = new Store();
  const memory = new Memory(store);
  memory.write32(DIRECTORY, TABLE | RIGHTS);
  memory.write32(ENTRY, FRAMES.a | RIGHTS);
  const cpus = program.map((_, i) => new Cpu(store, i, memory, options));
  const noted = program.map((_, i) => new Cell<readonly string[]>(store, `noted${i}`, []));
  const waiting = new Cell<number>(store, 'not answered', 0);

  const note = silently((frame: string, value: number) => `note ${frame}=${value}`, (cpu: Cpu, frame: string, value: number) => {
    const where = frame === '' ? (Math.floor(cpu.lastAccess!.pa / 4096) * 4096 === FRAMES.a ? 'a' : 'b') : frame;
    noted[cpu.id]!.value = [...noted[cpu.id]!.value, `${where}=${nameOf(value)}`];
  });
  const put = instruction((pa: number, value: number) => `[0x${pa.toString(16)}] = 0x${value.toString(16)}`, (cpu: Cpu, pa: number, value: number) => cpu.memory.write32(pa, value));
  const exchange = instruction((value: number) => `xchg ${value}, x`, (cpu: Cpu, value: number) => {
    cpu.drain();
    const old = cpu.memory.read32(WORD_X);
    cpu.memory.write32(WORD_X, value);
    cpu.drain();
    return old;
  });
  const begin = instruction('calls the others', () => {
    waiting.value = (1 << program.length) - 2;
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
  const run = path(function* run(cpu: number): Path {
    const ops = program[cpu]!;
    for (const [i, op] of ops.entries()) {
      const name = numberOf(cpu, i);
      switch (op) {
        case 'map': yield* put(ENTRY, FRAMES.b | RIGHTS); break;
        case 'poke': yield* put(FRAMES.a, name); break;
        case 'ld': yield* note('', yield* load(PAGE)); break;
        case 'st': yield* storeThrough(PAGE, name); break;
        case 'inv': yield* invlpg(PAGE); break;
        case 'fence': yield* mfence(); break;
        case 'xchg': yield* note('x', yield* exchange(name)); break;
        case 'flush':
          yield* begin();
          yield* sendIpi(VECTOR, cpus.slice(1));
          yield* answered();
      }
    }
    yield* hlt();
  });
  cpus.forEach((cpu, i) => {
    cpu.cr3 = DIRECTORY;
    cpu.IF = true;
    cpu.idt.set(VECTOR, { kind: 'interrupt', handler });
    cpu.context = new Context(store, `P${i}`);
    cpu.context.start(run(i), cpu);
  });
  store.settle();
  return { store, processes: cpus, invariants: [], outcome: () => noted.map(({ value }) => value.join(' ')).join(' | ').trim() };
}
