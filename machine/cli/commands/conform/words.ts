import { basename } from 'node:path';
import type { ConformKind, FileResult } from './result';

// The result of a check of a recording, as text.

/** How many unreadable lines are printed; all are counted. */
const TOLD_UNREADABLE = 10;

const NOUNS: Readonly<Record<ConformKind, string>> = { mmu: 'access', tlb: 'access', tso: 'test', xen: 'script' };

/** One row for each set, then the first differences of each, and the sum. */
export function inWords(kind: ConformKind, { file, lines, sets, differences, unreadable, release }: FileResult): string {
  const names = Object.keys(sets);
  const width = Math.max(3, ...names.map((name) => name.length));
  const text = [`${basename(file)}: ${count(lines, 'line')}${release === undefined ? '' : `, against the model of Xen ${release}`}`];
  const rows = names.map((name) => ({ name, ...sets[name]! }));
  if (names.length > 0) text.push(`  ${'set'.padEnd(width)}  ${'checked'.padStart(9)}  ${'differ'.padStart(7)}`);
  for (const { name, checked, differ } of rows) text.push(`  ${name.padEnd(width)}  ${checked.toLocaleString('en').padStart(9)}  ${differ.toLocaleString('en').padStart(7)}`);
  for (const { line, id, set, differences: told } of differences) text.push(`  line ${line}, ${set} ${id}: ${told.join('; ')}`);
  for (const { line, reason } of unreadable.slice(0, TOLD_UNREADABLE)) text.push(`  line ${line} cannot be read: ${reason}`);
  if (unreadable.length > TOLD_UNREADABLE) text.push(`  and ${unreadable.length - TOLD_UNREADABLE} more lines that cannot be read`);
  const checked = rows.reduce((sum, row) => sum + row.checked, 0);
  const differ = rows.reduce((sum, row) => sum + row.differ, 0);
  text.push(`  ${count(checked, NOUNS[kind])} checked, ${differ === 0 ? 'none differs' : `${count(differ, 'difference')}`}`, '');
  return `${text.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`;
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}
