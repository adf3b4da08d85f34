// The visited states of a search on several cores: a table in shared memory.
// The thread that first puts a state there owns it.
//
// Why no state ever has two owners, however the threads interleave:
//
// 1. To each fingerprint belongs one sequence of neighbouring slots, which
//    depends on nothing else as long as the table does not grow.
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
// Why the table grows while no thread is looking into it: a thread looks only
// between `enter` and `leave`. To enter, it counts itself in, and then looks whether the
// gate is closed; if so, it counts itself out again, and has not entered. The thread that
// closes the gate looks whether anyone is counted in only after that. So of two threads
// that do both at the same time, at least one sees the other: either the first
// has not entered, or the second waits until it has left. The gate is closed by
// compare-and-swap, so one thread at a time makes the table grow.
//
// A table in which all states lie side by side is looked into once per state,
// which means waiting for memory once; with segments that are searched one after
// the other, two threads took as long as one.

/** Numbers at the beginning: how many threads are inside, whether the gate is closed, the region in use, and how many states there are. */
const [INSIDE, CLOSED, REGION, HELD] = [0, 1, 2, 3];
const HEAD = 16;

/** Lane A, lane B, and one more than the number of the state; 0 if there is none, -1 while one is being written. */
const WIDTH = 3;
const FREE = 0;
const BUSY = -1;

/** Slots of the first region, how much larger each next one is, and how many there are: for some 60 million states, in 1.1 GB. Memory that was never touched takes none. */
const FIRST = 2 ** 14;
const FACTOR_BITS = 2;
const MOST_REGIONS = 7;

/** A region that is this full is left for the next one. */
export const LIMIT = 0.5;
/** A state lies no further from its place than this, also in the last region, which may become almost full. */
const FAR = 512;

/** A state was not known, and is now. */
export const NEW = -1;
/** A state is not known, and there is no room for it. */
export const FULL = -2;

/** A thread writes two numbers while others wait: one that waits longer than this is waiting for a thread that no longer exists. */
const PATIENCE = 2 ** 30;

/** How many states there are, and two sums over their fingerprints and numbers: equal for equal states, in whichever order. */
export interface Tally {
  readonly states: number;
  readonly a: number;
  readonly b: number;
}

export class SharedTable {
  private readonly slots: Int32Array<SharedArrayBuffer>;
  private readonly regions: readonly { readonly begin: number; readonly size: number }[];
  /** States that this thread has put there since it entered. */
  private added = 0;
  /** Whether this thread has closed the gate. */
  private isGrowing = false;

  /** @param buffer made by `bufferFor`, and all zero before the first member uses it */
  constructor(buffer: SharedArrayBuffer, first = FIRST) {
    this.slots = new Int32Array(buffer);
    const regions: { begin: number; size: number }[] = [];
    for (let begin = HEAD, size = first; begin + WIDTH * size <= this.slots.length; begin += WIDTH * size, size *= 2 ** FACTOR_BITS) regions.push({ begin, size });
    this.regions = regions;
  }

  /**
   * Room for a table; fewer regions where the machine has no room for all.
   *
   * @param first slots of the first region, a power of two
   */
  static bufferFor(regions = MOST_REGIONS, first = FIRST): SharedArrayBuffer {
    let slots = 0;
    for (let region = 0, size = first; region < regions; region++, size *= 2 ** FACTOR_BITS) slots += size;
    try {
      return new SharedArrayBuffer((HEAD + slots * WIDTH) * 4);
    } catch (error) {
      if (regions === 1) throw error;
      return SharedTable.bufferFor(regions - 1, first);
    }
  }

  /** Before this thread looks into the table. False if it must wait because the table grows. */
  enter(): boolean {
    const { slots } = this;
    if (this.isGrowing) {
      if (Atomics.load(slots, INSIDE) > 0) return false;
      this.grow();
      this.isGrowing = false;
      Atomics.store(slots, CLOSED, 0);
      Atomics.notify(slots, CLOSED);
    }
    Atomics.add(slots, INSIDE, 1);
    if (Atomics.load(slots, CLOSED) === 0) return true;
    this.stepOut();
    return false;
  }

  /** After it has looked. If the table is full enough, this thread will make it grow when it next wants to enter. */
  leave(): void {
    const { slots } = this;
    if (this.added > 0) {
      Atomics.add(slots, HELD, this.added);
      this.added = 0;
    }
    if (this.isFullEnough && Atomics.compareExchange(slots, CLOSED, 0, 1) === 0) this.isGrowing = true;
    this.stepOut();
  }

  private stepOut(): void {
    const { slots } = this;
    if (Atomics.sub(slots, INSIDE, 1) === 1 && Atomics.load(slots, CLOSED) === 1) Atomics.notify(slots, CLOSED);
  }

  /** Sleeps for a few milliseconds at the most if the gate is closed. Whether it was. For threads that may block. */
  sleep(): boolean {
    return Atomics.wait(this.slots, CLOSED, 1, 5) !== 'not-equal';
  }

  private get region(): number {
    return Atomics.load(this.slots, REGION);
  }

  private get isFullEnough(): boolean {
    const { region } = this;
    return region + 1 < this.regions.length && Atomics.load(this.slots, HELD) > LIMIT * this.regions[region]!.size;
  }

  /** Moves all states to the next region. No other thread is inside. */
  private grow(): void {
    const { slots, regions, region } = this;
    if (!this.isFullEnough) return;
    const { begin, size } = regions[region]!;
    const next = regions[region + 1]!;
    for (let from = begin; from < begin + WIDTH * size; from += WIDTH) {
      const holds = slots[from + 2]!;
      if (holds === FREE) continue;
      if (holds === BUSY) throw new Error(GONE);
      const a = slots[from]!;
      const b = slots[from + 1]!;
      let place = placeOf(a, b) & (next.size - 1);
      while (slots[next.begin + WIDTH * place + 2] !== FREE) place = (place + 1) & (next.size - 1);
      const at = next.begin + WIDTH * place;
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = holds;
    }
    Atomics.store(slots, REGION, region + 1);
  }

  /** Calls `visit` for each state, once no thread puts anything there any more. */
  each(visit: (a: number, b: number, number: number) => void): void {
    const { slots } = this;
    const { begin, size } = this.regions[this.region]!;
    for (let at = begin; at < begin + WIDTH * size; at += WIDTH) if (slots[at + 2] !== FREE) visit(slots[at]!, slots[at + 1]!, slots[at + 2]! - 1);
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
    const { slots } = this;
    const { begin, size } = this.regions[this.region]!;
    const far = Math.min(FAR, size);
    for (let near = 0, place = placeOf(a, b); near < far; near++, place++) {
      const at = begin + WIDTH * (place & (size - 1));
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
    return FULL;
  }

  /** Puts a state into a slot; false if another thread has it. */
  private take(at: number, a: number, b: number, number: number): boolean {
    const { slots } = this;
    if (Atomics.compareExchange(slots, at + 2, FREE, BUSY) !== FREE) return false;
    slots[at] = a;
    slots[at + 1] = b;
    Atomics.store(slots, at + 2, number + 1);
    this.added++;
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
    throw new Error(GONE);
  }

  /**
   * What it holds, once no thread puts anything there any more, or what is in one share of its slots.
   *
   * @param share which share, counted from 0, of how many
   * @throws Error if a state lies in two slots, or where no thread would find it
   */
  tally(share = 0, shares = 1): Tally {
    const { slots } = this;
    const { begin, size } = this.regions[this.region]!;
    const tally = new Tallied();
    const end = Math.floor((size * (share + 1)) / shares);
    for (let slot = Math.floor((size * share) / shares); slot < end; slot++) {
      const at = begin + WIDTH * slot;
      const holds = slots[at + 2]!;
      if (holds === FREE) continue;
      const a = slots[at]!;
      const b = slots[at + 1]!;
      tally.add(a, b, holds - 1);
      for (let place = placeOf(a, b) & (size - 1); place !== slot; place = (place + 1) & (size - 1)) {
        const before = begin + WIDTH * place;
        if (slots[before + 2] === FREE) throw new Error(`machine bug: the table of states has state ${holds - 1} where it is not looked for`);
        if (slots[before] === a && slots[before + 1] === b) throw new Error(`machine bug: the table of states has one state twice, as ${slots[before + 2]! - 1} and as ${holds - 1}`);
      }
    }
    return tally;
  }
}

const GONE = 'machine bug: a thread took a place in the table of states and never wrote it';

/** A tally that is being made. */
export class Tallied implements Tally {
  states = 0;
  a = 0;
  b = 0;

  /** Adds what another share holds. */
  join({ states, a, b }: Tally): void {
    this.states += states;
    this.a = (this.a + a) | 0;
    this.b = (this.b + b) | 0;
  }

  add(a: number, b: number, number: number): void {
    this.states++;
    const mixed = Math.imul(a ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) ^ (b << 13) ^ (b >>> 19);
    this.a = (this.a + Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35)) | 0;
    this.b = (this.b + Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f) + Math.imul(b, 0x165667b1)) | 0;
  }
}

/** Where the sequence of slots of a fingerprint begins, in any region. */
function placeOf(a: number, b: number): number {
  return a ^ Math.imul(b, 0x9e3779b1);
}
