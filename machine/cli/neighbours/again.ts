// The recorded runs, performed again: what failed must still fail in the same way. A run costs
// almost nothing, so this can be done for many more neighbours than a search.

import { pathOf } from '../project';
import { nameOf, type Subject } from './enumerate';
import { build } from './judge';
import type { Neighbour } from './neighbour';
import { Pool } from './pool';
import type { Recorded } from './recorded';
import { invariantsOf, trialName, trialsOf } from './trials';
import type { RunJob } from './worker';

/** A patch with its neighbours and what was recorded about them. */
export interface RecordedSubject {
  readonly subject: Subject;
  readonly neighbours: readonly Neighbour[];
  readonly recorded: Recorded;
}

/** A rejected neighbour: what its recorded run broke, and what that run breaks now. */
export interface RunAgain {
  readonly subject: string;
  readonly id: string;
  readonly kept: string;
  readonly now: string | null;
}

/** Performs the run of every `stride`-th rejected neighbour of each patch, and of the first that breaks each invariant. */
export async function runsAgain(subjects: readonly RecordedSubject[], stride: number): Promise<RunAgain[]> {
  const chosen = subjects.flatMap(({ subject, neighbours, recorded }) => rejectedIn(recorded, stride).flatMap(({ id, answer }) => {
    const neighbour = neighbours.find((one) => one.id === id);
    return neighbour ? [{ subject, recorded, neighbour, answer }] : [];
  }));
  const { modules } = build(chosen.map(({ neighbour }) => neighbour), true);
  const pool = new Pool({ texts: new Map([...modules].map(([file, { text }]) => [pathOf(file), text])) }, 1);
  try {
    const now = await pool.runs(chosen.map(({ subject, recorded, neighbour, answer }, i): RunJob => {
      const trial = trialsOf(subject.patch.id).find((one) => trialName(one) === answer.trial)!;
      const broken = recorded.patchFails.find((fails) => fails.trial === answer.trial)?.invariants ?? [];
      return {
        number: neighbour.file === '' ? 0 : i + 1, trial, schedule: answer.schedule!,
        patches: neighbour.instead === undefined ? `none,+${nameOf(subject)}${neighbour.without === undefined ? '' : `,-${neighbour.without}`}` : `none,+${subject.patch.id}@${neighbour.instead}`,
        invariants: invariantsOf(trial).filter((name) => !broken.includes(name)),
      };
    }));
    return chosen.map(({ subject, neighbour: { id }, answer }, i) => ({ subject: nameOf(subject), id, kept: answer.invariant, now: now[i]! }));
  } finally {
    await pool.close();
  }
}

function rejectedIn({ answers }: Recorded, stride: number) {
  const rejected = answers.flatMap(({ id, answer }) => (answer.answer === 'rejected' && answer.schedule !== null && answer.invariant !== 'livelock' ? [{ id, answer }] : []));
  const invariants = rejected.map(({ answer }) => answer.invariant);
  return rejected.filter((_, i) => i % stride === 0 || invariants.indexOf(invariants[i]!) === i);
}
