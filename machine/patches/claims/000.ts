import type { Claim } from '../types';

// What thread 000 says, statement by statement.

export const claims000: readonly Claim[] = [
  { id: '000.1', says: 'Where a CPU is interrupted in lazy MMU mode and the handler uses kmap_atomic(), there is nothing yet behind the address that it is given.', hypothesis: 'the hypervisor does not drain its queue when the guest faults' },
  { id: '000.2', says: 'The consequence can be a fatal page fault in the handler.', hypothesis: 'faults reach the guest before the queue was drained' },
  { id: '000.3', says: 'Memory can be corrupted instead, when what the handler reads or writes is still the page that the slot mapped before.', hypothesis: 'the hypervisor keeps a shadow, deals with faults by itself, and queues invalidations' },
  { id: '000.4', says: 'Only kernels with highmem are affected, and only where the page is a highmem page; the thread says from about 970 MB on.', hypothesis: 'the kernel is built without CONFIG_DEBUG_PAGEALLOC, the line is where lowmem ends (896 MiB less what the hypervisor reserves), and kunmap_atomic() does not flush for lowmem pages, as it does from 2.6.22 on' },
  { id: '000.5', says: 'The window is small.', hypothesis: 'few entries are changed under one lock: the window grows with them' },
  { id: '000.6', says: 'Completions of RAID, USB and asynchronous I/O and the receiving of packets are all exposed.' },
  { id: '000.7', says: 'The cure is to keep interrupts off for as long as lazy mode lasts.', hypothesis: 'they are restored after the hypervisor has left the mode, which is not the order of the patch' },
  { id: '000.8', says: 'Turning interrupts off in lazy MMU mode is totally safe, since preemption is off there already.' },
  { id: '000.9', says: 'Lazy state neither nests nor overlaps, so that neither BUG_ON of the patch fires on any modelled path; a nested entry does fire one.' },
  { id: '000.10', says: 'Per-CPU variables can hold the mode and the saved flags.' },
  { id: '000.11', says: 'Where the ROM has no SetLazyMode, the new function does nothing.' },
  { id: '000.12', says: 'It takes para_wrap() in place of para_fill() for the kernel\'s own function to run.' },
  { id: '000.13', says: 'Leaving lazy mode in kmap_atomic() is the better fix.', hypothesis: 'the flush is really made: no state variable says "not lazy" while the hypervisor is' },
  { id: '000.14', says: 'Lazy mode is only ever entered with preemption off.', hypothesis: 'the kernel is older than 2.6.29, whose apply_to_pte_range() enters it for init_mm without any lock' },
];
