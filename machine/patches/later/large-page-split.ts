import type { HunkId, Patch } from '../types';

// Thread 110: Suresh Siddha, September 2008.

const hunk = (name: string): HunkId => `large-page-split/${name}`;

export const largePageSplit: Patch = {
  id: 'large-page-split',
  thread: '110',
  title: 'A large page that was split is flushed everywhere before one of its small pages changes',
  author: 'Suresh Siddha',
  date: '2008-09-23',
  against: '2.6.27',
  quote: 'A TLB may hold a large and a small translation of one address; software must ensure that they never differ.',
  story: [
    'set_memory_ro() and similar functions change the attributes of single pages of the kernel. If the page lies in a large mapping, that is split first: a table is filled with 4-KiB entries of the same attributes and replaces the large entry, and then one of its entries changes. TLBs were flushed at the very end.',
    'A processor that still has the large translation may load a small one beside it. That is allowed while the two are equal; once the small entry has changed, they differ, and the behaviour of the processor is undefined.',
    'The patch flushes all processors after the split and before the change. It also serialises the whole operation with a lock, cpa_lock, so that no other CPU changes a page of the same large mapping between the split and the flush.',
  ],
  hunks: [
    { id: hunk('flush'), file: 'arch/x86/mm/pageattr.c', where: '__change_page_attr()', does: 'All CPUs flush after a split, before the entry changes.' },
    { id: hunk('lock'), file: 'arch/x86/mm/pageattr.c', where: '__change_page_attr_set_clr(), split_large_page()', does: 'cpa_lock is held around each change, and released while a page is allocated.' },
    { id: hunk('flush-here'), file: 'arch/x86/mm/pageattr.c', where: '__change_page_attr()', does: 'Only the CPU that has split the page flushes.' },
  ],
  whole: [hunk('flush'), hunk('lock')],
  variants: [
    { id: 'flush-only', kind: 'near-miss', title: 'The flush without the lock', hunks: [hunk('flush')], about: 'Another CPU finds the page already split, and changes its own page before the flush.' },
    { id: 'lock-only', kind: 'near-miss', title: 'The lock without the flush', hunks: [hunk('lock')], about: 'It does not keep readers away from the CPU that makes the change.' },
    { id: 'flush-here', kind: 'near-miss', title: 'Flush the CPU that has split the page', hunks: [hunk('flush-here'), hunk('lock')], about: 'Later kernels also do this, for an erratum of the Atom; but the other CPUs keep their large translations.' },
  ],
  citations: [
    { source: 'ad5ca55f6bdb (2.6.28-rc1)', says: 'the fix' },
    { source: 'Intel application note 317080, TLBs, paging-structure caches and their invalidation', says: 'two translations of one address that differ in frame or attributes: behaviour is undefined' },
  ],
  notModelled: ['PAE and NX', 'aliases of the page', 'caches, which are flushed together with the TLBs if memory types change'],
};
