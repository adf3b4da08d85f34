import type { HunkId, Patch } from '../types';

// Thread 111: Linus Torvalds, April 2014 and November 2022.

const hunk = (name: string): HunkId => `zap-dirty/${name}`;

export const zapDirty: Patch = {
  id: 'zap-dirty',
  thread: '111',
  title: 'munmap() flushes dirty pages of files before write-back can consider them clean',
  author: 'Linus Torvalds',
  date: '2014-04-25',
  against: '3.15-rc2',
  quote: 'The dirty bit was passed on when the entry was cleared, but a CPU whose TLB has the entry as dirty keeps writing without setting the bit again.',
  story: [
    'munmap() and similar calls clear the entry of a page, pass its dirty bit on to the page, and flush later, for many pages at once. Until the flush another thread can keep writing through a translation that its TLB has as dirty; the processor then sets no bit anywhere.',
    'Write-back can come in between. It finds the page dirty and no entry that maps it, clears the dirty bit, and writes the page to the disk. What the thread writes after that is in the page but not on the disk, and since the page is clean, it can be dropped.',
    'The fix of 2014 flushes before the lock of the page table is released, if a dirty page of a file is among those unmapped. Write-back has to take that lock in order to look for the entry. But it looks only if the page is still counted as mapped, and the count goes down before the flush, so the search finds the same loss with the fix. This is why the change of 2022 made the count wait for the flush.',
  ],
  hunks: [
    { id: hunk('flush-first'), file: 'mm/memory.c', where: 'zap_pte_range()', does: 'If a dirty page was unmapped, TLBs are flushed before the lock is released (2014).' },
    { id: hunk('rmap-after-flush'), file: 'mm/memory.c', where: 'zap_pte_range()', does: 'The page counts as mapped until after that flush, still under the lock (2022).' },
    { id: hunk('rmap-if-flushed'), file: 'mm/memory.c', where: 'zap_pte_range()', does: 'The page stops counting as mapped after that flush, if there was one.' },
    { id: hunk('look-again'), file: 'mm/memory.c', where: 'zap_pte_range()', does: 'The entry is read again after the flush, and its dirty bit is passed on.' },
    { id: hunk('rmap-last'), file: 'mm/memory.c', where: 'zap_pte_range()', does: 'The page counts as mapped until the flush at the end, after the lock was released.' },
  ],
  whole: [hunk('flush-first'), hunk('rmap-after-flush')],
  variants: [
    { id: '2014', kind: 'take', title: 'The flush under the lock alone, as 3.15 to 6.1 have it', hunks: [hunk('flush-first')], about: 'page_mkclean() takes no lock for a page that is no longer counted as mapped.' },
    { id: 'rmap-if-flushed', kind: 'near-miss', title: 'End the mapping together with the flush under the lock', hunks: [hunk('flush-first'), hunk('rmap-if-flushed')], about: 'A clean page is not flushed there, and counts as mapped forever.' },
    { id: 'look-again', kind: 'near-miss', title: 'Look for the dirty bit again after the flush', hunks: [hunk('look-again')], about: 'The entry is gone, and the processor sets no bit through a translation that is dirty already.' },
    { id: 'rmap-last', kind: 'near-miss', title: 'Count the page as mapped until after the flush, and flush without the lock', hunks: [hunk('rmap-last')], about: 'Write-back then looks for the entry, finds none, and considers the page clean.' },
  ],
  citations: [
    { source: '1cf35d47712d (3.15)', says: 'the fix; reported by Ben Herrenschmidt, tested by Dave Hansen' },
    { source: '5df397dec7c4 (6.2)', says: 'what was still missing: the count of mappings goes down after the flush; found by Nadav Amit' },
  ],
  notModelled: ['the page lock, which write-back holds and munmap() does not take', 'batches of more than one page'],
};
