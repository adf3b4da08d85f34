import type { HunkId, Patch } from '../types';

// Thread 108: Ingo Molnar, May 2008.

const hunk = (name: string): HunkId => `cr4-pge/${name}`;

export const cr4Pge: Patch = {
  id: 'cr4-pge',
  thread: '108',
  title: 'The flush of global translations reads and writes CR4 with interrupts off',
  author: 'Ingo Molnar',
  date: '2008-05-12',
  against: '2.6.26-rc1',
  quote: 'CR4 is read, written without PGE, and written back; if an interrupt changes CR4 in between, the change is lost.',
  story: [
    'To drop translations with the G bit, the kernel reads CR4, writes it without PGE, and writes the old value. KVM sets CR4.VMXE in a function call that arrives as an interrupt. If it arrives between the read and the last write, the old value comes back without VMXE, and the next VMX instruction is an undefined opcode.',
    'In the same window another flush of this kind does nothing: if it arrives between the two writes, it reads CR4 with PGE off, and writes it twice unchanged. A processor drops global translations when PGE changes, so it drops nothing at all, although the CPU that asked for the flush relies on it.',
    'The patch turns interrupts off around the three instructions. Its message mentions only the lost change. It says that the bug is not a regression of 2.6.25, but old and hard to hit.',
  ],
  hunks: [
    { id: hunk('irqs-off'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'Interrupts are off from before CR4 is read until it is written for the last time.' },
    { id: hunk('irqs-off-late'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'Interrupts are off around the two writes, but not yet when CR4 is read.' },
    { id: hunk('disable-enable'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'Interrupts are disabled before CR4 is read and enabled after it was written for the last time.' },
    { id: hunk('preempt-off'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'Preemption is off around the three instructions.' },
    { id: hunk('toggle'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'The first write inverts PGE instead of clearing it.' },
    { id: hunk('read-again'), file: 'include/asm-x86/tlbflush.h', where: '__native_flush_tlb_global()', does: 'CR4 is read again before the second write, which sets PGE in it.' },
  ],
  whole: [hunk('irqs-off')],
  variants: [
    { id: 'irqs-off-late', kind: 'near-miss', title: 'Disable interrupts around the two writes only', hunks: [hunk('irqs-off-late')], about: 'A change between the read and the first write is lost all the same.' },
    { id: 'disable-enable', kind: 'near-miss', title: 'Disable interrupts and then enable them, even if they were off before', hunks: [hunk('disable-enable')], about: 'The flush is also called by interrupt handlers, which then continue with interrupts enabled.' },
    { id: 'preempt-off', kind: 'near-miss', title: 'Disable preemption', hunks: [hunk('preempt-off')], about: 'Both callers are interrupt handlers.' },
    { id: 'toggle', kind: 'near-miss', title: 'Invert PGE, so that each write changes it whatever it was', hunks: [hunk('toggle')], about: 'The second flush is then effective; but VMXE is lost as before.' },
    { id: 'read-again', kind: 'near-miss', title: 'Read CR4 again before the second write', hunks: [hunk('read-again')], about: 'A change between the first read and the first write is lost.' },
  ],
  citations: [
    { source: 'b1979a5fda78 (2.6.26-rc4)', says: 'the fix, and that KVM changes CR4 from a function call' },
    { source: 'bugzilla 10642; lkml, 7 May 2008', says: 'the report' },
    { source: 'include/asm-i386/tlbflush.h before 2.6.21', says: 'the value written is a variable with the expected value of CR4, and CR4 is not read' },
  ],
  notModelled: ['NMIs, which may still come between the writes', 'migration to another CPU between the read and the writes'],
};
