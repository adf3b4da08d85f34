// Whether a kernel fails at all, for code that only counts: the search ends at the first failure, and
// shows no run. One that comes to its end has answered all that was asked.

import { engineFor } from '../../machine/explorer/engines';
import { verdictOf, type Verdict } from '../../machine/explorer/explore';
import type { System } from '../../machine/explorer/system';
import type { Prepared } from '../../machine/situations/check';

/** Events between two looks at whether something broke. */
const STRIDE = 512;

/** The first breach of one of the requirement's invariants that a search comes to, in words; if it comes to none before its end, its verdict, which says what became of deadlocks and loops. */
export function breachOrVerdict({ situation, choice, bounds }: Prepared): string | Verdict {
  let breach = null as string | null;
  const built: System[] = [];
  const program = (): System => {
    const system = situation.build(choice);
    built.push(system);
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
  if (breach !== null) return breach;
  const verdict = verdictOf(program, bounds, running.report());
  return { ...verdict, consulted: [...new Set(built.flatMap((system) => system.consulted?.() ?? []))] };
}
