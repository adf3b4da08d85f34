import type { Claim } from '../types';

// Thread 104: what the two fixes say.

export const claims104: readonly Claim[] = [
  { id: '104.1', says: 'Between the change of an entry to PROT_NONE and its flush a CPU can still write to the page.' },
  { id: '104.2', says: 'Writes in that window are harmless unless the page is moved meanwhile.' },
  { id: '104.3', says: 'Where the page is moved, such writes go to what is no longer the page, and are lost.' },
  { id: '104.4', says: 'When such a write comes, the old page may have another owner.' },
  { id: '104.5', says: 'Only x86 is affected, since its pte_accessible() looks at the present bit.', recorded: [{ source: '20841405940e', says: 'other architectures take every entry that is not none for accessible' }] },
  { id: '104.6', says: 'A path that unmaps the page must flush as long as a flush of the address space is outstanding.' },
  { id: '104.7', says: 'One flag is enough.', hypothesis: 'no two threads change protections in one address space at a time' },
  { id: '104.8', says: 'Two threads can set and clear the flag at a time, since task_numa_work() holds mmap_sem for reading.' },
  { id: '104.9', says: 'With delays added, the page was seen in use twice; corruption was not observed.', recorded: [{ source: '16af97dc5a89', says: 'how it was looked for' }] },
  { id: '104.10', says: 'A count instead of the flag repairs it.' },
];
