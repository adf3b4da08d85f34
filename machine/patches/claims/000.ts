import type { Claim } from '../types';

// What thread 000 says, statement by statement.

export const claims000: readonly Claim[] = [
  { id: '000.1', says: 'If a CPU is interrupted in lazy MMU mode and the handler uses kmap_atomic(), nothing is mapped yet at the address that it gets.', hypothesis: 'the hypervisor does not drain its queue when the guest faults' },
  { id: '000.2', says: 'The consequence can be a fatal page fault in the handler.', hypothesis: 'faults reach the guest before the queue is drained' },
  { id: '000.3', says: 'Memory can be corrupted instead: through the slot, a handler still reaches the page of its last user.', hypothesis: 'the hypervisor keeps a shadow, handles faults itself, and queues invalidations' },
  { id: '000.4', says: 'Only kernels with highmem are affected, and only if the page is a highmem page; the thread says from about 970 MB on.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, the limit is the end of lowmem (896 MiB less what the hypervisor reserves), and kunmap_atomic() does not flush for lowmem pages, as it does from 2.6.22 on' },
  { id: '000.5', says: 'The window is small.', hypothesis: 'few entries are changed under one lock: the window grows with their number' },
  { id: '000.6', says: 'Completions of RAID, USB and asynchronous I/O, and received packets, are all exposed.' },
  { id: '000.7', says: 'The cure is to keep interrupts off for as long as lazy mode lasts.', hypothesis: 'they are restored after the hypervisor has left the mode, not before as in the patch' },
  { id: '000.8', says: 'Turning interrupts off in lazy MMU mode is totally safe, since preemption is off there already.' },
  { id: '000.9', says: 'Lazy modes neither nest nor overlap, so neither BUG_ON of the patch triggers on any modelled path; a nested entry does trigger one.' },
  { id: '000.10', says: 'Per-CPU variables can hold the mode and the saved flags.' },
  { id: '000.11', says: 'If the ROM has no SetLazyMode, the new function does nothing.' },
  { id: '000.12', says: 'The kernel\'s own function runs only if para_wrap() is used instead of para_fill().' },
  { id: '000.13', says: 'Leaving lazy mode in kmap_atomic() is the better fix.', hypothesis: 'the flush really happens: no state variable says "not lazy" while the hypervisor is lazy' },
  { id: '000.14', says: 'Lazy mode is entered only with preemption off.', hypothesis: 'the kernel is older than 2.6.29, whose apply_to_pte_range() enters it for init_mm without any lock' },
];
