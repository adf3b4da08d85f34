// The visited states of a search on several cores: a table in shared memory.
// The thread that first puts a state there owns it.
//
// Why no state ever has two owners, however the threads interleave:
//
// 1. Each fingerprint has one sequence of slots, which depends on nothing else:
// a few neighbouring slots in the first segment, then a few in
//    the second, four times as large, and so on. The table is never rearranged.
// 2. A slot is free until one thread takes it by compare-and-swap, and is then
//    never free again, nor does it ever hold another fingerprint.
// 3. A thread walks the sequence in order and takes the first slot that it
//    finds free. By 2, each slot that it has passed held another fingerprint,
// and always will. So when two threads look for the same fingerprint, neither
// can end beyond a slot that the other has taken: both arrive at the same slot,
// one of them takes it, and the other waits until the number is written there.
//
// Most look-ups need no atomic operations. A lane is written once, and was 0
// before: a thread that reads anything else has read the slot's final value,
// whether or not it has seen the other writes to that slot. If it reads 0, it
// must read again, atomically. The same goes for the number, which is positive
// once it is final.
//
// Small searches stay within the first segments. Room for all segments is
// reserved at the beginning, but memory that is never touched takes no space.

/** Lane A, lane B, and one more than the number of the state; 0 if there is none, -1 while one is being written. */
const WIDTH = 3;
const FREE = 0;
const BUSY = -1;

/** Slots of the first segment, how much larger each next one is, and how many there are: for some 80 million states, in 1.1 GB. */
const FIRST = 2 ** 14;
const FACTOR_BITS = 2;
const MOST_SEGMENTS = 7;
/** How many slots of a segment a state may use; and of the last one, which may become almost full. */
const NEAR = 8;
const FAR = 512;

/** A state was not known, and is now. */
export const NEW = -1;
/** A state is not known, and there is no room for it. */
export const FULL = -2;

/** A thread writes two numbers while others wait: one that waits longer than this is waiting for a thread that no longer exists. */
const PATIENCE = 2 ** 30;

export class SharedTable {
  private readonly slots: Int32Array<SharedArrayBuffer>;
  private readonly segments: number;

  /** @param buffer made by `bufferFor`, and all zero before the first member uses it */
  constructor(buffer: SharedArrayBuffer, private readonly first = FIRST) {
    this.slots = new Int32Array(buffer);
    let segments = 0;
    while (slotsIn(segments + 1, first) * WIDTH <= this.slots.length) segments++;
    this.segments = segments;
  }

  /**
   * Room for a table; fewer segments if the machine has no room for all.
   *
   * @param first slots of the first segment, a power of two
   */
  static bufferFor(segments = MOST_SEGMENTS, first = FIRST): SharedArrayBuffer {
    try {
      return new SharedArrayBuffer(slotsIn(segments, first) * WIDTH * 4);
    } catch (error) {
      if (segments === 1) throw error;
      return SharedTable.bufferFor(segments - 1, first);
    }
  }

  /** The number of the state with this fingerprint; NEW if it was not known, and its number is then `number`; FULL if there is no room for it. */
  findOrAdd(a: number, b: number, number: number): number {
    return this.walk(a, b, number);
  }

  /** The number of the state with this fingerprint; NEW if there is none. */
  find(a: number, b: number): number {
    const found = this.walk(a, b, null);
    return found === FULL ? NEW : found;
  }

  /** Walks the slots of a fingerprint; takes the first free one, unless there is no number to put there. */
  private walk(a: number, b: number, number: number | null): number {
    const { slots, segments } = this;
    let hash = a ^ Math.imul(b, 0x9e3779b1);
    for (let segment = 0, begin = 0, size = this.first; segment < segments; segment++, begin += size, size <<= FACTOR_BITS) {
      const far = segment === segments - 1 ? FAR : NEAR;
      for (let near = 0; near < far; near++) {
        const at = WIDTH * (begin + ((hash + near) & (size - 1)));
        const laneA = slots[at]!;
        const laneB = slots[at + 1]!;
        if (laneA !== 0 && laneB !== 0) {
          if (laneA === a && laneB === b) return this.numberAt(at);
          continue;
        }
        if (number === null ? Atomics.load(slots, at + 2) === FREE : this.take(at, a, b, number)) return NEW;
        const found = this.numberAt(at, true);
        if (slots[at] === a && slots[at + 1] === b) return found;
      }
      hash = stirred(hash);
    }
    return FULL;
  }

  /** Puts a state into a slot; false if another thread has it. */
  private take(at: number, a: number, b: number, number: number): boolean {
    const { slots } = this;
    if (Atomics.compareExchange(slots, at + 2, FREE, BUSY) !== FREE) return false;
    slots[at] = a;
    slots[at + 1] = b;
    Atomics.store(slots, at + 2, number + 1);
    return true;
  }

  /**
   * The number in a slot that is taken.
   *
   * @param isUnsure whether the lanes must be final as well
   */
  private numberAt(at: number, isUnsure = false): number {
    const holds = this.slots[at + 2]!;
    return (holds > 0 && !isUnsure ? holds : this.awaited(at + 2)) - 1;
  }

  /** What the slot holds once another thread has written it. */
  private awaited(at: number): number {
    for (let patience = PATIENCE; patience > 0; patience--) {
      const holds = Atomics.load(this.slots, at);
      if (holds !== BUSY) return holds;
    }
    throw new Error('machine bug: a thread took a place in the table of states and never wrote it');
  }
}

/** Fingerprints that share a crowded part of one segment should not meet again in the next. */
function stirred(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ (hash >>> 13);
}

/** How many slots the first `segments` segments have together. */
function slotsIn(segments: number, first: number): number {
  let slots = 0;
  for (let segment = 0, size = first; segment < segments; segment++, size *= 2 ** FACTOR_BITS) slots += size;
  return slots;
}
