// Whether a kernel fails at all, for code that only counts: the search ends at the first failure, and
// shows no run. One that completes has answered every question.

import { engineFor } from '../../machine/explorer/engines';
import { verdictOf, type Verdict } from '../../machine/explorer/explore';
import type { System } from '../../machine/explorer/system';
import type { HunkId } from '../../machine/patches/types';
import type { Prepared } from '../../machine/situations/check';

/** Events between two checks whether something is broken. */
const STRIDE = 512;

/** What was found, and the hunks that paths had asked for by then. */
interface Found {
  readonly said: string | Verdict;
  readonly consulted: readonly string[];
}

/** What was found with one choice of hunks. */
interface Known extends Found {
  readonly hunks: ReadonlySet<HunkId>;
}

const known = new Map<string, Known[]>();

/**
 * The first breach of one of the requirement's invariants that a search reaches, in words; if it ends without
 * one, its verdict, which covers deadlocks and loops. If two choices agree about every
 * hunk that some path has asked for, the search is the same, and is made only once.
 */
export function breachOrVerdict(prepared: Prepared): string | Verdict {
  const { situation, choice: { hunks, parameters, invariants }, bounds } = prepared;
  const key = JSON.stringify([situation.id, parameters, invariants, bounds]);
  const others = known.get(key) ?? [];
  let found: Found | undefined = others.find((other) => other.consulted.every((hunk) => hunks.has(hunk) === other.hunks.has(hunk)));
  if (found === undefined) {
    found = search(prepared);
    known.set(key, [...others, { ...found, hunks }]);
  }
  return found.said;
}

function search({ situation, choice, bounds }: Prepared): Found {
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
  const verdict = breach === null ? verdictOf(program, bounds, running.report()) : null;
  const consulted = [...new Set(built.flatMap((system) => system.consulted?.() ?? []))];
  return { said: verdict === null ? breach! : { ...verdict, consulted }, consulted };
}
