import { Entity, type Value } from '../state/hash';

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
