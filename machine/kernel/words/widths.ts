import type { CpuMemory } from '../../hardware/store-buffer';
import type { Entity, Value } from '../../state/hash';

// What a variable can hold, and its representation in memory: numbers of 8 to
// 64 bits, booleans, the names of an enumeration, and pointers to objects.

/** A kernel variable that cannot lie where it is declared, or cannot hold a value: a mistake in the path. */
export class WordError extends Error {}

/** How a variable's value is encoded in its bits. */
export interface Width<V extends Value = number> {
  readonly bits: 8 | 16 | 32 | 64;
  /** The value as a number, or the reason why it cannot be one, as in "70000 needs more than 16 bits". */
  encode(value: V): number | string;
  /** The value of the number in memory: unsigned, or signed if it has 64 bits. */
  decode(raw: number): V;
}

function numberOf(bits: 8 | 16 | 32): Width {
  const fits = (value: number): boolean => Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** bits;
  return { bits, encode: (value) => (fits(value) ? value : `${value} needs more than ${bits} bits`), decode: (raw) => raw };
}

/** Unsigned numbers. A negative one is stored in two's complement. */
export const u8 = numberOf(8);
export const u16 = numberOf(16);
export const u32 = numberOf(32);

/** Signed 64-bit numbers, as far as a number is exact: up to 2^53 either way. */
export const s64: Width = {
  bits: 64,
  encode: (value) => (Number.isSafeInteger(value) ? value : `${value} is beyond 2^53`),
  decode: (raw) => raw,
};

/** A boolean in one byte. */
export const bool: Width<boolean> = { bits: 8, encode: (value) => (value ? 1 : 0), decode: (raw) => raw !== 0 };

/** One of a few names, the first of which is 0. */
export function oneOf<N extends string>(...names: readonly N[]): Width<N> {
  return {
    bits: 32,
    encode: (name) => (names.includes(name) ? names.indexOf(name) : `"${name}" is none of ${names.join(', ')}`),
    decode: (raw) => names[raw]!,
  };
}

/** Objects that pointers can lead to, with their addresses. NULL is 0. */
export class Pointers {
  private readonly objects = new Map<number, Entity>();
  private readonly constants = new Map<Entity, number>();

  /** A value that is no object's address, such as LOADED_MM_SWITCHING. */
  constant(entity: Entity, value: number): void {
    this.constants.set(entity, value);
    this.objects.set(value, entity);
  }

  /** The address of `object`: it follows from its name, so that it is the same in every search. */
  addressOf(object: Entity | null): number {
    if (object === null) return 0;
    const address = this.constants.get(object) ?? FIRST_OBJECT + (object.hashA & 0xfffff) * 0x100;
    const known = this.objects.get(address);
    if (known && known.name !== object.name) throw new Error(`machine bug: ${object.name} and ${known.name} would have the same address; rename one`);
    this.objects.set(address, object);
    return address;
  }

  /** The object at `address`; null for 0. */
  objectAt(address: number): Entity | null {
    if (address === 0) return null;
    const object = this.objects.get(address);
    if (!object) throw new Error(`machine bug: a pointer is 0x${address.toString(16)}, where no object is`);
    return object;
  }

  /** What a pointer variable holds. */
  width<T extends Entity>(): Width<T | null> {
    return { bits: 32, encode: (object) => this.addressOf(object), decode: (raw) => this.objectAt(raw) as T | null };
  }
}

/** Where the addresses of objects begin. Nothing is stored there: the object's fields are words, or tracked fields, of their own. */
const FIRST_OBJECT = 0xc1000000;

/** The number at `address`, of `bits` bits. */
export function readBits(memory: Pick<CpuMemory, 'read32'>, address: number, bits: Width['bits']): number {
  if (bits === 32) return memory.read32(address);
  if (bits === 64) return (memory.read32(address + 4) | 0) * 2 ** 32 + memory.read32(address);
  const word = memory.read32(address - (address % 4));
  return (word >>> (8 * (address % 4))) & (2 ** bits - 1);
}

/** Stores a number of `bits` bits at `address`, in one access. */
export function writeBits(memory: CpuMemory, address: number, bits: Width['bits'], value: number): void {
  if (bits === 32) return memory.write32(address, value);
  if (bits === 64) return memory.writePair(address, value % 2 ** 32, Math.floor(value / 2 ** 32));
  const shift = 8 * (address % 4);
  memory.writeBits(address - (address % 4), value << shift, (2 ** bits - 1) << shift);
}
