import type { Claim } from '../types';

// What thread 002 says, statement by statement.

export const claims002: readonly Claim[] = [
  { id: '002.1', says: 'If a lazy-TLB task loses the CPU halfway through a flush, it may afterwards load a cr3 other than that of its active_mm.' },
  { id: '002.2', says: 'Putting an outdated cr3 back does the lazy-TLB task itself no harm.', hypothesis: 'the address space whose page directory it puts back still exists' },
  { id: '002.3', says: 'The next task, if its mm is the one that the lazy task has borrowed since, runs on the wrong page tables: the scheduler compares mms and never looks at cr3.' },
  { id: '002.4', says: 'The symptom is an endless page fault at the next user access.', hypothesis: 'the wrong page tables do not map the address; where they do, the access silently reaches the other task\'s page' },
  { id: '002.5', says: 'The window is exactly one instruction boundary wide.' },
  { id: '002.6', says: 'Each of the named conditions is needed; drop any one, and the failure cannot be reached.' },
  { id: '002.7', says: 'preempt_disable() around the pair cures __flush_tlb().' },
  { id: '002.8', says: '__flush_tlb_global() has the same race as __flush_tlb().' },
  { id: '002.9', says: 'x86-64 has the same bug and the same cure.', hypothesis: 'a task switch loads cr3, which x86-64 does from 2.6.11 on; before, a uniprocessor never changes it' },
  { id: '002.10', says: 'flush_tlb_mm() may be preempted between its test and its flush without harm.' },
  { id: '002.11', says: 'Preemptible callers exist: ioremap() from driver initialisation, and copy_mm().', hypothesis: 'the kernel is for one CPU, the caller has no mm of its own, and it is not under the big kernel lock while that is a spinlock' },
  { id: '002.12', says: 'The vanilla kernel needs a very unlikely scenario; PREEMPT_RT makes it easy.' },
  { id: '002.13', says: 'Callers that cannot be preempted anyway, the scheduler for one, could use a form that has no guard.' },
  { id: '002.14', says: 'Other architectures are most likely safe.', wouldDecide: 'models of their flushes: only where a flush reads a per-mm register and writes it back, preemptibly, does the pattern exist; IA-64 had a relative of it (cfbb1426bd76)' },
];
