import type { Claim } from '../types';

// Thread 110: what the commit and its comments say.

export const claims110: readonly Claim[] = [
  { id: '110.1', says: 'A TLB may have a large and a small translation of one address when software changes the size of the page.', hypothesis: 'the processor loads a second size beside the first' },
  { id: '110.2', says: 'If a large and a small translation of one address differ in frame or attributes, the behaviour of the processor is undefined.', recorded: [{ source: 'Intel application note 317080', says: 'undefined, and may be implementation-specific' }] },
  { id: '110.3', says: 'The flush must come after the split of the large page and before the change of the small one.' },
  { id: '110.4', says: 'The flush must be made under cpa_lock, so that no CPU with an outdated large translation changes attributes in the meantime.' },
  { id: '110.5', says: 'With DEBUG_PAGEALLOC there are no large mappings, so nothing needs to be done.' },
  { id: '110.6', says: 'A flush on only the CPU that has split the page is not enough.' },
];
