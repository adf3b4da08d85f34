import type { Claim } from '../types';

// Thread 102: what the fix and the discussion of its backport say.

export const claims102: readonly Claim[] = [
  { id: '102.1', says: 'Once mremap() has moved a page, the lock of its new page table governs its lifetime.' },
  { id: '102.2', says: 'A moved page must be flushed before the locks of the old and the new page table are released.' },
  { id: '102.3', says: 'The flush that 4.9 makes for dirty pages narrows the window but does not close it.' },
  { id: '102.4', says: 'A clean page can be read after it was freed; before 4.9 a dirty one could also be written.', hypothesis: 'the thread wrote to the page before the move: a write through a translation that is still clean walks the page tables again and faults' },
  { id: '102.5', says: 'mmap_sem, held for writing, protects the page.', recorded: [{ source: 'Linus Torvalds, 2 Nov 2018', says: 'the reverse mapping does not take this lock' }] },
  { id: '102.6', says: 'A sane program is safe, since it does not use an address while the page there is being moved.', recorded: [{ source: 'Kirill Shutemov, 2 Nov 2018', says: 'asked whether a sane program would do this; an attacker\'s would' }] },
  { id: '102.7', says: 'The bug is the same if both addresses share one page table: the flush still comes after the unlock.' },
];
