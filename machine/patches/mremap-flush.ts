import type { HunkId, Patch } from './types';

// Thread 102: Linus Torvalds, 12 October 2018.

const hunk = (name: string): HunkId => `mremap-flush/${name}`;

export const mremapFlush: Patch = {
  id: 'mremap-flush',
  thread: '102',
  title: 'mremap() flushes the old address before it gives up the locks of the page tables',
  author: 'Linus Torvalds',
  date: '2018-10-12',
  against: '4.19-rc7',
  quote: 'The page is at its new address, and its lifetime is now a matter of the lock there. Whoever takes it away at the new address flushes the new address; the old one is flushed by mremap(), later.',
  story: [
    'mremap() moves the entry of a page from one place in the page tables to another under the locks of both tables, and flushes the old address when all is done. Between the unlock and the flush a CPU can still have the old translation.',
    'In that time somebody else can find the page at its new address, remove the entry, flush the new address, and free the page. The thread with the old translation then reads and writes a page that belongs to somebody else. Jann Horn reported it; it is CVE-2018-18281.',
    'Since 4.9 a dirty page was flushed before the lock of the old table was given up, and after that of the new one, which made the window small without closing it. The fix flushes before either lock is given up, for every present entry.',
  ],
  hunks: [
    { id: hunk('before-unlock'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'The old address is flushed before the locks of both page tables are given up.' },
    { id: hunk('between-unlocks'), file: 'mm/mremap.c', where: 'move_ptes()', does: 'The old address is flushed after the lock of the new table is given up and before that of the old one.' },
  ],
  whole: [hunk('before-unlock')],
  variants: [
    { id: 'between-unlocks', kind: 'near-miss', title: 'Flush every entry between the two unlocks', hunks: [hunk('between-unlocks')], about: 'What 4.9 does for dirty pages, done for all: the new table is open already.' },
  ],
  citations: [
    { source: 'eb66ae030829 (4.19)', says: 'the fix: CVE-2018-18281' },
    { source: '5d1904204c99 (4.9)', says: 'dirty pages are flushed between the unlocks' },
    { source: 'Kirill Shutemov and Linus Torvalds, 2 Nov 2018', says: 'mmap_sem does not govern the lifetime of the page: the reverse mapping takes it away without' },
    { source: '2c91bd4a4e2e (5.0), c49dd3401802 (5.14-rc)', says: 'the same bug one level up, when whole tables began to move' },
  ],
  notModelled: ['large pages', 'moving whole page tables (5.0 and later)'],
};
