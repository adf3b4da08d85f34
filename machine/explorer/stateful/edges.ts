import { hashOfReady, type Ready } from './ready';

// How the edges of the state graph are stored: in a few bytes each, however much there is to say about them.

const INITIAL = 64;

/** A growing column of 32-bit numbers. */
export class Column {
  private cells = new Int32Array(INITIAL);
  length = 0;

  push(value: number): void {
    if (this.length === this.cells.length) this.reserve(Math.ceil(this.cells.length * 1.5));
    this.cells[this.length++] = value;
  }

  /** Makes room for `count` cells in all. */
  reserve(count: number): void {
    if (count <= this.cells.length) return;
    const larger = new Int32Array(count);
    larger.set(this.cells);
    this.cells = larger;
  }

  /** Appends `count` cells that hold `value`; returns the number of the first. */
  extend(count: number, value: number): number {
    const first = this.length;
    for (let i = 0; i < count; i++) this.push(value);
    return first;
  }

  at(i: number): number {
    return this.cells[i]!;
  }

  set(i: number, value: number): void {
    this.cells[i] = value;
  }

  /** A copy without the room to grow. */
  toArray(): Int32Array<ArrayBuffer> {
    return this.cells.slice(0, this.length);
  }

  copyInto(target: Int32Array, offset: number): void {
    target.set(this.cells.subarray(0, this.length), offset);
  }
}

/** What edges have in common: there are few kinds, and an edge stores only the number of its kind. */
export interface Kind {
  readonly process: number;
  readonly label: number;
  readonly interrupt: number;
  readonly steps: number;
  readonly stayReady: Ready;
  readonly place: number;
  /** The process of the last step. */
  readonly last: number;
  /** Changes of process between the steps. */
  readonly switches: number;
  /** The list of what is broken on the way; -1 if nothing is. */
  readonly breaks: number;
}

/** What is broken along an edge, in a search that continues after violations. */
export interface Break {
  /** The number of the violation. */
  readonly violation: number;
  /** How many steps and changes of process lead to it, and the process whose step broke it. */
  readonly steps: number;
  readonly switches: number;
  readonly last: number;
}

/** Finds the number of a kind. */
export class Kinds {
  readonly all: Kind[] = [];
  private slots = new Int32Array(1 << 8);

  numberOf(kind: Kind): number {
    const { process, label, interrupt, steps, stayReady, place, last, switches, breaks } = kind;
    const mask = this.slots.length - 1;
    let slot = (Math.imul(label, 0x9e3779b1) ^ Math.imul(steps, 0x85ebca6b) ^ Math.imul(hashOfReady(stayReady), 0xc2b2ae35) ^ Math.imul(place, 0x27d4eb2f) ^ process ^ Math.imul(last + (switches << 8) + (breaks << 16), 0x165667b1)) & mask;
    for (let number = this.slots[slot]!; number !== 0; number = this.slots[slot]!) {
      const known = this.all[number - 1]!;
      if (known.label === label && known.steps === steps && known.stayReady === stayReady && known.place === place && known.process === process
        && known.interrupt === interrupt && known.last === last && known.switches === switches && known.breaks === breaks) return number - 1;
      slot = (slot + 1) & mask;
    }
    this.all.push(kind);
    this.slots[slot] = this.all.length;
    if (this.all.length * 2 > mask) this.grow();
    return this.all.length - 1;
  }

  private grow(): void {
    const kinds = this.all.splice(0);
    this.slots = new Int32Array(this.slots.length * 4);
    this.restore(kinds);
  }

  /** Gives `kinds` their numbers again, from 0 on. */
  restore(kinds: readonly Kind[]): void {
    for (const kind of kinds) this.numberOf(kind);
  }
}
