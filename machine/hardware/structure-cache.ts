import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Start } from './paging';

// What a processor may keep of the upper levels of the tables: where the next
// table is, and the rights so far. A later walk begins there and does not look
// at the entries above, so a table that was freed may still be walked. SDM
// 4.10.3. An option, for what depends on it.

/** One upper entry that a walk used: it covers `span` bytes from `base`. */
class UpperEntry implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  constructor(readonly base: number, readonly span: number, readonly start: Start) {
    const flags = (start.writable ? 1 : 0) | (start.user ? 2 : 0) | (start.noExecute ? 4 : 0) | (start.level << 3);
    const digest = new Digest(span, flags).then(base).then(start.table);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  covers(la: number): boolean {
    return la >= this.base && la < this.base + this.span;
  }

  toString(): string {
    return `0x${this.base.toString(16)}+0x${this.span.toString(16)} -> table 0x${this.start.table.toString(16)}`;
  }
}

export class StructureCache {
  private readonly cell: Cell<readonly UpperEntry[]>;

  constructor(store: Store, name: string) {
    this.cell = new Cell<readonly UpperEntry[]>(store, name, NONE);
  }

  /** Where a walk for `la` may begin: as far down as is known. */
  lookup(la: number): Start | undefined {
    let best: UpperEntry | undefined;
    for (const entry of this.cell.value) if (entry.covers(la) && (!best || entry.span < best.span)) best = entry;
    return best?.start;
  }

  /** Keeps an upper entry that a walk for `la` has used. */
  fill(la: number, span: number, start: Start): void {
    const entry = new UpperEntry(Math.floor(la / span) * span, span, start);
    const others = this.cell.value.filter((old) => old.base !== entry.base || old.span !== span);
    this.cell.value = [...others, entry].sort((one, other) => one.base - other.base || one.span - other.span);
  }

  /** Drops what covers `la`: a page fault there. */
  drop(la: number): void {
    this.cell.value = this.cell.value.filter((entry) => !entry.covers(la));
  }

  /** Drops everything: MOV to CR3, INVLPG of any address, and whatever drops the whole TLB. */
  dropAll(): void {
    this.cell.value = NONE;
  }
}

const NONE: readonly UpperEntry[] = [];
