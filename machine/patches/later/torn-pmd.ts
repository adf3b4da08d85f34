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
  quote: 'With PAE an entry has two halves, and whoever holds mmap_sem for reading shares the entry with page faults that fill it.',
  story: [
    'With PAE a middle entry has 64 bits, and C copies it by two loads in an order that the compiler chooses. mincore() and others look at it holding mmap_sem for reading alone, so a page fault on another CPU may fill it in between. A compiler that loads the high half first combines the old high half with the new low one: a page table above 4 GiB is looked for below 4 GiB. It is CVE-2012-2373.',
    'The first fix (26c191788f18) reads the entry at once by CMPXCHG8B, where large pages can come and go. But CMPXCHG8B writes as well, and Xen lets no guest write to such a table: kernels under Xen crashed.',
    'The second fix (e4eed03fd065) reads the low half and, only if it is set, the high half. That does not make the read atomic; an entry of a large page can still be put together from two. But callers ask such an entry only whether it is a large page, and an entry that leads to a table stays what it is while mmap_sem is held.',
  ],
  hunks: [
    { id: hunk('low-first'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'The low half is read first, and the high half only if the low one is set.' },
    { id: hunk('cmpxchg8b'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'Both halves are read at once, by a locked instruction that writes what it has read.' },
    { id: hunk('high-first'), file: 'arch/x86/include/asm/pgtable-3level.h', where: 'pmd_read_atomic()', does: 'The high half is read first, and the low half only if the high one is set.' },
    { id: hunk('low-again'), file: 'include/asm-generic/pgtable.h', where: 'pmd_none_or_trans_huge_or_clear_bad()', does: 'The low half is read again, and an entry in which it has changed is passed over.' },
    { id: hunk('barrier'), file: 'include/asm-generic/pgtable.h', where: 'pmd_none_or_trans_huge_or_clear_bad()', does: 'A compiler barrier has the entry read again after it was looked at.' },
  ],
  whole: [hunk('low-first')],
  variants: [
    { id: 'cmpxchg8b', kind: 'take', title: 'The first fix: one locked instruction', hunks: [hunk('cmpxchg8b')], about: '26c191788f18, where large pages are compiled in. It writes to the table, which Xen refuses.' },
    { id: 'barrier', kind: 'alternative', title: 'A barrier after the test', hunks: [hunk('barrier')], about: 'Only an entry that leads to a table already is read again, and such an entry no longer changes.' },
    { id: 'high-first', kind: 'near-miss', title: 'The halves exchanged', hunks: [hunk('high-first')], about: 'The high half does not say whether there is an entry: below 4 GiB it is 0.' },
    { id: 'low-again', kind: 'near-miss', title: 'Read the low half again and compare', hunks: [hunk('low-again')], about: 'It is the high half that is old.' },
  ],
  citations: [
    { source: '26c191788f18 (3.5 cycle)', says: 'the first fix; mincore() on a machine with more than 4 GiB' },
    { source: 'e4eed03fd065 (3.5 cycle)', says: 'the second, after Debian bug 676360' },
    { source: 'FreeBSD r342769 (2019)', says: 'pmap_kextract() of i386 had the same bug' },
  ],
  notModelled: ['stores that wait in a buffer: both are locked or by one CPU, and loads stay in order', 'gup_fast, which reads low, high and low again with interrupts off'],
};
