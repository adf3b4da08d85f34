import { Memory, PAGE_SIZE, type Pfn } from '../../hardware/memory';
import { setCr, type AccessKind, type Paged } from '../../hardware/mmu';
import { PTE, walk, type PageFault } from '../../hardware/paging';
import type { Store } from '../../state/store';
import { sameValue, tracked, TrackedTable } from '../../state/tracked';
import { VMI_FLUSH, VMI_PAGE, VMI_PTE } from '../interface-vmi';
import type { LazyReading } from './reading';
import type { VmiRom } from './rom';
import type { PagingHost, VirtualCpu } from './vcpu';

// The host's side of lazy modes: updates of registered page tables, a queue for
// each CPU, and when it is drained. The guest cannot see the queue. Linux's side
// is machine/kernel/vmi, and interface-vmi.ts is the interface between them.

/** SetLazyMode's argument: Linux passes its own PARAVIRT_LAZY_* number straight through. */
export const LAZY_MODE = { NONE: 0, MMU: 1, CPU: 2 } as const;

/** An update that waits. */
export type Queued =
  | { readonly op: 'set'; readonly pa: number; readonly value: number }
  | { readonly op: 'update'; readonly pa: number }
  | { readonly op: 'inval'; readonly va: number }
  | { readonly op: 'flush'; readonly how: number };

interface QueueFields {
  mode: number;
  queue: readonly Queued[];
}

/** What the hypervisor keeps for each virtual CPU. */
export class LazyQueue extends tracked<QueueFields>({ mode: LAZY_MODE.NONE, queue: [] }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

interface HostFields {
  linearVa: number;
  linearPages: number;
  linearPpn: number;
  /** Updates of pages that were never registered; these have no effect. */
  dropped: number;
}

export class VmiHypervisor extends tracked<HostFields>({ linearVa: 0, linearPages: 0, linearPpn: 0, dropped: 0 }, ['dropped']) implements PagingHost {
  /** Page frames that the guest has declared to be page tables, with their level. */
  readonly registered: TrackedTable<Pfn, number>;
  /** What the hardware walks: the shadow if there is one, else the guest's tables. */
  readonly tables: Paged['memory'];
  private readonly shadow: Memory | null;
  private readonly queues = new Map<VirtualCpu, LazyQueue>();

  /** @param rom provides the calls; one without `SetLazyMode` if `lazyModes` is false */
  constructor(store: Store, private readonly memory: Memory, readonly cpus: readonly VirtualCpu[], rom: VmiRom, readonly reading: LazyReading, lazyModes = true) {
    super(store, 'hypervisor');
    this.registered = new TrackedTable<Pfn, number>(store, 'hypervisor.table', 0, (pfn) => `pfn 0x${pfn.toString(16)}`);
    this.shadow = reading.writes === 'at once' ? new Memory(store, 'shadow') : null;
    this.tables = this.shadow === null ? memory : this.shadowed(this.shadow);
    for (const cpu of cpus) {
      this.queues.set(cpu, new LazyQueue(store, `hypervisor.${cpu.name}`));
      cpu.host = this;
    }
    this.provideCalls(rom, lazyModes);
  }

  /** The CPU's lazy mode and queue. */
  of(cpu: VirtualCpu): LazyQueue {
    return this.queues.get(cpu)!;
  }

  private provideCalls(rom: VmiRom, lazyModes: boolean): void {
    const on = <C>(act: (cpu: VirtualCpu, operands: readonly number[]) => C | void) => (cpu: unknown, operands: readonly number[]): number => Number(act(cpu as VirtualCpu, operands) ?? 0);
    rom.provide('SetPxE', on((cpu, [pte, ptep, flags]) => this.setPxE(cpu, pte!, ptep!, flags!)));
    rom.provide('UpdatePxE', on((cpu, [ptep, flags]) => this.enqueue(cpu, { op: 'update', pa: this.physical(ptep!) }, flags!)));
    rom.provide('AllocatePage', on((_cpu, [pfn, flags]) => this.register(pfn!, flags!)));
    rom.provide('ReleasePage', on((_cpu, [pfn]) => this.registered.delete(pfn!)));
    rom.provide('InvalPage', on((cpu, [va]) => this.invalidate(cpu, { op: 'inval', va: va! })));
    rom.provide('FlushTLB', on((cpu, [how]) => this.invalidate(cpu, { op: 'flush', how: how! })));
    rom.provide('SetLinearMapping', on((_cpu, [slot, va, pages, ppn]) => this.setLinearMapping(slot!, va!, pages!, ppn!)));
    rom.provide('SetCR3', on((cpu, [value]) => {
      cpu.drain();
      setCr(cpu, 'cr3', value!);
    }));
    rom.provide('GetInterruptMask', on((cpu) => (cpu.IF ? 0x200 : 0)));
    rom.provide('DisableInterrupts', on((cpu) => { cpu.IF = false; }));
    rom.provide('EnableInterrupts', on((cpu) => this.setInterruptMask(cpu, 0x200)));
    rom.provide('SetInterruptMask', on((cpu, [mask]) => this.setInterruptMask(cpu, mask!)));
    if (lazyModes) rom.provide('SetLazyMode', on((cpu, [mode]) => this.setLazyMode(cpu, mode!)));
  }

  /** Both calls deliver what waits before they return (mail of March 2006 on the two interrupt calls). */
  private setInterruptMask(cpu: VirtualCpu, mask: number): void {
    cpu.IF = (mask & 0x200) !== 0;
    if (cpu.IF) cpu.deliverPending();
  }

  /** A change of mode drains; setting the current mode again does nothing. */
  private setLazyMode(cpu: VirtualCpu, mode: number): void {
    const lazy = this.of(cpu);
    if (mode === lazy.mode) return;
    this.drain(cpu);
    lazy.mode = mode;
  }

  private setPxE(cpu: VirtualCpu, pte: number, ptep: number, flags: number): void {
    const pa = this.physical(ptep);
    if (this.registered.get(Math.floor(pa / PAGE_SIZE)) === 0) {
      this.dropped++;
      return;
    }
    if (this.shadow !== null) cpu.memory.write32(pa, pte);
    this.enqueue(cpu, { op: 'set', pa, value: pte >>> 0 }, flags);
  }

  /** Queues an update in lazy MMU mode, or if its flags say that it may wait; else performs it, after everything that waits. */
  private enqueue(cpu: VirtualCpu, update: Queued, flags: number): void {
    const lazy = this.of(cpu);
    // Model: an update that is equal to the last one is not queued again, so a guest that repeats it forever returns to the same state.
    if (!sameValue(lazy.queue.at(-1), update)) lazy.queue = [...lazy.queue, update];
    // Model: lazy CPU mode holds no page-table updates back, as the mask in the text of 2006 suggests.
    if (lazy.mode !== LAZY_MODE.MMU && (flags & VMI_PTE.DEFER) === 0) this.drain(cpu);
  }

  private invalidate(cpu: VirtualCpu, update: Queued): void {
    const lazy = this.of(cpu);
    lazy.queue = [...lazy.queue, update];
    if (lazy.mode !== LAZY_MODE.MMU || this.reading.invalidations === 'drain the queue') this.drain(cpu);
  }

  /** All waiting updates take effect, in order. */
  private drain(cpu: VirtualCpu): void {
    const lazy = this.of(cpu);
    if (lazy.queue.length > 0) cpu.drain(); // the way into the hypervisor is a trap
    for (const update of lazy.queue) this.perform(cpu, update);
    lazy.queue = NOTHING;
  }

  private perform(cpu: VirtualCpu, update: Queued): void {
    switch (update.op) {
      case 'set': return (this.shadow ?? this.memory).write32(update.pa, update.value);
      case 'update': return this.shadow?.write32(update.pa, this.memory.read32(update.pa));
      case 'inval': return cpu.tlb.invlpg(update.va);
      case 'flush': return (update.how & VMI_FLUSH.GLOBAL) !== 0 ? cpu.tlb.dropAll() : cpu.tlb.dropNonGlobal();
    }
  }

  /** Declares a page a table. Its shadow starts with the page's current contents. */
  register(pfn: Pfn, flags: number): void {
    this.registered.set(pfn, flags & (VMI_PAGE.PT | VMI_PAGE.PD | VMI_PAGE.PDP));
    for (const pa of this.memory.wordsOf(pfn)) this.shadow?.write32(pa, this.memory.read32(pa));
  }

  private setLinearMapping(slot: number, va: number, pages: number, ppn: number): void {
    if (slot !== 0) return;
    this.linearVa = va;
    this.linearPages = pages;
    this.linearPpn = ppn;
  }

  /** Where a page-table entry is, from the address by which the guest reaches it. */
  private physical(ptep: number): number {
    const page = Math.floor((ptep - this.linearVa) / PAGE_SIZE);
    if (page < 0 || page >= this.linearPages) throw new Error(`machine bug: the entry at 0x${ptep.toString(16)} lies outside the linear mapping that the guest announced`);
    return (this.linearPpn + page) * PAGE_SIZE + (ptep % PAGE_SIZE);
  }

  absorbs(cpu: VirtualCpu, fault: PageFault, kind: AccessKind): boolean {
    switch (this.reading.faults) {
      case 'reach the guest': return false;
      case 'fill the shadow': return this.fillShadow(cpu, fault, kind);
      case 'drain the queue': {
        if (this.of(cpu).queue.length === 0) return false;
        this.drain(cpu);
        return true;
      }
    }
  }

  /** A hidden fault: the guest's tables allow the access, only the shadow does not yet. */
  private fillShadow(cpu: VirtualCpu, fault: PageFault, kind: AccessKind): boolean {
    if (this.shadow === null) return false;
    const found = walk(this.memory, cpu, { kind, la: fault.cr2, cpl: cpu.cpl, ac: cpu.ac });
    if (found.out !== 'ok') return false;
    for (const at of found.entries) this.shadow.write32(at, this.memory.read32(at));
    return true;
  }

  /** Walks read the shadow of registered pages; bits that they set there are also set in the guest's page. */
  private shadowed(shadow: Memory): Paged['memory'] {
    const isTable = (pa: number): boolean => this.registered.get(Math.floor(pa / PAGE_SIZE)) !== 0;
    return {
      read32: (pa) => (isTable(pa) ? shadow.read32(pa) : this.memory.read32(pa)),
      write32: (pa, value) => {
        if (isTable(pa)) shadow.write32(pa, value);
        const marks = value & (PTE.A | PTE.D);
        this.memory.write32(pa, isTable(pa) ? this.memory.read32(pa) | marks : value);
      },
    };
  }
}

const NOTHING: readonly Queued[] = [];
