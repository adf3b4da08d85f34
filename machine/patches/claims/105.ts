import type { Claim } from '../types';

// Thread 105: what the fix says, and what the commit said that made it necessary.

export const claims105: readonly Claim[] = [
  { id: '105.1', says: 'set_pgd() can be deferred while lazy MMU mode is on.' },
  { id: '105.2', says: 'The unmap loop runs in lazy MMU mode and touches vmalloc memory, through the statistics of memory control groups.' },
  { id: '105.3', says: 'In lazy MMU mode a vmalloc fault is repaired too late: on x86-64 the handler does not find the entry that it has just set, and calls BUG().', hypothesis: 'the page directory in use is pinned' },
  { id: '105.4', says: 'A task that exits can hit the bug.', hypothesis: 'the task was switched out while it exits, and has run on a borrowed page directory since then' },
  { id: '105.5', says: 'With a flush right after set_pgd(), the vmalloc fault is repaired in time.' },
  { id: '105.6', says: 'Bare metal needs no flush, and pays nothing for it.' },
  { id: '105.7', says: 'Nothing that interrupts a task inherits its lazy mode, so explicit flushes can go (b8bcfe997e46).' },
  { id: '105.8', says: 'On i386, whose handler does not read the entry back, the access faults forever.' },
];
