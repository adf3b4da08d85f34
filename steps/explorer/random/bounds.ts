// The results of runs within bounds, by brute force and by the layered search.

import fc from 'fast-check';
import { LayeredSearch, type Counting } from '../../../machine/explorer/layered/search';
import type { Bounds, Search } from '../../../machine/explorer/stateful/search';
import { isAtRest, movesOf, violationOf, type System } from '../../../machine/explorer/system';
import { scripted, type ScriptedProgram } from '../../../machine/programs/scripted';
import { anyProgram, differenceOf, inWords, type Outcomes } from './random';

/** The bounds that are tried on each program. */
const BOUNDS: readonly Bounds[] = [
  { switches: 0 }, { switches: 1 }, { switches: 2 }, { interrupts: 0 }, { interrupts: 1 },
  { interrupts: 0, switches: 1 }, { interrupts: 1, switches: 0 }, { interrupts: 1, switches: 1 }, { interrupts: 2, switches: 1 },
];

/** What a run has spent, and which process moved last. */
interface Standing {
  readonly last: number;
  readonly interrupts: number;
  readonly switches: number;
}

/**
 * Every run within `bounds`, by states that are compared as whole texts together with the process that moved last and
 * what has been spent of each bound; null if there are more than `limit` of these.
 */
export function bruteForceWithin(system: System, bounds: Bounds, limit: number): Outcomes | null {
  const { store, processes } = system;
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  const violations = new Set<string>();
  let isDeadlocked = false;

  const visit = ({ last, interrupts, switches }: Standing): void => {
    const key = [store.exactState(), last, bounds.interrupts === undefined ? '' : interrupts, bounds.switches === undefined ? '' : switches].join('|');
    if (seen.has(key) || seen.size > limit) return;
    seen.add(key);
    const moves = movesOf(system);
    if (isAtRest(system, moves)) outcomes.add(system.outcome?.() ?? '');
    else if (moves.length === 0) isDeadlocked = true;
    const lastCanStep = moves.some((move) => move.kind === 'step' && processes.indexOf(move.process) === last);
    for (const move of moves) {
      const process = processes.indexOf(move.process);
      const after = {
        last: process,
        interrupts: interrupts + (move.kind === 'interrupt' ? 1 : 0),
        switches: switches + (last >= 0 && process !== last && lastCanStep ? 1 : 0),
      };
      if (after.interrupts > (bounds.interrupts ?? Infinity) || after.switches > (bounds.switches ?? Infinity)) continue;
      const mark = store.mark();
      move.perform();
      const violation = violationOf(system);
      if (violation) violations.add(violation.message);
      else visit(after);
      store.undo(mark);
    }
  };
  visit({ last: -1, interrupts: 0, switches: 0 });
  return seen.size > limit ? null : inWords(outcomes, violations, isDeadlocked);
}

/** The same by layers. */
export function layeredWithin(system: System, bounds: Bounds, counting: Counting = 'unforced switches'): Search {
  const search = new LayeredSearch(system, bounds, counting);
  while (search.advance(100_000) === 'under way') continue;
  return search.result();
}

function wordsOf({ outcomes, violations, endings }: Search): Outcomes {
  return inWords(outcomes.keys(), violations.map(({ message }) => message), endings.deadlock.length > 0);
}

/** A program with more nodes in the brute force is passed over. */
const NODES = 3_000;

export interface BoundsComparison {
  readonly passedOver: number;
  /** Comparisons in which the bound left something out. */
  readonly limiting: number;
  readonly difference: string | null;
}

/**
 * Compares the layered search with brute force, within each of the bounds and without any.
 *
 * @param counting which changes of process the search counts as switches
 */
export function compareWithinBounds(programs: number, seed: number, counting: Counting = 'unforced switches'): BoundsComparison {
  let passedOver = 0;
  let limiting = 0;
  const property = fc.property(anyProgram, (program) => {
    const everything = bruteForceWithin(scripted(program)(), {}, NODES);
    if (everything === null) {
      passedOver++;
      return;
    }
    const unbounded = layeredWithin(scripted(program)(), {}, counting);
    expectSame('the layered search', everything, wordsOf(unbounded));
    for (const bounds of BOUNDS) {
      const name = Object.entries(bounds).map(([what, count]) => `${count} ${what}`).join(' and ');
      const expected = bruteForceWithin(scripted(program)(), bounds, 10 * NODES);
      if (expected === null) {
        passedOver++;
        continue;
      }
      const bounded = layeredWithin(scripted(program)(), bounds, counting);
      expectSame(`the layered search within ${name}`, expected, wordsOf(bounded));
      if (expected.length < everything.length) limiting++;
      if (!bounded.raised!.isCut && expected.join() !== everything.join()) throw new Error(`within ${name} something is left out, but nothing was cut`);
    }
    checkNeeds(program, unbounded);
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  return { passedOver, limiting, difference: failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null };
}

function expectSame(name: string, expected: Outcomes, actual: Outcomes): void {
  if (actual.join('\n') !== expected.join('\n')) throw new Error(differenceOf(name, expected, actual));
}

/** Checks that each violation is possible within what it is said to need, and impossible with fewer interrupts, or with as many interrupts and fewer switches. */
function checkNeeds(program: ScriptedProgram, { violations, raised }: Search): void {
  violations.forEach(({ message }, number) => {
    const { interrupts, switches } = raised!.needOf(-1 - number);
    const isWithin = (bounds: Bounds): boolean => bruteForceWithin(scripted(program)(), bounds, Infinity)!.includes(`fails: ${message}`);
    const said = `"${message}" is said to need ${interrupts} interrupts and ${switches} switches`;
    if (!isWithin({ interrupts: interrupts!, switches })) throw new Error(`${said}, and needs more`);
    if (interrupts! > 0 && isWithin({ interrupts: interrupts! - 1 })) throw new Error(`${said}, and needs fewer interrupts`);
    if (switches > 0 && isWithin({ interrupts: interrupts!, switches: switches - 1 })) throw new Error(`${said}, and needs fewer switches`);
  });
}
