import type { Claim } from '../types';

// What thread 001 says, statement by statement.

export const claims001: readonly Claim[] = [
  { id: '001.1', says: 'The patch changes nothing: on every path that flushes lazy mode, the same outcomes can be reached with and without it.', hypothesis: 'no caller of the flush is preemptible, which is true until 2.6.29' },
  { id: '001.2', says: 'If a flush of lazy mode could be preempted, a guard around the flush would come too late: the task could already have moved to another CPU right after set_pte().' },
  { id: '001.3', says: 'vmalloc faults are repaired before the fault handler turns interrupts on.' },
  { id: '001.4', says: 'Lazy mode cannot be entered unless preemption is off.', hypothesis: 'the kernel is older than 2.6.29, whose apply_to_pte_range() enters it for init_mm without any lock' },
  { id: '001.5', says: 'Only two places need a flush: kmap_atomic() and the vmalloc sync.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, and kunmap_atomic() counts as part of kmap_atomic()' },
  { id: '001.6', says: 'kmap_atomic() is used only with preemption off.' },
  { id: '001.7', says: 'The vmalloc sync happens with interrupts off.' },
  { id: '001.8', says: 'Lazy mode is used for user page tables, under spinlocks and without preemption, and no update there has to take effect at once.', hypothesis: 'no other CPU walks the tables in the meantime: none runs the address space, or the hypervisor keeps no shadow' },
  { id: '001.9', says: 'Only changes of kernel mappings need explicit flushes.', hypothesis: 'no other CPU walks the tables in the meantime: none runs the address space, or the hypervisor keeps no shadow' },
  { id: '001.10', says: 'An interrupt or fault in lazy mode can use only kmap_atomic(), or set_pmd() for the vmalloc sync.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC' },
  { id: '001.11', says: 'Interrupt and fault handlers cannot change kernel mappings in any other way.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, which changes page attributes wherever memory is allocated' },
  { id: '001.12', says: 'Among the lazy regions, zeromap, unmap and remap are trivial and never change kernel mappings.', hypothesis: 'unmap finds no swap entry: its count is in vmalloc memory, and from 2.6.33 on may need kmap_atomic()' },
  { id: '001.13', says: 'The path that copies page-table entries might change kernel mappings in its lazy region, and needs attention.' },
  { id: '001.14', says: 'Each CPU has its own lazy state under VMI and Xen. A flush that is preempted in the middle could continue with the state of another CPU.' },
];
