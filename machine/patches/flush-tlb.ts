import type { Patch } from './types';

// Thread 002: Ingo Molnar, 18 November 2004.

export const flushTlb: Patch = {
  id: 'flush-tlb',
  thread: '002',
  title: 'A TLB flush is not preempted between its two instructions',
  author: 'Ingo Molnar',
  mail: { subject: '[patch, 2.6.10-rc2] fix __flush_tlb*() preemption bug on CONFIG_PREEMPT' },
  date: '2004-11-18',
  against: '2.6.10-rc2',
  quote: 'A kernel thread on borrowed page tables, preempted between the two instructions of a flush, puts an outdated cr3 back; the scheduler never notices, because it compares mms and never looks at the register.',
  story: [
    'On i386 a TLB flush is a pair of instructions: read cr3, write the same value back. A kernel thread has no address space of its own; it borrows the one of whichever task ran before it, and when it is switched in again it may borrow another. If it loses the CPU between the two instructions, the value in its register grows old. Back on the CPU, it installs page tables that are not those it has borrowed by then.',
    'The thread itself does not care, since the kernel half of every address space is the same. But the scheduler decides by comparing pointers whether cr3 must be loaded. If the next user task is the owner of the newly borrowed address space, it finds "the same mm", loads nothing, and lets that task run on somebody else\'s page tables.',
    'The patch takes preemption away around the pair, on i386 and on x86-64, in the plain flush and in the one that also drops global entries. A comment says why flush_tlb_mm() needs nothing of the kind between its test and its flush.',
    'It was never merged: the flush in 2.6.10 and for years after is the bare pair, and only the real-time tree carried the guard. The same bug was found again on a uniprocessor in 2016 and fixed the same way, and it came back once more in 2018.',
  ],
  hunks: [
    { id: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Preemption is off from before cr3 is read until after it is written.' },
    { id: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', does: 'The same around the sequence that turns CR4.PGE off and on again.' },
    { id: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', does: 'The same pair on x86-64.' },
    { id: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', does: 'The same sequence on x86-64.' },
    { id: 'flush-tlb/guard-after-read', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Only the writing of cr3 is guarded; the value was read before.' },
    { id: 'flush-tlb/guard-read-only', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Only the reading of cr3 is guarded.' },
    { id: 'flush-tlb/irqs-off-late', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Interrupts go off after cr3 was read.' },
    { id: 'flush-tlb/irqs-off', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Interrupts are off around the pair.' },
    { id: 'flush-tlb/active-mm', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'The value comes from current->active_mm instead of from the register.' },
    { id: 'flush-tlb/reload-after-lazy', file: 'include/asm-i386/mmu_context.h', where: 'switch_mm()', does: 'cr3 is loaded also when the mm is the one that a lazy task had borrowed.' },
  ],
  whole: ['flush-tlb/i386', 'flush-tlb/i386-global', 'flush-tlb/x86-64', 'flush-tlb/x86-64-global'],
  variants: [
    { id: 'guard-after-read', kind: 'near-miss', title: 'preempt_disable() between the two instructions', hunks: ['flush-tlb/guard-after-read'], about: 'The dangerous instruction is guarded, and the stale value is already in the register.' },
    { id: 'guard-read-only', kind: 'near-miss', title: 'preempt_disable() around the read alone', hunks: ['flush-tlb/guard-read-only'], about: 'The value is fresh when preemption comes back on, and old when it is used.' },
    { id: 'irqs-off-late', kind: 'near-miss', title: 'Interrupts off after the read', hunks: ['flush-tlb/irqs-off-late'], about: 'Closes every window but the one that matters.' },
    { id: 'active-mm', kind: 'near-miss', title: 'cr3 = current->active_mm->pgd', hunks: ['flush-tlb/active-mm'], about: 'Asks the software instead of the register; it is still two steps.' },
    { id: 'reload-after-lazy', kind: 'near-miss', title: 'switch_mm() always reloads after a lazy task', hunks: ['flush-tlb/reload-after-lazy'], about: 'Protects the user tasks, and leaves the lazy task on page tables that may be freed.' },
    { id: 'irqs-off', kind: 'alternative', title: 'Interrupts off around the pair', hunks: ['flush-tlb/irqs-off'], about: 'What the flush of CR4.PGE does since May 2008 (b1979a5fda78).' },
  ],
  citations: [
    { source: 'Ingo Molnar, 18 Nov 2004', says: 'the patch, against 2.6.10-rc2' },
    { source: '2.6.10, 2.6.12-rc1, 2.6.24, 2.6.32', says: 'the flush is the bare pair: the patch was not merged' },
    { source: '5cf0791da5c1 (Aug 2016)', says: 'the same bug found again on a uniprocessor, in the exit of a task, and the same guard put in' },
    { source: 'decab0888e6e (Dec 2017), f77084d96355 (Oct 2018)', says: 'the guard removed, the bug back under DEBUG_PAGEALLOC, and the callers guarded instead' },
  ],
  notModelled: ['priorities and time slices: any runnable task may be picked at each switch', 'softirqs and the big kernel lock', 'the local descriptor table', 'instruction fetch: code runs as if always mapped'],
};
