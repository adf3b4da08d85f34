// Two independent 32-bit lanes of hash for any value that tracked state may
// hold. Equal values have equal lanes in every run, on every machine: the
// lanes depend on names and contents, never on the order of allocation.

import { PathMistake } from './mistake';

/** Something that carries its hash: a named thing, or a stack of frames. */
export interface Hashed {
  readonly hashA: number;
  readonly hashB: number;
  /** Its whole content as text: equal texts mean equal values. */
  toString(): string;
  /** What it is made of, in order, for code that looks inside it; a named thing has no parts. */
  readonly parts?: readonly Value[];
}

/**
 * What a tracked cell may hold. Arrays and records are immutable values: to
 * change one, write a new one into its cell.
 */
export type Value =
  | number | string | boolean | bigint | null | undefined
  | Hashed
  | readonly Value[]
  | { readonly [key: string]: Value };

/** One round of mixing: a bijection of `x` for every odd multiplier. */
export function mix(x: number, multiplier: number): number {
  x = Math.imul(x ^ (x >>> 16), multiplier);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const LANE_A = 0x85ebca6b;
const LANE_B = 0x9e3779b1;

/** The pair of lanes as one object, for hashes that are computed once and kept. */
export class Digest implements Hashed {
  constructor(readonly hashA: number, readonly hashB: number) {}

  toString(): string {
    return `#${this.hashA}:${this.hashB}`;
  }

  /** The digest of this followed by `value`. Order matters. */
  then(value: Value): Digest {
    const next = digestOf(value);
    return new Digest(
      mix(Math.imul(this.hashA, 31) + next.hashA, LANE_A),
      mix(Math.imul(this.hashB, 37) + next.hashB, LANE_B),
    );
  }
}

/** Digest of a name: two FNV-like passes with different primes. */
export function digestOfString(text: string): Digest {
  return digestOfText(text, 0x811c9dc5, 0x2166f36b);
}

/** Digest of the string as a value, which is not the thing of that name. */
function digestOfStringValue(text: string): Digest {
  return digestOfText(text, 0x7a3c5d91, 0x4f1bbcdd);
}

/** Digest of any other value by its text: no string has the same. */
function digestOfOther(text: string): Digest {
  return digestOfText(text, 0x3ad8025f, 0x165667c5);
}

function digestOfText(text: string, a: number, b: number): Digest {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
  }
  return new Digest(mix(a, LANE_A), mix(b, LANE_B));
}

/** Refuses the two numbers that do not compare properly: NaN and -0. */
export function checked(value: number): number {
  if (Number.isNaN(value) || Object.is(value, -0)) throw new Error(`machine bug: ${Number.isNaN(value) ? 'NaN' : '-0'} cannot be part of the state: it could not be told apart from what it is not; store another value`);
  return value;
}

function digestOfNumber(value: number): Digest {
  if ((value | 0) === value && !Object.is(value, -0)) return new Digest(mix(value ^ 0x1b873593, LANE_A), mix(value ^ 0x52dce729, LANE_B));
  if (!Number.isSafeInteger(value)) return digestOfOther(`number ${checked(value)}`);
  const high = Math.floor(value / 0x100000000) | 0;
  return new Digest(mix(value ^ Math.imul(high, 0x27d4eb2f), LANE_A), mix(value ^ Math.imul(high, 0x165667b1), LANE_B));
}

/** Digest of any value. Throws on what cannot be compared by content, such as a function. */
export function digestOf(value: Value): Hashed {
  switch (typeof value) {
    case 'number': return digestOfNumber(value);
    case 'string': return digestOfStringValue(value);
    case 'bigint': return digestOfOther(`bigint ${value}`);
    case 'boolean': return value ? TRUE : FALSE;
    case 'undefined': return UNDEFINED;
    case 'object': break;
    default: throw new PathMistake(`a ${typeof value} cannot be part of the state; name it, or keep it out of cells, arguments and results`);
  }
  if (value === null) return NULL;
  if (Array.isArray(value)) return digestOfArray(value as readonly Value[]);
  if (isHashed(value)) return value;
  const record = value as { readonly [key: string]: Value };
  refuseOthers(record);
  return Object.keys(record).sort().reduce<Digest>((digest, key) => digest.then(key).then(record[key]), RECORD);
}

/** Like `then` for each item in turn, but with a single object: most arrays are short lists of numbers, and are hashed often. */
function digestOfArray(items: readonly Value[]): Digest {
  let { hashA, hashB }: Hashed = ARRAY;
  for (const item of items) {
    const next = digestOf(item);
    hashA = mix(Math.imul(hashA, 31) + next.hashA, LANE_A);
    hashB = mix(Math.imul(hashB, 37) + next.hashB, LANE_B);
  }
  return new Digest(hashA, hashB);
}

/** Any value as exact text: equal texts mean equal values. Slow; for the oracle and for reports. */
export function exactText(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isHashed(value)) return `<${value.toString()}>`;
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(exactText).join(', ')}]`;
  const record = value as { readonly [key: string]: Value };
  return `{${Object.keys(record).sort().map((key) => `${key}: ${exactText(record[key])}`).join(', ')}}`;
}

/** Things by name. */
export type Things = Map<string, Entity[]>;

/**
 * Makes a value without a name immutable, down to its parts: changing it in place would silently change the past
 * too.
 *
 * @param named the things that are already known; without it, two of one name are not noticed
 * @returns `value`
 * @throws PathMistake for a value that could still be changed, or has contents that the fingerprint would not see
 */
export function frozen<V extends Value>(value: V, named?: Things): V {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    freezeList(value as readonly Value[], named);
    return value;
  }
  if (isHashed(value)) {
    if (Object.getPrototypeOf(value) === Object.prototype) throw new PathMistake('a record with a field hashA cannot be part of the state: it would be compared by that alone; call the field something else');
    if (named !== undefined && value instanceof Entity) refuseTwin(value, named);
    return value;
  }
  refuseOthers(value as object);
  const isNew = !Object.isFrozen(value);
  if (isNew) refuseHidden(value as object);
  for (const part of Object.values(value)) freezePart(part as Value, named);
  return isNew ? Object.freeze(value) as V : value;
}

function freezeList(list: readonly Value[], named: Things | undefined): void {
  const isNew = !Object.isFrozen(list);
  if (isNew && Reflect.ownKeys(list).length !== list.length + 1) throw new PathMistake('a list with gaps, or with something beside its items, cannot be part of the state: they would not be compared');
  for (const part of list) freezePart(part, named);
  if (isNew) Object.freeze(list);
}

function freezePart(part: Value, named: Things | undefined): void {
  if (typeof part === 'number') {
    if (part === 0 || part !== part) checked(part);
  } else if (typeof part === 'object') frozen(part, named);
}

/** Refuses two things of one class with the same name: they would be the same in every fingerprint. A task and its context may share a name, since no cell can hold either. */
function refuseTwin(thing: Entity, named: Things): void {
  const known = named.get(thing.name);
  if (known === undefined) named.set(thing.name, [thing]);
  else if (!known.includes(thing)) {
    if (known.some((one) => one.constructor === thing.constructor)) throw new Error(`machine bug: two things are called ${thing.name}, and states in which one is where the other was could not be told apart; rename one`);
    known.push(thing);
  }
}

/** Refuses an object that is not a plain record. */
function refuseOthers(record: object): void {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) throw new PathMistake(`a ${record.constructor.name} cannot be part of the state; make it an Entity or a plain record`);
}

/** Refuses a record with computed fields, or fields that are not enumerable. */
function refuseHidden(record: object): void {
  for (const key of Reflect.ownKeys(record)) {
    const { enumerable = false, get } = Object.getOwnPropertyDescriptor(record, key)!;
    if (typeof key === 'symbol' || !enumerable || get !== undefined) throw new PathMistake(`a record with the field ${String(key)}, which is hidden or computed, cannot be part of the state: it would not be compared`);
  }
}

/** Whether `value` carries its own hash. */
export function isHashed(value: Value): value is Hashed {
  return typeof value === 'object' && value !== null && 'hashA' in value;
}

const TRUE = digestOfOther('boolean true');
const FALSE = digestOfOther('boolean false');
const NULL = digestOfOther('null');
const UNDEFINED = digestOfOther('undefined');
const ARRAY = digestOfOther('array');
const RECORD = digestOfOther('record');

/** A thing with a unique name in its machine: a CPU, a task, a page. */
export class Entity implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  constructor(readonly name: string) {
    const digest = digestOfString(name);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  toString(): string {
    return this.name;
  }
}
