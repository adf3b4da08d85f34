import type { Claim } from '../types';

// Thread 116: what the mail and the commit say.

export const claims116: readonly Claim[] = [
  { id: '116.1', says: 'userfaultfd changes entries with mmap_lock held for reading and flushes later, so that faults are handled in between.' },
  { id: '116.2', says: 'A copy on write flushes only after it has copied: what another CPU writes in between is lost.' },
  { id: '116.3', says: 'Lifting a protection that the page does not have takes the right to write away.' },
  { id: '116.4', says: 'The same happens if one thread protects the page, and another one lifts the protection before the first one has flushed.', wouldDecide: 'a fourth processor, for a second thread of the monitor' },
  { id: '116.5', says: 'Since 5.9 the race shows: a page to which others hold references is copied.' },
  { id: '116.6', says: 'A flush before the copy, if one is pending, repairs it.' },
];
