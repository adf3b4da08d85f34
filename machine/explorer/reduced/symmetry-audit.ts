import { formatSchedule } from '../verdict/schedule';
import { Symmetry } from './symmetry';
import { isAtRest, movesOf, violationOf, type System } from '../system';
import type { Objection } from '../verdict/audit';
import type { Mark } from '../../state/store';

// A program says which of its things are interchangeable. If that is not so,
// states are taken for one that are not alike, and a search loses what becomes
// of the other. So it is tried: of states that have one fingerprint, each must
// lead to the same fingerprints as the others, and end as they do.

/**
 * Looks for two states that are called alike and are not, among the first
 * `limit` states of `system` without any reduction.
 *
 * @returns null if there are none
 */
export function auditSymmetry(system: System, limit = 2000): Objection {
  const { store } = system;
  store.keepFingerprint();
  const symmetry = new Symmetry(store, system.interchangeable ?? [], system.processes);
  const known = new Map<string, { readonly becomes: string; readonly run: string }>();
  const visited = new Set<string>();
  const run: string[] = [];
  const start = store.mark();
  let objection: Objection = null;

  const visit = (): void => {
    if (objection !== null || visited.size >= limit) return;
    const state = `${store.a} ${store.b}`;
    if (visited.has(state)) return;
    visited.add(state);
    const becomes = futureOf(system, symmetry, start);
    symmetry.look(start);
    const key = `${symmetry.a} ${symmetry.b}`;
    const alike = known.get(key);
    if (alike && alike.becomes !== becomes) {
      objection = `${(system.interchangeable ?? []).map(({ kind }) => kind).join(' and ')} are not interchangeable: the states after "${alike.run}" and after "${formatSchedule(run)}" differ in nothing but names, and go on differently`;
      return;
    }
    if (!alike) known.set(key, { becomes, run: formatSchedule(run) });
    if (violationOf(system)) return;
    for (const move of movesOf(system)) {
      const mark = store.mark();
      run.push(move.label);
      move.perform();
      visit();
      run.pop();
      store.undo(mark);
    }
  };
  visit();
  return objection;
}

/** What can become of the present state by one move, without names. */
function futureOf(system: System, symmetry: Symmetry, start: Mark): string {
  const { store } = system;
  const violation = violationOf(system);
  if (violation) return `breaks ${violation.invariant}`;
  const moves = movesOf(system);
  const ends = isAtRest(system, moves) ? [`ends: ${system.outcome?.() ?? ''}`] : [];
  return [...ends, ...moves.map((move) => {
    const mark = store.mark();
    const { kind } = move;
    move.perform();
    const broken = violationOf(system); // its message may name names
    symmetry.look(start);
    store.undo(mark);
    return broken ? `${kind} that breaks ${broken.invariant}` : `${kind} ${symmetry.a} ${symmetry.b}`;
  }).sort()].join(', ');
}
