// Data as text, and text as a line: the same data always gives the same line.

import { digest, type Lines } from './recording';

/** A line shows text up to this length; of longer text it has the beginning, the length and a digest. */
const SHOWN = 48;
/** Lists, records, maps and sets whose text is longer than this are recorded part by part. */
const WHOLE = 800;

type Parts = readonly (readonly [name: string, value: unknown])[];

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An element is called as it calls itself, or else by its number. */
function nameOf(element: unknown, i: number): string {
  const { id, name } = (typeof element === 'object' && element !== null ? element : {}) as { readonly id?: unknown; readonly name?: unknown };
  return [id, name].find((one): one is string => typeof one === 'string') ?? String(i);
}

/** The parts of a list, record, map or set, each with a name; null for anything else. Parts of the same name are numbered. */
function partsOf(value: unknown): Parts | null {
  if (typeof value !== 'object' || value === null) return null;
  const counts = new Map<string, number>();
  const numbered = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, (element, i) => [numbered(nameOf(element, i)), element] as const);
  if (value instanceof Map) return [...value as Map<unknown, unknown>].map(([key, element]) => [numbered(textOf(key)), element] as const);
  if (value instanceof Set) return [...value as Set<unknown>].map((element, i) => [numbered(nameOf(element, i)), element] as const);
  return isPlain(value) ? Object.entries(value) : null;
}

/** Data as text: numbers, words, lists, records, maps and sets in full, in their order; of a function or an instance of a class only what it is called. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `${value.name}()`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof RegExp) return String(value);
  const parts = partsOf(value);
  if (parts === null) return `an instance of ${value.constructor.name}`;
  const hasKeys = value instanceof Map || isPlain(value);
  const inside = parts.map(([key, part]) => (hasKeys ? `${key}: ${textOf(part)}` : textOf(part))).join(', ');
  const kind = isPlain(value) || Array.isArray(value) ? '' : value.constructor.name;
  return hasKeys ? `${kind}{${inside}}` : `${kind}[${inside}]`;
}

/**
 * The text of data under its name, or of each of its parts under theirs if it is long.
 *
 * @param known under which names long data has been recorded already: what is met again is not recorded again
 */
export function textsOf(name: string, value: unknown, known = new Map<unknown, string>()): Lines {
  const text = textOf(value);
  const parts = text.length > SHOWN ? partsOf(value) : null;
  if (parts === null) return { [name]: text };
  const first = known.get(value);
  if (first !== undefined) return { [name]: `as ${first}` };
  known.set(value, name);
  if (text.length <= WHOLE) return { [name]: text };
  // The names in their order, which lines by name do not show.
  const names = parts.every(([part], i) => part === String(i)) ? `${parts.length} elements` : parts.map(([part]) => part).join(', ');
  return Object.assign({ [name]: names }, ...parts.map(([part, own]) => textsOf(`${name} > ${part}`, own, known))) as Lines;
}

/** Text in one line: the whole of it, or its beginning with its length and a digest. */
export function lineOf(text: string): string {
  const oneLine = text.replaceAll('\n', '⏎');
  return oneLine.length <= SHOWN ? oneLine : `${oneLine.slice(0, SHOWN)}… (${text.length}, ${digest(text).slice(0, 8)})`;
}

/** Each text in one line. */
export function linesOf(texts: Lines): Lines {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, lineOf(text)]));
}
