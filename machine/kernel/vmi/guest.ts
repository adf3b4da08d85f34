import type { Cpu } from '../../hardware/cpu';
import type { Memory, Pfn } from '../../hardware/memory';
import type { Firmware } from '../../hypervisors/interface-vmi';
import type { Call } from '../../path';
import type { Store } from '../../state/store';
import { inMemory, tracked, TrackedTable } from '../../state/tracked';
import { COMMON_OPTIONS, fixmapOf, fixToVirt, indexOf } from '../boot/fixmap';
import { DEFAULT_VMALLOC_RESERVE, topLayout } from '../boot/layout';
import type { GuestUpdate } from '../linux-2.6/guest-queue';
import { Kernel, PAGE_OFFSET, type KernelOptions } from '../kernel';
import { FrameAllocator, pgd_index, pte_index, pteEntry, setPte, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW } from '../linux-2.6/mm/pgtable';
import type { Lock } from '../linux-2.6/sched/spinlock';
import type { Mm, Task } from '../task';

// A paravirtualised kernel of 2.6.21 and later, with what lazy modes, highmem
// and vmalloc add to the common one. Read interface-vmi.ts first: what guest and
// host agreed on.

/** struct paravirt_ops as far as the paths call it. Filled at boot, by para_fill() and para_wrap(). */
export interface ParavirtOps {
  set_lazy_mode: (k: GuestKernel, mode: number) => Call<unknown>;
  set_pte: (k: GuestKernel, ptep: number, pte: number) => Call<unknown>;
  set_pte_at: (k: GuestKernel, mm: Mm, address: number, ptep: number, pte: number) => Call<unknown>;
  set_pmd: (k: GuestKernel, pmdp: number, pmd: number) => Call<unknown>;
  pte_update: (k: GuestKernel, mm: Mm, address: number, ptep: number) => Call<unknown>;
  flush_tlb_user: (k: GuestKernel) => Call<unknown>;
  flush_tlb_kernel: (k: GuestKernel) => Call<unknown>;
  flush_tlb_single: (k: GuestKernel, address: number) => Call<unknown>;
  save_fl: (k: GuestKernel) => Call<boolean>;
  restore_fl: (k: GuestKernel, flags: boolean) => Call<unknown>;
  irq_disable: (k: GuestKernel) => Call<unknown>;
  irq_enable: (k: GuestKernel) => Call<unknown>;
}

/** PARAVIRT_LAZY_*. */
export const PARAVIRT_LAZY = { NONE: 0, MMU: 1, CPU: 2, FLUSH: 3 } as const;

interface LazyFields {
  /** per_cpu(lazy_mode, cpu), whatever the release calls it. */
  mode: number;
  /** per_cpu(flags, cpu) of the posted patch: IF when the mode was entered; null before. */
  flags: boolean | null;
  /** The updates that the guest itself holds back, if it is the guest that queues. */
  queue: readonly GuestUpdate[];
}

/** What Linux knows of the lazy mode of one CPU. */
export class LazyState extends tracked<LazyFields>({ mode: PARAVIRT_LAZY.NONE, flags: null, queue: [] }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** The spinlock of one page table: page->ptl. */
export class TableLock extends inMemory<{ ptl: Cpu | null }>({ ptl: null }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** Softirqs that were raised on a CPU: irq_stat[cpu].__softirq_pending. */
export class SoftirqState extends tracked<{ pending: readonly string[] }>({ pending: [] }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

interface ShootdownFields {
  /** Who holds tlbstate_lock. */
  tlbstate_lock: Cpu | null;
  /** Who holds pgd_lock, kmap_lock and cpa_lock. */
  pgd_lock: Cpu | null;
  kmap_lock: Cpu | null;
  cpa_lock: Cpu | null;
  flush_cpumask: number;
  flush_mm: Mm | null;
  /** Null for all. */
  flush_va: number | null;
}

/** The variables of arch/i386/kernel/smp.c that a TLB shootdown uses, and three other locks. */
export class Shootdown extends inMemory<ShootdownFields>({ tlbstate_lock: null, pgd_lock: null, kmap_lock: null, cpa_lock: null, flush_cpumask: 0, flush_mm: null, flush_va: null }) {
  constructor(store: Store) {
    super(store, 'smp');
  }
}

/** Slots of kmap_atomic() in their order, asm-i386/kmap_types.h, 2.6.21. Model: without the fences of CONFIG_DEBUG_HIGHMEM. */
const KM_TYPES = [
  'BOUNCE_READ', 'SKB_SUNRPC_DATA', 'SKB_DATA_SOFTIRQ', 'USER0', 'USER1', 'BIO_SRC_IRQ', 'BIO_DST_IRQ',
  'PTE0', 'PTE1', 'IRQ0', 'IRQ1', 'SOFTIRQ0', 'SOFTIRQ1',
] as const;
export type KmType = (typeof KM_TYPES)[number];
export const KM_TYPE_NR = KM_TYPES.length;

const MIB = 1 << 20;
/** An address in the vmalloc area of every layout that the situations use. Model: a fixed place, although vmalloc() looks for a free one. */
const VMALLOC_PAGE = 0xf9000000;
const KERNEL_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;

export interface GuestOptions extends KernelOptions {
  /** MiB of memory. */
  readonly ram: number;
  /** Bytes at the top of the address space that belong to the hypervisor; 0 on bare metal. */
  readonly hole: number;
}

export class GuestKernel extends Kernel {
  paravirt_ops!: ParavirtOps;
  /** The ROM's code, once one was found. */
  rom: Firmware | null = null;
  /** Where its header is. */
  vmi_rom = 0;
  /** What each softirq does; filled at boot by open_softirq(). */
  readonly softirqActions = new Map<string, () => Call<unknown>>();
  /** vmi_ops: addresses of the ROM's calls that wrappers use. */
  readonly vmi_ops = new Map<string, number>();
  readonly invalidation: Shootdown;
  /** Number of the first page that has no place in the direct mapping. */
  readonly max_low_pfn: Pfn;
  /** __alloc_pages() with __GFP_HIGHMEM, if there is such memory. */
  private readonly highFrames: FrameAllocator;
  /** What each slot was last given to, for checkers: a page frame number, or 0. */
  readonly granted: TrackedTable<number, Pfn>;
  /** The names of the kernel's data, for the reader: by page frame number. */
  readonly pageNames = new Map<Pfn, string>();
  /** FIXADDR_TOP, once reserve_top_address() has moved it. */
  readonly FIXADDR_TOP: number;
  private readonly FIX_KMAP_BEGIN: number;
  /** Where the permanent slots of kmap() begin. */
  readonly PKMAP_BASE: number;
  private readonly lazyStates = new Map<Cpu | Task, LazyState>();
  private readonly softirqs = new Map<Cpu, SoftirqState>();
  private readonly ram: number;
  private readonly tableLocks = new Map<number, TableLock>();
  private fixmapTable = 0;
  private pkmapTable = 0;
  private directTable = 0;
  /** How many pages an unmapping process gathers before it must flush. */
  FREE_PTE_NR = 506;
  /** Where vmalloc() put the counts of swap entries. */
  swap_map = 0;
  /** The page in which a full count continues, from 2.6.33 on; null if no count is full. */
  swapContinuation: Pfn | null = null;

  constructor(store: Store, memory: Memory, cpus: readonly Cpu[], options: GuestOptions) {
    super(store, memory, cpus, options);
    const { ram, hole } = options;
    this.ram = ram;
    const MAXMEM = (2 ** 32 - PAGE_OFFSET) / MIB - DEFAULT_VMALLOC_RESERVE / MIB - hole / MIB;
    const lowmem = this.config.HIGHMEM ? Math.min(ram, MAXMEM) : ram;
    this.max_low_pfn = lowmem * (MIB / 4096);
    this.FIXADDR_TOP = 2 ** 32 - hole - 4096;
    const fixmap = fixmapOf({ ...COMMON_OPTIONS, text: '2.6.21', NR_CPUS: this.config.NR_CPUS });
    this.FIX_KMAP_BEGIN = indexOf(fixmap, 'FIX_KMAP');
    this.PKMAP_BASE = topLayout({ fixmap, formula: 'reserve', HIGHMEM: true, X86_PAE: false }, this.FIXADDR_TOP).PKMAP_BASE;
    this.highFrames = new FrameAllocator(store, 'highmem', this.max_low_pfn);
    this.granted = new TrackedTable<number, Pfn>(store, 'granted', 0, (va) => `0x${va.toString(16)}`);
    this.invalidation = new Shootdown(store);
    for (const cpu of cpus) {
      this.lazyStates.set(cpu, new LazyState(store, `lazy${cpu.id}`));
      this.softirqs.set(cpu, new SoftirqState(store, `softirq${cpu.id}`));
    }
  }

  /** Whether there is memory beyond the direct mapping. */
  get hasHighmem(): boolean {
    return this.config.HIGHMEM && this.ram * (MIB / 4096) > this.max_low_pfn;
  }

  /** alloc_page(GFP_HIGHUSER): highmem if there is any. Part of the set-up. */
  allocPage(name: string, content: number, zone: 'highmem' | 'lowmem' = 'highmem'): Pfn {
    const pa = zone === 'highmem' && this.hasHighmem ? this.highFrames.alloc() : this.frames.alloc();
    this.memory.write32(pa, content);
    this.pageNames.set(pa / 4096, name);
    return pa / 4096;
  }

  /** PageHighMem(). */
  isHighmem(page: Pfn): boolean {
    return page >= this.max_low_pfn;
  }

  /** Per-CPU lazy state. */
  lazy(cpu: Cpu): LazyState {
    return this.lazyStates.get(cpu)!;
  }

  /** The state that a wrong fix keeps on the stack of the task that entered. */
  lazyOnStack(task: Task): LazyState {
    let state = this.lazyStates.get(task);
    if (!state) this.lazyStates.set(task, state = new LazyState(this.store, `${task.name}.stack.lazy`));
    return state;
  }

  softirq(cpu: Cpu): SoftirqState {
    return this.softirqs.get(cpu)!;
  }

  /** Number of a slot among all CPUs' slots. */
  kmapIndex(type: KmType, cpu: Cpu): number {
    return KM_TYPES.indexOf(type) + KM_TYPE_NR * cpu.id;
  }

  /** __fix_to_virt(FIX_KMAP_BEGIN + index). */
  kmapAddress(index: number): number {
    return fixToVirt(this.FIXADDR_TOP, this.FIX_KMAP_BEGIN + index);
  }

  /** kmap_pte - index: where a slot's entry is, as the kernel reaches it. */
  kmapPte(index: number): number {
    return PAGE_OFFSET + this.fixmapTable + 4 * pte_index(this.kmapAddress(index));
  }

  /** pte_lockptr(): a lock for each table from SPLIT_PTLOCK_CPUS on, else one for the address space. */
  pteLock(mm: Mm, address: number): Lock {
    if (this.config.NR_CPUS < this.config.SPLIT_PTLOCK_CPUS) return { of: mm, field: 'page_table_lock' };
    const table = Math.floor(pteEntry(this, mm, address)! / 4096);
    let lock = this.tableLocks.get(table);
    if (!lock) this.tableLocks.set(table, lock = new TableLock(this.store, `page 0x${table.toString(16)} of ${mm.name}`));
    return { of: lock, field: 'ptl' };
  }

  /** Where the entry of a page in the direct mapping is, for a kernel that maps it in small pages (CONFIG_DEBUG_PAGEALLOC). */
  directMapPte(page: Pfn): number {
    return PAGE_OFFSET + this.directTable + 4 * pte_index(PAGE_OFFSET + page * 4096);
  }

  /** Maps the 4 MiB around `page` in small pages, with `page` itself absent. Part of the set-up. */
  splitDirectMapping(page: Pfn): void {
    const pde = this.init_mm.pgd + 4 * pgd_index(PAGE_OFFSET + page * 4096);
    this.directTable = this.frames.alloc();
    const first = page - (page % 1024);
    for (let i = 0; i < 1024; i++) if (first + i !== page) this.memory.write32(this.directTable + 4 * i, ((first + i) * 4096) | KERNEL_TABLE);
    this.memory.write32(pde, this.directTable | KERNEL_TABLE);
  }

  /** vmalloc() of one page: entered in init_mm alone. Returns its address. Part of the set-up. */
  vmallocPage(content: number): number {
    const va = VMALLOC_PAGE;
    const pa = this.frames.alloc();
    setPte(this, this.init_mm, va, pa | KERNEL_TABLE);
    this.memory.write32(pa, content);
    return va;
  }

  /** Where the entry of the first permanent slot is, as the kernel reaches it: pkmap_page_table. */
  get pkmap_page_table(): number {
    return PAGE_OFFSET + this.pkmapTable;
  }

  /** permanent_kmaps_init() and kmap_init(): page tables under the two windows, shared by all address spaces. Part of the set-up. */
  mapFixmap(): void {
    this.fixmapTable = this.kernelTable(this.kmapAddress(0));
    this.pkmapTable = this.kernelTable(this.PKMAP_BASE);
  }

  private kernelTable(va: number): number {
    setPte(this, this.init_mm, va, 0);
    const pde = this.init_mm.pgd + 4 * pgd_index(va);
    const table = (this.memory.read32(pde) & ~0xfff) >>> 0;
    this.memory.write32(pde, table | KERNEL_TABLE);
    return table;
  }
}

/** __va(): the address of physical memory in the direct mapping. */
export const __va = (pa: number): number => PAGE_OFFSET + pa;
/** __pa(). */
export const __pa = (va: number): number => va - PAGE_OFFSET;
/** PAGE_KERNEL, and so kmap_prot. */
export const PAGE_KERNEL = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;
