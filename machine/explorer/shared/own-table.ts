import { LIMIT, NEW, SharedTable, type Tally } from './table';

const FIRST = 2 ** 10;

/** A table that one thread has for itself. It takes a larger buffer when it must, so many small ones can exist side by side. */
export class OwnTable {
  private size = FIRST;
  private table = OwnTable.ofSize(FIRST);
  private count = 0;

  private static ofSize(size: number): SharedTable {
    return new SharedTable(SharedTable.bufferFor(1, size), size);
  }

  /** As `SharedTable.findOrAdd`. */
  findOrAdd(a: number, b: number, number: number): number {
    if (this.count >= LIMIT * this.size) this.grow();
    const found = this.table.findOrAdd(a, b, number);
    if (found === NEW) this.count++;
    return found;
  }

  private grow(): void {
    const { table } = this;
    this.size *= 4;
    this.table = OwnTable.ofSize(this.size);
    table.each((a, b, number) => this.table.findOrAdd(a, b, number));
  }

  /** As `SharedTable.find`. */
  find(a: number, b: number): number {
    return this.table.find(a, b);
  }

  /** As `SharedTable.tally`. */
  tally(): Tally {
    return this.table.tally();
  }
}
