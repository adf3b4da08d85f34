import type { HunkId, Patch } from '../types';

// Thread 114: Kevin Brodsky, November 2025.

const hunk = (name: string): HunkId => `lazy-mmu-nesting/${name}`;

const count = hunk('count');
const flush = hunk('flush');
const byCount = hunk('by-count');
const tolerate = hunk('tolerate');

export const lazyMmuNesting: Patch = {
  id: 'lazy-mmu-nesting',
  thread: '114',
  title: 'Lazy MMU mode may be enabled inside lazy MMU mode',
  author: 'Kevin Brodsky, Juergen Gross',
  mail: { subject: 'Nesting support for lazy MMU mode', messageId: '20251124132228.622678-1-kevin.brodsky@arm.com' },
  date: '2025-11-24',
  against: '6.18',
  quote: 'The end of a section makes its updates take effect, but must not end the section around it.',
  story: [
    'Loops that change many page-table entries run in lazy MMU mode, so that a hypervisor gets the updates in one batch. Such a loop may call debugging code (KASAN, DEBUG_PAGEALLOC) that changes kernel entries in a loop of the same kind. On Xen, entering the mode a second time is a BUG; elsewhere the inner loop ends the mode of the outer one.',
    'The series counts in the task how often the mode was enabled. Only the first section enters it and only the last leaves it; the end of an inner section flushes, since its caller may rely on what was updated. A section can also be paused.',
    'A task switch leaves the mode for the task that is switched out, and enters it again when that task comes back. Since 2009 a flag of the task recorded this; with the last part of the series (291b3abed657) its count does.',
    'The count goes up before the mode is entered, and the task can be preempted in between: it comes back in the mode, and then enters it, which is a BUG again. Juergen Gross reported it in May 2026 and made Xen tolerate it.',
  ],
  hunks: [
    { id: count, file: 'include/linux/pgtable.h', where: 'lazy_mmu_mode_enable(), lazy_mmu_mode_disable(), lazy_mmu_mode_pause(), lazy_mmu_mode_resume()', does: 'Counts in the task how often the mode is enabled and paused; enters with the first and leaves with the last.' },
    { id: flush, file: 'include/linux/pgtable.h', where: 'lazy_mmu_mode_disable()', does: 'Flushes at the end of an inner section.' },
    { id: byCount, file: 'arch/x86/xen/enlighten_pv.c', where: 'xen_end_context_switch()', does: 'Enters the mode again if the task\'s count, instead of a flag, says that it is enabled.' },
    { id: tolerate, file: 'arch/x86/xen/mmu_pv.c', where: 'xen_enter_lazy_mmu(), xen_leave_lazy_mmu()', does: 'Allows the mode to be entered or left twice.' },
    { id: hunk('unguarded'), file: 'arch/x86/xen/mmu_pv.c', where: 'xen_enter_lazy_mmu()', does: 'Tests the mode and enters it with preemption enabled.' },
    { id: hunk('per-cpu'), file: 'include/linux/pgtable.h', where: 'lazy_mmu_mode_enable(), lazy_mmu_mode_disable()', does: 'Counts for each CPU instead of each task.' },
    { id: hunk('forget'), file: 'arch/x86/xen/enlighten_pv.c', where: 'xen_end_context_switch()', does: 'Does not enter the mode again for a task that comes back.' },
  ],
  whole: [count, flush, byCount, tolerate],
  variants: [
    { id: 'series', kind: 'take', title: 'The series of November 2025', hunks: [count, flush, byCount], about: 'With 291b3abed657, before the fix of May 2026.' },
    { id: 'flag', kind: 'alternative', title: 'Count, and keep the flag for the switch', hunks: [count, flush], about: 'What Kevin Brodsky proposed instead of the fix: without 291b3abed657, preemption does not matter.' },
    { id: 'tolerate', kind: 'alternative', title: 'An inner section that ends the outer one', hunks: [tolerate], about: 'What arm64 does (1ef3095b1405). It is correct, but what follows the inner section is no longer batched.' },
    { id: 'unguarded', kind: 'near-miss', title: 'Tolerate the mode, with preemption enabled', hunks: [count, flush, byCount, tolerate, hunk('unguarded')], about: 'The same window, between the test and the entry.' },
    { id: 'no-flush', kind: 'near-miss', title: 'Count without a flush', hunks: [count, byCount, tolerate], about: 'The caller of an inner section relies on updates that are queued until the outer one ends.' },
    { id: 'per-cpu', kind: 'near-miss', title: 'Count for each CPU', hunks: [count, flush, hunk('per-cpu')], about: 'The mode belongs to the CPU; but a task that is preempted takes its sections with it.' },
    { id: 'forget', kind: 'near-miss', title: 'Do not enter the mode again after a switch', hunks: [count, flush, byCount, hunk('forget')], about: 'Immediate updates are always correct; but the end of the section finds no mode to leave.' },
  ],
  citations: [
    { source: 'Kevin Brodsky, versions 3 to 5, October and November 2025', says: 'the series' },
    { source: 'Juergen Gross, May 2026', says: 'xen_enter_lazy_mmu() is called twice, since the generic layer does not disable preemption between the count and the mode; xen_enter_lazy_mmu() and xen_leave_lazy_mmu() must tolerate it' },
    { source: '49147beb0ccb, c36549ff8d84', says: 'an attempt on Xen that returned the previous mode, and its revert' },
    { source: '1ef3095b1405', says: 'arm64 tolerates nesting' },
    { source: '224101ed69d3 (2.6.31-rc1)', says: 'the task switch reads the flag of the next task' },
  ],
  notModelled: ['other architectures', 'more than one CPU'],
};
