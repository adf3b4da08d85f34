import type { Claim } from '../types';

// Thread 108: what the commit says, and the comment that it adds.

export const claims108: readonly Claim[] = [
  { id: '108.1', says: 'CR4 is changed without protection against interrupts.' },
  { id: '108.2', says: 'KVM changes CR4.VMXE in a function call from another CPU, and the change can be lost.' },
  { id: '108.3', says: 'The update has to be protected from interrupts; protection from preemption alone is not enough.' },
  { id: '108.4', says: 'The bug is not a regression of 2.6.25, but an old one.', hypothesis: 'the flush reads CR4, as it has done since 2.6.21; before that, a flush writes back the value that the kernel expects, and clears VMXE without any race' },
  { id: '108.5', says: 'Debugging code may call the flush, so the variant of local_irq_save() without tracing is used.', recorded: [{ source: 'b1979a5fda78', says: 'the comment in the code' }] },
  { id: '108.7', says: 'The flags have to be saved and restored, since the flush is also called with interrupts off.' },
  { id: '108.6', says: 'If a second flush of global translations comes between the two writes to CR4, it drops nothing.' },
];
