import type { Claim } from '../types';

// Thread 104: what the two fixes say.

export const claims104: readonly Claim[] = [
  { id: '104.1', says: 'After an entry is changed to PROT_NONE and before it is flushed, a CPU can still write to the page.' },
  { id: '104.2', says: 'Writes after the change to PROT_NONE and before the flush are harmless unless the page is moved in between.' },
  { id: '104.3', says: 'If the page is moved before the flush, writes through the old translation go to the old copy, and are lost.' },
  { id: '104.4', says: 'When a write through the old translation comes, the old page may already have another owner.' },
  { id: '104.5', says: 'Only x86 is affected, since its pte_accessible() looks at the present bit.', recorded: [{ source: '20841405940e', says: 'other architectures consider every entry that is not none accessible' }] },
  { id: '104.6', says: 'A path that unmaps the page must flush while a flush of the address space is outstanding.' },
  { id: '104.7', says: 'One flag in each address space is enough to say that a flush is outstanding.', hypothesis: 'no two threads change protections in one address space at the same time' },
  { id: '104.8', says: 'Two threads can set and clear the flag at the same time, since task_numa_work() holds mmap_sem for reading.' },
  { id: '104.9', says: 'With delays added, the page was seen in use twice; corruption was not observed.', recorded: [{ source: '16af97dc5a89', says: 'how it was looked for' }] },
  { id: '104.10', says: 'A count of outstanding flushes instead of the flag works for any number of threads.' },
];
