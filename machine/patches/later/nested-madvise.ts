import type { HunkId, Patch } from '../types';

// Thread 115: Minchan Kim and Nadav Amit, August 2017.

const hunk = (name: string): HunkId => `nested-madvise/${name}`;

const count = hunk('count');
const nested = hunk('nested');

export const nestedMadvise: Patch = {
  id: 'nested-madvise',
  thread: '115',
  title: 'madvise(MADV_DONTNEED) flushes what another thread has unmapped but not yet flushed',
  author: 'Minchan Kim, Nadav Amit',
  date: '2017-08',
  against: '4.12',
  quote: 'The second thread finds the entry gone, flushes nothing, and returns; the page is still in its TLB.',
  story: [
    'madvise(MADV_DONTNEED) holds mmap_sem for reading only, so two threads can unmap the same range. The first one clears the entry and flushes when it has gathered all pages. The second one finds nothing there, has nothing to flush, and returns, while TLBs still have the old page.',
    'Since 4.13 an address space counts the threads that have unmapped but not yet flushed. A thread that finishes flushes the whole range if it is not the only one, even if it has found nothing itself.',
  ],
  hunks: [
    { id: count, file: 'mm/memory.c', where: 'tlb_gather_mmu(), tlb_finish_mmu()', does: 'Counts the threads that have unmapped but not yet flushed.' },
    { id: nested, file: 'mm/memory.c', where: 'tlb_finish_mmu()', does: 'Flushes, even if nothing was found, while another thread is unmapping.' },
    { id: hunk('dec-early'), file: 'mm/memory.c', where: 'tlb_finish_mmu()', does: 'Counts down before the flush.' },
  ],
  whole: [count, nested],
  variants: [
    { id: 'dec-early', kind: 'near-miss', title: 'Count down before the flush', hunks: [count, nested, hunk('dec-early')], about: 'The thread that has something to flush is no longer counted when it flushes.' },
    { id: 'count-only', kind: 'near-miss', title: 'Count, but do not read the count', hunks: [count], about: 'Enough for migration (thread 104), but not here.' },
  ],
  citations: [
    { source: '99baac21e458 (4.13)', says: 'the fix, after a report by Nadav Amit' },
    { source: '56236a59556c, 0a2dd266dd6b (4.13)', says: 'the count moves into tlb_gather_mmu() and tlb_finish_mmu()' },
  ],
  notModelled: ['MADV_FREE, which leaves entries present', 'mmap_sem, which both hold for reading'],
};
