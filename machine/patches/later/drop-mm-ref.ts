import type { HunkId, Patch } from '../types';

// Thread 107: Kevin Tian, May 2011.

const hunk = (name: string): HunkId => `drop-mm-ref/${name}`;

export const dropMmRef: Patch = {
  id: 'drop-mm-ref',
  thread: '107',
  title: 'drop_other_mm_ref() makes a CPU leave an address space only if that CPU is lazy when the call arrives',
  author: 'Kevin Tian',
  date: '2011-05-12',
  against: '2.6.39',
  quote: 'A CPU may change its state after it was checked and before it answers the call, so the answering CPU must check the state again.',
  story: [
    'When the last thread of a program exits on Xen, every CPU that still borrows its page tables is asked to load others, because Xen does not unpin a page directory that is loaded. A CPU that is asked calls leave_mm(), which is meant for lazy CPUs and ends in BUG() on any other.',
    'A kernel thread that calls execve() stops being lazy in two stores: the state becomes TLBSTATE_OK, then active_mm becomes the new address space. In exec_mmap() interrupts are on. A call that arrives between the two finds the dying address space active and the CPU not lazy.',
    'The patch also checks the state, and leaves the rest to the comparison with xen_current_cr3 that follows. It says that the crash became frequent with 831d52bc1539 (2.6.38), which moved the change of the mask to the end of switch_mm().',
  ],
  hunks: [
    { id: hunk('lazy-only'), file: 'arch/x86/xen/mmu.c', where: 'drop_other_mm_ref()', does: 'leave_mm() is called only on a CPU that is lazy.' },
    { id: hunk('mask-only'), file: 'arch/x86/xen/mmu.c', where: 'drop_other_mm_ref()', does: 'leave_mm() is called only on a CPU that is still in the mask of the address space.' },
    { id: hunk('ask-active'), file: 'arch/x86/xen/mmu.c', where: 'xen_drop_mm_ref()', does: 'Only CPUs whose active_mm is the dying address space are asked.' },
    { id: hunk('irqs-off'), file: 'fs/exec.c', where: 'exec_mmap()', does: 'Interrupts are off while the address space changes.' },
  ],
  whole: [hunk('lazy-only')],
  variants: [
    { id: 'irqs-off', kind: 'alternative', title: 'Disable interrupts around the change, in exec_mmap()', hunks: [hunk('irqs-off')], about: 'What all architectures have done since 5.10 (d53c3dfb23c4), for another reason.' },
    { id: 'mask-only', kind: 'near-miss', title: 'Test the bit in the mask instead of the state', hunks: [hunk('mask-only')], about: 'Since 2.6.38 the bit is cleared last.' },
    { id: 'ask-active', kind: 'near-miss', title: 'Ask only CPUs whose active_mm is the dying address space', hunks: [hunk('ask-active')], about: 'active_mm changes before CR3 does, so a CPU may still have the dying tables loaded.' },
  ],
  citations: [
    { source: '7899891c7d16 (3.0 cycle)', says: 'the fix, and the explanation' },
    { source: '831d52bc1539 (2.6.38)', says: 'clears the bit of the previous address space at the end of switch_mm()' },
    { source: '9f79991d4186 (2.6.27)', says: 'why CPUs are found by xen_current_cr3 too' },
    { source: 'd53c3dfb23c4 (5.10)', says: 'interrupts are off around activate_mm() in exec_mmap()' },
  ],
  notModelled: ['use_mm(), which has the same window'],
};
