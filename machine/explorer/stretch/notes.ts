import { digestOf, isHashed, type Value } from '../../state/hash';
import type { Lookout } from '../../state/store';
import { Accesses } from './accesses';

// What one event has read and written, or one question to a process or an invariant, so that it can be repeated
// without performing it; and which observer reads which cell, so that nothing is asked again unless something has changed.

export class Notes extends Accesses implements Lookout {
  /** How often an observer has read a cell that it had not read before. */
  news = 0;
  /** How many cells the current observer has read. */
  reads = 0;
  /** The observer that currently reads cells, as a bit; 0 for an event. */
  private who = 0;
  private isKept = false;
  private readonly composites = new Map<string, Value>();

  /** Begins anew, with what `who` reads. It is only kept if it may be repeated. */
  lookAs(who: number, isKept: boolean): void {
    this.isKept = isKept;
    this.who = who;
    this.reads = 0;
    if (isKept) this.begin();
  }

  read(cell: number, value: Value): void {
    if (this.who !== 0) {
      this.reads++;
      if (this.store.addOnlooker(cell, this.who)) this.news++;
    }
    if (this.isKept) this.noteRead(cell, value);
  }

  write(cell: number, old: Value, value: Value): Value {
    if (!this.isKept) return value;
    this.noteWrite(cell, old);
    return this.sole(value);
  }

  /** The representative of equal lists and records, so that they can be compared by identity. */
  private sole(value: Value): Value {
    if (typeof value !== 'object' || value === null || isHashed(value)) return value;
    const { hashA, hashB } = digestOf(value);
    const key = `${hashA} ${hashB}`;
    const known = this.composites.get(key);
    if (known !== undefined) return known;
    this.composites.set(key, value);
    return value;
  }
}
