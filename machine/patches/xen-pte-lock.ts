import type { Hunk, HunkId, Patch } from './types';

// Thread 004: Jeremy Fitzhardinge, 15 October 2007.

const MMU = 'arch/x86/xen/mmu.c';
const ENLIGHTEN = 'arch/x86/xen/enlighten.c';

const whole: readonly Hunk[] = [
  { id: 'xen-pte-lock/pin-lock', file: MMU, where: 'pin_page()', does: 'A pte page is locked before it is made read-only, and unlocked by a callback when the batch has been made.' },
  { id: 'xen-pte-lock/pin-l1', file: MMU, where: 'pin_page()', does: 'Each pte page is pinned by itself, right after it is made read-only.' },
  { id: 'xen-pte-lock/unpin-lock', file: MMU, where: 'unpin_page()', does: 'A pte page is locked while it goes back from table to memory.' },
  { id: 'xen-pte-lock/unpin-l1', file: MMU, where: 'unpin_page()', does: 'Each pte page is unpinned by itself, right before it is made writable.' },
  { id: 'xen-pte-lock/alloc-pt', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'A pte page that joins a pinned page table is pinned like the others.' },
  { id: 'xen-pte-lock/release-pt', file: ENLIGHTEN, where: 'xen_release_pt()', does: 'A pte page that leaves a pinned page table is unpinned before it is made writable.' },
  { id: 'xen-pte-lock/boot-level', file: ENLIGHTEN, where: 'xen_pagetable_setup_done()', does: 'Without PAE, the boot page table is pinned at the level that it has.' },
  { id: 'xen-pte-lock/kconfig', file: 'mm/Kconfig', where: 'SPLIT_PTLOCK_CPUS', does: 'Support for Xen no longer turns split pte locks off.' },
];

const wrong: readonly Hunk[] = [
  { id: 'xen-pte-lock/unlock-at-once', file: MMU, where: 'pin_page(), unpin_page()', does: 'The lock is released as soon as the calls are queued.' },
  { id: 'xen-pte-lock/unlock-before-pin', file: MMU, where: 'pin_page()', does: 'The unlock is queued as soon as the page is to be read-only, before its pin.' },
  { id: 'xen-pte-lock/unlock-before-rw', file: MMU, where: 'unpin_page()', does: 'The unlock is queued with the unpin, before the call that makes the page writable.' },
  { id: 'xen-pte-lock/callback-first', file: 'arch/x86/xen/multicalls.c', where: 'xen_mc_flush()', does: 'Callbacks run before the batch is made.' },
  { id: 'xen-pte-lock/lock-all', file: MMU, where: 'xen_pgd_pin(), xen_pgd_unpin()', does: 'Every pte lock is kept until the whole page table is done.' },
  { id: 'xen-pte-lock/pin-before-ro', file: MMU, where: 'pin_page()', does: 'A pte page is pinned before it is made read-only.' },
  { id: 'xen-pte-lock/rw-before-unpin', file: MMU, where: 'unpin_page()', does: 'A pte page is made writable before it is unpinned.' },
  { id: 'xen-pte-lock/unpin-pgd-last', file: MMU, where: 'xen_pgd_unpin()', does: 'The page directory is unpinned after its pages, in the reverse order of pinning.' },
  { id: 'xen-pte-lock/pgd-first', file: MMU, where: 'pgd_walk()', does: 'The page directory is visited first, as 2.6.27 did.' },
  { id: 'xen-pte-lock/walk-everything', file: MMU, where: 'xen_mark_init_mm_pinned()', does: 'The walk goes to the end of the address space.' },
  { id: 'xen-pte-lock/no-exit-check', file: MMU, where: 'xen_exit_mmap()', does: 'Every page table is unpinned at its end, pinned or not.' },
  { id: 'xen-pte-lock/alloc-writable', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'A new pte page is pinned without being made read-only.' },
  { id: 'xen-pte-lock/no-kmap-flush', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'A high pte page joins without kmap_flush_unused().' },
];

const later: readonly Hunk[] = [
  { id: 'xen-pte-lock/pmd-pin', file: ENLIGHTEN, where: 'xen_alloc_pd()', does: 'With PAE, a middle table that joins a pinned page table is pinned by itself.' },
  { id: 'xen-pte-lock/pmd-unpin', file: ENLIGHTEN, where: 'xen_pagetable_setup_done()', does: 'With PAE, a middle table that leaves is unpinned, as if it were a pte page.' },
  { id: 'xen-pte-lock/sync-lock', file: 'arch/x86/mm/fault.c', where: 'vmalloc_sync_all()', does: 'The lock of each address space is held while its page table gets a new kernel entry.' },
  { id: 'xen-pte-lock/sync-irqs-on', file: 'arch/x86/mm/fault.c', where: 'vmalloc_sync_all()', does: 'pgd_lock is taken with interrupts on.' },
];

const all: readonly HunkId[] = whole.map(({ id }) => id);
const but = (...left: readonly string[]): readonly HunkId[] => all.filter((id) => !left.includes(id.slice('xen-pte-lock/'.length)));
const and = (added: string, hunks: readonly HunkId[] = all): readonly HunkId[] => [...hunks, `xen-pte-lock/${added}`];

export const xenPteLock: Patch = {
  id: 'xen-pte-lock',
  thread: '004',
  title: 'Xen guests lock each pte page while it is pinned or unpinned',
  author: 'Jeremy Fitzhardinge',
  mail: { subject: '[PATCH 08/12] xen: lock pte pages while pinning/unpinning' },
  date: '2007-10-15',
  against: '2.6.23',
  quote: 'A page table can be found by the reverse mapping before it is pinned and while it is unpinned; between "read-only" and "a page table" nobody, not even Xen, can write its entries.',
  story: [
    'A Xen guest builds a page table as ordinary memory and then gives it to the hypervisor: each page is first mapped read-only, and at the end the whole is pinned, which makes Xen check it and accept it. Once pinned, a write to an entry faults and Xen carries it out. Before, it is a plain store. In between, when the page is read-only and Xen does not know it as a page table, a write faults and nobody carries it out.',
    'Fork and exec make the new address space findable from the pages that it maps before they pin it, and exit unpins it before it stops being findable. Reclaim, writeback and truncation come that way. They hold the lock of the one pte page that they change and nothing else; pinning held only the lock of the address space. With split pte locks these are different locks, and the two meet.',
    'The patch takes the lock of each pte page before making it read-only, pins each pte page on its own right behind that, and lets the lock go when the batch of hypercalls has really been made. So few locks are held at a time, however large the address space is. Pages that join or leave a pinned page table are pinned and unpinned in the same way. A copied line in boot, which pinned a two-level table at a third level, is put right on the way.',
    'It was merged unchanged for 2.6.24. A stop-gap of ten days before, in 2.6.23, had turned split pte locks off wherever Xen support was built in; the patch removes it.',
  ],
  hunks: [...whole, ...wrong, ...later],
  whole: all,
  variants: [
    { id: 'stop-gap', kind: 'alternative', title: 'No split pte locks on Xen', hunks: [], about: 'What 2.6.23 released: the race is closed because pinning and everybody else take one lock.' },
    { id: 'kconfig-alone', kind: 'near-miss', title: 'Remove the stop-gap, change no code', hunks: ['xen-pte-lock/kconfig'], about: 'Looks like a clean-up of a default that nobody needs.' },
    { id: 'unlock-at-once', kind: 'near-miss', title: 'Unlock once the calls are queued', hunks: and('unlock-at-once'), about: 'Lock and unlock stand together, as they should; but queued is not done.' },
    { id: 'unlock-before-pin', kind: 'near-miss', title: 'Queue the unlock before the pin', hunks: and('unlock-before-pin'), about: 'Callbacks run when the batch has been made, wherever in it they were queued; but the pin may be the first call of the next batch.' },
    { id: 'unlock-before-rw', kind: 'near-miss', title: 'Queue the unlock before the page is writable', hunks: and('unlock-before-rw'), about: 'The same when unpinning: with PAE the two calls of a page come apart only where a second middle table has shifted the batches.' },
    { id: 'callback-first', kind: 'near-miss', title: 'Run the callbacks before the batch', hunks: and('callback-first'), about: 'The queue is handed over, so its locks can go; but it has not been made yet.' },
    { id: 'lock-all', kind: 'near-miss', title: 'Lock all pte pages until the end', hunks: and('lock-all', but('pin-l1', 'unpin-l1', 'alloc-pt', 'release-pt')), about: 'Right about the race, and needs no pin of its own for each page; but each lock counts in the preempt count.' },
    { id: 'pin-before-ro', kind: 'near-miss', title: 'Pin first, then make read-only', hunks: and('pin-before-ro', but('pin-l1')), about: 'Would leave no moment in between; but Xen does not accept a table that is mapped writable.' },
    { id: 'rw-before-unpin', kind: 'near-miss', title: 'Make writable first, then unpin', hunks: and('rw-before-unpin', but('unpin-l1')), about: 'The same the other way round, and refused for the same reason.' },
    { id: 'no-lock', kind: 'near-miss', title: 'Pin each page, take no lock', hunks: but('pin-lock', 'unpin-lock'), about: 'Shrinks the window to one boundary between two calls of a multicall; Xen may be left there too.' },
    { id: 'no-own-pin', kind: 'near-miss', title: 'Lock each page, pin only the whole', hunks: but('pin-l1', 'unpin-l1', 'alloc-pt', 'release-pt'), about: 'The lock goes with the batch; the pin of the page directory may come batches later.' },
    { id: 'release-without-unpin', kind: 'near-miss', title: 'Free a pte page without unpinning it', hunks: but('release-pt'), about: 'The last reference seems to be gone with the entry above it; the page has a pin of its own now.' },
    { id: 'alloc-without-pin', kind: 'near-miss', title: 'Add a pte page without pinning it', hunks: but('alloc-pt'), about: 'Linking it makes it a page table anyway; but unpinning will ask for a pin.' },
    { id: 'walk-without-unpin', kind: 'near-miss', title: 'Pin at allocation, never unpin in the walk', hunks: but('unpin-l1'), about: 'Two halves of a pair that ended in different functions; 2.6.28 had one like it.' },
    { id: 'pin-only', kind: 'near-miss', title: 'Lock while pinning, not while unpinning', hunks: but('unpin-lock'), about: 'Nobody runs on an address space that is on its way out; but the reverse mapping still leads there.' },
    { id: 'private-unlocked', kind: 'near-miss', title: 'No lock while nobody runs on it', hunks: but('pin-lock'), about: 'Before fork returns no task has the new address space; but tasks are not the only users.' },
    { id: 'unpin-pgd-last', kind: 'near-miss', title: 'Unpin in reverse order', hunks: and('unpin-pgd-last'), about: 'Undoing backwards is good style; but a page stays a table for as long as the directory refers to it.' },
    { id: 'walk-everything', kind: 'near-miss', title: 'Walk to the end of the address space', hunks: and('walk-everything'), about: 'The top slots belong to Xen, and have no struct page.' },
    { id: 'no-exit-check', kind: 'near-miss', title: 'Always unpin at exit', hunks: and('no-exit-check'), about: 'What 2.6.23 did before df912ea4ae72; a failed execve() throws away a table that was never pinned.' },
    { id: 'alloc-writable', kind: 'near-miss', title: 'Pin a new page without making it read-only', hunks: and('alloc-writable'), about: 'A pinned page cannot be written anyway; but Xen pins no page that can.' },
    { id: 'no-kmap-flush', kind: 'near-miss', title: 'Add a high page with its kmaps', hunks: and('no-kmap-flush'), about: 'Nobody uses those mappings any more; but they are writable and still there.' },
    { id: 'pgd-first', kind: 'alternative', title: 'Visit the page directory first', hunks: and('pgd-first'), about: 'The order of 2.6.27, put back in 2.6.28: whatever waits for the last page, as the flush does, comes too early.' },
    { id: 'dynamic-pmds', kind: 'alternative', title: 'Treat middle tables like pte pages', hunks: [...and('pmd-pin'), 'xen-pte-lock/pmd-unpin'], about: 'The state of 2.6.25 between 1c70e9bd8326 and a684d69d15a8, when middle tables had begun to come and go: what the walk has never pinned is unpinned.' },
    { id: 'pmd-pin-only', kind: 'near-miss', title: 'Pin middle tables that join, unpin none', hunks: and('pmd-pin'), about: 'Half of the way back, and good for the first munmap(), whose middle table the walk had not pinned; the next one meets the pin.' },
    { id: 'sync-lock', kind: 'alternative', title: 'Sync vmalloc() under the lock of each address space', hunks: and('sync-lock'), about: '617d34d9e5d8, for the same race one level up; on bare hardware it could deadlock with whoever waits for a flush under that lock.' },
    { id: 'sync-lock-irqs-on', kind: 'alternative', title: 'The same, and pgd_lock with interrupts on', hunks: [...and('sync-lock'), 'xen-pte-lock/sync-irqs-on'], about: 'a79e53d85683 of February 2011, and what the kernel has today.' },
  ],
  citations: [
    { source: 'Jeremy Fitzhardinge, 15 Oct 2007', says: 'the patch, eighth of twelve' },
    { source: '74260714c56d (2.6.24)', says: 'merged as it was posted' },
    { source: '67dd5a25f4ef (2.6.23)', says: 'the stop-gap: a threshold of 4096 CPUs for split pte locks with Xen' },
    { source: '91e0c5f3dad4 (2.6.24)', says: 'callbacks at the end of a batch, which the patch needs' },
    { source: '5b727a3b0158 (2.6.25)', says: 'faults that only a stale translation explains are ignored' },
    { source: '9f79991d4186 (2.6.24)', says: 'a switch of page tables that is still queued counts as use' },
    { source: 'df912ea4ae72 (2.6.23)', says: 'no unpin of what was never pinned, on the error path of execve()' },
    { source: '11ad93e59d11, 6a9e91846bf5 (2.6.28)', says: 'a page has a pin of its own only where it has a lock of its own' },
    { source: '1c70e9bd8326 (2.6.25-rc1)', says: 'middle tables come and go, and are pinned and unpinned at that' },
    { source: 'f64337062c09, a684d69d15a8 (2.6.25)', says: 'they are not: one page mapped at 0x40000000 and unmapped again had ended in a BUG, for Xen had no pin to take back' },
    { source: '617d34d9e5d8 (2.6.37)', says: 'the same race one level up: pinning against vmalloc_sync_all(), which now takes the page_table_lock too' },
    { source: 'Xen 89acd8b4d602 and 3bbed81e30, 20 and 22 September 2010', says: 'an update that meets a type in flux is tried again; taken back, because that can last and because the pin can lose as well' },
    { source: 'e2426cf85f8d (2.6.27)', says: 'upper tables that do not count as pinned are written by plain stores' },
    { source: 'Andrea Arcangeli, 15 February 2011; a79e53d85683', says: 'waiting for page_table_lock with interrupts off can deadlock with a flush; pgd_lock needs no interrupts off' },
    { source: '817a824b75b1 (2.6.34)', says: 'high pte pages are given up on Xen, because they cannot be protected so' },
  ],
  notModelled: [
    'high pte pages in the race: a visitor maps one before it takes the lock, which the patch does not cover',
    'lockdep, which takes all pte locks for one (eefb47f6a1e8)',
    'save and restore, which pins and unpins everything (0e91398f2a5d)',
    'an interrupt between two batches; they are made with interrupts off',
  ],
};
