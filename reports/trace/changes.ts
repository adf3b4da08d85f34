// A change of a cell in words. For a list (a queue, a TLB, a run queue) only what was added and removed.

import type { ShownChange } from '../../machine/explorer/verdict/evidence';
import { withOwner } from './state';

/** The value of a cell before and after, for a reader: `0x401000`, `0x402000`; for a list that only grew, `` and `+ kthread`. */
export function wordsOf({ cell, before, after }: ShownChange, initial?: ReadonlyMap<string, string>): { readonly before: string; readonly after: string } {
  const [from, to] = [itemsOf(before), itemsOf(after)];
  if (from && to && from.length + to.length > 1) {
    const gone = from.filter((item) => !to.includes(item));
    const come = to.filter((item) => !from.includes(item));
    if (to.length === 0 && from.length > 1) return { before: '', after: `emptied, ${from.length} gone` };
    if (gone.length + come.length > 0 && gone.length + come.length <= from.length + to.length) {
      return { before: gone.map((item) => `− ${item}`).join(', '), after: come.map((item) => `+ ${item}`).join(', ') };
    }
  }
  const owned = (value: string): string => (initial && cell.endsWith('.cr3') ? withOwner(value, initial) : value);
  return { before: owned(before), after: owned(after) };
}

/** One line for a change. */
export function changeLine(change: ShownChange, initial?: ReadonlyMap<string, string>): string {
  const { before, after } = wordsOf(change, initial);
  const isList = before === '' || after === '' || before.startsWith('− ') || after.startsWith('+ ');
  return `${change.cell}: ${isList ? [before, after].filter((words) => words !== '').join(', ') : `${before} → ${after}`}`;
}

/** The items of a value that is shown as a list; null for any other value. */
function itemsOf(value: string): string[] | null {
  if (value === 'empty') return [];
  if (/ -> 0x/.test(value)) return value.split('; ');
  if (!value.startsWith('[') || !value.endsWith(']')) return null;
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const sign of value.slice(1, -1)) {
    if ('[{('.includes(sign)) depth++;
    if (']})'.includes(sign)) depth--;
    if (sign === ',' && depth === 0) {
      items.push(item.trim());
      item = '';
    } else {
      item += sign;
    }
  }
  return item.trim() === '' ? items : [...items, item.trim()];
}
