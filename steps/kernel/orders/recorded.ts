// What "npm run orders" has found, kept beside it, and as the table that the reading guide of machine/kernel/words shows.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedByTso, type Compared, type Searched } from '../../../machine/situations/orders';

/** Every choice that was searched under both orders. */
export function recordedOrders(): Compared[] {
  return readFileSync(join(__dirname, 'recorded.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Compared);
}

type Choice = Pick<Compared, 'situation' | 'patches' | 'parameters'>;

/** Whether there is a row for a choice. */
export function isRecorded(rows: readonly Compared[]): (choice: Choice) => boolean {
  const key = ({ situation, patches, parameters }: Choice): string => `${situation} ${patches} ${JSON.stringify(parameters)}`;
  const known = new Set(rows.map(key));
  return (choice) => known.has(key(choice));
}

const sizeOf = (rows: readonly Searched[]): string => {
  const sizes = rows.map(({ states }) => states);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const shown = (size: number): string => size.toLocaleString('en-GB');
  return `${least === most ? shown(least) : `${shown(least)} to ${shown(most)}`}${rows.every(({ complete }) => complete) ? '' : ', given up'}`;
};

/** How many of the choices TSO changes, and which requirements. */
function changes(rows: readonly Compared[]): string {
  const judged = rows.map(changedByTso).filter((changed) => changed !== null);
  const names = [...new Set(judged.flat())].sort();
  const open = rows.length - judged.length;
  const some = names.length === 0 ? 'nothing' : `${names.map((name) => `\`${name}\``).join(', ')} (in ${judged.filter(({ length }) => length > 0).length} of ${judged.length})`;
  if (judged.length === 0) return 'not decided';
  return open === 0 ? some : `${some}; ${open} of ${rows.length} not decided`;
}

/** Markdown, one line for each situation with and without its patch. */
export function tableOf(rows: readonly Compared[]): string[] {
  const groups = new Map<string, Compared[]>();
  for (const row of rows) {
    const key = `${row.situation} | ${row.patches}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [
    '| situation | processors | patch | choices | states under SC | under TSO | TSO changes |',
    '|---|---|---|---|---|---|---|',
    ...[...groups.values()].map((group) => {
      const [{ situation, processors, patches }] = group as [Compared];
      return `| ${situation} | ${processors} | ${patches === 'all' ? 'with' : 'without'} | ${group.length} | ${sizeOf(group.map(({ SC }) => SC))} | ${sizeOf(group.map(({ TSO }) => TSO))} | ${changes(group)} |`;
    }),
  ];
}
