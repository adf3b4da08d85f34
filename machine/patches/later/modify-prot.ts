import type { HunkId, Patch } from '../types';

// Thread 113: Jeremy Fitzhardinge, June 2008.

const hunk = (name: string): HunkId => `modify-prot/${name}`;

export const modifyProt: Patch = {
  id: 'modify-prot',
  thread: '113',
  title: 'mprotect() changes an entry in two steps, start and commit, and loses no bit that a processor sets',
  author: 'Jeremy Fitzhardinge',
  date: '2008-06-16',
  against: '2.6.26',
  quote: 'A processor may set A and D in an entry at any time while it is present; a path that reads it, changes it and writes it back loses them.',
  story: [
    'mprotect() reads an entry, changes its rights and writes it back. A processor that walks to the entry in between sets its accessed or dirty bit there, and the bit would be lost. So the entry is exchanged with 0 first: while it is not present, no processor sets anything in it.',
    'An exchange has a result, so a guest cannot queue it and have it carried out together with others. The patch gives the two halves names, ptep_modify_prot_start() and ptep_modify_prot_commit(), so that a hypervisor can do both in its own way. On bare metal they do what was done before.',
    'The chapter shows that the patch changes nothing on bare metal, and that the exchange is needed: forms without it lose a dirty bit, or leave the page writable.',
  ],
  hunks: [
    { id: hunk('pair'), file: 'mm/mprotect.c, include/asm-generic/pgtable.h', where: 'change_pte_range()', does: 'The entry is read by ptep_modify_prot_start() and written by ptep_modify_prot_commit().' },
    { id: hunk('plain'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'The entry is read by a plain load.' },
    { id: hunk('cmpxchg-once'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'The entry is read by a plain load and written by CMPXCHG, once.' },
    { id: hunk('cmpxchg-again'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'If the CMPXCHG fails, the entry is read and exchanged a second time.' },
    { id: hunk('xen'), file: 'arch/x86/xen/mmu.c', where: 'xen_ptep_modify_prot_start(), xen_ptep_modify_prot_commit()', does: 'The entry is read by a plain load, and Xen writes it and keeps A and D as they are at that moment.' },
    { id: hunk('normal-update'), file: 'arch/x86/xen/mmu.c', where: 'xen_ptep_modify_prot_commit()', does: 'Xen writes the entry as the guest has read it.' },
    { id: hunk('commit-unlocked'), file: 'mm/mprotect.c', where: 'change_pte_range()', does: 'The entry is written back after the lock of the page table is released.' },
  ],
  whole: [hunk('pair')],
  variants: [
    { id: 'xen', kind: 'alternative', title: 'The form for Xen', hunks: [hunk('xen')], about: 'e57778a1e304: the entry stays present, so a processor can set a bit, and MMU_PT_UPDATE_PRESERVE_AD keeps it.' },
    { id: 'normal-update', kind: 'near-miss', title: 'The form for Xen with an update that keeps nothing', hunks: [hunk('xen'), hunk('normal-update')], about: 'MMU_NORMAL_PT_UPDATE, the only update that Xen had before 3.3.' },
    { id: 'plain', kind: 'near-miss', title: 'Read and write, under the lock of the page table', hunks: [hunk('plain')], about: 'Processors do not take the lock.' },
    { id: 'cmpxchg-once', kind: 'near-miss', title: 'Read, and write by CMPXCHG without a retry', hunks: [hunk('cmpxchg-once')], about: 'If a processor has set a bit in the meantime, nothing is written, and the page stays writable.' },
    { id: 'cmpxchg-twice', kind: 'near-miss', title: 'Read, and write by CMPXCHG with one retry', hunks: [hunk('cmpxchg-once'), hunk('cmpxchg-again')], about: 'A young entry can change only once, when D is set. In any other entry a processor can set A and D at different times, and both attempts fail.' },
    { id: 'commit-unlocked', kind: 'near-miss', title: 'Write the entry back after the lock is released', hunks: [hunk('pair'), hunk('commit-unlocked')], about: 'Until then the entry is empty, so no processor changes it; but a thread that truncates the file finds nothing to unmap.' },
  ],
  citations: [
    { source: '1ea0704e0da6, a comment in include/asm-generic/pgtable.h', says: 'the lock of the page table must be held around the pair' },
    { source: '1ea0704e0da6 (2.6.27-rc1)', says: 'the patch' },
    { source: 'e57778a1e304 (2.6.27-rc1)', says: 'the form for Xen: a plain read, and an update that keeps A and D' },
  ],
  repairsNothing: 'on bare metal its two halves are what was there before, and on Xen they save a hypercall',
  notModelled: ['updates that are queued in lazy MMU mode until the lock is released'],
};
