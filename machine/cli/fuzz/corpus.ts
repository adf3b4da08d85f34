import { Guest } from './guest';
import type { Playground } from '../../situations/xen/playground';
import type { Random } from './random';
import { formatTurn, VERBS, type Deed, type Turn } from './script';

// The scripts that have shown something new, kept for variation: some of the later
// guests begin with the last turns of one, with a few changes, and then continue
// on their own. What was new is at the end of a script, and most of what precedes
// it has nothing to do with it.

/** How many scripts are kept; the oldest make room. */
const KEPT = 1000;

/** How many turns at the end of a script come again, at least and at most. */
const SHORTEST = 4;
const LONGEST = 20;

export class Corpus {
  private readonly scripts: (readonly Turn[])[] = [];

  /** @param onKept called with each script that is kept */
  constructor(private readonly onKept: (script: readonly Turn[]) => void = () => undefined) {}

  get size(): number {
    return this.scripts.length;
  }

  /** Keeps a script; one that is known from an earlier run is not reported. */
  add(script: readonly Turn[], isKnown = false): void {
    if (this.scripts.length >= KEPT) this.scripts.shift();
    this.scripts.push(script);
    if (!isKnown) this.onKept(script);
  }

  /** The last turns of a kept script with a few changes; the recent ones come more often. */
  variation(ground: Playground, random: Random): readonly Turn[] {
    const { scripts } = this;
    const at = random.percent(50) ? random.below(scripts.length) : scripts.length - 1 - random.below(Math.min(scripts.length, 30));
    const script = scripts[at]!.slice(-SHORTEST - random.below(LONGEST - SHORTEST + 1));
    return script.flatMap((turn) => (random.percent(90) ? [turn] : varied(ground, random, turn)));
  }
}

/** Varies a turn: left out, doubled, by another processor, with another number, or with an interruption. */
function varied(ground: Playground, random: Random, turn: Turn): readonly Turn[] {
  const { who } = turn[0]![0]!;
  const guest = new Guest(ground, random, who === 'H0' ? 'A0' : who);
  switch (random.weighted({ drop: 3, twice: 2, again: 2, who: 2, number: 5, other: 2, patience: 1 })) {
    case 'drop': return [];
    case 'twice': return [turn, turn];
    case 'again': return [turn, [[guest.action('again')]]];
    case 'who': return [turn.map((call) => call.map((deed) => ({ ...deed, who: deed.who === 'A0' ? 'A1' : deed.who === 'A1' ? 'A0' : deed.who })))];
    case 'number': return [changed(guest, random, turn)];
    case 'other': return [turn, [[guest.single()]]];
    case 'patience': return [[[guest.action('patience', { entries: random.below(3) })]], turn];
  }
}

/** Changes one number of one deed. */
function changed(guest: Guest, random: Random, turn: Turn): Turn {
  const at = random.below(turn.length);
  const call = turn[at]!;
  const one = random.below(call.length);
  const deed = call[one]!;
  const names = VERBS[deed.verb];
  if (names.length === 0) return turn;
  const name = random.pick(names as readonly string[]);
  const numbers = { ...deed.numbers, [name]: numberFor(guest, random, name, deed) };
  return turn.map((other, i) => (i === at ? other.map((same, k) => (k === one ? { ...deed, numbers } : same)) : other));
}

function numberFor(guest: Guest, random: Random, name: string, { numbers }: Deed): number {
  switch (name) {
    case 'mfn': case 'table': case 'from': return guest.mfn();
    case 'bits': return random.percent(50) ? guest.bits() : numbers['bits']! ^ random.pick([1, 2, 2, 0x80]);
    case 'slot': return guest.slot();
    case 'va': return guest.va();
    case 'level': return 1 + random.below(3);
    case 'bus': return random.pick([0, guest.mfn() * 4096]);
    case 'pa': return guest.mfn() * 4096 + random.below(8) * 4;
    default: return random.below(4);
  }
}

/** A script in the form of a file. */
export function textOf(script: readonly Turn[]): string {
  return `${script.map(formatTurn).join('\n')}\n`;
}
