// Whether the evidence of a run can still be replayed: every witness, step by step, on the machine as
// it is now. The page replays them too, so what does not replay here must not be shown there.

import type { ShownEvent } from '../machine/explorer/verdict/evidence';
import { ScheduleError } from '../machine/explorer/verdict/schedule';
import { SelectionError } from '../machine/patches/selection';
import type { RunScenario } from './messages';
import { play } from './trace/play';

/** What does not replay as it was recorded, one line for each; empty if all does. */
export function recheck(scenarios: readonly RunScenario[]): string[] {
  return scenarios.flatMap(({ id, evidence }) => evidence.flatMap(({ request, verdict }) => verdict.findings.flatMap(({ invariant, witness }) => {
    const problem = compare(() => play(request, witness.schedule), witness.events);
    return problem === null ? [] : [`${id}: the witness of ${invariant} ${problem}`];
  })));
}

const same = (one: ShownEvent, other: ShownEvent): boolean => one.text === other.text && one.label === other.label && JSON.stringify(one.changes) === JSON.stringify(other.changes);

function compare(replayed: () => ReturnType<typeof play>, recorded: readonly ShownEvent[]): string | null {
  try {
    const { events, refusal } = replayed();
    if (refusal !== null) return `cannot be replayed: ${refusal}`;
    const at = recorded.findIndex((event, i) => !same(event, events[i]!));
    if (at < 0) return null;
    const [then, now] = [recorded[at]!, events[at]!];
    const words = then.text === now.text ? 'changes other cells than now' : `is "${then.text}", and now "${now.text}"`;
    return `differs at step ${at + 1}: what was recorded ${words}`;
  } catch (error) {
    if (!(error instanceof SelectionError || error instanceof ScheduleError)) throw error;
    return `cannot be replayed: ${error.message}`;
  }
}
