import type { Call } from '../../path';
import { path, type Path } from '../../path';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER } from '../../kernel/linux-2.6/pgtable';
import { MappedPage, page_mkclean, pte_lockptr, ReverseMap, try_to_unmap_nonlinear, unmap_mapping_range } from '../../kernel/linux-2.6/rmap';
import type { CopiedVma } from '../../kernel/linux-2.6/fork';
import { spin_lock, spin_unlock } from '../../kernel/linux-2.6/spinlock';
import { shrink_page_list, shrink_zone } from '../../kernel/linux-2.6/vmscan';
import type { Mm } from '../../kernel/task';
import { prepareCall, waitForAnswers, xen_send_IPI_mask } from '../../kernel/xen/drop-mm-ref';
import type { Page, XenKernel } from '../../kernel/xen/guest';
import { ptep_get_and_clear } from '../../kernel/xen/pgtable';
import type { UserMapping, XenBackground } from './background';
import type { Choice } from '../types';

// The cast of thread 004: a file whose pages lie so far apart that each needs a
// pte page of its own, the address spaces that map it, and those who come to
// its pages from other CPUs.

/** Where the shared file is mapped. */
export const FILE_START = 0x08000000;

/** The file (or the anonymous region), and which of its addresses have entries. */
export interface SharedFile {
  readonly map: ReverseMap;
  readonly pages: readonly MappedPage[];
  readonly start: number;
  readonly end: number;
  readonly populated: readonly number[];
}

/** A file of which `count` pages are in memory; or as many anonymous pages. */
export function sharedFile(background: XenBackground, count: number, start = FILE_START, anonymous = false): SharedFile {
  const stride = 2 ** background.kernel.layout.shift[2];
  const [mapName, name] = anonymous ? ['anon_vma', 'stack'] : ['i_mmap', 'libc'];
  const map = new ReverseMap(background.store, mapName, anonymous);
  background.kernel.locks.push({ of: map, field: 'lock' });
  const pages = Array.from({ length: count }, (_, i) => new MappedPage(`${name}[${i}]`, background.page(`${name}.page${i}`), map, i * stride));
  return { map, pages, start, end: start + count * stride, populated: pages.map(({ offset }) => start + offset) };
}

/** Entry flags of a page of the file. */
export function fileFlags(young: boolean): number {
  return _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_DIRTY | (young ? _PAGE_ACCESSED : 0);
}

/** An address space that maps the whole file, and is known to it. */
export function mapFile(background: XenBackground, name: string, file: SharedFile, young: boolean): Mm {
  const mappings: UserMapping[] = file.pages.map((page, i) => ({ address: file.populated[i]!, page: page.page, flags: fileFlags(young) }));
  const mm = background.addressSpace(name, mappings);
  file.map.vmas = [...file.map.vmas, { mm, start: file.start, end: file.end }];
  return mm;
}

/** The parts of a forking shell: its pinned address space, the empty one of the child, and pages for the child's tables. */
export function forkingShell(background: XenBackground, file: SharedFile, name: string, isYoung: boolean): { readonly parent: Mm; readonly child: Mm } {
  const parent = background.pinned(mapFile(background, `${name}.mm`, file, isYoung));
  const child = background.addressSpace(`${name === 'shell' ? '' : `${name}.`}child.mm`, []);
  return { parent, child };
}

/** The file as a vma of a forking parent, all of it populated. */
export const copied = (file: SharedFile): CopiedVma => ({ map: file.map, start: file.start, end: file.end, populated: file.populated });

/** What another CPU may be doing to a page of the file, by the words of the parameter. */
export const VISITS: Readonly<Record<string, { readonly task: string; readonly does: (k: XenKernel, page: MappedPage) => Call<unknown> }>> = {
  reclaim: { task: 'kswapd', does: (k, page) => shrink_page_list(k, page) },
  writeback: { task: 'pdflush', does: (k, page) => page_mkclean(k, page) },
  aging: { task: 'kswapd', does: (k, page) => shrink_zone(k, page) },
  nonlinear: { task: 'kswapd', does: (k, page) => try_to_unmap_nonlinear(k, page) },
  truncate: { task: 'ftruncate', does: (k, page) => unmap_mapping_range(k, page) },
};

/** Puts a visitor on every CPU but the first. The last pte page waits longest, so the first visitor comes there. */
export function visitors(background: XenBackground, choice: Choice, file: SharedFile): void {
  const { task, does } = VISITS[String(choice.parameters['visit'])]!;
  background.cpus.slice(1).forEach((cpu, i) => {
    const page = file.pages[(file.pages.length * 4 - 1 - i) % file.pages.length]!;
    background.task(i === 0 ? task : `${task}/${i}`, cpu, null, () => does(background.kernel, page));
  });
}

/** An entry that no mapping uses. */
const UNUSED = 0x1000;

/** Changes an entry of each table in turn, under its lock and no other: the least that a visitor does. */
export const touchAll = path(function* touchAll(k: XenKernel, mm: Mm, tables: readonly Page[], rounds: number): Path {
  for (let round = 0; round < rounds; round++) for (const table of tables) yield* touchOne(k, mm, table);
});

const touchOne = path(function* touchOne(k: XenKernel, mm: Mm, table: Page): Path {
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  yield* ptep_get_and_clear(k, { table, address: UNUSED });
  yield* spin_unlock(k, ptl);
});

/** Takes the address space's lock while it holds that of a pte page: what no kernel path does. */
export const backwards = path(function* backwards(k: XenKernel, mm: Mm, table: Page): Path {
  yield* spin_lock(k, { of: table, field: 'ptl' });
  yield* spin_lock(k, { of: mm, field: 'page_table_lock' });
  yield* spin_unlock(k, { of: mm, field: 'page_table_lock' });
  yield* spin_unlock(k, { of: table, field: 'ptl' });
});

/** Waits for an answer of another CPU while it holds the lock of a pte page: what a flush by interrupt would do. */
export const interruptsUnderLock = path(function* interruptsUnderLock(k: XenKernel, mm: Mm, table: Page): Path {
  const target = k.cpus[0]!;
  yield* spin_lock(k, { of: table, field: 'ptl' });
  yield* prepareCall(k, mm, [target]);
  yield* xen_send_IPI_mask(k, [target]);
  yield* waitForAnswers(k);
  yield* spin_unlock(k, { of: table, field: 'ptl' });
});

/** Waits for an answer of the second CPU while it holds the lock of its address space: what a flush amounts to on bare hardware. */
export const flushUnderPageTableLock = path(function* flushUnderPageTableLock(k: XenKernel, mm: Mm): Path {
  const target = k.cpus[1]!;
  const lock = { of: mm, field: 'page_table_lock' };
  yield* spin_lock(k, lock);
  yield* prepareCall(k, mm, [target]);
  yield* xen_send_IPI_mask(k, [target]);
  yield* waitForAnswers(k);
  yield* spin_unlock(k, lock);
});
