// Whether the evidence of a run can still be replayed: every witness, step by step, on the machine as
// it is now. The page replays them too, so what does not replay here must not be shown there.

import { ScheduleError } from '../machine/explorer/schedule';
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

function compare(replayed: () => ReturnType<typeof play>, recorded: readonly { readonly text: string; readonly label: string; readonly changes: readonly unknown[] }[]): string | null {
  try {
    const { events, refusal } = replayed();
    if (refusal !== null) return `cannot be replayed: ${refusal}`;
    const differs = recorded.findIndex(({ text, label, changes }, i) => text !== events[i]!.text || label !== events[i]!.label || JSON.stringify(changes) !== JSON.stringify(events[i]!.changes));
    return differs < 0 ? null : `differs at step ${differs + 1}: recorded is "${recorded[differs]!.text}", now it is "${events[differs]!.text}"`;
  } catch (error) {
    if (!(error instanceof SelectionError || error instanceof ScheduleError)) throw error;
    return `cannot be replayed: ${error.message}`;
  }
}
