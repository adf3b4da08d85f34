// Where the neighbours of a patch are tried: in every situation of the patch,
// with the choices of parameters for which its requirements are judged, and
// those that are known to matter separately.

import { SITUATIONS, situationsOf } from '../../situations';
import type { Situation } from '../../situations/types';

type Parameters = Readonly<Record<string, string | number | boolean>>;

/** One situation with one choice of parameters. */
export interface Trial {
  readonly situation: string;
  readonly parameters: Parameters;
}

const CALLERS = [
  'kmap_atomic() in a task', 'kmap_atomic() in two tasks', 'kmap_atomic() in the copy loop', 'kmap_atomic() in an interrupt', 'kmap_atomic() in a softirq',
  'vmalloc fault in the copy loop', 'vmalloc fault in a task', 'vmalloc fault in an interrupt', 'vmalloc_sync_all()', 'set_memory_*() of 2.6.29',
];

/** In addition to those in which a situation is reviewed. */
const MORE: Readonly<Record<string, readonly Parameters[]>> = {
  'preemptible-lazy/callers': CALLERS.map((caller) => ({ caller })),
  'preemptible-lazy/migration': [{}, { lazy: true }, { ticks: 2 }],
  'vmi-lazy/kmap': [
    {}, { device: 'usb' }, { device: 'network' }, { device: 'module' }, { device: 'none', afterwards: 'kmap()' }, { interrupts: 2 },
    { backend: 'VMI without SetLazyMode' }, { backend: 'bare metal' }, { backend: 'guest queue' }, { page: 'lowmem' }, { preempt: false },
  ],
  'vmi-boot/setup-arch': [
    {}, { pae: true }, { hole: 0 }, { setupData: 'long' }, { setupData: 'none' }, { reading: 'announced-only' }, { reading: 'lenient' }, { ram: 256 }, { ram: 4096 },
    { commandLine: 'vmalloc=256M' }, { commandLine: 'reservetop=64M' }, { commandLine: 'earlyprintk=dbgp' }, { commandLine: 'vmi=disable_pge' },
    { release: '2.6.27' }, { release: '2.6.27.6' }, { release: '2.6.27.9' },
  ],
  'flush-tlb/shootdown': [{}, { arch: 'x86-64' }],
  'flush-tlb/flush_tlb_mm': [{}, { entry: 'global, of the kernel', accesses: 1 }],
  'flush-tlb/debug-pagealloc': [{}, { flush: 'ioremap()' }, { flush: 'ioremap()', arch: 'x86-64' }],
  'xen-pte-lock/grow': [{ highmem: true, ending: 'never' }, { highmem: true, ending: 'exit, until it is mapped' }],
  'xen-pte-lock/exec': [{ loads: false, pages: 1 }],
  'xen-pte-lock/pin': [{}, { NR_CPUS: 2, unpin: true }],
  'xen-pte-lock/two-locks': [{}, { first: 'a high page' }],
  'vmi-boot/activation': [{}, { callerIF: true }],
  'skipped-flush/switch': [{ release: '6.14', flusher: 'reclaim' }],
  'batched-flush/reclaim': [{ call: 'madvise', tables: 2, threads: 2, unmapped: true }],
  'modify-prot/mprotect': [{ isYoung: false }],
  'flush-pending/migrate': [{ scanners: 2 }],
  'vmalloc-lazy/unmap': [{ lazy: false }],
  'zap-dirty/munmap': [{ found: 'an old entry' }, { found: 'no entry' }],
  'switch-mm-barrier/flush-and-switch': [{ fills: true }, { fills: true, reader: 'back from lazy, left already' }],
  'lazy-mmu-nesting/loop': [{}, { inner: 'nothing', ticks: 2 }, { inner: 'a section in a pause', ticks: 2 }, { device: true }, { inner: 'a section with interrupts off' }],
};

/** In the order of the catalogue. */
export function trialsOf(patch: string): Trial[] {
  return situationsOf(patch).flatMap((situation) => choicesOf(situation).map((parameters) => ({ situation: situation.id, parameters })));
}

/** Invariants that describe how a kernel fails, and not the harm itself: a fix may work in another way. */
const OF_THE_WAY: ReadonlySet<string> = new Set(['cr3IsActiveMm', 'noPtlTaken', 'onePteLockAtATime', 'rmapFindsOnlyPinned']);

/** What a neighbour must keep if the patch keeps it, whether or not the patch was written for it. */
export function invariantsOf({ situation }: Trial): readonly string[] {
  return SITUATIONS.find(({ id }) => id === situation)!.invariants.filter((name) => !OF_THE_WAY.has(name));
}

function choicesOf(situation: Situation): readonly Parameters[] {
  const all = [...(situation.reviewed ?? []), ...(MORE[situation.id] ?? [])];
  const known = new Set<string>();
  const distinct = all.filter((choice) => {
    const key = JSON.stringify(Object.entries(choice).sort());
    return known.size < known.add(key).size;
  });
  return distinct.length > 0 ? distinct : [{}];
}

/** `vmi-lazy/kmap (device=usb)` */
export function trialName({ situation, parameters }: Trial): string {
  const set = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`).join(', ');
  return set === '' ? situation : `${situation} (${set})`;
}
