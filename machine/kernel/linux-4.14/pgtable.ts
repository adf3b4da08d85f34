import type { Cpu } from '../../hardware/cpu';
import { instruction } from '../../path';
import type { Kernel } from '../kernel';
import { _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, pteEntry } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';

// arch/x86/include/asm/pgtable.h, 4.14: the operations on one entry.

const hex = (value: number): string => `0x${value.toString(16)}`;

/** _PAGE_PROTNONE, which is the bit of _PAGE_GLOBAL in an entry that is not present. */
export const _PAGE_PROTNONE = 0x100;

export const pte_present = (pte: number): boolean => (pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) !== 0;
export const pte_dirty = (pte: number): boolean => (pte & _PAGE_DIRTY) !== 0;
export const pte_none = (pte: number): boolean => pte === 0;

/** set_pte_at(): a plain store. */
export const set_pte_at = instruction((_k: Kernel, mm: Mm, va: number, pte: number) => `set_pte_at(${mm.name}, ${hex(va)}, ${hex(pte)})`, (cpu: Cpu, k: Kernel, mm: Mm, va: number, pte: number) => {
  cpu.memory.write32(pteEntry(k, mm, va)!, pte);
});

/** ptep_get_and_clear() on SMP: XCHG, which is always locked. Returns what the entry held, with A and D as the processors have left them. */
export const ptep_get_and_clear = instruction((_k: Kernel, mm: Mm, va: number) => `ptep_get_and_clear(${mm.name}, ${hex(va)})`, (cpu: Cpu, k: Kernel, mm: Mm, va: number) => {
  const at = pteEntry(k, mm, va)!;
  cpu.drain();
  const old = cpu.memory.read32(at);
  cpu.memory.write32(at, 0);
  cpu.drain();
  return old;
});

/** A plain load of an entry. */
export const read_pte = instruction((_k: Kernel, mm: Mm, va: number) => `*pte of ${mm.name} at ${hex(va)}`, (cpu: Cpu, k: Kernel, mm: Mm, va: number) => cpu.memory.read32(pteEntry(k, mm, va)!));

/** swp_entry_to_pte(): neither present nor none, and no PROT_NONE either. */
export const swp_entry_to_pte = (offset: number): number => offset << 14;

/** pte_wrprotect(). */
export const pte_wrprotect = (pte: number): number => pte & ~_PAGE_RW;
