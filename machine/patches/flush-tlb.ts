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
  quote: 'A kernel thread on borrowed page tables that is preempted between the two instructions of a flush writes back an outdated cr3. The scheduler never notices, because it compares mms and never looks at the register.',
  story: [
    'On i386 a TLB flush is a pair of instructions: read cr3, and write the same value back. A kernel thread has no address space of its own. It borrows that of the task that ran before it, and may borrow a different one each time it is switched in. If it is preempted between the two instructions, the value in its register may be out of date when it continues, and it loads page tables that it no longer borrows.',
    'The thread itself is not affected, since the kernel half of every address space is the same. But the scheduler decides by comparing mm pointers whether to load cr3. If the next user task owns the address space that the thread has borrowed last, the scheduler sees the same mm, does not load cr3, and lets that task run on another task\'s page tables.',
    'The patch disables preemption around the pair, on i386 and x86-64, both in the plain flush and in the one that also drops global entries. A comment says why flush_tlb_mm() needs no guard between its test and its flush.',
    'It was never merged. In 2.6.10, and for years afterwards, the flush had no guard; only the real-time tree carried it. The same bug was found again on a uniprocessor in 2016 and fixed in the same way, and it came back once more in 2018.',
  ],
  hunks: [
    { id: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Disables preemption before cr3 is read and enables it after cr3 is written.' },
    { id: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', does: 'The same around the sequence that clears and sets CR4.PGE.' },
    { id: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', does: 'The same pair on x86-64.' },
    { id: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', does: 'The same sequence on x86-64.' },
    { id: 'flush-tlb/guard-after-read', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Guards only the write of cr3; the value was read before.' },
    { id: 'flush-tlb/guard-read-only', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Guards only the read of cr3.' },
    { id: 'flush-tlb/irqs-off-late', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Disables interrupts after cr3 is read.' },
    { id: 'flush-tlb/irqs-off', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Disables interrupts around the pair.' },
    { id: 'flush-tlb/active-mm', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Takes the value from current->active_mm instead of the register.' },
    { id: 'flush-tlb/no-resched', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', does: 'Enables preemption by preempt_enable_no_resched().' },
    { id: 'flush-tlb/pge-stays', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', does: 'Reloads cr3 and leaves CR4.PGE set.' },
    { id: 'flush-tlb/reload-after-lazy', file: 'include/asm-i386/mmu_context.h', where: 'switch_mm()', does: 'Loads cr3 even if the mm is the one that a lazy task had borrowed.' },
  ],
  whole: ['flush-tlb/i386', 'flush-tlb/i386-global', 'flush-tlb/x86-64', 'flush-tlb/x86-64-global'],
  variants: [
    { id: 'guard-after-read', kind: 'near-miss', title: 'preempt_disable() between the two instructions', hunks: ['flush-tlb/guard-after-read'], about: 'The dangerous instruction is guarded, but the stale value is already in the register.' },
    { id: 'guard-read-only', kind: 'near-miss', title: 'preempt_disable() around the read alone', hunks: ['flush-tlb/guard-read-only'], about: 'The value is right when preemption is enabled again, but may be out of date when it is used.' },
    { id: 'irqs-off-late', kind: 'near-miss', title: 'Interrupts off after the read', hunks: ['flush-tlb/irqs-off-late'], about: 'Closes every window but the one that matters.' },
    { id: 'active-mm', kind: 'near-miss', title: 'cr3 = current->active_mm->pgd', hunks: ['flush-tlb/active-mm'], about: 'Uses a variable instead of the register, but reading and writing are still two steps.' },
    { id: 'no-resched', kind: 'near-miss', title: 'preempt_enable_no_resched() after the flush', hunks: ['flush-tlb/i386', 'flush-tlb/i386-global', 'flush-tlb/x86-64', 'flush-tlb/x86-64-global', 'flush-tlb/no-resched'], about: 'Saves a test, and cr3 is right; but a task that the timer has told to give way during the flush goes on until the next interrupt.' },
    { id: 'pge-stays', kind: 'near-miss', title: 'The global flush leaves CR4.PGE alone', hunks: ['flush-tlb/i386', 'flush-tlb/i386-global', 'flush-tlb/x86-64', 'flush-tlb/x86-64-global', 'flush-tlb/pge-stays'], about: 'A task that is preempted halfway can no longer leave a CPU without global pages; but loading cr3 keeps global translations.' },
    { id: 'reload-after-lazy', kind: 'near-miss', title: 'switch_mm() always reloads after a lazy task', hunks: ['flush-tlb/reload-after-lazy'], about: 'Protects the user tasks, but leaves the lazy task on page tables that may be freed.' },
    { id: 'irqs-off', kind: 'alternative', title: 'Interrupts off around the pair', hunks: ['flush-tlb/irqs-off'], about: 'The flush by CR4.PGE has done this since May 2008 (b1979a5fda78).' },
  ],
  citations: [
    { source: 'Ingo Molnar, 18 Nov 2004', says: 'the patch, against 2.6.10-rc2' },
    { source: '2.6.10, 2.6.12-rc1, 2.6.24, 2.6.32', says: 'the flush has no guard: the patch was not merged' },
    { source: '5cf0791da5c1 (Aug 2016)', says: 'the same bug is found on a uniprocessor, in the exit of a task, and the same guard is added' },
    { source: 'decab0888e6e (Dec 2017), f77084d96355 (Oct 2018)', says: 'the guard is removed, the bug comes back with DEBUG_PAGEALLOC, and the callers are guarded instead' },
  ],
  notModelled: ['priorities and time slices: any runnable task may be picked at each switch', 'softirqs and the big kernel lock', 'the local descriptor table', 'instruction fetch: code runs as if always mapped'],
};
