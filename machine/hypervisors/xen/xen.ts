import { Entity } from '../../state/hash';
import { Cell, tracked, TrackedMap } from '../../state/tracked';
import { setCr } from '../../hardware/mmu';
import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Store } from '../../state/store';
import { page_info, type FrameType } from './frames';
import { entryAddress, entryOf, isPresent, mfnOf, readEntry, slotOf, writeEntry, type Entry, type Layout } from './public-layout';
import { alloc_page_type, free_page_type, XEN_ENTRY_FLAGS } from './tables';
import type { RuleName } from './rules';
import type { Mfn, MulticallEntry } from './public';
import { dispatch, do_multicall } from './multicall';
import { callResult, type CallResult, type Hypervisor } from './public-calls';
import { guestLoad, guestStore } from './trap';
import type { Call, RESTART } from '../../path';

// Xen of the 3.x era: 3.2 for 32-bit guests without shadow or hardware paging.
// One lock for each domain makes each hypercall and each emulated write one
// event; between two entries of a multicall other virtual CPUs run.
//
// Reading order of this folder: public.ts (the interface), layout.ts (entries),
// frames.ts (the counts), tables.ts (validation), update.ts and mmuext.ts (the
// hypercalls), ptwr.ts (emulated writes), multicall.ts.
//
// Where 3.2 itself had a hole that was closed later, the closed form is
// modelled and rules.ts lets it be opened: the write bit of linear mappings
// (XSA-182), their targets (XSA-240), the flush before the scan (XSA-401), the
// flush of a refused update (XSA-279).
//
// Model: no grant tables, no I/O memory, no partial validation (a 3.2 operation
// is one event), no shadow modes, no 64-bit guests.

/** struct domain */
export class Domain extends tracked<{ writable_pagetables: boolean }>({ writable_pagetables: false }) {}

interface VcpuFields {
  /** v->arch.guest_table: the root that the processor uses; holds a type reference. */
  guest_table: Mfn | null;
  /** v->arch.guest_context.gdt_frames */
  gdt_frames: readonly Mfn[];
  /** Why the last fault was handed on to the guest. */
  bounce: string;
}

/** struct vcpu; bound to one processor for good. */
export class Vcpu extends tracked<VcpuFields>({ guest_table: null, gdt_frames: [], bounce: '' }) {
  constructor(store: Store, readonly id: number, readonly domain: Domain, readonly cpu: Cpu) {
    super(store, `${domain.name}.vcpu${id}`);
  }
}

export interface XenOptions {
  readonly layout: Layout;
  /** Rules that this hypervisor does not keep. */
  readonly without?: ReadonlySet<RuleName>;
  /** Largest value of a reference count; 2^26 - 1 on the real one, smaller to reach the end. */
  readonly maximumCount?: number;
}

export class Xen extends Entity implements Hypervisor {
  readonly layout: Layout;
  readonly maximumCount: number;
  readonly domains: Domain[] = [];
  readonly vcpus: Vcpu[] = [];
  /** machine_to_phys_mapping */
  readonly machine_to_phys_mapping: TrackedMap<Mfn, number>;
  /** Last line on Xen's console: why the last refused operation was refused. */
  readonly console: Cell<string>;
  /** The frame behind the entries that map Xen. */
  readonly ownTable: Mfn = 1;
  /** Counts what guests have had Xen do; a checker need not look again while it stands still. No state of Xen's. */
  activity = 0;
  private without: ReadonlySet<RuleName>;
  /** The frames that some processor has not flushed since they were last in use, in order. */
  private readonly unflushed: Cell<readonly Mfn[]>;
  private readonly frame_table = new Map<Mfn, page_info>();

  constructor(readonly store: Store, readonly memory: Memory, options: XenOptions) {
    super('xen');
    this.layout = options.layout;
    this.without = options.without ?? new Set();
    this.maximumCount = options.maximumCount ?? 0x3ffffff;
    this.machine_to_phys_mapping = new TrackedMap<Mfn, number>(store, 'm2p', -1, (mfn) => `mfn${mfn}`);
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

  call(cpu: Cpu, entry: MulticallEntry): CallResult {
    this.activity++;
    return callResult(entry, dispatch(this, cpu, entry), this.console.value);
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

  createDomain(name: string, cpus: readonly Cpu[]): Domain {
    const domain = new Domain(this.store, name);
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

  alloc_page_type(page: page_info, type: FrameType): boolean {
    return alloc_page_type(this, page, type);
  }

  free_page_type(page: page_info, type: FrameType): void {
    free_page_type(this, page, type);
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
  }

  /** Notes that a frame was in use until now, so that any processor of its owner may have it cached. */
  stamp(page: page_info): void {
    page.notFlushed = this.processorsOf(page.owner);
    if (!this.unflushed.value.includes(page.mfn)) this.unflushed.value = [...this.unflushed.value, page.mfn].sort((one, other) => one - other);
  }

  private noteFlush(vcpu: Vcpu): void {
    for (const mfn of this.unflushed.value) this.frame_table.get(mfn)!.notFlushed &= ~(1 << vcpu.cpu.id);
    this.unflushed.value = this.unflushed.value.filter((mfn) => this.frame_table.get(mfn)!.notFlushed !== 0);
  }

  /** Has every CPU that uses the PAE root `table` read it again: the processor keeps the four entries in registers. */
  reloadRoot(table: Mfn): void {
    for (const vcpu of this.vcpus) if (vcpu.guest_table === table) this.write_ptbase(vcpu);
  }

  /** asm-x86, write_ptbase(): makes the processor use the virtual CPU's root. */
  write_ptbase(vcpu: Vcpu): void {
    setCr(vcpu.cpu, 'cr3', vcpu.guest_table! * 4096);
    this.noteFlush(vcpu);
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
