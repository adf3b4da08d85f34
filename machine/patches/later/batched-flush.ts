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
  title: 'mprotect() and munmap() flush what reclaim has unmapped and not flushed yet',
  author: 'Mel Gorman, Nadav Amit, Huang Ying',
  date: '2017-07',
  against: '4.12',
  quote: 'The entry is gone, so there is nothing to change and nothing to flush; and the translation is still in the TLB of another CPU.',
  story: [
    'Reclaim unmaps page after page, each under the lock of its page table, and since 4.3 flushes the TLBs of other CPUs once for many of them, before the first page is written out or freed. Between the unlock and that flush a CPU can still use the page.',
    'mprotect() or munmap() in that time finds the entry already gone. It changes nothing, so it flushes nothing, and returns to its caller, while another thread still writes through the translation that is now forbidden. Nadav Amit found it; 4.13 marks the address space when a page of it joins a batch, and a path that changes entries under the lock of a page table flushes first if the mark is there.',
    'The mark is cleared after the flush, and it is one for the whole address space where the locks are one for each page table. A page of another table that joins a batch during the flush loses its mark. KCSAN reported the access in 2021; since 5.17 two counts stand in the place of the mark, and only what waited before the flush counts as flushed.',
  ],
  hunks: [
    { id: note, file: 'mm/rmap.c', where: 'set_tlb_ubc_flush_pending()', does: 'Notes in the address space that one of its pages has joined a batch.' },
    { id: mprotect, file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'Flushes under the lock of the page table if there is such a note.' },
    { id: zap, file: 'mm/memory.c', where: 'zap_pte_range()', does: 'Flushes under the lock of the page table if there is such a note.' },
    { id: hunk('mremap'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'Flushes under the locks if there is such a note.', notModelled: 'mremap() is the third caller of the kind, and waits for the lock as the others do' },
    { id: hunk('madvise'), file: 'mm/madvise.c', where: 'madvise_free_pte_range()', does: 'Flushes under the lock if there is such a note.', notModelled: 'MADV_FREE changes no rights' },
    { id: generations, file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Counts what has joined and what was flushed; what has joined during the flush goes on waiting.' },
    { id: hunk('clear-first'), file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Clears the mark before the flush.' },
    { id: hunk('read-again'), file: 'mm/rmap.c', where: 'flush_tlb_batched_pending()', does: 'Counts as flushed whatever has joined by the time when the flush is done.' },
    { id: hunk('note-first'), file: 'mm/rmap.c', where: 'try_to_unmap_one()', does: 'Makes the note before the entry is cleared.' },
    { id: hunk('note-unlocked'), file: 'mm/rmap.c', where: 'try_to_unmap_one()', does: 'Makes the note after the lock is given up.' },
    { id: hunk('ask-unlocked'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'Looks for the note before the lock is taken.' },
    { id: hunk('ask-once'), file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Looks for the note once, before the first table.' },
  ],
  whole: [note, mprotect, zap, hunk('mremap'), hunk('madvise'), generations],
  variants: [
    { id: '4.13', kind: 'take', title: 'A mark in the address space', hunks: [note, mprotect, zap], about: '3ea277194daa, Mel Gorman, 4.13; in the stable trees from 4.4 on.' },
    { id: 'clear-first', kind: 'near-miss', title: 'Clear the mark before the flush', hunks: [note, mprotect, zap, hunk('clear-first')], about: 'A page that joins during the flush keeps its mark; but a call that asks during the flush does not wait for it.' },
    { id: 'read-again', kind: 'near-miss', title: 'Two counts, read again after the flush', hunks: [note, mprotect, zap, generations, hunk('read-again')], about: 'What has joined during the flush counts as flushed, as with the mark.' },
    { id: 'note-first', kind: 'near-miss', title: 'Make the note before the entry is cleared', hunks: [note, mprotect, zap, hunk('note-first')], about: 'The order that a compiler could have chosen: the note is used up while the entry is still there to be loaded again.' },
    { id: 'note-unlocked', kind: 'near-miss', title: 'Make the note after the unlock', hunks: [note, mprotect, zap, generations, hunk('note-unlocked')], about: 'It is still before the flush; but the lock can be taken before it.' },
    { id: 'ask-unlocked', kind: 'near-miss', title: 'Look for the note before the lock is taken', hunks: [note, zap, generations, hunk('ask-unlocked')], about: 'A flush under a spinlock is dear; but the page can join between the look and the lock.' },
    { id: 'ask-once', kind: 'near-miss', title: 'Look for the note once for each call', hunks: [note, zap, generations, hunk('ask-once')], about: 'One flush for each mprotect() instead of one for each table.' },
  ],
  citations: [
    { source: '72b252aed506, d950c9477d51 (4.3)', says: 'reclaim flushes in batches' },
    { source: '3ea277194daa (4.13)', says: 'the mark, set and looked for under the lock of a page table' },
    { source: 'Nadav Amit, July 2017', says: 'found the race, and that a barrier was needed between the entry and the mark' },
    { source: '5ee2fa2f0636 (5.17)', says: 'the two counts, after a report of KCSAN' },
    { source: 'Ryan Roberts, 6 Jun 2025', says: 'madvise() gives up the lock and takes it again without asking again' },
  ],
  notModelled: ['the overflow of the counts', 'large pages', 'page locks and the counts of references, which keep other users of the reverse mapping away'],
};
