import type { HunkId, Patch } from '../types';

// Thread 109: Andrea Arcangeli, May and June 2012.

const hunk = (name: string): HunkId => `torn-pmd/${name}`;

export const tornPmd: Patch = {
  id: 'torn-pmd',
  thread: '109',
  title: 'A 64-bit entry is read low half first, and its high half only if the low one is set',
  author: 'Andrea Arcangeli',
  date: '2012-06-07',
  against: '3.4',
  quote: 'With PAE an entry has two halves, and a reader that holds mmap_sem only for reading can meet a page fault that is filling it.',
  story: [
    'With PAE a middle entry has 64 bits, and C copies it by two loads in an order that the compiler chooses. mincore() and others read it while they hold mmap_sem for reading only, so a page fault on another CPU may fill it in between. A compiler that loads the high half first combines the old high half with the new low one, and a page table above 4 GiB is looked for below 4 GiB. This is CVE-2012-2373.',
    'The first fix (26c191788f18) reads the whole entry at once, by CMPXCHG8B, if large pages can come and go. But CMPXCHG8B also writes, and Xen does not let a guest write to such a table: kernels under Xen crashed.',
    'The second fix (e4eed03fd065) reads the low half and, only if it is set, the high half. That does not make the read atomic; the entry of a large page can still be combined from two entries. But callers only test whether such an entry is a large page, and an entry that leads to a table does not change while mmap_sem is held.',
  ],
  hunks: [
    { id: hunk('low-first'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'The low half is read first, and the high half only if the low one is set.' },
    { id: hunk('cmpxchg8b'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'Both halves are read at once, by a locked instruction that writes what it has read.' },
    { id: hunk('high-first'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'The high half is read first, and the low half only if the high one is set.' },
    { id: hunk('low-again'), file: 'include/asm-generic/pgtable.h', where: 'pmd_none_or_trans_huge_or_clear_bad()', does: 'The low half is read again, and the entry is skipped if it has changed.' },
    { id: hunk('barrier'), file: 'include/asm-generic/pgtable.h', where: 'pmd_none_or_trans_huge_or_clear_bad()', does: 'A compiler barrier forces the entry to be read again after the test.' },
  ],
  whole: [hunk('low-first')],
  variants: [
    { id: 'cmpxchg8b', kind: 'take', title: 'The first fix: one locked instruction', hunks: [hunk('cmpxchg8b')], about: '26c191788f18, where large pages are compiled in. It writes to the table, which Xen refuses.' },
    { id: 'barrier', kind: 'alternative', title: 'A barrier after the test', hunks: [hunk('barrier')], about: 'Only an entry that already leads to a table is read again, and such an entry no longer changes.' },
    { id: 'high-first', kind: 'near-miss', title: 'The halves exchanged', hunks: [hunk('high-first')], about: 'The high half does not say whether there is an entry: below 4 GiB it is 0.' },
    { id: 'low-again', kind: 'near-miss', title: 'Read the low half again and compare', hunks: [hunk('low-again')], about: 'But it is the high half that is out of date.' },
  ],
  citations: [
    { source: '26c191788f18 (3.5 cycle)', says: 'the first fix; mincore() on a machine with more than 4 GiB' },
    { source: 'e4eed03fd065 (3.5 cycle)', says: 'the second, after Debian bug 676360' },
    { source: 'FreeBSD r342769 (2019)', says: 'pmap_kextract() of i386 had the same bug' },
  ],
  notModelled: ['stores that wait in a buffer: all stores here are locked or made by one CPU, and loads stay in order', 'gup_fast, which reads low, high and low again with interrupts off'],
};
