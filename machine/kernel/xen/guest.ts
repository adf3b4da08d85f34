import type { Cpu } from '../../hardware/cpu';
import { PAGE_SIZE, type Memory, type Pfn } from '../../hardware/memory';
import { entriesOf, entryAddress, entryOf, isPresent, mfnOf, readEntry, slotOf, type Entry, type Layout } from '../../hypervisors/xen/public/layout';
import { MMUEXT, type Mfn } from '../../hypervisors/xen/public/xen';
import type { Hypervisor } from '../../hypervisors/xen/public/calls';
import type { Store } from '../../state/store';
import { Cell, inMemory, TrackedMap } from '../../state/tracked';
import type { Lock } from '../linux-2.6/sched/spinlock';
import { Kernel, PAGE_OFFSET, type KernelOptions } from '../kernel';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';
import { McBuffer } from './mc-buffer';

// A kernel on Xen: it has frame numbers of its own (pfn) beside the machine's (mfn),
// a struct page for each frame, and per-CPU data of arch/i386/xen (arch/x86/xen from
// 2.6.24 on). Reading order of this folder: mc-buffer.ts and multicalls.ts,
// pgtable.ts (how entries are written), mmu.ts (pinning), enlighten.ts (tables
// that are added and removed one by one), boot.ts; irq.ts (how the guest is
// interrupted), drop-mm-ref.ts; p2m.ts (a guest whose frames change).

interface PageFields {
  /** Alias of PG_owner_priv_1: the guest's own record that Xen treats this page as a table. Not Xen's pin. */
  PG_pinned: boolean;
  /** The lock of the entries in a pte page, if locks are split: the CPU that holds it. */
  ptl: Cpu | null;
  /** Whether `ptl` is a lock: spin_lock_init() has been called. In any other page this word is page->private, or belongs to the slab. */
  isLock: boolean;
  /** How many entries map the page, counted from zero. */
  _mapcount: number;
}

/** struct page */
export class Page extends inMemory<PageFields>({ PG_pinned: false, ptl: null, isLock: false, _mapcount: 0 }, ['isLock']) {
  /**
   * @param name what the page is for, as `child.pte0`
   * @param highmem not in the kernel's direct mapping
   */
  constructor(store: Store, name: string, readonly pfn: Pfn, readonly highmem: boolean) {
    super(store, name);
  }

  /** Whether a field is not a lock now, although it is one at other times. */
  lacks(field: string): boolean {
    return field === 'ptl' && !this.isLock;
  }
}

interface PerCpuFields {
  /** The page directory that the kernel believes is loaded: set when the switch is queued. */
  xen_cr3: Page | null;
  /** The page directory that Xen has loaded: set by a callback when the switch was made (2.6.24). */
  xen_current_cr3: Page | null;
  /** Event channel by which this CPU is asked to call a function. */
  callfunc_port: number;
  lazy_mode: 'PARAVIRT_LAZY_NONE' | 'PARAVIRT_LAZY_MMU' | 'PARAVIRT_LAZY_CPU';
}

/** Other CPUs read only `xen_current_cr3`. */
class PerCpu extends inMemory<PerCpuFields>({ xen_cr3: null, xen_current_cr3: null, callfunc_port: 0, lazy_mode: 'PARAVIRT_LAZY_NONE' }, ['xen_cr3', 'callfunc_port', 'lazy_mode']) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** What other CPUs are asked to call. */
export type CalledFunction = 'drop_other_mm_ref' | 'do_flush_tlb_all';

/** struct call_data_struct with call_lock; `pending` holds the CPUs that have not answered, as a bit set. */
class CallData extends inMemory<{ func: CalledFunction; mm: Mm | null; pending: number; call_lock: Cpu | null }>({ func: 'drop_other_mm_ref', mm: null, pending: 0, call_lock: null }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** Locks that belong to no struct. */
class Globals extends inMemory<{ pgd_lock: Cpu | null; kmap_lock: Cpu | null }>({ pgd_lock: null, kmap_lock: null }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** Entry flags, include/asm-i386/pgtable.h. */
export const PAGE_KERNEL = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;
export const PAGE_KERNEL_RO = PAGE_KERNEL & ~_PAGE_RW;
export const _KERNPG_TABLE = PAGE_KERNEL;
export const _PAGE_TABLE = PAGE_KERNEL | _PAGE_USER;

/** The threshold that Kconfig gives a kernel with Xen support until the stop-gap is removed. */
const STOP_GAP_CPUS = 4096;

export class XenKernel extends Kernel {
  readonly layout: Layout;
  readonly call_data: CallData;
  /** High pages that still have a kernel mapping which is not in use. */
  readonly kmaps: Cell<readonly Page[]>;
  /** Pages that the allocator hands out, in this order. */
  readonly freePages: Cell<readonly Page[]>;
  readonly mem_map: Page[] = [];
  /** Locks that the set-up made, apart from those of pages; an oops says who holds them. */
  readonly locks: Lock[] = [];
  /** DEFINE_SPINLOCK(pgd_lock): the list of all page directories. */
  readonly pgd_lock: Lock;
  /** The lock of the kernel mappings of high pages. */
  readonly kmap_lock: Lock;
  /** Whether a path walks the list of page directories while others take page directories off it. */
  walksPgdList = false;
  /** If so: for each page that was freed, how many entries of a table were present in it at that moment. */
  readonly freedWith: TrackedMap<Pfn, number>;
  private readonly named = new Map<string, Page>();
  private readonly buffers = new Map<Cpu, McBuffer>();
  private readonly percpus = new Map<Cpu, PerCpu>();
  private readonly pfns = new Map<Mfn, Pfn>();
  /** swapper_pg_dir */
  swapper!: Page;

  /**
   * @param xen the hypervisor below
   * @param hasStopGap whether Kconfig has the stop-gap of 2.6.23, if the release has it and the patch is not applied
   */
  constructor(store: Store, memory: Memory, cpus: readonly Cpu[], readonly xen: Hypervisor, options: KernelOptions, private readonly hasStopGap = true) {
    super(store, memory, cpus, { ...options, config: { XEN: true, SMP: true, ...options.config } });
    this.layout = xen.layout;
    this.freePages = new Cell<readonly Page[]>(store, 'free_pages', []);
    this.kmaps = new Cell<readonly Page[]>(store, 'kmaps', []);
    this.freedWith = new TrackedMap<Pfn, number>(store, 'freed_with', -1, String);
    this.call_data = new CallData(store, 'call_data');
    const globals = new Globals(store, 'global');
    this.pgd_lock = { of: globals, field: 'pgd_lock' };
    this.kmap_lock = { of: globals, field: 'kmap_lock' };
    this.locks.push(this.pgd_lock, this.kmap_lock);
    for (const cpu of cpus) {
      this.buffers.set(cpu, new McBuffer(store, `mc_buffer${cpu.id}`));
      this.percpus.set(cpu, new PerCpu(store, `percpu${cpu.id}`));
    }
  }

  /** The CPU's mc_buffer. */
  mc_buffer(cpu: Cpu): McBuffer {
    return this.buffers.get(cpu)!;
  }

  percpu(cpu: Cpu): PerCpu {
    return this.percpus.get(cpu)!;
  }

  /**
   * CONFIG_SPLIT_PTLOCK_CPUS: the number of CPUs from which each pte page has a
   * lock of its own. 2.6.23 raised it for Xen, to avoid such locks altogether.
   */
  get splitThreshold(): number {
    if (this.hasStopGap && this.since('2.6.23') && this.config.XEN && this.before('xen-pte-lock/kconfig')) return STOP_GAP_CPUS;
    return this.config.SPLIT_PTLOCK_CPUS;
  }

  /** #if NR_CPUS >= CONFIG_SPLIT_PTLOCK_CPUS */
  get USE_SPLIT_PTLOCKS(): boolean {
    return this.config.NR_CPUS >= this.splitThreshold;
  }

  /** A page that the set-up takes from Xen, named after its use. */
  addPage(name: string, options: { readonly highmem?: boolean } = {}): Page {
    const pfn = this.mem_map.length;
    const page = new Page(this.store, name, pfn, options.highmem ?? false);
    this.mem_map.push(page);
    this.named.set(name, page);
    this.pfns.set(this.pfn_to_mfn(page), pfn);
    return page;
  }

  /** The page that the set-up called `name`. */
  page(name: string): Page {
    const page = this.named.get(name);
    if (!page) throw new Error(`machine bug: no page was set up as "${name}"`);
    return page;
  }

  /** phys_to_machine_mapping: in no simple relation to pfn, so that the two cannot be confused. */
  pfn_to_mfn(page: Page): Mfn {
    return 0x1000 + (page.pfn ^ 5);
  }

  /** mfn_to_pfn(), pfn_to_page() */
  pageOfEntry(entry: Entry): Page | null {
    const pfn = this.pfns.get(mfnOf(entry));
    return pfn === undefined ? null : this.mem_map[pfn]!;
  }

  /** lowmem_page_address(): the page's address in the direct mapping. */
  address(page: Page): number {
    return PAGE_OFFSET + page.pfn * PAGE_SIZE;
  }

  /** pfn_pte() */
  pte(page: Page, flags: number): Entry {
    return entryOf(this.pfn_to_mfn(page), flags);
  }

  /** virt_to_page(mm->pgd) */
  pgdPage(mm: Mm): Page {
    return this.mem_map[mm.pgd / PAGE_SIZE]!;
  }

  get pinRootCommand(): number {
    return this.config.X86_PAE ? MMUEXT.PIN_L3_TABLE : MMUEXT.PIN_L2_TABLE;
  }

  /** An entry of a table, read as memory. */
  entryAt(table: Mfn, slot: number): Entry {
    return readEntry(this.memory, this.layout, entryAddress(this.layout, table, slot));
  }

  /** The table below an entry of the root or of a middle table; null if there is none. */
  private below(table: Page, slot: number): Page | null {
    const entry = this.entryAt(this.pfn_to_mfn(table), slot);
    return isPresent(entry) ? this.pageOfEntry(entry) : null;
  }

  /** pte_offset_map() and what leads to it: the pte page that maps `va` in a page directory. */
  ptePage(pgd: Page, va: number): Page | null {
    const { layout } = this;
    const pmd = layout.levels === 3 ? this.below(pgd, slotOf(layout, 3, va)) : pgd;
    return pmd === null ? null : this.below(pmd, slotOf(layout, 2, va));
  }

  /** The entry for `va` in a page directory, read as memory; 0 if there is no table. */
  lookup(pgd: Page, va: number): Entry {
    const table = this.ptePage(pgd, va);
    return table === null ? 0 : this.entryAt(this.pfn_to_mfn(table), slotOf(this.layout, 1, va));
  }

  /** The table whose entry leads to the pte page for `va`. */
  middleTable(pgd: Page, va: number): Page | null {
    return this.layout.levels === 3 ? this.below(pgd, slotOf(this.layout, 3, va)) : pgd;
  }

  /** The pte pages of the user half, each with the first address that it maps. */
  userPtePages(pgd: Page): readonly { readonly page: Page; readonly first: number }[] {
    const { layout } = this;
    const found: { readonly page: Page; readonly first: number }[] = [];
    const tops = layout.levels === 3 ? [0, 1, 2] : [0];
    for (const top of tops) {
      const table = layout.levels === 3 ? this.below(pgd, top) : pgd;
      if (table === null) continue;
      for (const { slot, entry } of entriesOf(this.memory, layout, 2, this.pfn_to_mfn(table))) {
        const first = top * 2 ** layout.shift[3] + slot * 2 ** layout.shift[2];
        const page = isPresent(entry) ? this.pageOfEntry(entry) : null;
        if (first < PAGE_OFFSET && page !== null) found.push({ page, first });
      }
    }
    return found;
  }

  /** The addresses that a pte page maps to something; `first` is the first address that it could map. */
  userEntries(table: Page, first: number): readonly number[] {
    return [...entriesOf(this.memory, this.layout, 1, this.pfn_to_mfn(table))].map(({ slot }) => first + slot * PAGE_SIZE);
  }

  /** The next free page, for a table of `mm`; prep_new_page() clears its flags and page->private, where the lock of a pte page is. */
  takeTable(mm: Mm): Page {
    const [page, ...rest] = this.freePages.value;
    if (!page) throw new Error(`machine bug: the set-up left no free page for a table of ${mm.name}`);
    this.freePages.value = rest;
    page.PG_pinned = false;
    page.isLock = false;
    return page;
  }

  /** include/linux/mm.h:918-927 (2.6.23), pte_lock_init(): makes the word a lock if locks are split; if not, nothing takes it. */
  pte_lock_init(page: Page): void {
    page.isLock = this.USE_SPLIT_PTLOCKS;
  }

  /** The page that was freed last is handed out first: it may still be in the cache. */
  returnPage(page: Page): void {
    this.freePages.value = [page, ...this.freePages.value];
    if (this.walksPgdList) this.freedWith.set(page.pfn, this.presentEntries(page));
  }

  /** How many entries of a page are present, read as those of a middle table. */
  presentEntries(page: Page): number {
    let count = 0;
    for (const { entry } of entriesOf(this.memory, this.layout, 2, this.pfn_to_mfn(page))) if (isPresent(entry)) count++;
    return count;
  }

  /** Kernel address at which an entry of a pte page is written. */
  pteAddress(table: Page, va: number): number {
    return this.address(table) + slotOf(this.layout, 1, va) * this.layout.entryBytes;
  }

  /** The present entries of a table in slots from `first` on; `slot` is -1 if there are none. */
  nextEntry(table: Page, level: 2 | 3, first: number): { readonly slot: number; readonly entry: Entry } {
    for (const { slot, entry } of entriesOf(this.memory, this.layout, level, this.pfn_to_mfn(table))) {
      if (slot >= first && isPresent(entry)) return { slot, entry };
    }
    return { slot: -1, entry: 0 };
  }
}
