import type { Hunk, HunkId, Patch } from './types';

// Thread 004: Jeremy Fitzhardinge, 15 October 2007.

const MMU = 'arch/x86/xen/mmu.c';
const ENLIGHTEN = 'arch/x86/xen/enlighten.c';

const whole: readonly Hunk[] = [
  { id: 'xen-pte-lock/pin-lock', file: MMU, where: 'pin_page()', does: 'Locks a pte page before it is made read-only, and unlocks it by a callback when the batch has been issued.' },
  { id: 'xen-pte-lock/pin-l1', file: MMU, where: 'pin_page()', does: 'Pins each pte page on its own, right after it is made read-only.' },
  { id: 'xen-pte-lock/unpin-lock', file: MMU, where: 'unpin_page()', does: 'Locks a pte page while it is turned back into ordinary memory.' },
  { id: 'xen-pte-lock/unpin-l1', file: MMU, where: 'unpin_page()', does: 'Unpins each pte page on its own, right before it is made writable.' },
  { id: 'xen-pte-lock/alloc-pt', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'Pins a pte page that joins a pinned page table.' },
  { id: 'xen-pte-lock/release-pt', file: ENLIGHTEN, where: 'xen_release_pt()', does: 'Unpins a pte page that leaves a pinned page table, before it is made writable.' },
  { id: 'xen-pte-lock/boot-level', file: ENLIGHTEN, where: 'xen_pagetable_setup_done()', does: 'Pins the boot page table at the right level without PAE.' },
  { id: 'xen-pte-lock/kconfig', file: 'mm/Kconfig', where: 'SPLIT_PTLOCK_CPUS', does: 'No longer disables split pte locks in kernels with Xen support.' },
];

const wrong: readonly Hunk[] = [
  { id: 'xen-pte-lock/unlock-at-once', file: MMU, where: 'pin_page(), unpin_page()', does: 'Releases the lock as soon as the calls are queued.' },
  { id: 'xen-pte-lock/unlock-before-pin', file: MMU, where: 'pin_page()', does: 'Queues the unlock together with the call that makes the page read-only, before its pin.' },
  { id: 'xen-pte-lock/unlock-before-rw', file: MMU, where: 'unpin_page()', does: 'Queues the unlock with the unpin, before the call that makes the page writable.' },
  { id: 'xen-pte-lock/callback-first', file: 'arch/x86/xen/multicalls.c', where: 'xen_mc_flush()', does: 'Runs the callbacks before the batch is issued.' },
  { id: 'xen-pte-lock/lock-all', file: MMU, where: 'xen_pgd_pin(), xen_pgd_unpin()', does: 'Keeps every pte lock until the whole page table is done.' },
  { id: 'xen-pte-lock/pin-before-ro', file: MMU, where: 'pin_page()', does: 'Pins a pte page before it is made read-only.' },
  { id: 'xen-pte-lock/rw-before-unpin', file: MMU, where: 'unpin_page()', does: 'Makes a pte page writable before it is unpinned.' },
  { id: 'xen-pte-lock/unpin-pgd-last', file: MMU, where: 'xen_pgd_unpin()', does: 'Unpins the page directory after its pages, in the reverse order of pinning.' },
  { id: 'xen-pte-lock/pgd-first', file: MMU, where: 'pgd_walk()', does: 'Visits the page directory first, as 2.6.27 did.' },
  { id: 'xen-pte-lock/walk-everything', file: MMU, where: 'xen_mark_init_mm_pinned()', does: 'Walks to the end of the address space.' },
  { id: 'xen-pte-lock/no-exit-check', file: MMU, where: 'xen_exit_mmap()', does: 'Unpins every page table at exit, even if it was never pinned.' },
  { id: 'xen-pte-lock/alloc-writable', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'Pins a new pte page without making it read-only.' },
  { id: 'xen-pte-lock/no-kmap-flush', file: ENLIGHTEN, where: 'xen_alloc_pt()', does: 'Adds a high pte page without kmap_flush_unused().' },
];

const later: readonly Hunk[] = [
  { id: 'xen-pte-lock/pmd-pin', file: ENLIGHTEN, where: 'xen_alloc_pd()', does: 'With PAE, pins on its own a middle table that joins a pinned page table.' },
  { id: 'xen-pte-lock/pmd-unpin', file: ENLIGHTEN, where: 'xen_pagetable_setup_done()', does: 'With PAE, unpins a middle table that leaves a pinned page table, as if it were a pte page.' },
  { id: 'xen-pte-lock/sync-lock', file: 'arch/x86/mm/fault.c', where: 'vmalloc_sync_all()', does: 'Holds the lock of each address space while its page table gets a new kernel entry.' },
  { id: 'xen-pte-lock/sync-irqs-on', file: 'arch/x86/mm/fault.c', where: 'vmalloc_sync_all()', does: 'Takes pgd_lock with interrupts on.' },
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
  quote: 'A page table can be found through the reverse mapping before it is pinned and while it is being unpinned. While a page is read-only but not yet a page table to Xen, a write to its entries faults and Xen does not carry it out.',
  story: [
    'A Xen guest builds a page table in ordinary memory and then hands it to the hypervisor: it maps each page read-only and finally pins them all, which makes Xen check and accept them. Before this, a write to an entry is a plain store. Afterwards, the write faults and Xen carries it out. In between, when the page is read-only but not yet a page table to Xen, a write faults and Xen does not carry it out.',
    'Fork and exec let the reverse mapping find a new address space before they pin it, and exit unpins it while it can still be found. Reclaim, writeback and truncation use the reverse mapping. They hold only the lock of the one pte page that they change, while pinning held only the lock of the address space. With split pte locks these are different locks, so there is a race.',
    'The patch locks each pte page before making it read-only, pins it on its own right after that, and releases the lock once the batch of hypercalls has really been issued. So only a few locks are held at a time, however large the address space is. Pages that join or leave a pinned page table are pinned and unpinned in the same way. The patch also corrects a copied line in the boot code, which pinned a two-level table at the third level.',
    'It was merged unchanged for 2.6.24. Ten days earlier, a stop-gap in 2.6.23 had disabled split pte locks in every kernel with Xen support; the patch removes it.',
  ],
  hunks: [...whole, ...wrong, ...later],
  whole: all,
  variants: [
    { id: 'stop-gap', kind: 'alternative', title: 'No split pte locks on Xen', hunks: [], about: 'As released in 2.6.23: there is no race, because pinning and all other users take the same lock.' },
    { id: 'kconfig-alone', kind: 'near-miss', title: 'Remove the stop-gap, change no code', hunks: ['xen-pte-lock/kconfig'], about: 'Looks like the clean-up of an unnecessary default.' },
    { id: 'unlock-at-once', kind: 'near-miss', title: 'Unlock once the calls are queued', hunks: and('unlock-at-once'), about: 'Lock and unlock are close together, as they should be; but a queued call has not been carried out yet.' },
    { id: 'unlock-before-pin', kind: 'near-miss', title: 'Queue the unlock before the pin', hunks: and('unlock-before-pin'), about: 'Callbacks run when their batch has been issued, wherever in it they were queued; but the pin may be the first call of the next batch.' },
    { id: 'unlock-before-rw', kind: 'near-miss', title: 'Queue the unlock before the page is writable', hunks: and('unlock-before-rw'), about: 'The same for unpinning: with PAE, the two calls of a page fall into different batches only if a second middle table has shifted them.' },
    { id: 'callback-first', kind: 'near-miss', title: 'Run the callbacks before the batch', hunks: and('callback-first'), about: 'The queue is complete, so its locks seem unnecessary; but it has not been issued yet.' },
    { id: 'lock-all', kind: 'near-miss', title: 'Lock all pte pages until the end', hunks: and('lock-all', but('pin-l1', 'unpin-l1', 'alloc-pt', 'release-pt')), about: 'Fixes the race, and pages need no pins of their own; but each lock adds to the preempt count.' },
    { id: 'pin-before-ro', kind: 'near-miss', title: 'Pin first, then make read-only', hunks: and('pin-before-ro', but('pin-l1')), about: 'Would leave no window; but Xen does not accept a table that is mapped writable.' },
    { id: 'rw-before-unpin', kind: 'near-miss', title: 'Make writable first, then unpin', hunks: and('rw-before-unpin', but('unpin-l1')), about: 'The same the other way round, and refused for the same reason.' },
    { id: 'no-lock', kind: 'near-miss', title: 'Pin each page, take no lock', hunks: but('pin-lock', 'unpin-lock'), about: 'Shrinks the window to one boundary between two calls of a multicall, but another CPU can write there too.' },
    { id: 'no-own-pin', kind: 'near-miss', title: 'Lock each page, pin only the whole', hunks: but('pin-l1', 'unpin-l1', 'alloc-pt', 'release-pt'), about: 'The lock is released with the batch, but the pin of the page directory may be several batches later.' },
    { id: 'release-without-unpin', kind: 'near-miss', title: 'Free a pte page without unpinning it', hunks: but('release-pt'), about: 'The entry above it seems to be the last reference, but the page now has a pin of its own.' },
    { id: 'alloc-without-pin', kind: 'near-miss', title: 'Add a pte page without pinning it', hunks: but('alloc-pt'), about: 'Linking it makes it a page table anyway; but unpinning will expect a pin.' },
    { id: 'walk-without-unpin', kind: 'near-miss', title: 'Pin at allocation, never unpin in the walk', hunks: but('unpin-l1'), about: 'The two halves of a pair are in different functions; 2.6.28 had a similar mistake.' },
    { id: 'pin-only', kind: 'near-miss', title: 'Lock while pinning, not while unpinning', hunks: but('unpin-lock'), about: 'No task runs on an address space that is being torn down; but the reverse mapping still finds it.' },
    { id: 'private-unlocked', kind: 'near-miss', title: 'No lock while no task runs on the address space', hunks: but('pin-lock'), about: 'Before fork returns, no task has the new address space; but tasks are not its only users.' },
    { id: 'unpin-pgd-last', kind: 'near-miss', title: 'Unpin in reverse order', hunks: and('unpin-pgd-last'), about: 'Undoing backwards is good style; but a page stays a table for as long as the directory refers to it.' },
    { id: 'walk-everything', kind: 'near-miss', title: 'Walk to the end of the address space', hunks: and('walk-everything'), about: 'The top slots belong to Xen and have no struct page.' },
    { id: 'no-exit-check', kind: 'near-miss', title: 'Always unpin at exit', hunks: and('no-exit-check'), about: 'As in 2.6.23 before df912ea4ae72; but a failed execve() frees a table that was never pinned.' },
    { id: 'alloc-writable', kind: 'near-miss', title: 'Pin a new page without making it read-only', hunks: and('alloc-writable'), about: 'A pinned page cannot be written anyway; but Xen does not pin a page that is mapped writable.' },
    { id: 'no-kmap-flush', kind: 'near-miss', title: 'Add a high page with its kmaps', hunks: and('no-kmap-flush'), about: 'Those mappings are no longer used; but they are writable and still there.' },
    { id: 'pgd-first', kind: 'alternative', title: 'Visit the page directory first', hunks: and('pgd-first'), about: 'The order of 2.6.27, changed back in 2.6.28: whatever is attached to the last page, such as the flush, comes too early.' },
    { id: 'dynamic-pmds', kind: 'alternative', title: 'Treat middle tables like pte pages', hunks: [...and('pmd-pin'), 'xen-pte-lock/pmd-unpin'], about: 'The state of 2.6.25 between 1c70e9bd8326 and a684d69d15a8, when middle tables began to come and go: tables that the walk never pinned are unpinned.' },
    { id: 'pmd-pin-only', kind: 'near-miss', title: 'Pin middle tables that join, unpin none', hunks: and('pmd-pin'), about: 'Half of a revert. It works for the first munmap(), whose middle table the walk had not pinned, but not for the next one.' },
    { id: 'sync-lock', kind: 'alternative', title: 'Sync vmalloc() under the lock of each address space', hunks: and('sync-lock'), about: '617d34d9e5d8, for the same race one level up; on bare hardware it could deadlock with a CPU that waits for a flush under that lock.' },
    { id: 'sync-lock-irqs-on', kind: 'alternative', title: 'The same, and pgd_lock with interrupts on', hunks: [...and('sync-lock'), 'xen-pte-lock/sync-irqs-on'], about: 'a79e53d85683 of February 2011, as in the kernel today. Neither take keeps pgd_free() from giving back a table while the entry is copied to it.' },
  ],
  citations: [
    { source: 'Jeremy Fitzhardinge, 15 Oct 2007', says: 'the patch, eighth of twelve' },
    { source: '74260714c56d (2.6.24)', says: 'merged as it was posted' },
    { source: '67dd5a25f4ef (2.6.23)', says: 'the stop-gap: a threshold of 4096 CPUs for split pte locks with Xen' },
    { source: '91e0c5f3dad4 (2.6.24)', says: 'callbacks at the end of a batch, which the patch needs' },
    { source: '5b727a3b0158 (2.6.25)', says: 'faults that are due only to a stale translation are ignored' },
    { source: '9f79991d4186 (2.6.24)', says: 'a switch of page tables that is still queued counts as use' },
    { source: 'df912ea4ae72 (2.6.23)', says: 'a table that was never pinned is not unpinned on the error path of execve()' },
    { source: '11ad93e59d11, 6a9e91846bf5 (2.6.28)', says: 'a page has its own pin only if it has its own lock' },
    { source: '1c70e9bd8326 (2.6.25-rc1)', says: 'middle tables come and go, and are pinned and unpinned then' },
    { source: 'f64337062c09, a684d69d15a8 (2.6.25)', says: 'middle tables are no longer pinned or unpinned: mapping one page at 0x40000000 and unmapping it had ended in a BUG, because Xen had no pin to remove' },
    { source: '617d34d9e5d8 (2.6.37)', says: 'the same race one level up: pinning against vmalloc_sync_all(), which now takes the page_table_lock too' },
    { source: 'Xen 89acd8b4d602 and 3bbed81e30, 20 and 22 September 2010', says: 'an update that finds a type in flux is retried; reverted, because the type can stay in flux and because the pin can fail as well' },
    { source: 'e2426cf85f8d (2.6.27)', says: 'upper tables that are not marked as pinned are written by plain stores' },
    { source: 'Andrea Arcangeli, 15 February 2011; a79e53d85683', says: 'waiting for page_table_lock with interrupts off can deadlock with a flush; pgd_lock needs no interrupts off' },
    { source: '817a824b75b1 (2.6.34)', says: 'high pte pages are no longer used on Xen, because they cannot be protected in this way' },
  ],
  notModelled: [
    'high pte pages in the race: another CPU maps one before it takes the lock, which the patch does not cover',
    'lockdep, which treats all pte locks as one (eefb47f6a1e8)',
    'save and restore, which pins and unpins everything (0e91398f2a5d)',
    'an interrupt between two batches; they are issued with interrupts off',
  ],
};
