import type { Claim } from '../types';

// Thread 116: what the mail and the commit say.

export const claims116: readonly Claim[] = [
  { id: '116.1', says: 'userfaultfd changes entries with mmap_lock held for reading and flushes later, so faults can be handled in between.' },
  { id: '116.2', says: 'A copy on write flushes only after it has copied, so what another CPU writes in between is lost.' },
  { id: '116.3', says: 'If userfaultfd removes a protection that the page does not have, the page loses its write permission.' },
  { id: '116.4', says: 'A write is also lost if one thread protects the page, and another one removes the protection before the first one has flushed.', wouldDecide: 'a fourth processor, for a second thread of the monitor' },
  { id: '116.5', says: 'The race has been visible since 5.9, in which a page is copied if others hold references to it.' },
  { id: '116.6', says: 'No write is lost if a pending flush is made before the copy.' },
];
