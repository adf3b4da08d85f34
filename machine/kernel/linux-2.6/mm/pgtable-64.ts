import type { Cpu } from '../../../hardware/cpu';
import { CR4_PAE } from '../../../hardware/cpu';
import { EFER } from '../../../hardware/paging';
import type { Kernel } from '../../kernel';
import type { Mm } from '../../task';

// include/asm-x86_64/pgtable.h, twice. Until 2.6.10 the kernel knows three
// levels, and the processor's fourth is one page of each CPU, whose first slot
// leads to the tables of the mm that it runs. From 2.6.11-rc1 on there are four
// levels, and an mm has its own top (2e20fb912502). Entries have 64 bits; no
// frame here is beyond 4 GiB, so their high words are zero.
// Model: only the user half; kernel code runs as if it were always mapped.

const PRESENT = 1;
/** present, writable, user, accessed, dirty: _PAGE_TABLE. */
const TABLE = 0x67;

/** Whether an mm has its own top-level page. */
export const hasFourLevels = (k: Kernel): boolean => k.since('2.6.11-rc1');

/** The lowest address bit of the index into each level of an mm's tables, above the last. */
const upperShifts = (k: Kernel): readonly number[] => (hasFourLevels(k) ? [39, 30, 21] : [30, 21]);

const slot = (va: number, shift: number): number => (Math.floor(va / 2 ** shift) & 0x1ff) * 8;

/** Physical address of the page-table entry for `va`; null where there is no table. */
export function pteEntry64(k: Kernel, mm: Mm, va: number): number | null {
  let table = mm.pgd;
  for (const shift of upperShifts(k)) {
    const entry = k.memory.read32(table + slot(va, shift));
    if ((entry & PRESENT) === 0) return null;
    table = (entry & ~0xfff) >>> 0;
  }
  return table + slot(va, 12);
}

/** Writes the page-table entry for `va`, with new tables where there are none. */
export function setPte64(k: Kernel, mm: Mm, va: number, pte: number): void {
  let table = mm.pgd;
  for (const shift of upperShifts(k)) {
    const at = table + slot(va, shift);
    if ((k.memory.read32(at) & PRESENT) === 0) k.memory.write32(at, k.frames.alloc() | TABLE);
    table = (k.memory.read32(at) & ~0xfff) >>> 0;
  }
  k.memory.write32(table + slot(va, 12), pte);
}

/** What slot 0 of a CPU's own top-level page holds when it runs `mm`. */
export const level4Entry = (mm: Mm): number => mm.pgd | TABLE;

/** Long mode on one CPU, with a top-level page of its own if the release has one. Part of the boot. */
export function enableLongMode(k: Kernel, cpu: Cpu): void {
  cpu.cr4 |= CR4_PAE;
  cpu.efer = EFER.LME | EFER.LMA | EFER.NXE;
  if (!hasFourLevels(k)) k.level4_pgt.set(cpu, k.pgdCache.alloc());
}
