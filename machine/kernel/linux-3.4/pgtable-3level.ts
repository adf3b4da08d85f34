import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path, type RESTART } from '../../path';
import { Entity } from '../../state/hash';
import type { Kernel } from '../kernel';

// arch/x86/include/asm/pgtable-3level.h, 3.4 and 3.5: an entry of the middle
// level, which has 64 bits, on a processor that loads and stores 32 at once.
// The low half has the present bit and PS, the high half the frame's upper bits.

/** Both halves, unsigned. */
export interface pmd_t {
  readonly [key: string]: number;
  readonly low: number;
  readonly high: number;
}

/** Where an entry lies, and how each half of it is accessed. */
export abstract class PmdPlace extends Entity {
  abstract load(cpu: Cpu, half: 'low' | 'high'): number | typeof RESTART;
  abstract store(cpu: Cpu, half: 'low' | 'high', value: number): void;
  /** CMPXCHG8B: reads both halves and writes them, the same or others. */
  abstract cmpxchg8b(cpu: Cpu, value: pmd_t | null): pmd_t | typeof RESTART;
  /** What a reader has seen here. */
  abstract took(value: pmd_t): void;
}

export const PSE = 0x80;
export const NONE: pmd_t = { low: 0, high: 0 };
const hex = (value: number): string => `0x${value.toString(16)}`;

const loadLow = instruction((pmd: PmdPlace) => `${pmd.name}.pmd_low`, (cpu: Cpu, pmd: PmdPlace) => pmd.load(cpu, 'low'));
const loadHigh = instruction((pmd: PmdPlace) => `${pmd.name}.pmd_high`, (cpu: Cpu, pmd: PmdPlace) => pmd.load(cpu, 'high'));
const atomic64_read = instruction((pmd: PmdPlace) => `atomic64_read(&${pmd.name})   # cmpxchg8b`, (cpu: Cpu, pmd: PmdPlace) => {
  return pmd.cmpxchg8b(cpu, null);
}, { locked: true });

/** set_64bit(), a locked CMPXCHG8B. */
export const set_pmd = instruction((pmd: PmdPlace, value: pmd_t) => `set_pmd(&${pmd.name}, ${hex(value.high)}:${hex(value.low)})`, (cpu: Cpu, pmd: PmdPlace, value: pmd_t) => {
  pmd.cmpxchg8b(cpu, value);
}, { locked: true });

const xchgLow = instruction((pmd: PmdPlace) => `xchg(&${pmd.name}.pmd_low, 0)`, (cpu: Cpu, pmd: PmdPlace) => {
  pmd.store(cpu, 'low', 0);
}, { locked: true });
const clearHigh = instruction((pmd: PmdPlace) => `${pmd.name}.pmd_high = 0`, (cpu: Cpu, pmd: PmdPlace) => pmd.store(cpu, 'high', 0));

/** arch/x86/include/asm/pgtable-3level.h:164-174 (3.4.113), native_pmdp_get_and_clear(), of a large page: one half after the other. */
export const pmdp_get_and_clear = path(function* pmdp_get_and_clear(pmd: PmdPlace): Path {
  yield* xchgLow(pmd);
  yield* clearHigh(pmd);
});

/** Which half a compiler loads first when C copies the whole entry. Both orders occur; gcc loaded the high half first. */
export type Compiler = 'high half first' | 'low half first';

/** Ours: what `pmd_t pmdval = *pmd` is on the bus. */
const plainRead = path(function* plainRead(pmd: PmdPlace, compiler: Compiler): Path<pmd_t> {
  if (compiler === 'low half first') {
    const low = yield* loadLow(pmd);
    return { low, high: yield* loadHigh(pmd) };
  }
  const high = yield* loadHigh(pmd);
  return { low: yield* loadLow(pmd), high };
});

/** arch/x86/include/asm/pgtable-3level.h:70-86 (3.5), pmd_read_atomic(), as of e4eed03fd065: reads the high half only if the low one is set. Model: leaves out smp_rmb: x86 loads in order. Model: adds loadLow, loadHigh: the loads of the two halves. */
const pmd_read_atomic = path(function* pmd_read_atomic(pmd: PmdPlace): Path<pmd_t> {
  const low = yield* loadLow(pmd);
  return { low, high: low === 0 ? 0 : yield* loadHigh(pmd) };
});

/** Ours: the same with the halves exchanged. */
const pmd_read_high_first = path(function* pmd_read_high_first(pmd: PmdPlace): Path<pmd_t> {
  const high = yield* loadHigh(pmd);
  return { low: high === 0 ? 0 : yield* loadLow(pmd), high };
});

/** What a reader takes the entry for. */
const tookFor = silently((pmd: PmdPlace, value: pmd_t) => `took ${pmd.name} for ${hex(value.high)}:${hex(value.low)}`, (_cpu: Cpu, pmd: PmdPlace, value: pmd_t) => { pmd.took(value); });

/**
 * include/asm-generic/pgtable.h:492-520 (3.4.113), pmd_none_or_trans_huge_or_clear_bad(): the entry if it leads to a table, else null.
 * Model: leaves out pmd_trans_huge, pmd_clear_bad: the entry is none, large, or leads to a table.
 */
export const pmd_none_or_trans_huge_or_clear_bad = path(function* pmd_none_or_trans_huge_or_clear_bad(k: Kernel, pmd: PmdPlace, compiler: Compiler): Path<pmd_t | null> {
  let pmdval = NONE;
  if (k.before('torn-pmd/low-first') && k.before('torn-pmd/cmpxchg8b') && k.before('torn-pmd/high-first')) pmdval = yield* plainRead(pmd, compiler);
  if (k.after('torn-pmd/low-first')) pmdval = yield* pmd_read_atomic(pmd);
  if (k.after('torn-pmd/high-first')) pmdval = yield* pmd_read_high_first(pmd);
  if (k.after('torn-pmd/cmpxchg8b')) pmdval = yield* atomic64_read(pmd);
  if (k.after('torn-pmd/low-again') && (yield* loadLow(pmd)) !== pmdval.low) return null;
  yield* tookFor(pmd, pmdval);
  if (pmdval.low === 0 || (pmdval.low & PSE) !== 0) return null; // pmd_none(), which looks at the low half, and pmd_trans_huge()
  if (k.after('torn-pmd/barrier')) pmdval = yield* plainRead(pmd, compiler); // barrier(): the compiler loads it again
  return pmdval;
});
