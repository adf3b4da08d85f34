import { Cell, TrackedMap } from '../../state/tracked';
import { Entity } from '../../state/hash';
import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Store } from '../../state/store';
import { Domain, Vcpu } from './domain';
import { page_info, type FrameType, type Got } from './frames/frames';
import { entryAddress, isPresent, mfnOf, readWide, slotOf, writeEntry, type Layout, type Level, type WideEntry } from './public/layout';
import { Translations } from './frames/translations';
import type { Version } from './releases/version';
import { defaultRelease, type Release } from './releases/release';
import { EINVAL, type Mfn } from './public/xen';
import { functionIn, type XenFunction } from './releases/functions';
import type { RuleName } from './rules';

// The state of Xen, and what all of its calls use: the frame table, its release
// and the promises that it keeps, the clock of interruptible calls. Its
// interface to the outside is xen.ts.

export interface XenOptions {
  readonly layout: Layout;
  /** Which Xen this is; by default the usual one for these page tables, with every hole closed. */
  readonly release?: Release;
  /** A debug build, which refuses the bit that marks an entry made for a grant. */
  readonly debug?: boolean;
  /** Rules that this hypervisor does not keep, besides those that its release did not keep yet. */
  readonly without?: ReadonlySet<RuleName>;
  /** Largest value of a reference count: 2^26 - 1 until 3.3, then 2^23 - 1 in a 32-bit Xen and 2^55 - 1 or more in a 64-bit one; smaller, so that it can be reached. */
  readonly maximumCount?: number;
  /** The same for a type count alone, which is a shorter field in some versions. */
  readonly maximumTypeCount?: number;
  /** Whether Xen's own cached view of the guest's tables is part of the state. It can only differ from them when a rule is left out. */
  readonly linearMapping?: boolean;
  /** Whether others can act between the moment at which a frame takes a type and its scan, if there is a `patience`. */
  readonly divided?: boolean;
  /** Whether a guest's tables have all of Xen's own entries; otherwise one stands for all. */
  readonly wholeOwnPart?: boolean;
  /** Entries, or operations of a list, after which a preemptible hypercall is interrupted; 0 for never. */
  readonly patience?: number;
}

export abstract class XenState extends Translations {
  readonly layout: Layout;
  readonly release: Release;
  readonly debug: boolean;
  readonly wholeOwnPart: boolean;
  readonly maximumCount: number;
  readonly maximumTypeCount: number;
  /** machine_to_phys_mapping */
  readonly machine_to_phys_mapping: TrackedMap<Mfn, number>;
  /** Last line on Xen's console: why the last refused operation was refused. */
  readonly console: Cell<string>;
  /** How this Xen crashed, by a BUG() or a fault of its own; empty while it runs. */
  readonly died: Cell<string>;
  /** For each frame the domain whose devices can write it; empty if none. */
  readonly iommu: TrackedMap<Mfn, string>;
  readonly iommuFails: Cell<boolean>;
  /** By address, what memory contains if the caches contain something else; -1 if they agree. */
  readonly behind: TrackedMap<number, number>;
  readonly patience: Cell<number>;
  /** n: when an interruptible call wants the type of an upper table for the n-th time from now, another processor is working on that table too; 0 for never. */
  readonly contended: Cell<number>;
  /** `current`: the virtual CPU for which Xen is working. Set when a hypercall begins, so it is not part of the state. */
  override current!: Vcpu;
  /** Whether others can act in the middle of the hypercall. */
  isDivided = false;
  /** Entries of upper tables that were handled since Xen last checked for pending work; the maximum over all calls so far is `stretched`. Not part of the state. */
  private stretch = 0;
  /** The longest time that Xen has not checked while work was pending, in entries of upper tables. */
  readonly stretched: Cell<number>;
  /** Whether the hypercall can be interrupted within a table. */
  private isPreemptible = false;
  /** How many tables deep the scan is. Not part of the state: it is zero between calls. */
  scans = 0;
  /** Entries that may still be handled before the hypercall is interrupted. */
  private work = Infinity;
  /** The error number of the last refusal. Not part of the state: it is read in the call that sets it. */
  errno = EINVAL;
  /** The function that refused the current operation, if one did; read in the same call, so not part of the state. */
  refusedBy: XenFunction | null = null;
  /** How many operations of the last list were done. Not part of the state either. */
  done = 0;
  /** How much had been written when the current operation began. For checkers, so not part of the state. */
  begun = 0;
  /** DOMID_IO, to which memory of devices belongs, as far as it has frames. */
  readonly dom_io = new Entity('d[IO]');
  /** The frame that the entries for Xen map. */
  readonly ownTable: Mfn = 1;
  /** The first frame of the reverse map, which Xen shows to its guests. */
  readonly m2pTable: Mfn = 2;
  private without: ReadonlySet<RuleName>;
  readonly divides: boolean;
  private readonly frame_table = new Map<Mfn, page_info>();

  constructor(store: Store, memory: Memory, options: XenOptions) {
    super(store, memory, options.linearMapping ?? false);
    this.layout = options.layout;
    this.release = options.release ?? defaultRelease(options.layout);
    this.debug = options.debug ?? false;
    this.wholeOwnPart = options.wholeOwnPart ?? false;
    this.divides = options.divided ?? false;
    this.without = new Set([...this.release.open, ...(options.without ?? [])]);
    this.maximumCount = options.maximumCount ?? 0x3ffffff;
    this.maximumTypeCount = options.maximumTypeCount ?? this.maximumCount;
    this.machine_to_phys_mapping = new TrackedMap<Mfn, number>(store, 'm2p', -1, (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommu = new TrackedMap<Mfn, string>(store, 'iommu', '', (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommuFails = new Cell(store, 'iommu.fails', false);
    this.behind = new TrackedMap<number, number>(store, 'behind', -1, (pa) => `0x${pa.toString(16)}`);
    this.patience = new Cell(store, 'xen.patience', options.patience ?? 0);
    this.contended = new Cell(store, 'xen.contended', 0);
    this.console = new Cell(store, 'xen.console', '', true);
    this.stretched = new Cell(store, 'xen.stretched', 0);
    this.died = new Cell(store, 'xen.died', '', true);
    for (const mfn of [this.ownTable, this.m2pTable]) this.frame_table.set(mfn, new page_info(this, mfn, this));
  }

  /** Whether the hypervisor keeps the rule. */
  keeps(rule: RuleName): boolean {
    return !this.without.has(rule);
  }

  /** Leaves rules out from now on: for a hypervisor that booted properly and then goes wrong. */
  forget(rules: ReadonlySet<RuleName>): void {
    this.without = new Set([...this.without, ...rules]);
  }

  /** The value that a count gets: without its bound it wraps, as 26 bits do. */
  counted(count: number): number {
    return count > this.maximumCount ? 0 : count;
  }

  /**
   * Records why, and returns false: `return xen.refuse(…)`.
   *
   * @param by the function of Xen that refuses; null if Xen itself does not continue
   * @param rc the error number, in a release that distinguishes refusals
   */
  refuse(by: XenFunction | null, why: string, rc: number = EINVAL): false {
    this.refusedBy = by;
    this.console.value = why;
    this.errno = rc;
    return false;
  }

  /**
   * Why the last operation was refused: the function of this release that refused it, and Xen's message.
   *
   * @param handler the function to name if no other one has refused
   */
  because(handler: string): string {
    if (this.died.value !== '') return this.console.value;
    const refuser = this.refuser();
    return refuser === null ? `refused by ${handler}()` : `refused by ${refuser}(): ${this.console.value}`;
  }

  /** The function that refused the last operation, by its name in this release; null if none has. */
  refuser(): string | null {
    return this.refusedBy === null ? null : functionIn(this.era, this.refusedBy);
  }

  /** The release from which the names of its functions are taken. */
  protected get era(): Version {
    return this.release.version;
  }

  /** The result of a call that has just been refused. */
  refusal(): number {
    return this.release.does['error-numbers'] ? this.errno : EINVAL;
  }

  /** BUG(), or a fault in Xen itself: the machine stops. False, as after a refusal. */
  bug(what: string): false {
    this.died.value = what;
    return this.refuse(null, what);
  }

  /** Begins a hypercall of `vcpu`; a preemptible one is interrupted when it has handled as many entries as its patience allows. */
  begin(vcpu: Vcpu, preemptible = false): void {
    this.current = vcpu;
    this.refusedBy = null;
    this.stretch = 0;
    this.isDivided = preemptible && this.divides && (this.patience.value > 0 || vcpu.in_flight !== null);
    this.isPreemptible = preemptible && this.release.does.preemptible;
    this.work = preemptible && this.patience.value > 0 ? this.patience.value : Infinity;
  }

  /** One more entry of an upper table was handled, or one more operation of a list. */
  handled(what: 'entry' | 'operation' = 'entry'): void {
    // A Xen that cannot be interrupted within a table does not check there, and closing its holes does not change that.
    const couldLook = what === 'operation' || this.release.does.preemptible || !this.release.isFixed;
    if (!couldLook) return;
    this.stretch++;
    if (this.patience.value > 0 && this.stretch > this.stretched.value) this.stretched.value = this.stretch;
  }

  /** A teardown comes to another virtual CPU, or from there to the frames. Xen does not look between them, but no guest chooses how many there are: checkers count the entries of each anew. */
  nextPart(): void {
    this.stretch = 0;
  }

  /** Whether work has become pending. Checked between two entries. */
  hypercall_preempt_check(): boolean {
    if (this.work < Infinity) this.stretch = 0;
    this.work -= 1;
    return this.work <= 0;
  }

  /** Whether another processor has just changed the type of a table, or is about to, and work is pending too. */
  isContended(): boolean {
    const { contended } = this;
    if (contended.value === 0 || !this.isPreemptible) return false;
    contended.value -= 1;
    return contended.value === 0;
  }

  createDomain(name: string, cpus: readonly Cpu[], translated = false): Domain {
    const domain = new Domain(this.store, name, this.domains.length, translated);
    this.domains.push(domain);
    cpus.forEach((cpu, id) => this.vcpus.push(new Vcpu(this.store, id, domain, cpu)));
    return domain;
  }

  /** Puts a frame under Xen's control; without an owner it is in the heap. */
  addFrame(mfn: Mfn, owner: Entity | null): page_info {
    if (this.frame_table.has(mfn)) throw new Error(`machine bug: frame ${mfn} is given out twice`);
    const page = new page_info(this, mfn, owner);
    this.frame_table.set(mfn, page);
    return page;
  }

  /** mfn_to_page(), undefined where !mfn_valid(). */
  pageOf(mfn: Mfn): page_info | undefined {
    return this.frame_table.get(mfn);
  }

  get pages(): IterableIterator<page_info> {
    return this.frame_table.values();
  }

  vcpuOn(cpu: Cpu): Vcpu {
    const vcpu = this.vcpus.find((candidate) => candidate.cpu === cpu);
    if (!vcpu) throw new Error(`machine bug: no virtual CPU runs on ${cpu.name}`);
    return vcpu;
  }

  entryAt(table: Mfn, slot: number): WideEntry {
    return readWide(this.memory, this.layout, entryAddress(this.layout, table, slot));
  }

  /** arch/x86/mm.c, alloc_page_type(); frames/validation.ts. */
  abstract alloc_page_type(page: page_info, type: FrameType): Got;

  /** arch/x86/mm.c, free_page_type(); frames/validation.ts. */
  abstract free_page_type(page: page_info, type: FrameType): Got;

  /** The lowest-level entry that translates `va` for a virtual CPU's kernel, or for its programs, and where it is; null if there is no table for it. */
  guestEntry(vcpu: Vcpu, va: number, mode: 'kernel' | 'user' = 'kernel'): { readonly table: Mfn; readonly slot: number } | null {
    let table = mode === 'kernel' || this.layout.levels < 4 ? vcpu.guest_table : vcpu.guest_table_user;
    if (table === null) return null;
    for (let level: Level = this.layout.levels; level > 1; level = (level - 1) as Level) {
      const entry = this.entryAt(table, slotOf(this.layout, level, va));
      if (!isPresent(entry)) return null;
      table = mfnOf(entry);
    }
    return { table, slot: slotOf(this.layout, 1, va) };
  }

  /** Writes an entry as part of a set-up, unchecked. */
  poke(table: Mfn, slot: number, entry: WideEntry): void {
    writeEntry(this.memory, this.layout, entryAddress(this.layout, table, slot), entry);
  }
}
