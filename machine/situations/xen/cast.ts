import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Call, type Path } from '../../path';
import { Entity } from '../../state/hash';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER } from '../../kernel/linux-2.6/mm/pgtable';
import { unmap_mapping_range } from '../../kernel/linux-2.6/mm/memory';
import { MappedPage, ReverseMap, type Mapping } from '../../kernel/linux-2.6/mm/reverse-map';
import { page_mkclean, pte_lockptr } from '../../kernel/linux-2.6/mm/rmap';
import type { CopiedVma } from '../../kernel/linux-2.6/mm/fork';
import { spin_lock, spin_unlock } from '../../kernel/linux-2.6/sched/spinlock';
import { shrink_page_list, shrink_zone } from '../../kernel/linux-2.6/mm/vmscan';
import type { Mm } from '../../kernel/task';
import { prepareCall, waitForAnswers, xen_send_IPI_mask } from '../../kernel/xen/smp';
import type { Page, XenKernel } from '../../kernel/xen/guest';
import { ptep_get_and_clear } from '../../kernel/xen/pgtable';
import type { UserMapping, XenBackground } from './background';
import type { Choice } from '../types';

// The cast of thread 004: a file whose pages lie so far apart that each needs a
// pte page of its own, the address spaces that map it, and the tasks that come
// to its pages from other CPUs.

/**
 * Where the shared file is mapped, by the number of middle tables of PAE above
 * its pages: with two, the first eight pte pages belong to the first. A middle
 * table adds a call to the queue, which shifts what comes after it in the
 * batches.
 */
export const FILE_START: Readonly<Record<number, number>> = { 1: 0x08000000, 2: 0x3f000000 };

/** The file (or the anonymous region), and which of its addresses have entries. */
export interface SharedFile {
  readonly map: ReverseMap;
  readonly pages: readonly MappedPage[];
  readonly start: number;
  readonly end: number;
  readonly populated: readonly number[];
}

interface FileOptions {
  /** The first address at which it is mapped. */
  readonly start?: number;
  readonly mapping?: Mapping;
}

/** A file with `count` pages in memory; or as many anonymous pages. */
export function sharedFile(background: XenBackground, count: number, { start = FILE_START[1]!, mapping = 'private' }: FileOptions = {}): SharedFile {
  const stride = 2 ** background.kernel.layout.shift[2];
  const [mapName, name] = mapping === 'anonymous' ? ['anon_vma', 'stack'] : ['i_mmap', 'libc'];
  const offsets = Array.from({ length: count }, (_, i) => i * stride);
  const map = new ReverseMap(background.store, mapName, mapping, offsets);
  background.kernel.locks.push({ of: map, field: 'lock' });
  const pages = offsets.map((offset, i) => new MappedPage(`${name}[${i}]`, background.page(`${name}.page${i}`), map, offset));
  return { map, pages, start, end: start + count * stride, populated: pages.map(({ offset }) => start + offset) };
}

/** The file as a situation's parameters describe it. */
export function chosenFile(background: XenBackground, { parameters }: Choice): SharedFile {
  return sharedFile(background, Number(parameters['pages']), { start: FILE_START[Number(parameters['middles'] ?? 1)]!, mapping: String(parameters['mapped'] ?? 'private') as Mapping });
}

/** Entry flags of a page of the file: private mappings are not writable, since a write makes a copy. */
export function fileFlags(mapping: Mapping, young: boolean): number {
  return _PAGE_PRESENT | _PAGE_USER | (mapping === 'private' ? 0 : _PAGE_RW | _PAGE_DIRTY) | (young ? _PAGE_ACCESSED : 0);
}

/** An address space that maps the whole file, and is in its reverse map. */
export function mapFile(background: XenBackground, name: string, file: SharedFile, young: boolean): Mm {
  const mappings: UserMapping[] = file.pages.map((page, i) => ({ address: file.populated[i]!, page: page.page, flags: fileFlags(file.map.mapping, young) }));
  const mm = background.addressSpace(name, mappings);
  for (const { page } of file.pages) page._mapcount++;
  file.map.vmas = [...file.map.vmas, { mm, start: file.start, end: file.end, mapping: file.map.mapping }];
  return mm;
}

/** The parts of a forking shell: its pinned address space, the empty one of the child, and pages for the child's tables. */
export function forkingShell(background: XenBackground, file: SharedFile, name: string, isYoung: boolean): { readonly parent: Mm; readonly child: Mm } {
  const parent = background.pinned(mapFile(background, `${name}.mm`, file, isYoung));
  const child = background.addressSpace(`${name === 'shell' ? '' : `${name}.`}child.mm`, []);
  return { parent, child };
}

/** The file as a vma of a forking parent, all of it populated. */
export const copied = (file: SharedFile): CopiedVma => ({ map: file.map, start: file.start, end: file.end, mapping: file.map.mapping, populated: file.populated });

/** What a task on another CPU does to a page of the file, as an operand. */
class Visit extends Entity {
  /** @param task the name of the task that does it */
  constructor(name: string, readonly task: string, readonly visit: (k: XenKernel, page: MappedPage) => Call<unknown>) {
    super(name);
  }
}

/** What another CPU may be doing to a page of the file, by the words of the parameter. */
export const VISITS: Readonly<Record<string, Visit>> = {
  reclaim: new Visit('reclaim', 'kswapd', shrink_page_list),
  writeback: new Visit('writeback', 'pdflush', page_mkclean),
  aging: new Visit('aging', 'kswapd', shrink_zone),
  truncate: new Visit('truncate', 'ftruncate', unmap_mapping_range),
};

/** Any page: nothing in the situation orders the list from which it is taken. */
const anyPage = instruction('a page of the inactive list, or of the file', (cpu: Cpu, pages: readonly MappedPage[]) => pages[cpu.chosen]!, {
  choices: (_cpu, pages) => pages.map(({ name }) => name),
});

/** Visits one page, whichever it is. */
const visit = path(function* visit(k: XenKernel, pages: readonly MappedPage[], does: Visit): Path {
  yield* does.visit(k, yield* anyPage(pages));
});

/** Numbers of the pages that matter for a batch: the first and the last, and those whose calls end or begin a batch of 32. */
const TELLING = [0, 1, 14, 15, 16];

function telling<T>(pages: readonly T[]): readonly T[] {
  return pages.filter((_, i) => TELLING.includes(i) || i >= pages.length - 2);
}

/**
 * Puts a visitor on every CPU but the first, each at one page: whichever it
 * chooses, or the given one. The last pte page waits longest, so `last` sends
 * the first visitor there.
 */
export function visitors(background: XenBackground, choice: Choice, file: SharedFile): void {
  const { kernel } = background;
  const does = VISITS[String(choice.parameters['visit'])]!;
  const { visited } = choice.parameters;
  const pages = visited === 'any' ? file.pages : visited === 'telling' ? telling(file.pages) : [];
  const tasks = background.cpus.slice(1).map((cpu, i) => {
    const page = file.pages[(file.pages.length * 4 - 1 - i) % file.pages.length]!;
    return background.task(i === 0 ? does.task : `${does.task}/${i}`, cpu, null, () => (pages.length > 1 ? visit(kernel, pages, does) : does.visit(kernel, page)));
  });
  if (pages.length > 1 && tasks.length > 1) background.exchangeable(tasks);
}

/** An entry that no mapping uses. */
const UNUSED = 0x1000;

/** Changes an entry of each table in turn, under its lock and no other: the least that any visitor does. */
export const touchAll = path(function* touchAll(k: XenKernel, mm: Mm, tables: readonly Page[], rounds: number): Path {
  for (let round = 0; round < rounds; round++) for (const table of tables) yield* touchOne(k, mm, table);
});

const touchOne = path(function* touchOne(k: XenKernel, mm: Mm, table: Page): Path {
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  yield* ptep_get_and_clear(k, { table, address: UNUSED });
  yield* spin_unlock(k, ptl);
});

/** Takes the address space's lock while it holds that of a pte page, which no kernel path does. */
export const backwards = path(function* backwards(k: XenKernel, mm: Mm, table: Page): Path {
  yield* spin_lock(k, { of: table, field: 'ptl' });
  yield* spin_lock(k, { of: mm, field: 'page_table_lock' });
  yield* spin_unlock(k, { of: mm, field: 'page_table_lock' });
  yield* spin_unlock(k, { of: table, field: 'ptl' });
});

/** Waits for an answer of another CPU while it holds the lock of a pte page, like a flush by interrupt. */
export const interruptsUnderLock = path(function* interruptsUnderLock(k: XenKernel, mm: Mm, table: Page): Path {
  const target = k.cpus[0]!;
  yield* spin_lock(k, { of: table, field: 'ptl' });
  yield* prepareCall(k, [target], 'drop_other_mm_ref', mm);
  yield* xen_send_IPI_mask(k, [target]);
  yield* waitForAnswers(k);
  yield* spin_unlock(k, { of: table, field: 'ptl' });
});

/** Waits for an answer of the second CPU while it holds the lock of its address space, like a flush on bare metal. */
export const flushUnderPageTableLock = path(function* flushUnderPageTableLock(k: XenKernel, mm: Mm): Path {
  const target = k.cpus[1]!;
  const lock = { of: mm, field: 'page_table_lock' };
  yield* spin_lock(k, lock);
  yield* prepareCall(k, [target], 'drop_other_mm_ref', mm);
  yield* xen_send_IPI_mask(k, [target]);
  yield* waitForAnswers(k);
  yield* spin_unlock(k, lock);
});
