import type { HunkId, Patch } from '../types';

// Thread 103: Mel Gorman and Nadav Amit, July 2017; Huang Ying, November 2021.

const hunk = (name: string): HunkId => `batched-flush/${name}`;

const note = hunk('note');
const mprotect = hunk('mprotect');
const zap = hunk('zap');
const generations = hunk('generations');

export const batchedFlush: Patch = {
  id: 'batched-flush',
  thread: '103',
  title: 'mprotect() and munmap() flush what reclaim has unmapped but not yet flushed',
  author: 'Mel Gorman, Nadav Amit, Huang Ying',
  date: '2017-07',
  against: '4.12',
  quote: 'The entry is gone, so there is nothing to change and nothing to flush; but the translation is still in the TLB of another CPU.',
  story: [
    'Reclaim unmaps page after page, each under the lock of its page table, and since 4.3 flushes the TLBs of other CPUs once for many of them, before the first page is written out or freed. Between the unlock and that flush a CPU can still use the page.',
    'An mprotect() or munmap() in between finds the entry already gone. It changes nothing, so it flushes nothing, and returns to its caller, while another thread still writes through the translation that is now forbidden. Nadav Amit found it; 4.13 sets a flag in the address space when a page of it joins a batch, and a path that changes entries under the lock of a page table flushes first if the flag is set.',
    'The flag is cleared after the flush. There is one flag for the whole address space, but one lock for each page table, so a page of another table that joins a batch during the flush loses its flag. KCSAN reported the access in 2021; since 5.17 there are two counts instead of the flag, and only pages that joined before the flush count as flushed.',
  ],
  hunks: [
    { id: note, file: 'mm/rmap.c', where: 'set_tlb_ubc_flush_pending()', does: 'Sets a flag in the address space when one of its pages joins a batch.' },
    { id: mprotect, file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'Flushes under the lock of the page table if the flag is set.' },
    { id: zap, file: 'mm/memory.c', where: 'zap_pte_range()', does: 'Flushes under the lock of the page table if the flag is set.' },
    { id: hunk('mremap'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'Flushes under both locks if the flag is set.', notModelled: 'mremap() is a third such caller, and waits for the lock as the others do' },
    { id: hunk('madvise'), file: 'mm/madvise.c', where: 'madvise_free_pte_range()', does: 'Flushes under the lock if the flag is set.', notModelled: 'MADV_FREE changes no rights' },
    { id: generations, file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Counts the pages that have joined and those that were flushed; a page that joins during the flush is still outstanding.' },
    { id: hunk('clear-first'), file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Clears the flag before the flush.' },
    { id: hunk('read-again'), file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Counts as flushed every page that has joined before the flush ends.' },
    { id: hunk('note-first'), file: 'mm/rmap.c', where: 'try_to_unmap_one()', does: 'Sets the flag before the entry is cleared.' },
    { id: hunk('note-unlocked'), file: 'mm/rmap.c', where: 'try_to_unmap_one()', does: 'Sets the flag after the lock is released.' },
    { id: hunk('ask-unlocked'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'Reads the flag before the lock is taken.' },
    { id: hunk('ask-once'), file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Reads the flag once, before the first table.' },
  ],
  whole: [note, mprotect, zap, hunk('mremap'), hunk('madvise'), generations],
  variants: [
    { id: '4.13', kind: 'take', title: 'A flag in the address space', hunks: [note, mprotect, zap], about: '3ea277194daa, Mel Gorman, 4.13; in the stable trees from 4.4 on.' },
    { id: 'clear-first', kind: 'near-miss', title: 'Clear the flag before the flush', hunks: [note, mprotect, zap, hunk('clear-first')], about: 'A page that joins during the flush keeps its flag; but a call that reads the flag during the flush does not wait for the flush.' },
    { id: 'read-again', kind: 'near-miss', title: 'Two counts, read again after the flush', hunks: [note, mprotect, zap, generations, hunk('read-again')], about: 'Pages that join during the flush count as flushed, as with the flag.' },
    { id: 'note-first', kind: 'near-miss', title: 'Set the flag before the entry is cleared', hunks: [note, mprotect, zap, hunk('note-first')], about: 'The order that a compiler could have chosen: the flag is read and cleared while the entry can still be loaded again.' },
    { id: 'note-unlocked', kind: 'near-miss', title: 'Set the flag after the unlock', hunks: [note, mprotect, zap, generations, hunk('note-unlocked')], about: 'The flag is still set before the flush, but another CPU can take the lock before that.' },
    { id: 'ask-unlocked', kind: 'near-miss', title: 'Read the flag before the lock is taken', hunks: [note, zap, generations, hunk('ask-unlocked')], about: 'A flush under a spinlock is expensive; but a page can join between the read and the lock.' },
    { id: 'ask-once', kind: 'near-miss', title: 'Read the flag once for each call', hunks: [note, zap, generations, hunk('ask-once')], about: 'One flush for each mprotect() instead of one for each table.' },
  ],
  citations: [
    { source: '72b252aed506, d950c9477d51 (4.3)', says: 'reclaim flushes in batches' },
    { source: '3ea277194daa (4.13)', says: 'the flag, set and read under the lock of a page table' },
    { source: 'Nadav Amit, July 2017', says: 'found the race, and that a barrier was needed between the entry and the flag' },
    { source: '5ee2fa2f0636 (5.17)', says: 'the two counts, after a report by KCSAN' },
    { source: 'Ryan Roberts, 6 Jun 2025', says: 'madvise() releases the lock and takes it again without reading the flag again' },
  ],
  notModelled: ['the overflow of the counts', 'large pages', 'page locks and reference counts, which keep other users of the reverse mapping away'],
};
