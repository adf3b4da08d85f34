import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Freedoms } from './freedoms';
import type { Mapping, Rights } from './paging';
import { StructureCache } from './structure-cache';

// The translation lookaside buffer of one CPU: what walks have found, kept until
// something drops it, however the tables have changed since. It never drops an
// entry on its own; a real one may at any time, which only hides mistakes. If
// the processor has process-context identifiers, an entry is tagged with the one
// under which it was loaded, and used only under that one unless it is global.
// Which event drops what: SDM volume 3A, 4.10.4.1.

/** One cached translation. */
export class TlbEntry implements Rights, Hashed {
  readonly hashA: number;
  readonly hashB: number;

  /**
   * @param base linear address of the page
   * @param frame physical address of the page
   * @param pageSize bytes
   * @param global survives MOV to CR3, and is used under every PCID; only possible while CR4.PGE is set
   * @param dirty the D bit is known to be set, so a write needs no walk
   * @param pcid the process-context identifier under which it was loaded; 0 without them
   * @param source physical address of the table entry that maps the page, for a processor that may write there late; else 0
   */
  constructor(
    readonly base: number, readonly frame: number, readonly pageSize: number,
    readonly writable: boolean, readonly user: boolean, readonly noExecute: boolean,
    readonly global: boolean, readonly dirty: boolean, readonly pcid: number, readonly source = 0,
  ) {
    const flags = (writable ? 1 : 0) | (user ? 2 : 0) | (noExecute ? 4 : 0) | (global ? 8 : 0) | (dirty ? 16 : 0) | (pcid << 5);
    const known = new Digest(flags, flags).then(pageSize).then(base).then(frame);
    const digest = source === 0 ? known : known.then(source);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  toString(): string {
    const rights = `${this.user ? 'user' : 'supervisor'} ${this.writable ? 'rw' : 'ro'}${this.noExecute ? ' nx' : ''}`;
    const tag = this.pcid === 0 ? '' : ` pcid ${this.pcid}`;
    return `${hex(this.base)} -> ${hex(this.frame)} ${rights}${this.global ? ' global' : ''}${this.dirty ? ' dirty' : ''}${tag}`;
  }

  /** Whether it translates `la` under some PCID. */
  covers(la: number): boolean {
    return this.base === pageOf(la, this.pageSize);
  }

  /** Whether the processor uses it while `pcid` is current. */
  isFor(pcid: number): boolean {
    return this.global || this.pcid === pcid;
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
  /** For each size, by page and PCID in one number: a page begins at a multiple of 4096, and there are 4096 PCIDs. */
  private readonly tables: readonly ReadonlyMap<number, TlbEntry>[];
  private globals: readonly TlbEntry[] | null = null;
  private twoSizes: boolean | null = null;

  constructor(readonly entries: readonly TlbEntry[]) {
    this.tables = PAGE_SIZES.map((size) => new Map(entries.filter(({ pageSize }) => pageSize === size).map((entry) => [entry.base + entry.pcid, entry])));
    let a = 0;
    let b = 0;
    for (const entry of entries) {
      a ^= entry.hashA;
      b ^= entry.hashB;
    }
    this.hashA = a;
    this.hashB = b;
  }

  lookup(la: number, pcid: number, largestFirst = false): TlbEntry | undefined {
    const { tables } = this;
    for (let k = 0; k < PAGE_SIZES.length; k++) {
      const i = largestFirst ? PAGE_SIZES.length - 1 - k : k;
      if (tables[i]!.size === 0) continue;
      const entry = tables[i]!.get(pageOf(la, PAGE_SIZES[i]!) + pcid);
      if (entry) return entry;
    }
    return undefined;
  }

  /** A global entry for `la`, whatever its PCID. */
  lookupGlobal(la: number): TlbEntry | undefined {
    this.globals ??= this.entries.filter(({ global }) => global);
    return this.globals.find((entry) => entry.covers(la));
  }

  /** Whether two entries of different sizes translate one address under one PCID. */
  get hasTwoSizes(): boolean {
    this.twoSizes ??= this.entries.some((large) => this.entries.some((small) => small.pageSize < large.pageSize && large.covers(small.base)
      && (small.global || large.isFor(small.pcid))));
    return this.twoSizes;
  }

  with(entry: TlbEntry): Contents {
    return new Contents([...this.entries.filter((old) => old.base !== entry.base || old.pageSize !== entry.pageSize || old.pcid !== entry.pcid), entry]);
  }

  /** What remains without the entries for which `isDropped` is true. */
  without(isDropped: (entry: TlbEntry) => boolean): Contents {
    const rest = this.entries.filter((entry) => !isDropped(entry));
    if (rest.length === this.entries.length) return this;
    return rest.length === 0 ? EMPTY : new Contents(rest);
  }

  toString(): string {
    return this.entries.length === 0 ? 'empty' : [...this.entries].sort((one, other) => one.base - other.base || one.pageSize - other.pageSize || one.pcid - other.pcid).join('; ');
  }
}

const EMPTY = new Contents([]);

/** The TLB of one CPU. */
export class Tlb {
  private readonly cell: Cell<Contents>;
  /** Whether the larger of two translations is used, if both can be. */
  private prefersLarge: Cell<boolean> | null = null;

  /** The upper levels, if the processor keeps them. */
  structures: StructureCache | null = null;

  /** @param currentPcid the current PCID, if the processor has PCIDs */
  constructor(private readonly store: Store, private readonly name: string, private readonly currentPcid: (() => number) | null = null) {
    this.cell = new Cell<Contents>(store, name, EMPTY);
  }

  /**
   * Gives it freedoms. Part of the set-up.
   *
   * @param freedoms `structureCaches`: upper table entries are kept apart; `severalSizes`: either of two translations of one address
   *   that differ in size can be used, else the small one is
   */
  allow({ structureCaches = false, severalSizes = false }: Pick<Freedoms, 'structureCaches' | 'severalSizes'>): void {
    if (structureCaches) this.structures ??= new StructureCache(this.store, `${this.name}.structures`);
    if (severalSizes) this.prefersLarge ??= new Cell(this.store, `${this.name}.prefersLarge`, false);
  }

  /** The current process-context identifier; 0 without them. */
  get pcid(): number {
    return this.currentPcid === null ? 0 : this.currentPcid();
  }

  /** Whether it can use either of two sizes. */
  get severalSizes(): boolean {
    return this.prefersLarge !== null;
  }

  /** The entry that translates `la` now, if there is one. */
  lookup(la: number): TlbEntry | undefined {
    const contents = this.cell.value;
    const largestFirst = this.prefersLarge !== null && this.prefersLarge.value;
    if (this.currentPcid === null) return contents.lookup(la, 0, largestFirst);
    return contents.lookup(la, this.currentPcid(), largestFirst) ?? contents.lookupGlobal(la);
  }

  /** Every entry that could translate `la` now. */
  translationsOf(la: number): readonly TlbEntry[] {
    const { pcid } = this;
    return this.cell.value.entries.filter((entry) => entry.covers(la) && entry.isFor(pcid));
  }

  /** Whether two translations of one address differ in size, so that it matters which is used. */
  get hasTwoSizes(): boolean {
    return this.prefersLarge !== null && this.cell.value.hasTwoSizes;
  }

  /** From now on the other of two sizes is used. */
  preferOtherSize(): void {
    this.prefersLarge!.value = !this.prefersLarge!.value;
  }

  /** Keeps what a walk found for `la`; `source` as in `TlbEntry`. */
  fill(la: number, found: Mapping, global: boolean, dirty: boolean, source = 0): TlbEntry {
    const { pa, pageSize, writable, user, noExecute } = found;
    const base = pageOf(la, pageSize);
    const entry = new TlbEntry(base, pa - (la - base), pageSize, writable, user, noExecute, global, dirty, this.pcid, source);
    this.cell.value = this.cell.value.with(entry);
    return entry;
  }

  private drop(isDropped: (entry: TlbEntry) => boolean): void {
    this.cell.value = this.cell.value.without(isDropped);
  }

  /** INVLPG: drops what is cached for the page of `la`, of whatever size, for this PCID or global; and all upper entries of this PCID. */
  invlpg(la: number): void {
    const { pcid } = this;
    this.drop((entry) => entry.covers(la) && entry.isFor(pcid));
    this.structures?.dropAll(pcid);
  }

  /** A page fault at `la`: drops what is cached for its page, and the upper entries that lead there, of the current PCID or global. */
  dropPage(la: number): void {
    const { pcid } = this;
    this.drop((entry) => entry.covers(la) && entry.isFor(pcid));
    this.structures?.drop(la, pcid);
  }

  /** INVPCID of one address: drops what is cached for `la` under `pcid` and is not global, and the upper entries that lead there. */
  dropAddress(la: number, pcid: number): void {
    this.drop((entry) => entry.covers(la) && entry.pcid === pcid && !entry.global);
    this.structures?.drop(la, pcid);
  }

  /** Drops all but global entries of one PCID, by default the current one: MOV to CR3, INVPCID of one context. */
  dropNonGlobal(pcid = this.pcid): void {
    this.drop((entry) => entry.pcid === pcid && !entry.global);
    this.structures?.dropAll(pcid);
  }

  /** Drops all but global entries of every PCID: INVPCID of all contexts without global ones. */
  dropEveryNonGlobal(): void {
    this.drop(({ global }) => !global);
    this.structures?.dropAll();
  }

  /** Drops everything that was loaded under the current PCID, global or not: CR4.SMEP being set. */
  dropContext(): void {
    const { pcid } = this;
    this.drop((entry) => entry.pcid === pcid);
    this.structures?.dropAll(pcid);
  }

  /** Drops everything: a change of CR4.PGE, PAE or PSE, CR4.PCIDE or CR0.PG being cleared, INVPCID of all contexts. */
  dropAll(): void {
    this.cell.value = EMPTY;
    this.structures?.dropAll();
  }

  /** What it holds now, for invariants and readers. */
  entries(): readonly TlbEntry[] {
    return this.cell.value.entries;
  }
}
