import { Cell, TrackedMap } from '../../state/tracked';
import { RESTART, type Call } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Store } from '../../state/store';
import { Domain, FROM_THE_START, Vcpu } from './domain';
import { eraOf, type Era } from './era';
import { EVENT_CHECK_VECTOR, event_check, test_all_events } from './events/events';
import { page_info, type FrameType, type Got } from './frames/frames';
import { entryAddress, entryOf, isPresent, mfnOf, readEntry, slotOf, writeEntry, type Entry, type Layout } from './public/layout';
import { XEN_ENTRY_FLAGS } from './frames/tables';
import { Translations } from './frames/translations';
import { alloc_page_type, free_page_type } from './frames/validation';
import type { RuleName } from './rules';
import { ERESTART, type Mfn, type MulticallEntry } from './public/xen';
import { dispatch, do_multicall, finishCleanUp, goesOn } from './calls/multicall';
import { callResult, type CallResult, type Hypervisor } from './public/calls';
import type { SharedInfo, TrapInfo, VcpuInfo } from './public/events';
import { guestLoad, guestStore } from './events/trap';

export { Domain, Vcpu } from './domain';

// Xen, for 32-bit guests without shadow or hardware paging. Which one, and what
// it can do that the others cannot, is in era.ts. Each hypercall, each
// interrupted part of one, and each emulated write is one event; between two
// entries of a multicall other virtual CPUs run.
//
// Reading order of this folder: public.ts and public-layout.ts (the interface),
// era.ts and domain.ts, frames.ts (the counts), page-type.ts, tables.ts (what an
// entry needs), validation.ts (what a table needs), modify.ts, update.ts and
// mmuext.ts (the hypercalls), ptwr.ts (emulated writes), multicall.ts. Then what
// else has a say in who reaches a frame: translations.ts, memory-op.ts, grants.ts,
// iommu.ts, coherence.ts. Last how a guest hears of anything: trap.ts, events.ts.
// flux.ts is a Xen of its own, in which types can be seen in flux.
//
// Where the Xen of the time had a hole that was closed later, the closed form
// is modelled; rules.ts lets each be opened, and references.ts is what the
// checkers count by.
//
// Model: a hypercall of 3.2 is one event, for it has the domain's lock. No I/O
// memory, no shadow modes, no 64-bit guests, no page that is shared copy-on-write.
// A fully virtualised domain is only there to be handed frames and to hand them
// back. Refusals are -EINVAL, as in 3.2, where later ones tell some of them apart.

export interface XenOptions {
  readonly layout: Layout;
  /** Rules that this hypervisor does not keep. */
  readonly without?: ReadonlySet<RuleName>;
  /** Largest value of a reference count; 2^26 - 1 on the real one, smaller to reach the end. */
  readonly maximumCount?: number;
  /** The same of a type count alone, which is the shorter field in some versions. */
  readonly maximumTypeCount?: number;
  /** Whether Xen's own cached view of the guest's tables is part of the state. It can only differ from them when a rule is left out. */
  readonly linearMapping?: boolean;
  /** Whether others can come between the moment at which a frame takes a type and the scan of it, once there is a patience. */
  readonly divided?: boolean;
  /** Entries after which a preemptible hypercall is interrupted; 0 for never. */
  readonly patience?: number;
}

export class Xen extends Translations implements Hypervisor {
  readonly layout: Layout;
  readonly era: Era;
  readonly maximumCount: number;
  readonly maximumTypeCount: number;
  /** machine_to_phys_mapping */
  readonly machine_to_phys_mapping: TrackedMap<Mfn, number>;
  /** Last line on Xen's console: why the last refused operation was refused. */
  readonly console: Cell<string>;
  /** For each frame the domain whose devices can write it; empty for nobody's. */
  readonly iommu: TrackedMap<Mfn, string>;
  readonly iommuFails: Cell<boolean>;
  /** By address, what memory holds where the caches show something else; -1 where they agree. */
  readonly behind: TrackedMap<number, number>;
  readonly patience: Cell<number>;
  /** `current`: the virtual CPU for which Xen works. Set when a hypercall begins, so no state. */
  current!: Vcpu;
  /** Whether the hypercall is one into which others can come. */
  isDivided = false;
  /** Entries that may still be handled before the hypercall is interrupted. */
  private work = Infinity;
  /** The frame behind the entries that map Xen. */
  readonly ownTable: Mfn = 1;
  /** Counts what guests have had Xen do; a checker need not look again while it stands still. No state of Xen's. */
  activity = 0;
  private without: ReadonlySet<RuleName>;
  readonly divides: boolean;
  private readonly frame_table = new Map<Mfn, page_info>();

  constructor(store: Store, memory: Memory, options: XenOptions) {
    super(store, memory, options.linearMapping ?? false);
    this.layout = options.layout;
    this.era = eraOf(options.layout);
    this.divides = options.divided ?? false;
    this.without = options.without ?? new Set();
    this.maximumCount = options.maximumCount ?? 0x3ffffff;
    this.maximumTypeCount = options.maximumTypeCount ?? this.maximumCount;
    this.machine_to_phys_mapping = new TrackedMap<Mfn, number>(store, 'm2p', -1, (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommu = new TrackedMap<Mfn, string>(store, 'iommu', '', (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommuFails = new Cell(store, 'iommu.fails', false);
    this.behind = new TrackedMap<number, number>(store, 'behind', -1, (pa) => `0x${pa.toString(16)}`);
    this.patience = new Cell(store, 'xen.patience', options.patience ?? 0);
    this.console = new Cell(store, 'xen.console', '', true);
    this.frame_table.set(this.ownTable, new page_info(this, this.ownTable, this));
  }

  /** Whether the rule is in force. */
  keeps(rule: RuleName): boolean {
    return !this.without.has(rule);
  }

  /** Leaves rules out from now on: for a hypervisor that booted properly and then goes wrong. */
  forget(rules: ReadonlySet<RuleName>): void {
    this.without = new Set([...this.without, ...rules]);
  }

  /** What a count becomes: without its bound it wraps, as 26 bits do. */
  counted(count: number): number {
    return count > this.maximumCount ? 0 : count;
  }

  /** Notes why, and is false: `return xen.refuse(…)`. */
  refuse(why: string): false {
    this.console.value = why;
    return false;
  }

  /** Begins a hypercall of `vcpu`; a preemptible one is interrupted when it has handled enough. */
  begin(vcpu: Vcpu, preemptible = false): void {
    this.current = vcpu;
    this.isDivided = preemptible && this.divides && this.patience.value > 0;
    this.work = preemptible && this.era.preemptible && this.patience.value > 0 ? this.patience.value : Infinity;
  }

  /** Whether something has come up meanwhile. Asked between two entries. */
  hypercall_preempt_check(): boolean {
    this.work -= 1;
    return this.work <= 0;
  }

  call(cpu: Cpu, entry: MulticallEntry): CallResult | typeof RESTART {
    this.activity++;
    const vcpu = this.vcpuOn(cpu);
    const { from, rc: kept } = vcpu.continuation;
    const rc = kept ?? dispatch(this, vcpu, entry, from);
    if (this.keeps('events-looked-for')) test_all_events(vcpu);
    if (kept !== null && !finishCleanUp(this, vcpu)) return RESTART;
    if (rc === ERESTART) return RESTART;
    if (vcpu.old_guest_table !== null) {
      vcpu.continuation = { from, rc };
      return RESTART;
    }
    vcpu.continuation = FROM_THE_START;
    return callResult(entry, rc, this.console.value);
  }

  machineToPhys(mfn: Mfn): number {
    return this.machine_to_phys_mapping.get(mfn);
  }

  shared_info(cpu: Cpu): SharedInfo {
    return this.vcpuOn(cpu).domain.shared_info;
  }

  vcpu_info(cpu: Cpu): VcpuInfo {
    return this.vcpuOn(cpu).vcpu_info;
  }

  set_callbacks(cpu: Cpu, traps: readonly TrapInfo[], event: () => Call<unknown>): void {
    const vcpu = this.vcpuOn(cpu);
    for (const trap of traps) vcpu.traps.set(trap.vector, trap);
    vcpu.event_callback = event;
    cpu.idt.set(EVENT_CHECK_VECTOR, { kind: 'trap', handler: () => event_check(this, vcpu) });
    cpu.vectorNames.set(EVENT_CHECK_VECTOR, 'event');
    cpu.IF = true; // the processor's own flag is Xen's: guests run with interrupts on
  }

  goesOn(cpu: Cpu): boolean {
    return goesOn(this, this.vcpuOn(cpu));
  }

  multicall(entries: readonly MulticallEntry[]): Call<readonly CallResult[]> {
    return do_multicall(this, entries);
  }

  storeFor(cpu: Cpu, va: number, size: 4 | 8, result: (old: Entry) => Entry): Entry | typeof RESTART {
    this.activity++;
    return guestStore(this, cpu, va, size, result);
  }

  loadFor(cpu: Cpu, va: number): number | typeof RESTART {
    this.activity++;
    return guestLoad(this, cpu, va);
  }

  reason(cpu: Cpu): string {
    return this.vcpuOn(cpu).bounce;
  }

  createDomain(name: string, cpus: readonly Cpu[], translated = false): Domain {
    const domain = new Domain(this.store, name, this.domains.length, translated);
    this.domains.push(domain);
    cpus.forEach((cpu, id) => this.vcpus.push(new Vcpu(this.store, id, domain, cpu)));
    return domain;
  }

  /** Puts a frame under Xen's control; without an owner it is in the heap. */
  addFrame(mfn: Mfn, owner: Domain | null): page_info {
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

  entryAt(table: Mfn, slot: number): Entry {
    return readEntry(this.memory, this.layout, entryAddress(this.layout, table, slot));
  }

  alloc_page_type(page: page_info, type: FrameType): Got {
    return alloc_page_type(this, page, type);
  }

  free_page_type(page: page_info, type: FrameType): Got {
    return free_page_type(this, page, type);
  }

  /** The lowest-level entry that translates `va` for a virtual CPU, and where it is; null if there is no table for it. */
  guestEntry(vcpu: Vcpu, va: number): { readonly table: Mfn; readonly slot: number } | null {
    let table = vcpu.guest_table;
    if (table === null) return null;
    for (let level = this.layout.levels; level > 1; level--) {
      const entry = this.entryAt(table, slotOf(this.layout, level as 2 | 3, va));
      if (!isPresent(entry)) return null;
      table = mfnOf(entry);
    }
    return { table, slot: slotOf(this.layout, 1, va) };
  }

  /** Xen's entry in a root, for whoever builds one by hand. */
  installedEntry(): Entry {
    return entryOf(this.ownTable, XEN_ENTRY_FLAGS);
  }

  /** Writes an entry as part of a set-up, unchecked. */
  poke(table: Mfn, slot: number, entry: Entry): void {
    writeEntry(this.memory, this.layout, entryAddress(this.layout, table, slot), entry);
  }
}
