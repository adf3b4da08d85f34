import type { HunkId, Patch } from '../types';

// Thread 102: Linus Torvalds, 12 October 2018.

const hunk = (name: string): HunkId => `mremap-flush/${name}`;

export const mremapFlush: Patch = {
  id: 'mremap-flush',
  thread: '102',
  title: 'mremap() flushes the old address before it releases the page-table locks',
  author: 'Linus Torvalds',
  date: '2018-10-12',
  against: '4.19-rc7',
  quote: 'The page is at its new address, and the lock there now governs its lifetime. Code that removes the page there flushes only the new address; mremap() flushes the old one, but later.',
  story: [
    'mremap() moves a page\'s entry from one place in the page tables to another under the locks of both tables, and flushes the old address at the very end. Between the unlock and the flush, a CPU can still have the old translation.',
    'In that time another CPU can find the page at its new address, remove the entry, flush the new address, and free the page. The thread with the old translation then reads and writes a page that may already have another owner. Jann Horn reported this bug; it is CVE-2018-18281.',
    'From 4.9 on, a dirty page was flushed after the lock of the new table was released but before that of the old one, which narrowed the window without closing it. The fix flushes every present entry before either lock is released.',
  ],
  hunks: [
    { id: hunk('before-unlock'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'Flushes the old address before the locks of both page tables are released.' },
    { id: hunk('between-unlocks'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'Flushes the old address after the lock of the new table is released and before that of the old one.' },
    { id: hunk('before-clear'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'Flushes the old address under both locks, but before its entry is cleared.' },
  ],
  whole: [hunk('before-unlock')],
  variants: [
    { id: 'between-unlocks', kind: 'near-miss', title: 'Flush every entry between the two unlocks', hunks: [hunk('between-unlocks')], about: 'What 4.9 does for dirty pages, done for all; but the new table is already unlocked.' },
    { id: 'before-clear', kind: 'near-miss', title: 'Flush under both locks, before the entry is cleared', hunks: [hunk('before-clear')], about: 'The entry is still there after the flush, so the next access puts it back into the TLB.' },
  ],
  citations: [
    { source: 'eb66ae030829 (4.19)', says: 'the fix: CVE-2018-18281' },
    { source: '5d1904204c99 (4.9)', says: 'dirty pages are flushed between the unlocks' },
    { source: 'Kirill Shutemov and Linus Torvalds, 2 Nov 2018', says: 'mmap_sem does not govern the lifetime of the page: the reverse mapping frees it without taking mmap_sem' },
    { source: '2c91bd4a4e2e (5.0), c49dd3401802 (5.14-rc)', says: 'the same bug one level up, when whole tables began to be moved' },
  ],
  notModelled: ['large pages', 'moving whole page tables (5.0 and later)'],
};
