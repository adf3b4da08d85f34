// Whether a kernel fails at all, for code that only counts: the search ends at the first failure, and
// shows no run.

import { engineFor } from '../../machine/explorer/engines';
import type { System } from '../../machine/explorer/system';
import type { Prepared } from '../../machine/situations/check';

/** Events between two looks at whether something broke. */
const STRIDE = 512;

/** The first breach of one of the requirement's invariants that a search comes to; null if it comes to none before its end. Deadlocks and loops are not looked for. */
export function firstBreach({ situation, choice, bounds }: Prepared): string | null {
  let breach = null as string | null;
  const program = (): System => {
    const system = situation.build(choice);
    return {
      ...system,
      invariants: system.invariants.map(({ name, check }) => ({
        name,
        check: () => {
          const message = check();
          if (message !== null) breach ??= `${name}: ${message}`;
          return message;
        },
      })),
    };
  };
  const isBounded = bounds.interrupts !== undefined || bounds.switches !== undefined;
  const running = engineFor(program, bounds, { engine: isBounded ? 'layered' : 'stateful' });
  while (breach === null && running.advance(STRIDE) === 'under way');
  return breach;
}
