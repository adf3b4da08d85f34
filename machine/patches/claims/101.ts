import type { Claim } from '../types';

// Thread 101: what the two fixes of 2025 and the mails about them say.

export const claims101: readonly Claim[] = [
  { id: '101.1', says: 'Keeping the mask exact is too expensive, so it is updated lazily.', recorded: [{ source: '209954cbc7d0', says: 'measured contention on mm_cpumask()' }] },
  { id: '101.2', says: 'The filter on loaded_mm suppresses interrupts that are needed.' },
  { id: '101.3', says: 'The window lies between loading CR3 and storing loaded_mm.', hypothesis: 'a write to CR3 drops translations; with tagged translations the window begins where the generation is read' },
  { id: '101.4', says: 'It is enough if the filter treats a CPU that is switching like one that has switched.', hypothesis: 'the mark is stored before the generation is read, and the store reaches memory at once (SC), or translations are not tagged' },
  { id: '101.5', says: 'A flush reads the mark in loaded_mm after it has changed the generation, and a switch sets the mark before it reads the generation, so one of the two notices the other.', hypothesis: 'there is a full barrier between the two steps on each side' },
  { id: '101.6', says: 'Mainline lacks a fence between setting the mark and reading the generation.' },
  { id: '101.7', says: 'The stable trees set the mark in loaded_mm after they read the generation, which is the wrong order.' },
  { id: '101.8', says: 'In the stable trees no fence is needed once the order is right, since the mask bit is always set with LOCK.' },
  { id: '101.9', says: 'If a switch sets the mask bit, that locked instruction is the barrier.' },
];
