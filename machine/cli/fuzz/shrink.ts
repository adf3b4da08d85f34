import type { Violation } from '../../explorer/system';
import type { Umpire } from './judge/umpire';
import type { Turn } from './script';

// Shortens a failing script: leaves out turns, then calls of multicalls, then
// deeds of lists, as long as the same promise is still broken.

/** The maximum number of scripts that are tried. */
const TRIES = 4000;

/** The shortest script found by leaving things out that breaks the same promise. */
export function shrink(umpire: Umpire, script: readonly Turn[], { invariant }: Violation): Turn[] {
  let tries = 0;
  const breaks = (shorter: readonly Turn[]): boolean => tries++ < TRIES && umpire.judgeScript(shorter)?.invariant === invariant;
  let shortest = withoutTurns([...script], breaks);
  for (let length = Infinity; weight(shortest) < length;) {
    length = weight(shortest);
    shortest = withoutTurns(withoutParts(shortest, breaks), breaks);
  }
  return shortest;
}

const weight = (script: readonly Turn[]): number => script.reduce((sum, turn) => sum + turn.reduce((deeds, call) => deeds + call.length, 0), 0);

type Breaks = (script: readonly Turn[]) => boolean;

/** Leaves out ever shorter runs of turns. */
function withoutTurns(script: readonly Turn[], breaks: Breaks): Turn[] {
  let shortest = [...script];
  for (let run = Math.ceil(shortest.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let from = shortest.length - run; from >= 0; from--) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + run)];
      if (breaks(shorter)) shortest = shorter;
      from = Math.min(from, shortest.length - run + 1);
    }
  }
  return shortest;
}

/** Leaves out calls of a multicall, and deeds of a list. */
function withoutParts(script: readonly Turn[], breaks: Breaks): Turn[] {
  let shortest = [...script];
  for (let at = shortest.length - 1; at >= 0; at--) {
    for (const shorter of partsLess(shortest[at]!)) {
      const candidate = shortest.map((turn, i) => (i === at ? shorter : turn));
      if (!breaks(candidate)) continue;
      shortest = candidate;
      at++;
      break;
    }
  }
  return shortest;
}

/** The turn without one call, or without one deed. */
function* partsLess(turn: Turn): Generator<Turn> {
  if (turn.length > 1) for (const i of turn.keys()) yield turn.filter((_, k) => k !== i);
  for (const [i, call] of turn.entries()) if (call.length > 1) for (const j of call.keys()) yield turn.map((other, k) => (k === i ? call.filter((_, n) => n !== j) : other));
}
