import { Context } from '../context';
import { searchStates } from '../explorer/stateful/search';
import type { System } from '../explorer/system';
import { Cpu } from '../hardware/cpu';
import { load, mfence, store as storeWord, xchg } from '../hardware/instructions';
import { Memory } from '../hardware/memory';
import { CR0 } from '../hardware/paging';
import type { Checked } from '../hardware/recorded';
import type { MemoryOrder } from '../hardware/store-buffer';
import { path, silently, type Path } from '../path';
import { Store } from '../state/store';
import { TrackedTable } from '../state/tracked';

// Litmus tests: a few instructions on each of a few CPUs, and the complete set
// of final states that a memory order allows. The threads run on the machine's
// CPUs, and the explorer finds the states.

/** One instruction of a litmus test. */
export type LitmusOperation =
  | { readonly op: 'st'; readonly loc: string; readonly val: number }
  | { readonly op: 'st'; readonly loc: string; readonly reg: string }
  | { readonly op: 'ld' | 'xchg'; readonly loc: string; readonly reg: string }
  | { readonly op: 'mov'; readonly reg: string; readonly val: number }
  | { readonly op: 'mfence' | 'lfence' | 'sfence' };

export interface Litmus {
  readonly id: string;
  readonly name: string;
  readonly init: { readonly mem: Readonly<Record<string, number>>; readonly regs: Readonly<Record<string, Readonly<Record<string, number>>>> };
  readonly threads: readonly (readonly LitmusOperation[])[];
  /** What the final state consists of: locations, and registers such as `0:rax`. */
  readonly observed: readonly string[];
  /** Every final state under each order, in the order of `observed`. */
  readonly states_tso: readonly (readonly number[])[];
  readonly states_sc: readonly (readonly number[])[];
}

/** A litmus test that cannot be read; the message says why. */
export class LitmusError extends Error {}

const OPERANDS: Readonly<Record<string, readonly string[]>> = { st: ['loc'], ld: ['loc', 'reg'], xchg: ['loc', 'reg'], mov: ['reg', 'val'], mfence: [], lfence: [], sfence: [] };

/** Reads one litmus test. Throws a `LitmusError` that names what is wrong with it. */
export function parseLitmus(text: string): Litmus {
  let raw: Partial<Record<keyof Litmus, unknown>>;
  try {
    raw = JSON.parse(text) as typeof raw;
  } catch {
    throw new LitmusError('not JSON');
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new LitmusError('not a JSON object');
  if (typeof raw.name !== 'string') throw new LitmusError('"name" is missing');
  for (const field of ['threads', 'observed', 'states_tso', 'states_sc'] as const) if (!Array.isArray(raw[field])) throw new LitmusError(`"${field}" is missing`);
  (raw.threads as unknown[]).forEach((thread, t) => {
    if (!Array.isArray(thread)) throw new LitmusError(`thread ${t} is not a list`);
    (thread as Record<string, unknown>[]).forEach((op, i) => {
      const operands = OPERANDS[String(op?.op)];
      if (!operands) throw new LitmusError(`threads[${t}][${i}]: "op" can be ${Object.keys(OPERANDS).join(', ')}`);
      for (const operand of operands) if (op[operand] === undefined) throw new LitmusError(`threads[${t}][${i}]: "${operand}" is missing`);
      if (op.op === 'st' && typeof op.val !== 'number' && typeof op.reg !== 'string') throw new LitmusError(`threads[${t}][${i}]: "val" or "reg" is missing`);
    });
  });
  return { id: raw.name, init: { mem: {}, regs: {} }, ...raw } as Litmus;
}

/** The complete set of final states of `litmus` under `order`, sorted, each as its values in the order of `observed`. */
export function finalStates(litmus: Litmus, order: MemoryOrder): number[][] {
  const search = searchStates(litmusSystem(litmus, order));
  if (!search.complete || search.endings.deadlock.length > 0) throw new Error(`machine bug: ${litmus.name} under ${order} does not come to an end on every run`);
  return [...search.outcomes.keys()].map((outcome) => JSON.parse(outcome) as number[]).sort(compareStates);
}

function compareStates(one: readonly number[], other: readonly number[]): number {
  const i = one.findIndex((value, k) => value !== other[k]);
  return i < 0 ? 0 : one[i]! - other[i]!;
}

/** Compares the final states under both orders with those that the test lists. */
export function checkLitmus(litmus: Litmus): Checked {
  const differences = (['SC', 'TSO'] as const).flatMap((order) => {
    const found = finalStates(litmus, order).map((state) => state.join(','));
    const listed = (order === 'SC' ? litmus.states_sc : litmus.states_tso).map((state) => state.join(','));
    return [
      ...found.filter((state) => !listed.includes(state)).map((state) => `under ${order} the machine reaches ${state}, which is not allowed`),
      ...listed.filter((state) => !found.includes(state)).map((state) => `under ${order} the machine never reaches ${state}, which is allowed`),
    ];
  });
  return { id: litmus.id, set: 'litmus', differences };
}

/** The address of each location: each has a cache line of its own. */
function addressesOf({ threads, init, observed }: Litmus): Map<string, number> {
  const names = [...Object.keys(init.mem), ...threads.flat().flatMap((op) => ('loc' in op ? [op.loc] : [])), ...observed.filter((name) => !name.includes(':'))];
  return new Map([...new Set(names)].map((name, i) => [name, 0x1000 + 64 * i]));
}

/** One CPU for each thread, without paging; the observed values as outcome. */
export function litmusSystem(litmus: Litmus, order: MemoryOrder): System {
  const store = new Store();
  const memory = new Memory(store);
  const addresses = addressesOf(litmus);
  const finals = new TrackedTable<string, number>(store, 'finals', 0);
  for (const [name, value] of Object.entries(litmus.init.mem)) memory.write32(addresses.get(name)!, value);

  const keep = silently((name: string, value: number) => `${name} = ${value}`, (_cpu: Cpu, name: string, value: number) => {
    finals.set(name, value);
  });

  const run = path(function* run(thread: number): Path {
    const registers: Record<string, number> = { ...litmus.init.regs[thread] };
    for (const op of litmus.threads[thread]!) {
      switch (op.op) {
        case 'ld': registers[op.reg] = yield* load(addresses.get(op.loc)!); break;
        case 'st': yield* storeWord(addresses.get(op.loc)!, 'val' in op ? op.val : registers[op.reg] ?? 0); break;
        case 'xchg': registers[op.reg] = yield* xchg(addresses.get(op.loc)!, registers[op.reg] ?? 0); break;
        case 'mov': registers[op.reg] = op.val; break;
        case 'mfence': yield* mfence(); break;
        // Loads stay in order among themselves, and so do stores: these two add nothing to ordinary memory.
        case 'lfence':
        case 'sfence': break;
      }
    }
    for (const name of litmus.observed) if (name.startsWith(`${thread}:`)) yield* keep(name, registers[name.slice(name.indexOf(':') + 1)] ?? 0);
  });

  const cpus = litmus.threads.map((_, i) => {
    const cpu = new Cpu(store, i, memory, { order });
    cpu.cr0 = CR0.PE;
    cpu.context = new Context(store, `P${i}`);
    cpu.context.start(run(i), cpu);
    return cpu;
  });
  store.settle();
  return {
    store,
    processes: cpus,
    invariants: [],
    outcome: () => JSON.stringify(litmus.observed.map((name) => (name.includes(':') ? finals.get(name) : memory.read32(addresses.get(name)!)))),
  };
}
