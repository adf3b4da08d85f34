// A judgement for readers: statement by statement, with what was tried instead,
// and how far each may move.

import type { Answer, AnswerName } from './answer';
import type { Judged, Judgement } from './judge';
import type { Neighbour } from './neighbour';

/** One statement of the patch with its neighbours. */
export interface Row {
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly judged: readonly Judged[];
  readonly reach: Reach;
  /** What to watch for when porting it to another kernel; empty if it cannot move. */
  readonly watch: string;
}

/** In the order of the source. */
export function rowsOf({ judged }: Pick<Judgement, 'judged'>): Row[] {
  const rows = new Map<string, Judged[]>();
  for (const one of judged) {
    const { file, path, statement, line } = one.neighbour;
    const key = [file, path, line, statement].join('\n');
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  return [...rows.values()].map((own): Row => {
    const { file, path, line, statement } = own[0]!.neighbour;
    const reach = reachOf(judged, own[0]!.neighbour);
    return { file, path, line, statement, judged: own, reach, watch: watchOf(own, reach) };
  });
}

const HOLDS: ReadonlySet<AnswerName> = new Set(['the same', 'also right', 'no worse']);

/** How far a statement may move, one line at a time, and whether one line further was tried and is wrong. */
export interface Reach {
  readonly up: number;
  readonly isStoppedAbove: boolean;
  readonly down: number;
  readonly isStoppedBelow: boolean;
}

function reachOf(judged: readonly Judged[], { file, line, statement }: Neighbour): Reach {
  const moves = new Map<number, AnswerName>();
  for (const { neighbour, answer: { answer } } of judged) {
    if (neighbour.file !== file) continue;
    for (const one of [neighbour, ...(neighbour.twins ?? [])]) if (one.distance !== undefined && one.line === line && one.statement === statement) moves.set(one.distance, answer);
  }
  const far = (sign: 1 | -1): number => {
    let distance = 0;
    while (HOLDS.has(moves.get(sign * (distance + 1)) ?? 'rejected')) distance++;
    return distance;
  };
  const [up, down] = [far(-1), far(1)];
  return { up, isStoppedAbove: moves.has(-up - 1), down, isStoppedBelow: moves.has(down + 1) };
}

/** `may move down 2 lines, not 3; not up; may be left out`: for those who port the patch to another kernel. */
function watchOf(own: readonly Judged[], { up, isStoppedAbove, down, isStoppedBelow }: Reach): string {
  const side = (name: string, far: number, isStopped: boolean): string => {
    if (far === 0) return isStopped ? `not ${name}` : '';
    return `${name} ${far} ${far === 1 ? 'line' : 'lines'}${isStopped ? `, not ${far + 1}` : ''}`;
  };
  const ways = [side('up', up, isStoppedAbove), side('down', down, isStoppedBelow)].filter((text) => text !== '').sort((one, other) => Number(one.startsWith('not')) - Number(other.startsWith('not')));
  const isIdle = own.some(({ neighbour, answer }) => neighbour.kind === 'left out' && HOLDS.has(answer.answer));
  return [
    ...(ways.length === 0 ? [] : [ways.every((text) => text.startsWith('not')) ? 'may not move' : `may move ${ways.join('; ')}`]),
    ...(isIdle ? ['nothing fails without it'] : []),
  ].join('; ');
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
    case 'also right':
    case 'no worse': return answer.differences.map(({ trial, more, fewer }) => `in ${trial} ${[...more.map((end) => `also: ${end}`), ...fewer.map((end) => `never: ${end}`)].join('; ')}`).join('; ').replace(/\s+/g, ' ');
    case 'does not build': return answer.message;
    case 'undecided': return `the search in ${answer.trial} did not end`;
    default: return '';
  }
}
