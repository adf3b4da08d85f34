import type { Cpu } from '../../../hardware/cpu';
import { PAGE_SIZE } from '../../../hardware/memory';
import { instruction } from '../../../path';
import type { Store } from '../../../state/store';
import { Cell } from '../../../state/tracked';
import { PAGE_OFFSET, type Kernel } from '../../kernel';
import { level4Entry, pteEntry64, setPte64 } from './pgtable-64';
import { Mm, type Vma } from '../../task';

// arch/i386/mm/pgtable.c and the page allocator, reduced to what the paths
// need: which frames are in use, and two-level tables in real memory.

/** Page-table entry bits, include/asm-i386/pgtable.h. */
export const _PAGE_PRESENT = 0x001;
export const _PAGE_RW = 0x002;
export const _PAGE_USER = 0x004;
export const _PAGE_ACCESSED = 0x020;
export const _PAGE_DIRTY = 0x040;
export const _PAGE_PSE = 0x080;
export const _PAGE_GLOBAL = 0x100;
const _PAGE_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;

/** Hands out frames: first those that were freed, the last one first as in a slab, then the next unused one. */
export class FrameAllocator {
  private readonly next: Cell<number>;
  private readonly returned: Cell<readonly number[]>;

  /** @param first the lowest frame number to hand out */
  constructor(store: Store, name: string, first: number) {
    this.next = new Cell<number>(store, `${name}.next`, first);
    this.returned = new Cell<readonly number[]>(store, `${name}.returned`, []);
  }

  /** A frame's physical address. */
  alloc(): number {
    const last = this.returned.value.at(-1);
    if (last !== undefined) {
      this.returned.value = this.returned.value.slice(0, -1);
      return last;
    }
    return this.next.value++ * PAGE_SIZE;
  }

  free(pa: number): void {
    this.returned.value = [...this.returned.value, pa];
  }

  isFree(pa: number): boolean {
    return this.returned.value.includes(pa);
  }
}

/** Index into the page directory. */
export const pgd_index = (va: number): number => va >>> 22;
/** Index into a page table. */
export const pte_index = (va: number): number => (va >>> 12) & 0x3ff;

/** Physical address of the directory entry for `va`. */
export const pgdEntry = (mm: Mm, va: number): number => mm.pgd + 4 * pgd_index(va);

/** Physical address of the page-table entry for `va`; null where there is no table. */
export function pteEntry(k: Kernel, mm: Mm, va: number): number | null {
  if (k.config.X86_64) return pteEntry64(k, mm, va);
  const pde = k.memory.read32(pgdEntry(mm, va));
  if ((pde & _PAGE_PRESENT) === 0 || (pde & _PAGE_PSE) !== 0) return null;
  return ((pde & ~0xfff) >>> 0) + 4 * pte_index(va);
}

/** Boot's page directory: lowmem in large global pages, nothing below PAGE_OFFSET. */
export function makeInitMm(k: Kernel): Mm {
  const mm = new Mm(k.store, 'init_mm', { pgd: k.pgdCache.alloc(), mm_users: 1, mm_count: 1 });
  for (let large = 0; large < 4 && !k.config.X86_64; large++) {
    k.memory.write32(pgdEntry(mm, PAGE_OFFSET + large * 0x400000), large * 0x400000 | _PAGE_PSE | _PAGE_GLOBAL | _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY);
  }
  k.mms.push(mm);
  return mm;
}

/** A process's address space: its own directory with the kernel's entries copied, and `vmas`. Part of the set-up. */
export function makeMm(k: Kernel, name: string, vmas: readonly Vma[]): Mm {
  const mm = new Mm(k.store, name, { pgd: pgd_alloc(k), vmas });
  k.mms.push(mm);
  return mm;
}

/** arch/i386/mm/pgtable.c, pgd_alloc() with pgd_ctor(): the kernel's entries are there from the start. */
export function pgd_alloc(k: Kernel): number {
  const pgd = k.pgdCache.alloc();
  if (k.config.X86_64) return pgd;
  for (let i = pgd_index(PAGE_OFFSET); i < 1024; i++) {
    const pde = k.memory.read32(k.init_mm.pgd + 4 * i);
    if (pde !== 0) k.memory.write32(pgd + 4 * i, pde);
  }
  return pgd;
}

/** arch/i386/mm/pgtable.c, pgd_free(): back to the slab, with its kernel entries kept and its user entries zero by then. */
export const pgd_free = instruction((_k: Kernel, mm: Mm) => `pgd_free(${mm.name}->pgd)`, (_cpu: Cpu, k: Kernel, mm: Mm) => {
  k.pgdCache.free(mm.pgd);
});

/** Maps a fresh frame at `va` and writes `content` to its first word. Returns its physical address. Part of the set-up. */
export function mapPage(k: Kernel, mm: Mm, va: number, flags: number, content: number): number {
  const pa = k.frames.alloc();
  setPte(k, mm, va, pa | flags);
  k.memory.write32(pa, content);
  return pa;
}

/** Writes the page-table entry for `va`, with a new table if there is none. */
export function setPte(k: Kernel, mm: Mm, va: number, pte: number): void {
  if (k.config.X86_64) return setPte64(k, mm, va, pte);
  if (pteEntry(k, mm, va) === null) k.memory.write32(pgdEntry(mm, va), k.frames.alloc() | _PAGE_TABLE);
  k.memory.write32(pteEntry(k, mm, va)!, pte);
}

/** Physical address of the page directory that `cpu` uses for user addresses: the one in cr3, or in slot 0 of the top-level page in cr3. */
export function pgdInUse(k: Kernel, cpu: Cpu): number {
  return k.level4_pgt.size === 0 ? cpu.cr3 : (k.memory.read32(cpu.cr3) & ~0xfff) >>> 0;
}

/** Lets `cpu` run on the tables of `mm`. Part of the set-up. */
export function usePgd(k: Kernel, cpu: Cpu, mm: Mm): void {
  const level4 = k.level4_pgt.get(cpu);
  if (level4 !== undefined) k.memory.write32(level4, level4Entry(mm));
  cpu.cr3 = level4 ?? mm.pgd;
}
