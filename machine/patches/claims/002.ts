import type { Claim } from '../types';

// What thread 002 says, statement by statement.

export const claims002: readonly Claim[] = [
  { id: '002.1', says: 'If a lazy-TLB task is preempted halfway through a flush, it may afterwards load a cr3 that is not that of its active_mm.' },
  { id: '002.2', says: 'Writing back an outdated cr3 does not harm the lazy-TLB task itself.', hypothesis: 'the address space whose page directory it reloads still exists' },
  { id: '002.3', says: 'If the lazy task has since borrowed the mm of the next task, that task runs on the wrong page tables: the scheduler compares mms and never looks at cr3.' },
  { id: '002.4', says: 'The symptom is an endless page fault at the next user access.', hypothesis: 'the wrong page tables do not map the address; if they do, the access silently reaches the other task\'s page' },
  { id: '002.5', says: 'The window is exactly one instruction boundary wide.' },
  { id: '002.6', says: 'Each condition that the mail names is needed: without any one of them, the failure cannot be reached.' },
  { id: '002.7', says: 'preempt_disable() around the pair of instructions fixes __flush_tlb().' },
  { id: '002.8', says: '__flush_tlb_global() has the same race as __flush_tlb().' },
  { id: '002.9', says: 'x86-64 has the same bug, and the same fix works there.', hypothesis: 'a task switch loads cr3, as it does on x86-64 from 2.6.11 on; before that, a uniprocessor never changes cr3' },
  { id: '002.10', says: 'flush_tlb_mm() can be preempted between its test and its flush without harm.' },
  { id: '002.11', says: 'Preemptible callers exist: ioremap() from driver initialisation, and copy_mm().', hypothesis: 'the kernel is built for one CPU, the caller has no mm of its own, and it does not hold the big kernel lock while that is a spinlock' },
  { id: '002.12', says: 'In the vanilla kernel the race needs a very unlikely scenario; under PREEMPT_RT it is easy to hit.' },
  { id: '002.13', says: 'Callers that cannot be preempted anyway, such as the scheduler, could use a version without the guard.' },
  { id: '002.14', says: 'Other architectures are most likely safe.', wouldDecide: 'models of their flushes: the pattern exists only if a flush reads a per-mm register and writes it back while it is preemptible; IA-64 had a similar bug (cfbb1426bd76)' },
];
