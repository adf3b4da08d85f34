import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Start } from './paging';

// What a processor may keep of the upper levels of the tables: where the next
// table is, and the rights so far. A later walk begins there and does not read
// the entries above, so a table that was freed may still be walked. SDM 4.10.3.
// Entries are tagged like those of the TLB, and never global. This is an
// option.

/** One upper entry that a walk used: it covers `span` bytes from `base`. */
class UpperEntry implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  constructor(readonly base: number, readonly span: number, readonly start: Start, readonly pcid: number) {
    const flags = (start.writable ? 1 : 0) | (start.user ? 2 : 0) | (start.noExecute ? 4 : 0) | (start.level << 3) | (pcid << 8);
    const digest = new Digest(flags, flags).then(span).then(base).then(start.table);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  leadsTo(la: number, pcid: number): boolean {
    return this.pcid === pcid && la >= this.base && la < this.base + this.span;
  }

  toString(): string {
    return `0x${this.base.toString(16)}+0x${this.span.toString(16)} -> table 0x${this.start.table.toString(16)}${this.pcid === 0 ? '' : ` pcid ${this.pcid}`}`;
  }
}

export class StructureCache {
  private readonly cell: Cell<readonly UpperEntry[]>;

  constructor(store: Store, name: string) {
    this.cell = new Cell<readonly UpperEntry[]>(store, name, NONE);
  }

  /** Where a walk for `la` under `pcid` may begin: as far down as possible. */
  lookup(la: number, pcid: number): Start | undefined {
    let best: UpperEntry | undefined;
    for (const entry of this.cell.value) if (entry.leadsTo(la, pcid) && (!best || entry.span < best.span)) best = entry;
    return best?.start;
  }

  /** Whether it has this upper entry already. */
  has(la: number, pcid: number, span: number, start: Start): boolean {
    const wanted = new UpperEntry(Math.floor(la / span) * span, span, start, pcid);
    return this.cell.value.some(({ hashA, hashB }) => hashA === wanted.hashA && hashB === wanted.hashB);
  }

  /** The tables that a walk may begin at, for invariants and readers. */
  tables(): readonly number[] {
    return this.cell.value.map(({ start }) => start.table);
  }

  /** Keeps an upper entry that a walk for `la` under `pcid` has used. */
  fill(la: number, pcid: number, span: number, start: Start): void {
    const entry = new UpperEntry(Math.floor(la / span) * span, span, start, pcid);
    const others = this.cell.value.filter((old) => old.base !== entry.base || old.span !== span || old.pcid !== pcid);
    this.cell.value = [...others, entry].sort((one, other) => one.base - other.base || one.span - other.span || one.pcid - other.pcid);
  }

  /** Drops what leads to `la` under `pcid`: the effect of a page fault there. */
  drop(la: number, pcid: number): void {
    this.cell.value = this.cell.value.filter((entry) => !entry.leadsTo(la, pcid));
  }

  /** Drops everything, or everything of one PCID: MOV to CR3, INVLPG of any address, and whatever drops the whole TLB. */
  dropAll(pcid: number | null = null): void {
    this.cell.value = pcid === null ? NONE : this.cell.value.filter((entry) => entry.pcid !== pcid);
  }
}

const NONE: readonly UpperEntry[] = [];
