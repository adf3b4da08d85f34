import type { Claim } from '../types';

// Thread 102: what the fix and the discussion of its backport say.

export const claims102: readonly Claim[] = [
  { id: '102.1', says: 'The lifetime of a page that mremap() has moved is governed by the lock of the page table in which it now is.' },
  { id: '102.2', says: 'The flush of a moved page must come before the lock of the old table and that of the new table are given up.' },
  { id: '102.3', says: 'What 4.9 does for dirty pages narrows the window and leaves it open.' },
  { id: '102.4', says: 'A clean page can be read after it was freed; before 4.9 a dirty one could also be written.', hypothesis: 'the thread wrote to the page before it moved: a write through a translation that is still clean walks the page tables again, and faults' },
  { id: '102.5', says: 'mmap_sem, held for writing, protects the page.', recorded: [{ source: 'Linus Torvalds, 2 Nov 2018', says: 'the reverse mapping does not take it' }] },
  { id: '102.6', says: 'It takes a sane program nothing to be safe, since nobody uses an address while it is moved.', recorded: [{ source: 'Kirill Shutemov, 2 Nov 2018', says: 'asked whether a sane program does; an attacker\'s does' }] },
  { id: '102.7', says: 'One page table for both addresses makes no difference: the flush comes after the unlock all the same.' },
];
