import { explore, type Verdict } from '../explore';
import type { Program } from '../program';
import { labelsAlong } from './replay';
import { formatSchedule } from './schedule';
import type { Bounds, Watch } from '../stateful/search';

// Compares two programs by their possible outcomes: a verdict of its own kind.
// They are equivalent if complete searches of both reach the same outcomes,
// including endless loops and deadlocks.

/** An outcome that only one of the two reaches. */
export interface Difference {
  readonly outcome: string;
  /** A smallest run of that program that reaches it. */
  readonly schedule: string;
}

export interface Equivalence {
  /** `undecided` if one of the searches did not finish. */
  readonly verdict: 'equivalent' | 'different' | 'undecided';
  /** Outcomes that both reach. */
  readonly shared: number;
  readonly onlyFirst: readonly Difference[];
  readonly onlySecond: readonly Difference[];
  readonly first: Verdict;
  readonly second: Verdict;
}

/**
 * Explores both programs and compares their outcomes. Violations of invariants count as outcomes too, by their messages.
 *
 * @param challenge the minimum number of random runs that challenge each verdict; by default the usual number
 */
export function compareOutcomes(first: Program, second: Program, bounds: Bounds = {}, watch?: Watch, challenge?: number): Equivalence {
  const options = { engine: 'stateful', ...(challenge === undefined ? {} : { challenge }) } as const;
  const one = explore(first, bounds, watch, options);
  const other = explore(second, bounds, watch, options);
  const [ofOne, ofOther] = [endsOf(first, one), endsOf(second, other)];
  const onlyFirst = differences(ofOne, ofOther);
  const onlySecond = differences(ofOther, ofOne);
  const complete = one.complete && other.complete;
  const same = onlyFirst.length === 0 && onlySecond.length === 0;
  return {
    verdict: same ? (complete ? 'equivalent' : 'undecided') : complete ? 'different' : 'undecided',
    shared: [...ofOne.keys()].filter((outcome) => ofOther.has(outcome)).length,
    onlyFirst,
    onlySecond,
    first: one,
    second: other,
  };
}

type Ends = ReadonlyMap<string, () => string>;

/** Every way in which a run can end, with such a run. */
function endsOf(program: Program, verdict: Verdict): Ends {
  const { search } = verdict;
  const ends = new Map<string, () => string>();
  for (const [outcome, state] of search.outcomes) {
    ends.set(outcome, () => {
      const system = program();
      const path = search.graph.cheapestPath(search.states, system.processes.length, (to) => to === state);
      return path ? formatSchedule(labelsAlong(system, search.graph, path)) : '';
    });
  }
  for (const finding of verdict.findings) {
    // Where a loop is seen to begin, or which process waits where, is not part of the outcome.
    const outcome = finding.kind === 'violation' ? `${finding.invariant}: ${finding.message}` : `ends in a ${finding.kind}`;
    ends.set(outcome, () => finding.witness.schedule);
  }
  return ends;
}

function differences(from: Ends, to: Ends): Difference[] {
  return [...from].filter(([outcome]) => !to.has(outcome)).map(([outcome, schedule]) => ({ outcome, schedule: schedule() }));
}
