import type { Bounds } from '../explorer/stateful/search';
import type { Situation } from './types';

// What bounds a verdict: the search may have a bound, and the situation has
// bounds of its own, since it is finite. "In every interleaving" covers only
// what these parameters allow.

type Value = string | number | boolean;
type Parameters = Readonly<Record<string, Value>>;

const counted = (one: string, many = `${one}s`) => (value: Value): string => (value === 0 ? `no ${one}` : `${String(value)} ${value === 1 ? one : many}`);
const atMost = (one: string, many = `${one}s`) => (value: Value): string => (value === 0 ? `no ${one}` : `at most ${String(value)} ${value === 1 ? one : many}`);

/** Parameters that say how much of something there is, or how often it may happen. A name means the same in every situation. */
const LIMITS: Readonly<Record<string, (value: Value, parameters: Parameters) => string>> = {
  ticks: (value, { ticking }) => `${atMost('timer tick')(value)}${ticking === 'second' ? ' on the second CPU' : ticking === 'both' ? ' on each CPU' : ''}`,
  interrupts: atMost('interrupt'),
  evictions: atMost('eviction from the TLB', 'evictions from the TLB'),
  flushes: counted('flush', 'flushes'),
  accesses: (value) => `${counted('access', 'accesses')(value)} of each task`,
  entries: counted('page-table entry', 'page-table entries'),
  segments: (value) => `${counted('page')(value)} in a request`,
  pages: (value) => (typeof value === 'number' ? counted('pte page')(value) : ''),
  visitors: (value) => `${value === 0 ? 'no' : String(value)} other CPU${value === 1 ? '' : 's'} using the reverse mapping`,
  middles: counted('middle table'),
  readers: counted('reader'),
  rounds: counted('round'),
  tables: counted('page table'),
  times: counted('time'),
  unmaps: counted('unmap'),
  cpus: counted('CPU'),
  threads: counted('calling thread'),
  walkers: counted('CPU that walks the table', 'CPUs that walk the table'),
  users: counted('user of the address space', 'users of the address space'),
  scanners: counted('thread that changes protections', 'threads that change protections'),
};

/** Values in words or yes and no that leave something out which a machine has. */
const LEAVES_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  interrupts: { false: 'no timer interrupt' },
  device: { none: 'no device interrupt' },
};

/** Numbers that choose a machine or a kernel, and bound nothing. */
const SETTINGS: ReadonlySet<string> = new Set(['ram', 'hole', 'NR_CPUS', 'splitFrom', 'FREE_PTE_NR', 'room']);

/** The limits that the parameters of a situation set, in words. A number that has no words of its own is given as it is. */
export function limitsOf(situation: Situation, parameters: Parameters): string[] {
  return Object.keys(situation.parameters).flatMap((name) => {
    const value = parameters[name]!;
    if (typeof value !== 'number') return LEAVES_OUT[name]?.[String(value)] ?? [];
    if (SETTINGS.has(name)) return [];
    return [LIMITS[name]?.(value, parameters) ?? `${name} = ${value}`];
  }).filter((text) => text !== '');
}

/** Whether it has been declared if this parameter bounds a verdict. */
export function isJudged(name: string): boolean {
  return name in LIMITS || SETTINGS.has(name);
}

/** `at most 2 switches`: the bounds of a search, in the words of the command line. */
export function searchBounds(bounds: Bounds | Readonly<Record<string, number>>): string[] {
  const words: Readonly<Record<string, (value: Value) => string>> = { switches: atMost('switch', 'switches'), interrupts: atMost('interrupt'), states: atMost('state'), memory: (value) => `${String(value)} MB of memory` };
  return Object.entries(bounds).flatMap(([name, value]) => (value === undefined ? [] : [words[name]?.(value) ?? `${name} = ${String(value)}`]));
}
