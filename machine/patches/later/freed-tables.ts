import type { HunkId, Patch } from '../types';

// Thread 106: Rik van Riel, July 2018.

const hunk = (name: string): HunkId => `freed-tables/${name}`;

export const freedTables: Patch = {
  id: 'freed-tables',
  thread: '106',
  title: 'A lazy CPU leaves an address space whose page tables are freed',
  author: 'Rik van Riel',
  mail: { subject: 'x86/mm/tlb: leave lazy TLB mode at page table free time', messageId: '20180716190337.26133-3-riel@surriel.com' },
  date: '2018-07-16',
  against: '4.18',
  quote: 'A lazy CPU needs no flush when pages are freed, but must switch away when their tables are.',
  story: [
    'A kernel thread runs on the address space of the task before it. It reads nothing there, so the series of July 2018 no longer sends interrupts to such a CPU: when it returns to a task, it finds out by tlb_gen that it has missed a flush.',
    'The processor itself may load translations speculatively in the meantime. If it has cached an upper entry, its walk begins below that, in a table that was freed and may hold other data by now: it sets A bits there, and loads arbitrary translations. So before tables are freed, the patch makes every CPU in the mask load init_mm if it is lazy.',
    'Here, "without the patch" means the rest of its series without it. A later commit (64482aafe55f) was meant to tell only the lazy CPUs, but told only the others. All of it was reverted before 4.19-rc1, and came back in 4.20 as an argument to the flush: if tables are freed, it goes to lazy CPUs as well.',
  ],
  hunks: [
    { id: hunk('remove-tables'), file: 'arch/x86/mm/tlb.c', where: 'tlb_flush_remove_tables()', does: 'Before tables are freed, every CPU of the mask that is lazy loads init_mm.' },
    { id: hunk('argument'), file: 'arch/x86/include/asm/tlb.h', where: 'tlb_flush()', does: 'The flush is told whether tables are freed, and then goes to lazy CPUs too, which load init_mm.' },
    { id: hunk('leave'), file: 'arch/x86/mm/tlb.c', where: 'enter_lazy_tlb()', does: 'A CPU loads init_mm at once when it runs a kernel thread.' },
    { id: hunk('not-lazy'), file: 'arch/x86/mm/tlb.c', where: 'tlb_flush_remove_tables()', does: 'The call goes to the CPUs that are not lazy.' },
    { id: hunk('sync'), file: 'mm/memory.c', where: 'tlb_table_flush()', does: 'Before tables are freed, an empty interrupt is sent to all CPUs, and the sender waits for their answers.' },
    { id: hunk('flush-early'), file: 'mm/memory.c', where: 'unmap_region()', does: 'TLBs are flushed before the upper entry is cleared.' },
    { id: hunk('stay'), file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_func()', does: 'A lazy CPU that is told of a flush postpones it.' },
  ],
  whole: [hunk('remove-tables')],
  variants: [
    { id: 'argument', kind: 'alternative', title: 'The flush is told that tables are freed', hunks: [hunk('argument')], about: 'Rik van Riel for 4.20 (016c4d92cd16, 145f573b89a6): what kernels have had since.' },
    { id: 'leave', kind: 'near-miss', title: 'No lazy mode', hunks: [hunk('leave')], about: 'What 4.14 to 4.19 did on processors with identifiers. The CPU leaves the mask before it loads CR3; until 4.13 the order was the opposite (831d52bc1539, 2.6.38), and this variant would hold.' },
    { id: 'not-lazy', kind: 'near-miss', title: 'Call the CPUs that are not lazy', hunks: [hunk('not-lazy')], about: '64482aafe55f, of the same series: the handler acts only on lazy CPUs, and none of them is called.' },
    { id: 'sync', kind: 'near-miss', title: 'An empty interrupt before tables are freed', hunks: [hunk('sync')], about: 'It protects walks by the kernel, which run with interrupts off.' },
    { id: 'flush-early', kind: 'near-miss', title: 'Flush before the upper entry is cleared', hunks: [hunk('argument'), hunk('flush-early')], about: 'What was dropped can be loaded again.' },
    { id: 'stay', kind: 'near-miss', title: 'Tell lazy CPUs, which catch up later', hunks: [hunk('argument'), hunk('stay')], about: 'That is enough if only pages are freed.' },
  ],
  citations: [
    { source: '2ff6ddf19c0e (reverted before 4.19-rc1)', says: 'the patch' },
    { source: '64482aafe55f (reverted with it)', says: 'the call goes to CPUs that are not lazy' },
    { source: '016c4d92cd16, 145f573b89a6 (4.20)', says: 'the flush has an argument for it, and lazy CPUs are skipped otherwise' },
    { source: '3ef938c35035 (2025)', says: 'a caller that frees a table but did not say so' },
    { source: '831d52bc1539 (2.6.38)', says: 'switch_mm() clears the bit of the previous address space after CR3 is loaded, since a CPU that is no longer told can still fill its TLB from it' },
    { source: 'arch/x86/mm/tlb.c (4.14 to 6.13), switch_mm_irqs_off()', says: 'cpumask_clear_cpu() of the previous address space stands before load_new_mm_cr3() again, since the rework of lazy mode for 4.14 (94b1b03b519b); since 6.14 the bit stays' },
    { source: '9e52fc2b50de (4.14), 48a8b97cfd80 (4.19)', says: 'page tables are freed by RCU; since 4.19 no longer on bare metal' },
    { source: 'a6f572084fbe, d86564a2f085 (4.19)', says: 'a table without other users is no longer freed at once; TLBs are flushed before tables are handed over' },
  ],
  notModelled: ['machine checks that a translation to device space can cause'],
};
