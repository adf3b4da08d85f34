import type { Claim } from '../types';

// What thread 001 says, statement by statement.

export const claims001: readonly Claim[] = [
  { id: '001.1', says: 'The patch changes nothing: with and without it the same outcomes can be reached, on every path that flushes lazy mode.', hypothesis: 'no caller of the flush is preemptible, which holds until 2.6.29' },
  { id: '001.2', says: 'Were preemption possible there, a guard of the flush would come too late: the task could have moved as soon as set_pte() was done.' },
  { id: '001.3', says: 'vmalloc faults are repaired before the fault handler turns interrupts on.' },
  { id: '001.4', says: 'Lazy mode cannot be entered unless preemption is off.', hypothesis: 'the kernel is older than 2.6.29, whose apply_to_pte_range() enters it for init_mm without any lock' },
  { id: '001.5', says: 'Two places need a flush and no others do: kmap_atomic() and the vmalloc sync.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, and kunmap_atomic() counts as part of kmap_atomic()' },
  { id: '001.6', says: 'kmap_atomic() is only used with preemption off.' },
  { id: '001.7', says: 'The vmalloc sync happens with interrupts off.' },
  { id: '001.8', says: 'Lazy mode is used for user page tables, under spinlocks, never preempted, and nothing there needs an immediate effect.', hypothesis: 'nobody else walks the tables meanwhile: no other CPU runs the address space, or the hypervisor keeps no shadow' },
  { id: '001.9', says: 'Only changes of kernel mappings need explicit flushes.', hypothesis: 'nobody else walks the tables meanwhile: no other CPU runs the address space, or the hypervisor keeps no shadow' },
  { id: '001.10', says: 'An interrupt or fault in lazy mode can only use kmap_atomic(), or set_pmd() for the vmalloc sync.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC' },
  { id: '001.11', says: 'The other changes of kernel mappings cannot come from interrupt or fault handlers.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, which changes page attributes wherever memory is allocated' },
  { id: '001.12', says: 'Of the lazy regions, zeromap, unmap and remap are trivial and never remap anything of the kernel.', hypothesis: 'unmap meets no swap entry: its count is in memory from vmalloc(), and from 2.6.33 on perhaps behind kmap_atomic()' },
  { id: '001.13', says: 'The path that copies page-table entries might remap kernel memory in its lazy region, and has to be kept in mind.' },
  { id: '001.14', says: 'VMI and Xen keep lazy state in per-CPU variables, so that a preempted flush could touch the state of the wrong CPU.' },
];
