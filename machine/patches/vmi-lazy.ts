import type { HunkId, Patch } from './types';

// Thread 000: Zachary Amsden, 31 March 2007.

const hunk = (name: string): HunkId => `vmi-lazy/${name}`;

const POSTED = ['ops-field', 'wrapper', 'para-wrap', 'irqs-off'].map(hunk);
const SHIPPED = ['para-wrap', 'flushable', 'kmap-flush'].map(hunk);
const COMMON = ['para-wrap', 'common-state', 'kmap-flush', 'kunmap-flush', 'vmalloc-flush'].map(hunk);
const IN_INTERRUPT = ['para-wrap', 'common-state', 'in-interrupt', 'flush-first', 'preemptible-mmu', 'leave-on-switch'].map(hunk);

export const vmiLazy: Patch = {
  id: 'vmi-lazy',
  thread: '000',
  title: 'An interrupt handler can use the page that it maps in lazy MMU mode',
  author: 'Zachary Amsden',
  mail: { subject: '[PATCH] VMI paravirt-ops bugfix for 2.6.21' },
  date: '2007-03-31',
  against: '2.6.21-rc5',
  quote: 'While a process changes page tables in lazy MMU mode, the hypervisor defers updates. If an interrupt handler maps a highmem page then, the address that it gets maps nothing yet, or still maps another page.',
  story: [
    'A VMI guest batches its page-table updates: between entering and leaving lazy MMU mode, the hypervisor may defer every update. The loops that use this mode run with preemption off but with interrupts on. If a driver maps a page with kmap_atomic() in its interrupt handler, this mapping is deferred too.',
    'The patch disables interrupts when a lazy mode is entered and restores them when it is left. But it restores them before the hypervisor has left the mode, and the call that does so delivers any pending interrupt at once. On several CPUs there is a second problem: a region that flushes the TLBs of other CPUs now waits for a lock with interrupts off.',
    'Eight days later a different fix was merged (49f19710512c, 2.6.21-rc7): kmap_atomic() flushes the deferred updates, and interrupts stay on. 2.6.22 added such a flush to kunmap_atomic() and 2.6.23 to the vmalloc fault. 2.6.24 moved the state into common code. 2.6.31 removed the flushes, since by then generic code reported "not lazy" in interrupts.',
  ],
  hunks: [
    { id: hunk('ops-field'), file: 'arch/i386/kernel/vmi.c', where: 'struct vmi_ops', does: 'A field for the address of the ROM\'s SetLazyMode.', notModelled: 'a declaration, without which the other hunks do not compile' },
    { id: hunk('wrapper'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Adds a function around the ROM\'s call that records the mode of each CPU and refuses nesting.' },
    { id: hunk('irqs-off'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Disables interrupts before a mode is entered and restores them before it is left.' },
    { id: hunk('para-wrap'), file: 'arch/i386/kernel/vmi.c', where: 'activate_vmi()', does: 'Installs the function in paravirt_ops instead of the ROM\'s code.' },
    { id: hunk('restore-last'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Restores interrupts after the mode is left.' },
    { id: hunk('flushable'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'The function of 2.6.21: leaves interrupts alone, and can flush by leaving the mode and entering it again.' },
    { id: hunk('kmap-flush'), file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic()', does: 'Flushes lazy MMU mode after the entry is set.' },
    { id: hunk('kunmap-flush'), file: 'arch/i386/mm/highmem.c', where: 'kunmap_atomic()', does: 'Flushes after the entry is cleared (2.6.22).' },
    { id: hunk('vmalloc-flush'), file: 'arch/i386/mm/fault.c', where: 'vmalloc_sync_one()', does: 'Flushes after the directory entry is copied (2.6.23).' },
    { id: hunk('common-state'), file: 'arch/x86/kernel/paravirt.c', where: 'enter_lazy(), paravirt_leave_lazy()', does: 'Moves the state into common code, where it changes before the hypervisor\'s mode (2.6.24).' },
    { id: hunk('cpa-flush'), file: 'arch/x86/mm/pageattr.c', where: 'change_page_attr_set_clr()', does: 'Flushes before an entry of the direct mapping is read and after it is changed (2.6.29).' },
    { id: hunk('kernel-map-flush'), file: 'arch/x86/mm/pageattr.c', where: 'kernel_map_pages()', does: 'Flushes after CONFIG_DEBUG_PAGEALLOC changes an entry; no release does this.' },
    { id: hunk('in-interrupt'), file: 'arch/x86/kernel/paravirt.c', where: 'paravirt_get_lazy_mode()', does: 'Returns "not lazy" in interrupts (2.6.31).' },
    { id: hunk('flush-first'), file: 'arch/x86/kernel/paravirt.c', where: 'paravirt_leave_lazy_mmu()', does: 'Makes the hypervisor leave the mode before the common variable changes (2.6.31).' },
    { id: hunk('preemptible-mmu'), file: 'arch/x86/kernel/paravirt.c', where: 'enter_lazy()', does: 'Allows lazy MMU mode to be entered preemptibly (2.6.31).' },
    { id: hunk('leave-on-switch'), file: 'arch/x86/kernel/paravirt.c', where: 'paravirt_start_context_switch()', does: 'Leaves lazy MMU mode in a task switch, and enters it again when the task next runs (2.6.31).' },
    { id: hunk('save-late'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Disables interrupts only after the mode is entered.' },
    { id: hunk('restore-before-mode'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Restores interrupts after the hypervisor has left the mode but before Linux\'s variable changes.' },
    { id: hunk('enable-outright'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Uses local_irq_disable() and local_irq_enable() instead of saving and restoring.' },
    { id: hunk('state-on-stack'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Keeps mode and flags in local variables of the caller.' },
    { id: hunk('state-global'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'Keeps mode and flags in one variable each for all CPUs.' },
    { id: hunk('kmap-flush-early'), file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic()', does: 'Flushes before the entry is set.' },
    { id: hunk('kmap-leaves'), file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic()', does: 'Leaves lazy MMU mode before the entry is set, and does not enter it again.' },
    { id: hunk('kmap-irqs-off'), file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic()', does: 'Disables interrupts while the entry is set.' },
    { id: hunk('kunmap-flush-early'), file: 'arch/i386/mm/highmem.c', where: 'kunmap_atomic()', does: 'Flushes before the entry is cleared.' },
    { id: hunk('flush-stays-out'), file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', does: 'A flush leaves the hypervisor\'s mode and does not enter it again.' },
    { id: hunk('wrap-always'), file: 'arch/i386/kernel/vmi.c', where: 'activate_vmi()', does: 'Installs the function even if the ROM has no SetLazyMode, so only its own test protects it.' },
    { id: hunk('fault-irqs-early'), file: 'arch/i386/mm/fault.c', where: 'do_page_fault()', does: 'Enables interrupts before a vmalloc fault is repaired.' },
  ],
  whole: POSTED,
  variants: [
    { id: 'posted', kind: 'take', title: 'As posted on 31 March 2007', hunks: POSTED, about: 'Zachary Amsden, against 2.6.21-rc5; not merged' },
    { id: 'corrected', kind: 'alternative', title: 'As posted, with interrupts restored last', hunks: [...POSTED, hunk('restore-last')], about: 'this was not posted, but must be what the patch was meant to do' },
    { id: '2.6.21', kind: 'alternative', title: '2.6.21: kmap_atomic() flushes', hunks: SHIPPED, about: '49f19710512c, 8 April 2007, by the same author' },
    { id: '2.6.22', kind: 'alternative', title: '2.6.22: kunmap_atomic() flushes too', hunks: [...SHIPPED, hunk('kunmap-flush')], about: '7b2f27f4e181, May 2007' },
    { id: '2.6.23', kind: 'alternative', title: '2.6.23: the vmalloc fault flushes too', hunks: [...SHIPPED, hunk('kunmap-flush'), hunk('vmalloc-flush')], about: '8b14cb9953c6, August 2007' },
    { id: '2.6.24', kind: 'alternative', title: '2.6.24: one state for all backends', hunks: COMMON, about: '8965c1c0950d, October 2007' },
    { id: '2.6.31', kind: 'alternative', title: '2.6.31: not lazy in interrupts, and no flushes', hunks: IN_INTERRUPT, about: 'b8bcfe997e46, February 2009' },
    { id: 'both', kind: 'alternative', title: 'Not lazy in interrupts, with the flushes kept', hunks: [...IN_INTERRUPT, hunk('kmap-flush'), hunk('kunmap-flush')], about: 'later fixes of 2.6.31 returned to this state step by step' },
    { id: 'save-late', kind: 'near-miss', title: 'Interrupts off after the mode is entered', hunks: [...POSTED, hunk('restore-last'), hunk('save-late')], about: 'Mirrors the posted order of the leave; one boundary is left open on entry.' },
    { id: 'not-installed', kind: 'near-miss', title: 'The function without para_wrap()', hunks: [hunk('wrapper'), hunk('irqs-off'), hunk('restore-last')], about: 'Compiles and looks right, but is never called.' },
    { id: 'book-keeping', kind: 'near-miss', title: 'The wrapper without disabling interrupts', hunks: [hunk('wrapper'), hunk('para-wrap')], about: 'The mode is now recorded, but nothing uses it.' },
    { id: 'flush-early', kind: 'near-miss', title: 'kmap_atomic() flushes before it sets the entry', hunks: [hunk('para-wrap'), hunk('flushable'), hunk('kmap-flush-early')], about: 'The earlier updates are flushed, and then the one update that matters is queued.' },
    { id: 'kunmap-only', kind: 'near-miss', title: 'Only kunmap_atomic() flushes', hunks: [hunk('para-wrap'), hunk('flushable'), hunk('kunmap-flush')], about: 'The flush comes only after the access.' },
    { id: 'irqs-off-in-kmap', kind: 'near-miss', title: 'kmap_atomic() turns interrupts off around set_pte()', hunks: [hunk('kmap-irqs-off')], about: 'Nothing can come in between, but nothing is flushed either.' },
    { id: 'leave-in-kmap', kind: 'near-miss', title: 'kmap_atomic() leaves lazy mode for good', hunks: [hunk('para-wrap'), hunk('wrapper'), hunk('kmap-leaves')], about: 'The mail\'s own "better fix", taken literally. With the BUG_ONs of its patch, it is fatal to leave the mode twice, or to leave it without having entered it.' },
    { id: 'on-the-stack', kind: 'near-miss', title: 'Mode and flags in local variables', hunks: [...POSTED, hunk('restore-last'), hunk('state-on-stack')], about: 'Right for lazy MMU mode, but a task switch enters lazy CPU mode on the old stack and leaves it on the new one.' },
    { id: 'one-for-all', kind: 'near-miss', title: 'Mode and flags in plain static variables', hunks: [...POSTED, hunk('restore-last'), hunk('state-global')], about: 'Right on one CPU only.' },
    { id: 'restore-before-mode', kind: 'near-miss', title: 'Interrupts restored between the hypervisor\'s mode and Linux\'s', hunks: [...POSTED, hunk('restore-last'), hunk('restore-before-mode')], about: 'The handler\'s mapping is there, but a handler that enters lazy mode itself triggers the BUG_ON.' },
    { id: 'enable-outright', kind: 'near-miss', title: 'Interrupts disabled and enabled, not saved and restored', hunks: [...POSTED, hunk('restore-last'), hunk('enable-outright')], about: 'Lazy CPU mode is entered and left in the middle of a task switch, which has interrupts off already; they come on there under the run queue\'s lock.' },
    { id: 'flush-early-in-kunmap', kind: 'near-miss', title: 'kunmap_atomic() flushes before it clears the entry', hunks: [...SHIPPED, hunk('kunmap-flush-early')], about: 'The clearing stays in the queue, as in 2.6.21.' },
  ],
  citations: [
    { source: 'Zachary Amsden, 31 Mar 2007', says: 'the patch, against 2.6.21-rc5' },
    { source: '9226d125d94c, 7ce0bcfd1667 (2.6.21-rc1)', says: 'lazy modes and the VMI backend: where the bug comes from' },
    { source: '49f19710512c (2.6.21-rc7)', says: 'the fix that was merged instead' },
    { source: '7b2f27f4e181 (2.6.22), 8b14cb9953c6 (2.6.23), 8965c1c0950d (2.6.24), b8bcfe997e46, b407fc57b815 (2.6.31)', says: 'its later history' },
    { source: '9863c90f682f (2.6.37)', says: 'VMI was removed' },
    { source: '"VMI Interface Proposal Documentation for I386", 13 Mar 2006', says: 'interrupt calls deliver what is pending before they return; faults and invalidations flush, which the later texts do not say' },
  ],
  notModelled: ['PAE and CONFIG_HIGHPTE', 'preemption points inside the copy loop', 'the ROM\'s other queues', 'freed pages: they are gathered and not given back'],
};
