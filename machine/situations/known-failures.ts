import { compareReleases } from '../kernel/kernel';
import type { Situation } from './types';

// Requirements that some run breaks although every patch of the catalogue is
// applied, by release: what "holds" does not imply. A scenario explores each of
// them.

type Parameters = Readonly<Record<string, string | number | boolean>>;

export interface KnownFailure {
  readonly situation: string;
  /** The parameters that do not have their initial values. */
  readonly parameters: Parameters;
  /** An invariant, `deadlock` or `livelock`. */
  readonly invariant: string;
  /** The release around the patches. */
  readonly release: string;
  /** What happens, in one sentence. */
  readonly says: string;
}

/** By patch, the release of situations that offer no choice of one. */
const RELEASES: Readonly<Record<string, string>> = { 'vmi-lazy': '2.6.21-rc5', 'preemptible-lazy': '2.6.23-rc9', 'flush-tlb': '2.6.10-rc2', 'switch-mm-barrier': '4.4' };

export const KNOWN_FAILURES: readonly KnownFailure[] = [
  { situation: 'vmi-lazy/kmap', parameters: {}, invariant: 'nobodyOopses', release: '2.6.21-rc5', says: 'the posted patch allows an interrupt while the hypervisor is still in lazy mode, and the handler faults on its own mapping' },
  { situation: 'vmi-lazy/process', parameters: {}, invariant: 'livelock', release: '2.6.21-rc5', says: 'a process that counts a swap entry in a lazy loop faults forever' },
  { situation: 'vmi-lazy/smp', parameters: {}, invariant: 'deadlock', release: '2.6.21-rc5', says: 'a CPU that is in lazy mode with interrupts off waits for a lock whose holder waits for that CPU to answer a flush' },
  { situation: 'preemptible-lazy/callers', parameters: { caller: 'kmap_atomic() in an interrupt' }, invariant: 'hypervisorLeavesLazyMode', release: '2.6.23-rc9', says: 'an interrupt that flushes while the mode is being left puts the hypervisor back into it' },
  { situation: 'preemptible-lazy/migration', parameters: { lazy: true }, invariant: 'nobodyOopses', release: '2.6.23-rc9', says: 'a driver that is preempted in lazy mode triggers a BUG_ON of the task switch' },
  { situation: 'vmi-boot/setup-arch', parameters: { release: '2.6.27' }, invariant: 'bootLowMemoryAvoided', release: '2.6.27', says: 'the kernel puts page tables into the 64 KiB that some BIOS overwrites' },
  { situation: 'vmi-boot/setup-arch', parameters: {}, invariant: 'bootHoleCountedOnce', release: '2.6.28-rc8', says: 'the size of the hypervisor\'s hole is added to the space for vmalloc(), and lowmem shrinks by it' },
  ...['2.6.23-rc9', '2.6.23', '2.6.24'].map((release) => ({
    situation: 'xen-pte-lock/exit', parameters: { release, pages: 2 }, invariant: 'noStaleFault', release, says: 'kswapd may still have the read-only translation of a page that is writable again, and oopses',
  })),
  { situation: 'xen-pte-lock/sync', parameters: {}, invariant: 'xenRefusesNothing', release: '2.6.24', says: 'vmalloc() copies an entry into a page table that is being pinned, and Xen refuses' },
];

/** The release of a situation with these parameters. */
export function releaseOf(situation: Situation, parameters: Parameters): string {
  return String(parameters['release'] ?? RELEASES[situation.patch] ?? '');
}

/** What is known to fail on a release, whichever chapter found it. */
export function knownFailuresOn(release: string): KnownFailure[] {
  return KNOWN_FAILURES.filter((failure) => release !== '' && compareReleases(failure.release, release) === 0);
}
