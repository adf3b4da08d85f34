// What is made of scripts of guests that are invented: parsed with wrong words in them, kept and varied, shortened as long as something is wrong, and counted as new.

import { Corpus, textOf } from '../../../machine/cli/fuzz/corpus';
import { Coverage } from '../../../machine/cli/fuzz/coverage';
import { readScript } from '../../../machine/cli/fuzz/folder';
import { hostileGround } from '../../../machine/cli/fuzz/fuzzer';
import { nextTurns } from '../../../machine/cli/fuzz/guest';
import { Umpire } from '../../../machine/cli/fuzz/judge/umpire';
import { Random } from '../../../machine/cli/fuzz/random';
import { formatTurn, VERBS, type Turn, type Verb } from '../../../machine/cli/fuzz/script';
import { shrink } from '../../../machine/cli/fuzz/shrink';
import { LAYOUTS } from '../../../machine/hypervisors/xen/rules';
import { digest, orRefusal, type Lines } from '../recording';

const verbs = Object.keys(VERBS) as Verb[];

/** A line of a script, often with something wrong. */
function line(random: Random): string {
  const deed = (): string => {
    const verb = random.pick(verbs);
    const words = VERBS[verb].map((name) => `${name}=${random.percent(4) ? random.pick(['', '-1', 'x', '1.5', '2e3', '9007199254740992']) : `0x${random.below(40).toString(16)}`}`);
    if (random.percent(4)) words.pop();
    if (random.percent(4)) words.push('more=1');
    return [random.percent(3) ? 'nothing' : verb, ...words].join(' ');
  };
  const call = (): string => Array.from({ length: 1 + (random.percent(20) ? random.below(3) : 0) }, deed).join(' + ');
  return `${random.percent(5) ? random.pick(['', 'A2', 'B1', 'a0', 'H1']) : random.pick(['A0', 'A1', 'B0', 'H0'])} ${Array.from({ length: 1 + (random.percent(20) ? random.below(3) : 0) }, call).join(random.percent(3) ? '|' : ' | ')}`;
}

/** Whether a script keeps its promise, if only these verbs matter: the first must come before the second, the third twice. */
const umpireOf = ([first, second, third]: readonly Verb[], tried: { count: number }): Umpire => ({
  judgeScript: (script: readonly Turn[]) => {
    tried.count++;
    const all = script.flat(2).map(({ verb }) => verb);
    const at = all.indexOf(first!);
    const isBroken = at >= 0 && all.indexOf(second!, at) > at && all.filter((verb) => verb === third).length >= 2;
    return isBroken ? { invariant: 'broken', message: '' } : all.includes(first!) ? { invariant: 'other', message: '' } : null;
  },
}) as unknown as Umpire;

/** Turns of random guests, what of them is new, and what comes again of them. */
function played(layout: (typeof LAYOUTS)[number], random: Random): string {
  const umpire = new Umpire(hostileGround({ layout }), 1_000_000);
  const coverage = new Coverage();
  const kept: string[] = [];
  const corpus = new Corpus((script) => kept.push(textOf(script)));
  const told: unknown[] = [];
  for (let script = 0; script < 8; script++) {
    umpire.reset();
    const turns: Turn[] = [];
    while (turns.length < 20) {
      for (const turn of nextTurns(umpire.ground, random)) {
        const before = coverage.before(umpire.ground, turn);
        const { outcome } = umpire.play(turn);
        told.push([coverage.note(before, turn, outcome), coverage.note(before, turn, outcome)]);
        turns.push(turn);
      }
    }
    corpus.add(turns, script % 4 === 3);
    told.push(corpus.variation(umpire.ground, random).map(formatTurn));
  }
  return `${kept.length} of ${corpus.size} scripts, ${coverage.size} combinations, ${digest([told, kept])}`;
}

/** A corpus that is full. */
function full(random: Random): string {
  const { ground } = new Umpire(hostileGround({ layout: LAYOUTS[0]! }), 1);
  const corpus = new Corpus();
  for (let i = 0; i < 1004; i++) corpus.add([[[{ who: 'A0', verb: 'send', numbers: { port: i } }]]], true);
  return `${corpus.size}: ${Array.from({ length: 40 }, () => corpus.variation(ground, random).map(formatTurn).join('; ')).join(', ')}`;
}

export function scripts(): Lines {
  const random = new Random(5);
  const lines = Array.from({ length: 500 }, () => line(random));
  const read = lines.map((text) => orRefusal(() => readScript(`${text}\n\n`, random.percent(50) ? 'file' : undefined).map(formatTurn).join('')));
  const good = lines.filter((_, i) => !read[i]!.startsWith('refused')).flatMap((text) => readScript(text));
  const shortened = Array.from({ length: 12 }, () => {
    const tried = { count: 0 };
    const script = Array.from({ length: 30 }, () => random.pick(good));
    const deeds = script.flat(2).map(({ verb }) => verb);
    const wanted = [deeds[random.below(20)]!, deeds[deeds.length - 1 - random.below(20)]!, random.pick(deeds)];
    const short = shrink(umpireOf(wanted, tried), script, { invariant: 'broken', message: '' });
    return [wanted, tried.count, short.map(formatTurn)];
  });
  return {
    'lines of scripts': `${good.length} of ${lines.length} can be read, ${digest(read)}`,
    'shortened scripts': digest(shortened), 'a full corpus': full(random),
    ...Object.fromEntries(LAYOUTS.map((layout, i) => [`scripts of ${layout.name}`, played(layout, new Random(i + 1))])),
  };
}
