import type { Cpu } from '../../../hardware/cpu';
import type { Memory } from '../../../hardware/memory';
import { setCr } from '../../../hardware/mmu';
import { Entity } from '../../../state/hash';
import type { Store } from '../../../state/store';
import { Cell } from '../../../state/tracked';
import type { Domain, Vcpu } from '../domain';
import type { page_info } from './frames';
import type { Mfn } from '../public/xen';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, canonical, entryOf, isCompat, writeEntry, type Layout } from '../public/layout';
import type { RuleName } from '../rules';

// What processors translate with, and what they may still have cached: their
// base pointers, the frames that were in use since each of them last flushed
// (arch/x86/flushtlb.c), and Xen's own linear mapping of the guests' tables,
// which consists of translations too.

/** Xen's own top-level tables, one for each virtual CPU; a guest cannot name their frames. */
const FIRST_L4 = 0x10;

function dropAll(cpu: Cpu): void {
  cpu.drain();
  cpu.tlb.dropAll();
}

export abstract class Translations extends Entity {
  abstract readonly layout: Layout;
  abstract current: Vcpu;
  readonly domains: Domain[] = [];
  readonly vcpus: Vcpu[] = [];
  /** The frames that some processor has not flushed since they were last in use, in order. */
  private readonly unflushed: Cell<readonly Mfn[]>;

  constructor(readonly store: Store, readonly memory: Memory, private readonly hasLinearMapping: boolean) {
    super('xen');
    this.unflushed = new Cell<readonly Mfn[]>(store, 'xen.unflushed', []);
  }

  abstract keeps(rule: RuleName): boolean;
  abstract pageOf(mfn: Mfn): page_info | undefined;

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
    const all = this.keeps('flush-reaches-all');
    for (const vcpu of this.vcpus) if ((page.notFlushed & (1 << vcpu.cpu.id)) !== 0 && (all || vcpu === this.current)) this.flush(vcpu);
  }

  /** flush_tlb_mask(cpu_online_map): every processor flushes as on an interrupt, before which its stores reach memory. */
  flushEverywhere(): void {
    for (const { cpu } of this.vcpus) dropAll(cpu);
  }

  /** local_flush_tlb() on a virtual CPU's processor. */
  flush(vcpu: Vcpu): void {
    dropAll(vcpu.cpu);
    this.noteFlush(vcpu);
    this.flushLinear(vcpu);
  }

  /** INVLPG on a virtual CPU's processor. */
  invalidate({ cpu }: Vcpu, va: number): void {
    cpu.drain();
    cpu.tlb.invlpg(canonical(this.layout, va));
  }

  /**
   * Records that a frame was in use until now, so any processor of its owner, of a domain that has a grant of it, or of a privileged domain may have it cached.
   * Model: the real Xen considers only the owner, crashes a guest that changes the entry of a grant by other means, and trusts domain 0 to flush.
   */
  stamp(page: page_info): void {
    page.notFlushed = this.processorsOf(page.owner);
    for (const domain of this.domains) if (domain.privileged || domain.maptrack.some(({ frame, active }) => active && frame === page.mfn)) page.notFlushed |= this.processorsOf(domain);
    if (!this.unflushed.value.includes(page.mfn)) this.unflushed.value = [...this.unflushed.value, page.mfn].sort((one, other) => one - other);
  }

  private noteFlush(vcpu: Vcpu): void {
    for (const mfn of this.unflushed.value) this.pageOf(mfn)!.notFlushed &= ~(1 << vcpu.cpu.id);
    this.unflushed.value = this.unflushed.value.filter((mfn) => this.pageOf(mfn)!.notFlushed !== 0);
  }

  private flushLinear(vcpu: Vcpu): void {
    if (vcpu.linear.length > 0) vcpu.linear = [];
  }

  /** An upper entry has changed: the linear mapping of the domain's tables is out of date on every processor (XSA-286). */
  flushLinearOf(domain: Entity): void {
    if (this.keeps('linear-map-flushed')) for (const vcpu of this.vcpus) if (vcpu.domain === domain) this.flushLinear(vcpu);
  }

  /** The frame that Xen's linear mapping has for the table of `va`, which really is `table` now. */
  linearTable(vcpu: Vcpu, va: number, table: Mfn): Mfn {
    if (!this.hasLinearMapping) return table;
    const stretch = Math.floor(va / 2 ** this.layout.shift[2]);
    const known = vcpu.linear.find(([cached]) => cached === stretch);
    if (known) return known[1];
    vcpu.linear = [...vcpu.linear, [stretch, table]];
    return table;
  }

  /** Makes every CPU that uses the PAE root `table` reload it: the processor keeps the four entries in registers. */
  reloadRoot(table: Mfn): void {
    for (const vcpu of this.vcpus) if (vcpu.guest_table === table) this.write_ptbase(vcpu);
  }

  /** The correct value of cr3. */
  baseOf(vcpu: Vcpu): number {
    const table = isCompat(this.layout) ? FIRST_L4 + this.vcpus.indexOf(vcpu) : vcpu.isInKernel ? vcpu.guest_table! : vcpu.guest_table_user!;
    return table * 4096;
  }

  /**
   * asm-x86, write_ptbase(): makes the processor use the virtual CPU's root; for a 32-bit guest of a 64-bit Xen by an entry of a table of its own.
   * Any guest of a 64-bit Xen may have global pages, so there CR4.PGE is cleared and set as well, or this would not be a flush
   * (flushtlb.c, write_cr3(), since 4.11 switch_cr3_cr4()).
   */
  write_ptbase(vcpu: Vcpu): void {
    if (isCompat(this.layout)) writeEntry(this.memory, this.layout, this.baseOf(vcpu), entryOf(vcpu.guest_table!, _PAGE_PRESENT | _PAGE_RW | _PAGE_USER));
    // With process-context identifiers a move to CR3 need not drop anything, and for a while it did not.
    if (this.keeps('base-switch-flushes')) setCr(vcpu.cpu, 'cr3', this.baseOf(vcpu));
    else vcpu.cpu.cr3 = this.baseOf(vcpu);
    if (this.layout.hostLevels === 4 && this.keeps('base-switch-flushes')) vcpu.cpu.tlb.dropAll();
    this.noteFlush(vcpu);
    this.flushLinear(vcpu);
  }

  /**
   * x86_64/traps.c, since 4.10 pv/domain.c, toggle_guest_mode(): from a 64-bit guest's kernel to its programs, or back. The processor
   * loads the other root, and keeps global entries: so this does not count as a flush.
   */
  toggle_guest_mode(vcpu: Vcpu): void {
    const { cpu } = vcpu;
    cpu.drain();
    cpu.cpl = vcpu.isInKernel ? 3 : 0;
    setCr(cpu, 'cr3', this.baseOf(vcpu));
    if (!this.keeps('mode-switch-no-flush')) this.noteFlush(vcpu);
    this.flushLinear(vcpu);
  }
}
