import { Context } from '../../context';
import { Entity } from '../../state/hash';
import { Store } from '../../state/store';
import type { Program } from '../program';
import { randomFrom, sampleRun } from '../oracle/sampling';
import { movesOf, type System } from '../system';

// The explorer goes back in time by undoing writes of tracked cells. State that
// a model keeps elsewhere, in a plain field, is not undone, and then the search
// is silently wrong. So a model is audited: runs are made and undone, and
// everything that can be reached from the system must be as before; and each
// run is made on two fresh systems, and must be the same.

/** The objection of an audit; null if there is none. */
export type Objection = string | null;

/** Audits `program` over `runs` random runs. */
export function audit(program: Program, runs = 20, seed = 1): Objection {
  const random = randomFrom(seed);
  const system = program();
  const schedules = Array.from({ length: runs }, () => sampleRun(system, 'random', random, 100, 2000).labels);
  for (const labels of schedules) {
    const objection = differenceBetween(program(), program(), labels) ?? leftovers(system, labels, schedules[0]!);
    if (objection !== null) return objection;
  }
  return null;
}

/** Makes one run on two systems, and says where they diverge. */
function differenceBetween(one: System, other: System, labels: readonly string[]): Objection {
  for (const [i, label] of labels.entries()) {
    const [left, right] = [one, other].map((system) => movesOf(system).find((move) => move.label === label));
    if (!left || !right) return `not deterministic: the same run again cannot go on with "${label}" at event ${i + 1}`;
    left.perform();
    right.perform();
    if (one.store.exactState() !== other.store.exactState()) return `not deterministic: event ${i + 1} of the same run ("${label}") led to different states`;
  }
  const { a, b } = one.store.recomputed();
  return a === one.store.a && b === one.store.b ? null : 'the fingerprint that is kept up to date differs from one computed afresh';
}

/** Makes and undoes the run `labels`, and then another run, and compares what they leave behind. */
function leftovers(system: System, labels: readonly string[], other: readonly string[]): Objection {
  const snapshots = [other, labels, other, labels].map((run) => {
    const start = system.store.mark();
    const state = system.store.exactState();
    for (const label of run) movesOf(system).find((move) => move.label === label)?.perform();
    system.store.undo(start);
    if (system.store.exactState() !== state) return new Map([['the tracked state', 'is not as before after a run was undone']]);
    return plainFields(system);
  });
  // The first two runs fill the caches; the last two must leave nothing new behind.
  const [, earlier, middle, last] = snapshots as [Map<string, string>, Map<string, string>, Map<string, string>, Map<string, string>];
  for (const [field, value] of last) {
    for (const before of [earlier, middle]) {
      const was = before.get(field);
      if (was !== value) return `a plain field changes behind the explorer's back: ${field} is ${value} after a run was undone, and was ${was ?? 'not there'}; keep it in a tracked cell`;
    }
  }
  return null;
}

/** Set before each act by the code that performs it; never read at any other time. */
const SCRATCH = new Set(['chosen']);

/** Every plain field of every object that can be reached from the system, by its path from there. */
function plainFields(system: System): Map<string, string> {
  const fields = new Map<string, string>();
  const seen = new Set<unknown>();
  const open: { at: unknown; way: string }[] = [{ at: system, way: 'system' }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { at, way } = item;
    if (typeof at !== 'object' || at === null) {
      if (typeof at !== 'function') fields.set(way, String(at));
      continue;
    }
    if (at instanceof Store || seen.has(at)) continue;
    seen.add(at);
    const name = at instanceof Entity ? at.name : way;
    if (at instanceof Context) at.operands.forEach((operand) => open.push({ at: operand, way: `${name} operand` }));
    else if (at instanceof Map) for (const [key, value] of at) open.push({ at: value, way: `${name}[${String(key)}]` });
    else if (at instanceof Set) fields.set(`${name}.size`, String(at.size));
    else if (Array.isArray(at)) at.forEach((value, i) => open.push({ at: value, way: `${name}[${i}]` }));
    else for (const [key, value] of Object.entries(at)) if (!SCRATCH.has(key)) open.push({ at: value, way: `${name}.${key}` });
  }
  return fields;
}
