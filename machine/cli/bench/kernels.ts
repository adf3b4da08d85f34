// Each chapter's default kernel, with all requirements, before and after its patch: this is what
// `check` explores when a user runs it for the first time, so each is explored once, in a new process.

import { PATCHES } from '../../patches';
import { situationsOf } from '../../situations';
import { goal, KERNEL } from './goals';
import { measure, type Measure } from './measure';

/** Prints the table. */
export function benchKernels(line: (text: string) => void, figures: Measure = measure): void {
  line('full kernels                    patches    states    events  seconds   MB');
  for (const patch of PATCHES) {
    const [situation] = situationsOf(patch.id);
    if (situation === undefined) continue;
    for (const patches of ['none', patch.id]) {
      const { states, events, seconds, megabytes } = figures({ kind: 'kernel', situation: situation.id, patches });
      line(`${situation.id.padEnd(31)} ${(patches === 'none' ? 'without' : 'with').padEnd(7)} ${String(states).padStart(9)} ${String(events).padStart(9)} ${seconds.toFixed(3).padStart(8)} ${String(megabytes).padStart(4)}  ${goal(seconds, KERNEL, 'or less')}`);
    }
  }
}
