import { Entity } from '../../state/hash';
import { Cell, TrackedMap } from '../../state/tracked';
import { setCr } from '../../hardware/mmu';
import { RESTART, type Call } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Store } from '../../state/store';
import { Domain, FROM_THE_START, Vcpu } from './domain';
import { eraOf, type Era } from './era';
import { EVENT_CHECK_VECTOR, event_check, test_all_events } from './events';
import { page_info, type FrameType, type Got } from './frames';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, entryAddress, entryOf, isPresent, mfnOf, readEntry, slotOf, writeEntry, type Entry, type Layout } from './public-layout';
import { XEN_ENTRY_FLAGS } from './tables';
import { alloc_page_type, free_page_type } from './validation';
import type { RuleName } from './rules';
import { ERESTART, type Mfn, type MulticallEntry } from './public';
import { dispatch, do_multicall, finishCleanUp, goesOn } from './multicall';
import { callResult, type CallResult, type Hypervisor } from './public-calls';
import type { SharedInfo, TrapInfo, VcpuInfo } from './public-events';
import { guestLoad, guestStore } from './trap';

export { Domain, Vcpu } from './domain';

// Xen, for 32-bit guests without shadow or hardware paging. Which one, and what
// it can do that the others cannot, is in era.ts. Each hypercall, each
// interrupted part of one, and each emulated write is one event; between two
// entries of a multicall other virtual CPUs run.
//
// Reading order of this folder: public.ts and public-layout.ts (the interface),
// era.ts and domain.ts, frames.ts (the counts), tables.ts (what an entry needs),
// validation.ts (what a table needs), update.ts and mmuext.ts (the hypercalls),
// ptwr.ts (emulated writes), multicall.ts. Then what else has a say in who
// reaches a frame: memory-op.ts, grants.ts, iommu.ts, coherence.ts.
//
// Where the Xen of the time had a hole that was closed later, the closed form
// is modelled; rules.ts lets each be opened.
//
// Model: a hypercall of 3.2 is one event, for it has the domain's lock. No I/O
// memory, no shadow modes, no 64-bit guests. A fully virtualised domain is only
// there to be handed frames and to hand them back.

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

/** Xen's own top-level tables, one for each virtual CPU; no frames that a guest could name. */
const FIRST_L4 = 0x10;

export class Xen extends Entity implements Hypervisor {
  readonly layout: Layout;
  readonly era: Era;
  readonly maximumCount: number;
  readonly maximumTypeCount: number;
  readonly domains: Domain[] = [];
  readonly vcpus: Vcpu[] = [];
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
  private readonly hasLinearMapping: boolean;
  readonly divides: boolean;
  /** The frames that some processor has not flushed since they were last in use, in order. */
  private readonly unflushed: Cell<readonly Mfn[]>;
  private readonly frame_table = new Map<Mfn, page_info>();

  constructor(readonly store: Store, readonly memory: Memory, options: XenOptions) {
    super('xen');
    this.layout = options.layout;
    this.era = eraOf(options.layout);
    this.divides = options.divided ?? false;
    this.hasLinearMapping = options.linearMapping ?? false;
    this.without = options.without ?? new Set();
    this.maximumCount = options.maximumCount ?? 0x3ffffff;
    this.maximumTypeCount = options.maximumTypeCount ?? this.maximumCount;
    this.machine_to_phys_mapping = new TrackedMap<Mfn, number>(store, 'm2p', -1, (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommu = new TrackedMap<Mfn, string>(store, 'iommu', '', (mfn) => `mfn 0x${mfn.toString(16)}`);
    this.iommuFails = new Cell(store, 'iommu.fails', false);
    this.behind = new TrackedMap<number, number>(store, 'behind', -1, (pa) => `0x${pa.toString(16)}`);
    this.patience = new Cell(store, 'xen.patience', options.patience ?? 0);
    this.console = new Cell(store, 'xen.console', '', true);
    this.unflushed = new Cell<readonly Mfn[]>(store, 'xen.unflushed', []);
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

  /** The processors that a domain runs on, as a bit set. */
  processorsOf(domain: Entity | null): number {
    return this.vcpus.reduce((bits, vcpu) => (vcpu.domain === domain ? bits | (1 << vcpu.cpu.id) : bits), 0);
  }

  /** flush_tlb_mask(domain_dirty_cpumask): returns when every CPU of the domain has flushed. */
  flushDomain(domain: Entity | null): void {
    for (const vcpu of this.vcpus) if (vcpu.domain === domain) this.flush(vcpu);
  }

  /** tlbflush_filter() and flush_tlb_mask(): only processors that did not flush since the frame was last in use. */
  flushFor(page: page_info): void {
    for (const vcpu of this.vcpus) if ((page.notFlushed & (1 << vcpu.cpu.id)) !== 0) this.flush(vcpu);
  }

  /** local_flush_tlb() on a virtual CPU's processor. */
  flush(vcpu: Vcpu): void {
    vcpu.cpu.tlb.dropAll();
    this.noteFlush(vcpu);
    this.flushLinear(vcpu);
  }

  /**
   * Notes that a frame was in use until now, so that any processor of its owner may have it cached, and of whoever has it by a grant.
   * Model: the real one thinks of the owner only, and has a guest crash that changes the entry of a grant by other means.
   */
  stamp(page: page_info): void {
    page.notFlushed = this.processorsOf(page.owner);
    for (const domain of this.domains) if (domain.maptrack.some(({ frame, active }) => active && frame === page.mfn)) page.notFlushed |= this.processorsOf(domain);
    if (!this.unflushed.value.includes(page.mfn)) this.unflushed.value = [...this.unflushed.value, page.mfn].sort((one, other) => one - other);
  }

  private noteFlush(vcpu: Vcpu): void {
    for (const mfn of this.unflushed.value) this.frame_table.get(mfn)!.notFlushed &= ~(1 << vcpu.cpu.id);
    this.unflushed.value = this.unflushed.value.filter((mfn) => this.frame_table.get(mfn)!.notFlushed !== 0);
  }

  private flushLinear(vcpu: Vcpu): void {
    if (vcpu.linear.length > 0) vcpu.linear = [];
  }

  /** An upper entry has changed: every view of the domain's tables through the linear mapping is out of date (XSA-286). */
  flushLinearOf(domain: Entity): void {
    if (this.keeps('linear-map-flushed')) for (const vcpu of this.vcpus) if (vcpu.domain === domain) this.flushLinear(vcpu);
  }

  /** The frame that Xen's linear mapping shows as the table of `va`, which really is `table` now. */
  linearTable(vcpu: Vcpu, va: number, table: Mfn): Mfn {
    if (!this.hasLinearMapping) return table;
    const stretch = Math.floor(va / 2 ** this.layout.shift[2]);
    const known = vcpu.linear.find(([cached]) => cached === stretch);
    if (known) return known[1];
    vcpu.linear = [...vcpu.linear, [stretch, table]];
    return table;
  }

  /** Has every CPU that uses the PAE root `table` read it again: the processor keeps the four entries in registers. */
  reloadRoot(table: Mfn): void {
    for (const vcpu of this.vcpus) if (vcpu.guest_table === table) this.write_ptbase(vcpu);
  }

  /** What cr3 ought to be. */
  baseOf(vcpu: Vcpu): number {
    return (this.layout.hostLevels === 4 ? FIRST_L4 + this.vcpus.indexOf(vcpu) : vcpu.guest_table!) * 4096;
  }

  /** asm-x86, write_ptbase(): makes the processor use the virtual CPU's root; under a 64-bit Xen by an entry of a table of its own. */
  write_ptbase(vcpu: Vcpu): void {
    if (this.layout.hostLevels === 4) writeEntry(this.memory, this.layout, this.baseOf(vcpu), entryOf(vcpu.guest_table!, _PAGE_PRESENT | _PAGE_RW | _PAGE_USER));
    setCr(vcpu.cpu, 'cr3', this.baseOf(vcpu));
    this.noteFlush(vcpu);
    this.flushLinear(vcpu);
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
