import type { Cpu } from '../../hardware/cpu';
import { movFromCr3 } from '../../hardware/instructions';
import { instruction, path, RESTART, type Path } from '../../path';
import { __va, get, set, type BootKernel } from './boot-kernel';
import { __flush_tlb_all, __flush_tlb_one, _PAGE_PRESENT, _PAGE_TABLE, addressIn, PAGE_KERNEL, PAGE_KERNEL_EARLY, paravirt_alloc_pte, paravirt_release_pte, pmd_offset, pteOffset, set_pmd, set_pte } from './entries';
import { fixToVirt } from './fixmap';
import { DEFAULT_FIXADDR_TOP } from './layout';
import { __set_fixmap } from './pgtable-fixmap';
import { BUG_ON, WARN_ON } from './stop';

// arch/x86/mm/ioremap.c: mapping a few pages before there are page tables to
// speak of. One static page table, bm_pte, is linked once, under wherever the
// window lies at that moment; from then on entries go straight into bm_pte,
// wherever the window lies by then. Each is correct on its own.

const PAGE = 4096;
const pageAlign = (value: number): number => Math.ceil(value / PAGE) * PAGE;

/** Clears a whole page through its address. Model: in one instruction, since no other CPU runs yet. */
export const clear_page = instruction((_k: BootKernel, la: number) => `memset(0x${la.toString(16)}, 0, PAGE_SIZE)`, (cpu: Cpu, k: BootKernel, la: number) => {
  const pa = cpu.translate('write', la);
  if (pa === RESTART) return RESTART;
  for (const word of k.memory.wordsOf(pa / PAGE)) cpu.memory.write32(word, 0);
  return undefined;
});

/** arch/x86/mm/ioremap.c:437-446 (2.6.27), early_ioremap_pmd(): walks from CR3, since swapper_pg_dir may not be what is in use. */
const early_ioremap_pmd = path(function* early_ioremap_pmd(k: BootKernel, la: number): Path<number> {
  const cr3 = yield* movFromCr3();
  return yield* pmd_offset(k, cr3 - (cr3 % 32), la);
});

/**
 * arch/x86/mm/ioremap.c:453-481 (2.6.27), early_ioremap_init(): links bm_pte under the window, instead of whatever was there.
 * Model: leaves out pmd_populate_kernel: the entry is written as the C's macro does.
 */
export const early_ioremap_init = path(function* early_ioremap_init(k: BootKernel): Path {
  const { bm_pte } = k.symbols;
  const top = yield* get(k, '__FIXADDR_TOP');
  const begin = fixToVirt(top, k.fixmap.btmap.begin);
  const end = fixToVirt(top, k.fixmap.btmap.end);
  const pmdp = yield* early_ioremap_pmd(k, begin);
  yield* clear_page(k, __va(k, bm_pte));
  yield* paravirt_alloc_pte(k, bm_pte);
  yield* set_pmd(k, pmdp, bm_pte + _PAGE_TABLE);
  yield* WARN_ON(k, Math.floor(begin / k.PMD_SIZE) !== Math.floor(end / k.PMD_SIZE), 'mm/ioremap.c, early_ioremap_init: the window straddles two page tables');
});

/**
 * arch/x86/mm/ioremap.c:513-530 (2.6.27), __early_set_fixmap(): the entry's place in bm_pte follows from the address alone; no table is walked.
 * Model: leaves out early_ioremap_pte, pgprot_val, pte_clear: the entry is written, or cleared, by one store.
 */
const __early_set_fixmap = path(function* __early_set_fixmap(k: BootKernel, idx: number, pte: number): Path {
  const address = fixToVirt(yield* get(k, '__FIXADDR_TOP'), idx);
  yield* BUG_ON(k, idx >= k.fixmap.total, 'mm/ioremap.c, __early_set_fixmap: no such index');
  yield* set_pte(k, __va(k, k.symbols.bm_pte) + pteOffset(k, address), pte);
  yield* __flush_tlb_one(address);
});

/** arch/x86/mm/ioremap.c:532-539 (2.6.27), early_set_fixmap() and early_clear_fixmap(), where `pa` is null. */
const early_set_fixmap = path(function* early_set_fixmap(k: BootKernel, idx: number, pa: number | null): Path {
  const after_paging_init = yield* get(k, 'after_paging_init');
  if (after_paging_init) yield* __set_fixmap(k, idx, pa ?? 0, pa === null ? 0 : PAGE_KERNEL);
  else yield* __early_set_fixmap(k, idx, pa === null ? 0 : pa + PAGE_KERNEL_EARLY);
});

/**
 * arch/x86/mm/ioremap.c:648-718 (2.6.28), __early_ioremap(). A free slot: the nesting depth up to 2.6.27, a search from 2.6.28 on; -1 for none.
 * Model: leaves out last_addr, idx, early_set_fixmap: locals, and what early_ioremap() does.
 */
const takeSlot = path(function* takeSlot(k: BootKernel): Path<number> {
  const { slots } = k.fixmap.btmap;
  if (k.since('2.6.28-rc1')) {
    const prev_map = yield* get(k, 'prev_map');
    return prev_map.findIndex((address) => address === 0);
  }
  const nesting = yield* get(k, 'early_ioremap_nested');
  if (nesting >= slots) return -1;
  yield* set(k, 'early_ioremap_nested', nesting + 1);
  return nesting;
});

/**
 * arch/x86/mm/ioremap.c:721-724 (2.6.28), early_ioremap(), and early_memremap() of 2.6.28: maps `size` bytes at the
 * physical address `pa`. Returns their address; 0 if it refuses.
 * Model: adds early_set_fixmap: the C's early_set_fixmap(), by the table in use.
 */
export const early_ioremap = path(function* early_ioremap(k: BootKernel, pa: number, size: number): Path<number> {
  const { btmap } = k.fixmap;
  const last = pa + size - 1;
  // Until 2.6.27.2 (c613ec1a7ff3) the last byte was left out if it began a page.
  const end = pageAlign(k.since('2.6.27.2') ? last + 1 : last);
  const offset = pa % PAGE;
  const pages = (end - (pa - offset)) / PAGE;
  if (size === 0 || last < pa) {
    yield* WARN_ON(k, true, 'mm/ioremap.c, early_ioremap: the size is 0, or wraps');
    return 0;
  }
  if (k.after('vmi-boot/give-up') && (yield* get(k, '__FIXADDR_TOP')) !== DEFAULT_FIXADDR_TOP) return 0;
  const slot = yield* takeSlot(k);
  if (slot === -1) {
    yield* WARN_ON(k, true, 'mm/ioremap.c, early_ioremap: every slot is in use');
    return 0;
  }
  if (pages > btmap.pagesPerSlot) {
    yield* WARN_ON(k, true, 'mm/ioremap.c, early_ioremap: the size does not fit a slot'); // until 2.6.27 the slot is lost
    return 0;
  }
  const first = btmap.begin - btmap.pagesPerSlot * slot;
  for (let page = 0; page < pages; page++) yield* early_set_fixmap(k, first - page, pa - offset + page * PAGE);
  const address = fixToVirt(yield* get(k, '__FIXADDR_TOP'), first) + offset;
  if (k.since('2.6.28-rc1')) yield* noteSlot(k, slot, address, size);
  return address;
});

/** arch/x86/mm/ioremap.c:648-718 (2.6.28), __early_ioremap(). */
const noteSlot = path(function* noteSlot(k: BootKernel, slot: number, address: number, size: number): Path {
  const prev_map = yield* get(k, 'prev_map');
  const prev_size = yield* get(k, 'prev_size');
  yield* set(k, 'prev_map', prev_map.map((old, i) => (i === slot ? address : old)));
  yield* set(k, 'prev_size', prev_size.map((old, i) => (i === slot ? size : old)));
});

/**
 * arch/x86/mm/ioremap.c:732-783 (2.6.28), early_iounmap(): from 2.6.28 on it finds the slot by what was returned, before it by the depth.
 * Model: leaves out early_clear_fixmap: early_set_fixmap() with no flags.
 */
export const early_iounmap = path(function* early_iounmap(k: BootKernel, address: number, size: number): Path {
  const { btmap } = k.fixmap;
  const slot = yield* giveSlotBack(k, address, size);
  if (slot < 0) {
    yield* WARN_ON(k, true, 'mm/ioremap.c, early_iounmap: this was not mapped so');
    return;
  }
  if (address < fixToVirt(yield* get(k, '__FIXADDR_TOP'), btmap.begin)) {
    yield* WARN_ON(k, true, 'mm/ioremap.c, early_iounmap: this is below the window');
    return;
  }
  const first = btmap.begin - btmap.pagesPerSlot * slot;
  const pages = pageAlign((address % PAGE) + size - 1) / PAGE; // one too few if the last byte begins a page
  for (let page = 0; page < pages; page++) yield* early_set_fixmap(k, first - page, null);
  if (k.since('2.6.28-rc1')) yield* noteSlot(k, slot, 0, 0);
});

/** arch/x86/mm/ioremap.c:732-783 (2.6.28), early_iounmap(). */
const giveSlotBack = path(function* giveSlotBack(k: BootKernel, address: number, size: number): Path<number> {
  if (k.since('2.6.28-rc1')) {
    const prev_map = yield* get(k, 'prev_map');
    const prev_size = yield* get(k, 'prev_size');
    return prev_map.findIndex((mapped, i) => mapped === address && prev_size[i] === size);
  }
  const nesting = (yield* get(k, 'early_ioremap_nested')) - 1;
  yield* set(k, 'early_ioremap_nested', nesting);
  return nesting;
});

/**
 * arch/x86/mm/ioremap.c:483-494 (2.6.27), early_ioremap_clear(): takes bm_pte out of the directory, at the place where the window lies now.
 * Model: leaves out pmd_clear: set_pmd() with zero.
 * Model: adds set_pmd: pmd_clear().
 */
export const early_ioremap_clear = path(function* early_ioremap_clear(k: BootKernel): Path {
  const begin = fixToVirt(yield* get(k, '__FIXADDR_TOP'), k.fixmap.btmap.begin);
  const pmdp = yield* early_ioremap_pmd(k, begin);
  yield* set_pmd(k, pmdp, 0);
  yield* paravirt_release_pte(k, k.symbols.bm_pte);
  yield* __flush_tlb_all();
});

/** The indices of the window, the farthest down first, whose entries in bm_pte are present, with those entries. */
const presentEntries = instruction('for (idx = FIX_BTMAP_BEGIN; idx >= FIX_BTMAP_END; idx--) if (pte_present(*early_ioremap_pte(fix_to_virt(idx))))', (cpu: Cpu, k: BootKernel) => {
  const { begin, end } = k.fixmap.btmap;
  const table = cpu.translate('read', __va(k, k.symbols.bm_pte));
  if (table === RESTART) return RESTART;
  const found: { readonly idx: number; readonly pte: number }[] = [];
  for (let idx = begin; idx >= end; idx--) {
    const pte = k.memory.read32(table + pteOffset(k, fixToVirt(k.boot.__FIXADDR_TOP, idx)));
    if ((pte & _PAGE_PRESENT) !== 0) found.push({ idx, pte });
  }
  return found;
});

/**
 * arch/x86/mm/ioremap.c:496-511 (2.6.27), early_ioremap_reset(): from now on mappings go the normal way; those that still exist are made again in that way. Model: the 256 entries are
 * read at once, as no other CPU runs yet.
 * Model: leaves out phys: a local.
 */
export const early_ioremap_reset = path(function* early_ioremap_reset(k: BootKernel): Path {
  yield* set(k, 'after_paging_init', true);
  for (const { idx, pte } of yield* presentEntries(k)) yield* __set_fixmap(k, idx, addressIn(pte), PAGE_KERNEL);
});

/** arch/x86/mm/ioremap.c:451-463 (e67a807f3d9a), fixup_early_ioremap(), of 2.6.34-rc7: links bm_pte again, unless a mapping would be lost. */
export const fixup_early_ioremap = path(function* fixup_early_ioremap(k: BootKernel): Path {
  const prev_map = yield* get(k, 'prev_map');
  yield* WARN_ON(k, prev_map.some((address) => address !== 0), 'mm/ioremap.c, fixup_early_ioremap: a slot is in use');
  yield* early_ioremap_init(k);
});
