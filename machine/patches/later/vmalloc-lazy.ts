import type { HunkId, Patch } from '../types';

// Thread 105: Samu Kallio, 2013.

const hunk = (name: string): HunkId => `vmalloc-lazy/${name}`;

export const vmallocLazy: Patch = {
  id: 'vmalloc-lazy',
  thread: '105',
  title: 'A vmalloc fault in lazy MMU mode is repaired at once',
  author: 'Samu Kallio',
  date: '2013-02',
  against: '3.8',
  quote: 'The fault handler sets the missing entry, which is only queued; then it reads the entry back.',
  story: [
    'Memory from vmalloc() is entered in the page tables of init_mm; other address spaces get the entry when they fault. On Xen, an update of a pinned page directory is a hypercall, and in lazy MMU mode hypercalls wait until the mode ends.',
    'The unmap loop is in lazy MMU mode while it counts pages for memory control groups, in per-CPU memory that can come from vmalloc(). If that access faults, the repair waits in the queue. On x86-64 the handler reads the entry back, finds nothing, and calls BUG(); on i386 it returns, and the access faults again and again, until the queue is full and is sent to Xen. Seen on 3.6.10 when a web server exited.',
    'There had been a flush: 8b14cb9953c6 added it in 2007 for i386, and b8bcfe997e46 removed it in 2009, since lazy mode counts as off in interrupts. A page fault is not an interrupt.',
  ],
  hunks: [
    { id: hunk('flush'), file: 'arch/x86/mm/fault.c', where: 'vmalloc_fault()', does: 'Flushes lazy MMU mode after the entry is set.' },
    { id: hunk('flush-first'), file: 'arch/x86/mm/fault.c', where: 'vmalloc_fault()', does: 'Flushes lazy MMU mode before the entry is set.' },
    { id: hunk('leave'), file: 'arch/x86/mm/fault.c', where: 'vmalloc_fault()', does: 'Leaves lazy MMU mode, and does not enter it again.' },
    { id: hunk('around'), file: 'arch/x86/mm/fault.c', where: 'vmalloc_fault()', does: 'Leaves lazy MMU mode before the entry is set, and enters it again afterwards.' },
    { id: hunk('no-comparison'), file: 'arch/x86/mm/fault.c', where: 'vmalloc_fault()', does: 'Returns without reading the entry back.' },
  ],
  whole: [hunk('flush')],
  variants: [
    { id: 'around', kind: 'alternative', title: 'Out of lazy mode while the entry is set', hunks: [hunk('around')], about: 'The entry goes to Xen at once.' },
    { id: 'flush-first', kind: 'near-miss', title: 'Flush before the entry is set', hunks: [hunk('flush-first')], about: 'The queue is empty at that moment, but the mode is still on.' },
    { id: 'leave', kind: 'near-miss', title: 'Leave lazy mode and stay out', hunks: [hunk('leave')], about: 'The fault is repaired; the interrupted loop then leaves a mode that it is not in.' },
    { id: 'no-comparison', kind: 'alternative', title: 'Do not read the entry back, and retry the access', hunks: [hunk('no-comparison')], about: 'What i386 does: there is no BUG, and the fault comes back until the queue is full, 32 times.' },
  ],
  citations: [
    { source: '1160c2779b82 (3.9)', says: 'the fix, with a paravirt operation of its own for the flush, so that bare metal pays nothing' },
    { source: '8b14cb9953c6 (2.6.23-rc4)', says: 'the flush of 2007, on i386' },
    { source: 'arch/x86/xen/multicalls.c (3.8.13)', says: 'MC_ARGS is the size of 32 updates, and the buffer is never filled to the last byte: 31 fit, and the next one flushes them' },
    { source: 'b8bcfe997e46 (2.6.31-rc1)', says: 'removes the explicit flushes' },
  ],
  notModelled: ['memory control groups: the unmap loop reads one word of vmalloc memory', 'the user half of page directories on x86-64 Xen, which is a second page'],
};
