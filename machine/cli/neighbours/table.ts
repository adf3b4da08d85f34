// A judgement as a reader wants it: statement by statement, with what was tried
// instead, and with how far each may move.

import type { Answer, AnswerName } from './answer';
import type { Judged, Judgement } from './judge';

/** One statement of the patch with its neighbours. */
export interface Row {
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly judged: readonly Judged[];
  /** What to watch when it is carried to another kernel; empty where nothing moves. */
  readonly watch: string;
}

/** In the order of the source. */
export function rowsOf({ judged }: Judgement): Row[] {
  const rows = new Map<string, Judged[]>();
  for (const one of judged) {
    const { file, path, statement, line } = one.neighbour;
    const key = [file, path, line, statement].join('\n');
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  return [...rows.values()].map((own): Row => {
    const { file, path, line, statement } = own[0]!.neighbour;
    return { file, path, line, statement, judged: own, watch: watchOf(own) };
  });
}

const HOLDS: ReadonlySet<AnswerName> = new Set(['the same', 'also right']);

/** `may move down 2, not 3; not up`: as far as it may go one by one. */
function watchOf(judged: readonly Judged[]): string {
  const moves = new Map(judged.flatMap(({ neighbour, answer }) => (neighbour.distance === undefined ? [] : [[neighbour.distance, answer.answer] as const])));
  if (moves.size === 0) return '';
  const side = (sign: 1 | -1): string => {
    let far = 0;
    while (HOLDS.has(moves.get(sign * (far + 1)) ?? 'rejected')) far++;
    const name = sign > 0 ? 'down' : 'up';
    const next = moves.get(sign * (far + 1));
    if (far === 0) return next === undefined ? '' : `not ${name}`;
    return `${name} ${far}${next === undefined ? '' : `, not ${far + 1}`}`;
  };
  const words = [side(-1), side(1)].filter((text) => text !== '').sort((one, other) => Number(one.startsWith('not')) - Number(other.startsWith('not')));
  if (words.length === 0) return '';
  return words.every((text) => text.startsWith('not')) ? 'may not move' : `may move ${words.join('; ')}`;
}

/** How many of each answer. */
export function countsOf(judged: readonly { readonly answer: Answer }[]): Map<AnswerName, number> {
  const counts = new Map<AnswerName, number>();
  for (const { answer: { answer } } of judged) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return counts;
}

/** Why, in one line. */
export function whyOf(answer: Answer): string {
  switch (answer.answer) {
    case 'rejected': return `${answer.invariant} in ${answer.trial}, after ${answer.steps} events`;
    case 'also right': return answer.differences.map(({ trial, more, fewer }) => `in ${trial} ${[...more.map((end) => `also: ${end}`), ...fewer.map((end) => `never: ${end}`)].join('; ')}`).join('; ').replace(/\s+/g, ' ');
    case 'does not build': return answer.message;
    case 'undecided': return `the search in ${answer.trial} did not end`;
    default: return '';
  }
}
