// Runs a program's paths from beginning to end as plain generators, with a
// driver that performs their instructions on the same store and explores
// nothing: the baseline for an explorer of the same instructions.

import { takeDormant, type Call, type Operation } from '../../path';
import { Thread } from '../../explorer/thread';
import type { System } from '../../explorer/system';

/**
 * Runs the threads of `system`, one after the other, and undoes their writes.
 *
 * @returns how many instructions were performed
 */
export function runStraight({ processes, store }: System): number {
  const mark = store.mark();
  let events = 0;
  const run = (me: Thread, { body, operands }: Call<unknown>): unknown => {
    const generator = body(...operands);
    let { value, done } = generator.next();
    while (!done) {
      const operation = value as Operation;
      let result: unknown;
      if (operation.kind === 'call') {
        result = run(me, operation);
      } else {
        if (!operation.isReady(me)) throw new Error(`${me.name} would wait: the threads do not run one after the other`);
        result = operation.act(me);
        events++;
      }
      ({ value, done } = generator.next(result));
    }
    return value;
  };
  for (const thread of processes) {
    if (!(thread instanceof Thread)) throw new Error(`${thread.name} is not a thread of a small program`);
    run(thread, thread.body);
  }
  takeDormant();
  store.undo(mark);
  return events;
}
