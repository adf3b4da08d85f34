import type { HunkId, Patch } from '../types';

// Thread 116: Nadav Amit, March 2021.

const hunk = (name: string): HunkId => `uffd-wp/${name}`;

const flush = hunk('flush');
const writeLock = hunk('write-lock');
const downgrade = hunk('downgrade');

export const uffdWp: Patch = {
  id: 'uffd-wp',
  thread: '116',
  title: 'A page that userfaultfd has write-protected is copied only when no TLB can write to it',
  author: 'Nadav Amit',
  date: '2021-03-04',
  against: '5.11',
  quote: 'The copy is made before the flush, and what another CPU writes in between is lost.',
  story: [
    'A monitor asks userfaultfd to write-protect pages, or to remove the protection. Both change entries with mmap_lock held for reading, and flush after they have released the lock of the page table. Both clear the write bit of an entry, the second one even if the page was not protected: the fault handler is expected to set it again.',
    'A thread that writes before the flush faults. If the page has another reference, the handler copies it and flushes the old translation only then. A third CPU whose TLB still has a writable translation writes to the old page after the copy, and the write is lost. The self-test of userfaultfd failed because of this.',
    'With the patch, the handler flushes the page before it is copied if a flush of the address space is pending. An earlier version of the patch took mmap_lock for writing.',
  ],
  hunks: [
    { id: flush, file: 'mm/memory.c', where: 'do_wp_page()', does: 'Flushes the page before it is copied, if a flush of the address space is pending.' },
    { id: writeLock, file: 'mm/userfaultfd.c', where: 'mwriteprotect_range()', does: 'Takes mmap_lock for writing.' },
    { id: downgrade, file: 'mm/mprotect.c', where: 'change_protection_range()', does: 'Lets readers of mmap_lock in before the flush.' },
    { id: hunk('always'), file: 'mm/memory.c', where: 'do_wp_page()', does: 'Flushes the page before it is copied, whatever is pending.' },
    { id: hunk('local'), file: 'mm/memory.c', where: 'do_wp_page()', does: 'Drops the translation of this CPU only.' },
    { id: hunk('after-copy'), file: 'mm/memory.c', where: 'wp_page_copy()', does: 'Flushes after the copy.' },
  ],
  whole: [flush],
  variants: [
    { id: 'write-lock', kind: 'take', title: 'The second version', hunks: [writeLock], about: 'No fault runs between the change and the flush; a fault anywhere in the address space waits for the monitor.' },
    { id: 'always', kind: 'alternative', title: 'Flush before every copy', hunks: [hunk('always')], about: 'Correct, but it costs an interrupt for each copy.' },
    { id: 'downgrade', kind: 'near-miss', title: 'Downgrade mmap_lock before the flush', hunks: [writeLock, downgrade], about: 'Faults run again before the flush.' },
    { id: 'local', kind: 'near-miss', title: 'Drop the translation of this CPU only', hunks: [hunk('local')], about: 'The thread that writes is on another CPU.' },
    { id: 'after-copy', kind: 'near-miss', title: 'Flush after the copy', hunks: [hunk('after-copy')], about: 'The write comes between the copy and the flush.' },
  ],
  citations: [
    { source: '6ce64428d620 (5.12)', says: 'the fix, with two runs as examples' },
    { source: '20210304095423.3825684-1-namit@vmware.com', says: 'the fourth version, and what changed since the second' },
    { source: '292924b26024 (5.7)', says: 'where the race came from' },
    { source: '09854ba94c6a (5.9)', says: 'makes copies more likely: a page with another reference is copied' },
  ],
  notModelled: ['userfaultfd_wp(): whether the area is watched at all', 'huge pages', 'the reference that the handler holds while it copies'],
};
