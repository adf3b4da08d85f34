import type { HunkId, Patch } from '../types';

// Thread 104: Rik van Riel and Mel Gorman, December 2013; Nadav Amit, July 2017.

const hunk = (name: string): HunkId => `flush-pending/${name}`;

const pending = hunk('pending');
const accessible = hunk('accessible');
const count = hunk('count');

export const flushPending: Patch = {
  id: 'flush-pending',
  thread: '104',
  title: 'Migration flushes an entry that was made inaccessible but not yet flushed',
  author: 'Rik van Riel, Mel Gorman, Nadav Amit',
  date: '2013-12',
  against: '3.13-rc3',
  quote: 'An entry with PROT_NONE should be in no TLB, so it seems that no flush is needed; but the path that made it PROT_NONE has not flushed yet.',
  story: [
    'Automatic NUMA balancing and mprotect(PROT_NONE) make the entries of a range inaccessible, table by table, and flush when all are done. Until then a CPU may keep writing through its TLB, which is harmless as long as the page stays where it is.',
    'But the page may be migrated. Migration unmaps it, and omits the flush if it believes that no TLB can have the entry; on x86 since 3.8 this is assumed of every entry without the present bit. The content is copied, and what is written through the old translation afterwards is lost, or lands in a page that has another owner.',
    'Since 3.13 the address space records that a flush is outstanding, and until it is done pte_accessible() assumes that any entry may be in a TLB. At first this was one flag; task_numa_work() holds mmap_sem for reading only, so two threads can run it at once, and the first to finish cleared the flag for both. Since 4.13 it is a count.',
  ],
  hunks: [
    { id: pending, file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Records in the address space that a flush is outstanding, from before the first entry is changed until the flush is done.' },
    { id: accessible, file: 'arch/x86/include/asm/pgtable.h', where: 'pte_accessible()', does: 'Assumes that a TLB may have an entry with PROT_NONE while a flush is outstanding.' },
    { id: count, file: 'include/linux/mm_types.h', where: 'inc_tlb_flush_pending(), dec_tlb_flush_pending()', does: 'Counts the outstanding flushes.' },
    { id: hunk('always'), file: 'arch/x86/include/asm/pgtable.h', where: 'pte_accessible()', does: 'Assumes that a TLB may have any entry with PROT_NONE.' },
    { id: hunk('exchange'), file: 'include/linux/mm_types.h', where: 'set_tlb_flush_pending()', does: 'Sets the flag by a locked instruction.' },
    { id: hunk('set-late'), file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Sets the flag after the entries are changed, before the flush.' },
    { id: hunk('clear-early'), file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Clears the flag before the flush.' },
    { id: hunk('ask-unlocked'), file: 'mm/rmap.c', where: 'try_to_unmap_one()', does: 'Reads the flag before the lock of the page table is taken.' },
  ],
  whole: [pending, accessible, count],
  variants: [
    { id: '3.13', kind: 'take', title: 'A flag', hunks: [pending, accessible], about: '20841405940e, Rik van Riel, December 2013.' },
    { id: 'always', kind: 'alternative', title: 'Flush whatever the entry says', hunks: [hunk('always')], about: 'What other architectures do, whose pte_accessible() is less precise: one more flush for each page that moves.' },
    { id: 'exchange', kind: 'near-miss', title: 'The flag by a locked instruction', hunks: [pending, accessible, hunk('exchange')], about: 'Atomic, but still one flag for two threads.' },
    { id: 'set-late', kind: 'near-miss', title: 'Set the flag just before the flush', hunks: [pending, accessible, count, hunk('set-late')], about: 'The flag is set during the flush, but not while the entry waits for it.' },
    { id: 'clear-early', kind: 'near-miss', title: 'Clear the flag just before the flush', hunks: [pending, accessible, count, hunk('clear-early')], about: 'All entries are changed by then; but no CPU has been told.' },
    { id: 'ask-unlocked', kind: 'near-miss', title: 'Read the flag before the lock is taken', hunks: [pending, accessible, count, hunk('ask-unlocked')], about: 'One read for all tables that map the page.' },
  ],
  citations: [
    { source: '20841405940e (3.13)', says: 'the flag' },
    { source: '16af97dc5a89 (4.13)', says: 'the count; with added delays, two threads were seen setting and clearing the flag, but no write was lost' },
    { source: '0a2c40487f3e (4.13)', says: 'barriers for a reader that does not hold the lock' },
  ],
  notModelled: ['large pages', 'the repair of a NUMA hinting fault', 'page locks'],
};
