import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { pte_present, read_pte, set_pte_at, ptep_get_and_clear } from '../linux-4.14/pgtable';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from '../linux-4.14/tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_RW, pteEntry } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';

// mm/mprotect.c and include/asm-generic/pgtable.h, before and after 2.6.27-rc1:
// an entry is read, changed and written, while processors set A and D in it.
// Model: the TLB flush is that of 4.14.

const PAGE_SIZE = 0x1000;
const hex = (value: number): string => `0x${value.toString(16)}`;

/** A locked CMPXCHG on an entry; whether it was still `old`. */
const cmpxchg_pte = instruction((_k: Kernel, va: number, old: number, pte: number) => `cmpxchg(pte of ${hex(va)}, ${hex(old)}, ${hex(pte)})`, (cpu: Cpu, k: Kernel, va: number, old: number, pte: number, mm: Mm) => {
  const at = pteEntry(k, mm, va)!;
  if (cpu.memory.read32(at) !== old) return false;
  cpu.memory.write32(at, pte);
  return true;
}, { locked: true });

/** include/asm-generic/pgtable.h:238-243 (1ea0704e0da6), ptep_modify_prot_start() with __ptep_modify_prot_start(): the entry is not present until the commit, so that no processor changes it. Model: leaves out __ptep_modify_prot_start(): it is here. */
const ptep_modify_prot_start = path(function* ptep_modify_prot_start(k: Kernel, mm: Mm, va: number): Path<number> {
  return yield* ptep_get_and_clear(k, mm, va);
});

/** include/asm-generic/pgtable.h:249-254 (1ea0704e0da6), ptep_modify_prot_commit() with __ptep_modify_prot_commit(). Model: leaves out __ptep_modify_prot_commit(): it is here. */
const ptep_modify_prot_commit = path(function* ptep_modify_prot_commit(k: Kernel, mm: Mm, va: number, pte: number): Path {
  yield* set_pte_at(k, mm, va, pte);
});

/** HYPERVISOR_mmu_update() of one entry: Xen replaces it by CMPXCHG until it succeeds, with A and D of what was there, or without. Model: one locked access. */
const mmu_update = instruction((_k: Kernel, va: number, pte: number, keepsAD: boolean) => `mmu_update(pte of ${hex(va)} = ${hex(pte)} | ${keepsAD ? 'MMU_PT_UPDATE_PRESERVE_AD' : 'MMU_NORMAL_PT_UPDATE'})`, (cpu: Cpu, k: Kernel, va: number, pte: number, keepsAD: boolean, mm: Mm) => {
  const at = pteEntry(k, mm, va)!;
  cpu.memory.write32(at, keepsAD ? pte | (cpu.memory.read32(at) & (_PAGE_ACCESSED | _PAGE_DIRTY)) : pte);
}, { locked: true });

/** arch/x86/xen/mmu.c:326-330 (e57778a1e304), xen_ptep_modify_prot_start(): the entry as it is; Xen will keep a bit that is set meanwhile. */
const xen_ptep_modify_prot_start = path(function* xen_ptep_modify_prot_start(k: Kernel, mm: Mm, va: number): Path<number> {
  return yield* read_pte(k, mm, va);
});

/** arch/x86/xen/mmu.c:332-345 (e57778a1e304), xen_ptep_modify_prot_commit(). Model: not in lazy MMU mode, so that the update is issued at once. Model: leaves out xen_mc_entry(), virt_to_machine(), MULTI_mmu_update(), xen_mc_issue(), ptr, val, args, maddr, pte_val_ma, mc: they are in mmu_update(). */
const xen_ptep_modify_prot_commit = path(function* xen_ptep_modify_prot_commit(k: Kernel, mm: Mm, va: number, pte: number): Path {
  if (k.before('modify-prot/normal-update')) yield* mmu_update(k, va, pte, true, mm);
  if (k.after('modify-prot/normal-update')) yield* mmu_update(k, va, pte, false, mm);
});

/** pte_modify() to PROT_READ. */
const pte_modify = (pte: number): number => (pte & ~_PAGE_RW) >>> 0;

/** Ours: the lines of a wrong fix: a second attempt, and no third. */
const read_and_cmpxchg = path(function* read_and_cmpxchg(k: Kernel, mm: Mm, va: number): Path {
  const ptent = yield* read_pte(k, mm, va);
  yield* cmpxchg_pte(k, va, ptent, pte_modify(ptent), mm);
});

/** mm/mprotect.c:36-82 (d02859ecb321), change_pte_range(), of one entry that becomes read-only, with the flush of change_protection(). Model: leaves out arch_enter_lazy_mmu_mode(), arch_leave_lazy_mmu_mode(): nothing is batched on bare metal. Model: leaves out pte_mkwrite(), pte_file(), pte_to_swp_entry(), make_migration_entry_read(), is_write_migration_entry(), swp_entry_to_pte(), pte_unmap_unlock(), pte_offset_map_lock(), oldpte: one entry, present or none; the lock is here. */
export const change_pte_range = path(function* change_pte_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, va: number, ptl: Word): Path {
  yield* arch_spin_lock(ptl);
  if (!pte_present(yield* read_pte(k, mm, va))) {
    yield* arch_spin_unlock(ptl);
    return yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false);
  }
  let ptent = 0;
  if (k.before('modify-prot/pair') && k.before('modify-prot/plain') && k.before('modify-prot/cmpxchg-once') && k.before('modify-prot/xen')) ptent = yield* ptep_get_and_clear(k, mm, va);
  if (k.after('modify-prot/pair')) ptent = yield* ptep_modify_prot_start(k, mm, va);
  if (k.after('modify-prot/xen')) ptent = yield* xen_ptep_modify_prot_start(k, mm, va);
  if (k.after('modify-prot/plain')) ptent = yield* read_pte(k, mm, va);
  if (k.after('modify-prot/cmpxchg-once')) ptent = yield* read_pte(k, mm, va);
  let isDone = false;
  if (k.after('modify-prot/cmpxchg-once')) isDone = yield* cmpxchg_pte(k, va, ptent, pte_modify(ptent), mm);
  if (k.after('modify-prot/cmpxchg-again') && !isDone) yield* read_and_cmpxchg(k, mm, va);
  if (k.before('modify-prot/pair') && k.before('modify-prot/cmpxchg-once') && k.before('modify-prot/xen')) yield* set_pte_at(k, mm, va, pte_modify(ptent));
  if (k.after('modify-prot/pair') && k.before('modify-prot/commit-unlocked')) yield* ptep_modify_prot_commit(k, mm, va, pte_modify(ptent));
  if (k.after('modify-prot/xen')) yield* xen_ptep_modify_prot_commit(k, mm, va, pte_modify(ptent));
  yield* arch_spin_unlock(ptl);
  if (k.after('modify-prot/commit-unlocked')) yield* ptep_modify_prot_commit(k, mm, va, pte_modify(ptent));
  yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false);
});

/**
 * mm/memory.c:680-763 (2.6.26), zap_pte_range() in part, as unmap_mapping_range() calls it for the pages beyond the new end of a file: it takes the lock of the page table, but not mmap_sem;
 * include/asm-generic/tlb.h:68-79 (2.6.26), tlb_flush_mmu(): TLBs are flushed only if an entry was really unmapped. Model: one entry.
 */
export const zap_pte_range = path(function* zap_pte_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, va: number, ptl: Word): Path {
  yield* arch_spin_lock(ptl);
  const need_flush = pte_present(yield* read_pte(k, mm, va));
  if (need_flush) yield* ptep_get_and_clear(k, mm, va);
  yield* arch_spin_unlock(ptl);
  if (need_flush) yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false);
});
