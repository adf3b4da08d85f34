// A run as plain text, 78 columns wide, for a mail to a list.

import { replayLine } from '../command-line';
import { changeLine } from './changes';
import { rowsOf } from './fold';
import { laneOf } from './lanes';
import type { Run } from './play';
import { tellingChanges, wrap } from './timeline-svg';

const WIDTH = 78;
const INDENT = 28;

/** The folded run, what it breaks, and the line that replays it. */
export function mailText({ request, title, events, violation, schedule, initial }: Run): string {
  const who = Math.max(...events.map((event) => laneOf(event).name.length), 0);
  const rows = rowsOf(events, true).flatMap((row) => {
    const event = events[row.from]!;
    const number = row.from === row.to ? String(row.from + 1) : `${row.from + 1}-${row.to + 1}`;
    const head = `${number.padStart(7)}  ${event.process} ${laneOf(event).name.padEnd(who)}  `;
    const what = ascii(row.title ?? (event.kind === 'interrupt' ? event.text : `${event.text}    [${event.paths.at(-1) ?? ''}]`));
    return [
      ...wrap(what, WIDTH - head.length).map((line, i) => (i === 0 ? head : ' '.repeat(head.length)) + line),
      ...tellingChanges(row).flatMap((change) => wrap(ascii(changeLine(change, initial)), WIDTH - INDENT)).map((line) => ' '.repeat(INDENT) + line),
    ];
  });
  return [
    ...wrap(`${request.situation}, hunks: ${request.patches}. ${title}`, WIDTH), '',
    ...rows, '',
    ...(violation ? wrap(`=> ${violation.invariant}: ${violation.message}`, WIDTH) : ['=> nothing is violated up to here']), '',
    replayLine(request, schedule), '',
  ].join('\n');
}

const ascii = (words: string): string => words.replaceAll('→', '->').replaceAll('−', '-').replaceAll('…', '...');
