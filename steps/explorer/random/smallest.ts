// The smallest run to a violation, by brute force, compared with the one that a verdict shows.

import fc from 'fast-check';
import type { EngineName } from '../../../machine/explorer/engine';
import { explore, type Witness } from '../../../machine/explorer/explore';
import { searchStates } from '../../../machine/explorer/stateful/search';
import { movesOf, violationOf, type System } from '../../../machine/explorer/system';
import { scripted } from '../../../machine/programs/scripted';
import { anyProgram } from './random';

/** Interrupts, changes of process, steps. */
type Cost = readonly [number, number, number];

const compare = (one: Cost, other: Cost): number => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

/** The cost of the smallest run to a violation with this message: all runs are tried in order of cost, from the beginning. */
function smallestCost(system: System, message: string): Cost {
  const { store, processes } = system;
  const start = store.mark();
  const seen = new Set<string>();
  const open: { readonly cost: Cost; readonly labels: readonly string[]; readonly last: number }[] = [{ cost: [0, 0, 0], labels: [], last: -1 }];
  for (;;) {
    open.sort((one, other) => compare(other.cost, one.cost));
    const run = open.pop();
    if (run === undefined) throw new Error(`no run ends with "${message}"`);
    for (const label of run.labels) movesOf(system).find((move) => move.label === label)!.perform();
    const violation = violationOf(system);
    const key = `${store.exactState()} ${run.last}`;
    if (violation?.message === message) return run.cost;
    if (violation === null && !seen.has(key)) {
      for (const move of movesOf(system)) {
        const process = processes.indexOf(move.process);
        const [interrupts, switches, steps] = run.cost;
        const cost: Cost = [interrupts + (move.kind === 'interrupt' ? 1 : 0), switches + (run.last >= 0 && process !== run.last ? 1 : 0), steps + 1];
        open.push({ cost, labels: [...run.labels, move.label], last: process });
      }
    }
    seen.add(key);
    store.undo(start);
  }
}

function costOf({ trace: { events }, interrupts, steps }: Witness): Cost {
  return [interrupts, events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length, steps];
}

/** Larger programs are left out. */
const STATES = 400;

/** How many violations of random programs were examined, and the first whose run is not a smallest one. */
export function compareWitnesses(programs: number, seed: number, engines: readonly EngineName[]): { readonly violations: number; readonly difference: string | null } {
  let violations = 0;
  for (const program of fc.sample(anyProgram, { numRuns: programs, seed })) {
    const build = scripted(program);
    const { complete, violations: found } = searchStates(build(), { states: STATES });
    if (!complete || found.length === 0) continue;
    for (const engine of engines) {
      for (const { kind, message, witness } of explore(build, {}, undefined, { engine }).findings) {
        if (kind !== 'violation') continue;
        violations++;
        const [shown, smallest] = [costOf(witness), smallestCost(build(), message)];
        if (compare(shown, smallest) !== 0) return { violations, difference: `${engine}: "${message}" takes ${smallest.join(', ')}, shown is ${shown.join(', ')}\nin ${JSON.stringify(program)}` };
      }
    }
  }
  return { violations, difference: null };
}
