import { Entity, type Value } from '../../state/hash';

// Values of cells in words, as a trace prints them.

/** A value for a reader: addresses in hex, flags as 0 and 1, things by their names. */
export function show(value: Value): string {
  switch (typeof value) {
    case 'number': return Number.isInteger(value) && (value > 0xfff || value < 0) ? `0x${(value < 0 ? value >>> 0 : value).toString(16)}` : String(value);
    case 'boolean': return value ? '1' : '0';
    case 'bigint': return `0x${value.toString(16)}`;
    case 'undefined': return '-';
    case 'string': return value;
    default: break;
  }
  if (value === null) return 'NULL';
  if (value instanceof Entity) return value.name;
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(show).join(', ')}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return `{${Object.entries(value).map(([key, field]) => `${key} ${show(field as Value)}`).join(', ')}}`;
}

/** A list that grows or shrinks at its end is shown by that end, and by the number of unchanged items. */
export function showChange(before: Value, after: Value): { readonly before: string; readonly after: string } {
  if (!Array.isArray(before) || !Array.isArray(after)) return { before: show(before), after: show(after) };
  const [one, other] = [before as readonly Value[], after as readonly Value[]].map((list) => list.map(show)) as [string[], string[]];
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same++;
  const told = (list: readonly string[]): string => (same > 1 ? `[${[`${same} others`, ...list.slice(same)].join(', ')}]` : `[${list.join(', ')}]`);
  return { before: told(one), after: told(other) };
}
