import type { HunkId, Patch } from '../types';

// Thread 112: Jann Horn, November 2022.

const hunk = (name: string): HunkId => `gup-fast/${name}`;

export const gupFast: Patch = {
  id: 'gup-fast',
  thread: '112',
  title: 'A page table is freed only when every CPU has answered an interrupt',
  author: 'Jann Horn',
  date: '2022-11-25',
  against: '6.1-rc6',
  quote: 'A walk of page tables with interrupts off relies on the flush being an interrupt that must be answered; that is so on bare metal, but elsewhere it may be a hypercall.',
  story: [
    'get_user_pages_fast() walks page tables without a lock. It keeps interrupts off, so a path that must have an interrupt answered before it frees a table also waits for the walk. khugepaged unhooks a table, flushes the TLBs, and frees the table or keeps it for later use.',
    'On bare metal the flush sends such interrupts. Under a hypervisor it can be a hypercall, which does not wait for CPUs that have interrupts off. The table can then hold other data while it is walked, and a reference is taken to whatever page that data names.',
    'An earlier commit (70cbc3cc78a9) makes the walk read the entry above again after it has taken its reference. That shows that the table was removed, but by then the walk has read it. The patch sends an empty interrupt to all CPUs before a table is freed.',
  ],
  hunks: [
    { id: hunk('sync'), file: 'mm/khugepaged.c', where: 'collapse_and_free_pmd()', does: 'After the table is cut off, an empty interrupt is sent to all CPUs; the table is freed when they have answered.' },
    { id: hunk('defer'), file: 'mm/khugepaged.c', where: 'collapse_and_free_pmd()', does: 'The table is handed to RCU, and freed after a grace period.' },
    { id: hunk('sync-early'), file: 'mm/khugepaged.c', where: 'collapse_and_free_pmd()', does: 'The interrupt is sent before the table is cut off.' },
    { id: hunk('barrier'), file: 'mm/khugepaged.c', where: 'collapse_and_free_pmd()', does: 'A memory barrier between cutting the table off and freeing it.' },
    { id: hunk('recheck-early'), file: 'mm/gup.c', where: 'gup_pte_range()', does: 'The entry above is read again before the reference is taken, instead of afterwards.' },
  ],
  whole: [hunk('sync')],
  variants: [
    { id: 'defer', kind: 'alternative', title: 'Free the table by RCU', hunks: [hunk('defer')], about: 'What khugepaged does since 6.6 (Hugh Dickins, pte_free_defer()). A grace period waits for CPUs with interrupts off, however TLBs are flushed.' },
    { id: 'sync-early', kind: 'near-miss', title: 'The interrupt before the table is cut off', hunks: [hunk('sync-early')], about: 'A walk that begins after the answer still finds the table.' },
    { id: 'barrier', kind: 'near-miss', title: 'A memory barrier instead of the interrupt', hunks: [hunk('barrier')], about: 'The order is not the problem: the walk is already under way.' },
    { id: 'recheck-early', kind: 'near-miss', title: 'Reread the entry above before the reference is taken', hunks: [hunk('recheck-early')], about: 'The table can still be freed before it is read.' },
  ],
  citations: [
    { source: '2ba99c5e0881 (6.1)', says: 'the fix' },
    { source: '70cbc3cc78a9 (6.0)', says: 'the walk rereads the entry above' },
    { source: 'ba76149f47d8 (2.6.38)', says: 'khugepaged, which introduced the bug' },
  ],
  notModelled: ['tables that are kept for later use instead of being freed', 'what khugepaged does with the pages'],
};
