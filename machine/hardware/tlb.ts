import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Mapping, Rights } from './paging';
import { StructureCache } from './structure-cache';

// The translation lookaside buffer of one CPU: what walks have found, kept until
// something drops it, however the tables have changed since. It never gives up
// an entry by itself; a real one may at any time, which only hides mistakes.

/** One cached translation. */
export class TlbEntry implements Rights, Hashed {
  readonly hashA: number;
  readonly hashB: number;

  /**
   * @param base linear address of the page
   * @param frame physical address of the page
   * @param pageSize bytes
   * @param global survives MOV to CR3; only made so while CR4.PGE is set
   * @param dirty the D bit is known to be set, so a write needs no walk
   */
  constructor(
    readonly base: number, readonly frame: number, readonly pageSize: number,
    readonly writable: boolean, readonly user: boolean, readonly noExecute: boolean,
    readonly global: boolean, readonly dirty: boolean,
  ) {
    const flags = (writable ? 1 : 0) | (user ? 2 : 0) | (noExecute ? 4 : 0) | (global ? 8 : 0) | (dirty ? 16 : 0);
    const digest = new Digest(pageSize, flags).then(base).then(frame);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  toString(): string {
    const rights = `${this.user ? 'user' : 'supervisor'} ${this.writable ? 'rw' : 'ro'}${this.noExecute ? ' nx' : ''}`;
    return `${hex(this.base)} -> ${hex(this.frame)} ${rights}${this.global ? ' global' : ''}${this.dirty ? ' dirty' : ''}`;
  }
}

function hex(address: number): string {
  return address < 0 ? `0x${(BigInt(address) & 0xffffffffffffffffn).toString(16)}` : `0x${address.toString(16).padStart(8, '0')}`;
}

/** The sizes a page can have, in bytes, the smallest first. */
const PAGE_SIZES = [0x1000, 0x200000, 0x400000, 0x40000000] as const;

function pageOf(la: number, pageSize: number): number {
  return Math.floor(la / pageSize) * pageSize;
}

/** Everything the TLB holds at one moment: an immutable value. */
class Contents implements Hashed {
  readonly hashA: number;
  readonly hashB: number;
  private readonly tables: readonly ReadonlyMap<number, TlbEntry>[];
  private globals: Contents | null = null;

  constructor(readonly entries: readonly TlbEntry[]) {
    this.tables = PAGE_SIZES.map((size) => new Map(entries.filter(({ pageSize }) => pageSize === size).map((entry) => [entry.base, entry])));
    let a = 0;
    let b = 0;
    for (const entry of entries) {
      a ^= entry.hashA;
      b ^= entry.hashB;
    }
    this.hashA = a;
    this.hashB = b;
  }

  lookup(la: number): TlbEntry | undefined {
    const { tables } = this;
    for (let i = 0; i < PAGE_SIZES.length; i++) {
      if (tables[i]!.size === 0) continue;
      const entry = tables[i]!.get(pageOf(la, PAGE_SIZES[i]!));
      if (entry) return entry;
    }
    return undefined;
  }

  with(entry: TlbEntry): Contents {
    return new Contents([...this.entries.filter((old) => old.base !== entry.base || old.pageSize !== entry.pageSize), entry]);
  }

  without(la: number): Contents {
    const rest = this.entries.filter((entry) => entry.base !== pageOf(la, entry.pageSize));
    return rest.length === this.entries.length ? this : new Contents(rest);
  }

  get onlyGlobals(): Contents {
    this.globals ??= this.entries.every(({ global }) => global) ? this : new Contents(this.entries.filter(({ global }) => global));
    return this.globals;
  }

  toString(): string {
    return this.entries.length === 0 ? 'empty' : [...this.entries].sort((one, other) => one.base - other.base || one.pageSize - other.pageSize).join('; ');
  }
}

/** The TLB of one CPU. Processor-context identifiers are not modelled: there is one address space at a time. */
export class Tlb {
  private readonly cell: Cell<Contents>;
  private readonly empty = new Contents([]);

  /** The upper levels, where the processor keeps them. */
  readonly structures: StructureCache | null;

  constructor(store: Store, name: string, structureCaches = false) {
    this.cell = new Cell<Contents>(store, name, this.empty);
    this.structures = structureCaches ? new StructureCache(store, `${name}.structures`) : null;
  }

  /** The entry that translates `la`, if there is one. */
  lookup(la: number): TlbEntry | undefined {
    return this.cell.value.lookup(la);
  }

  /** Keeps what a walk found for `la`. */
  fill(la: number, found: Mapping, global: boolean, dirty: boolean): TlbEntry {
    const { pa, pageSize, writable, user, noExecute } = found;
    const base = pageOf(la, pageSize);
    const entry = new TlbEntry(base, pa - (la - base), pageSize, writable, user, noExecute, global, dirty);
    const now = this.cell.value;
    const old = now.lookup(la);
    if (!old || old.hashA !== entry.hashA || old.hashB !== entry.hashB) this.cell.value = now.with(entry);
    return entry;
  }

  /** INVLPG: drops what is cached for the page of `la`, of whatever size, global or not; and all upper entries. */
  invlpg(la: number): void {
    this.cell.value = this.cell.value.without(la);
    this.structures?.dropAll();
  }

  /** A page fault at `la`: drops what is cached for its page, and the upper entries that lead there. */
  dropPage(la: number): void {
    this.cell.value = this.cell.value.without(la);
    this.structures?.drop(la);
  }

  /** Drops all but global entries: MOV to CR3. */
  dropNonGlobal(): void {
    this.cell.value = this.cell.value.onlyGlobals;
    this.structures?.dropAll();
  }

  /** Drops everything: a change of CR4.PGE, PAE, PSE or CR0.PG, or SMEP being set. */
  dropAll(): void {
    this.cell.value = this.empty;
    this.structures?.dropAll();
  }

  /** What it holds now, for invariants and readers. */
  entries(): readonly TlbEntry[] {
    return this.cell.value.entries;
  }
}
