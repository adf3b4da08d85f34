import { Cpu } from '../hardware/cpu';
import { allFreedoms } from '../hardware/freedoms';
import { underEitherOrder } from './memory-order';
import type { Situation } from './types';

// Whether a verdict depends on what processors do not do: the same situation on
// processors with every freedom that they may have.

/** The parameter that gives the processors of a situation their freedoms. */
const freedoms = { about: 'which freedoms the processors have: see the reading guide of machine/hardware', legal: ['none', 'all'], initially: 'none' } as const;

/**
 * A situation that can be explored with all freedoms turned on. They apply from the beginning of the exploration.
 *
 * @param addresses linear addresses that processors may translate early: those that the situation is about
 */
function withFreedoms(situation: Situation, addresses: readonly number[]): Situation {
  return {
    ...situation,
    parameters: { ...situation.parameters, freedoms },
    build: (choice) => {
      const system = situation.build(choice);
      if (choice.parameters['freedoms'] !== 'all') return system;
      for (const process of system.processes) if (process instanceof Cpu) process.allow(allFreedoms(addresses));
      system.store.settle();
      return { ...system, runsOut: false }; // early walks never end
    },
  };
}

/** The addresses that each situation is about: where its tasks and handlers read and write through the tables that it changes. */
const LOOKED_AT: Readonly<Record<string, readonly number[]>> = {
  // The slot of the handler's kmap_atomic().
  'vmi-lazy/kmap': [0xfbfb3000],
  // The vmalloc area.
  'preemptible-lazy/callers': [0xf9000000],
  // The page of "browser".
  'flush-tlb/after-boot': [0x08050000],
  // The early window, before and after the fixmap has moved, and the DMI table there.
  'vmi-boot/activation': [0xffe00000, 0xfbe00000, 0xfbffb000],
  // The direct mapping of the page tables that are pinned; only the race itself evicts translations.
  'xen-pte-lock/fork': [0xc000c000, 0xc0012000],
  'xen-pte-lock/pin': [0xc000c000],
  // The page that gets a new mapping.
  'switch-mm-barrier/flush-and-switch': [0x08048000],
  'skipped-flush/switch': [0x08048000],
  // The address from which the page is moved, where the third thread uses it.
  'mremap-flush/move': [0x08048000],
  // The page that is unmapped, moved, protected or collapsed.
  'batched-flush/reclaim': [0x08048000],
  'flush-pending/migrate': [0x08048000],
  'freed-tables/munmap': [0x08048000, 0x08049000],
  'torn-pmd/mincore': [0x08048000],
  'zap-dirty/munmap': [0x08048000],
  'gup-fast/collapse': [0x08048000],
  'modify-prot/mprotect': [0x08048000],
  'nested-madvise/dontneed': [0x08048000],
  'uffd-wp/copy': [0x08048000],
  // The first page of the vmalloc area, on x86-64.
  'vmalloc-lazy/unmap': [-0x370000000000],
  // The global page that gets a new mapping.
  'cr4-pge/call': [0xf8800000],
  // The page of the direct mapping whose rights change.
  'large-page-split/change': [0xc0c01000],
  // The entries that the loop changes: no access goes through them.
  'lazy-mmu-nesting/loop': [0x00900000],
  // The direct mapping of the page tables that are unpinned.
  'drop-mm-ref/exit': [0xc000c000],
};

/** The situation with the behaviour of its processors as parameters: the order of memory, and their freedoms if the addresses that it is about are known. */
export function onFreeSilicon(situation: Situation): Situation {
  const addresses = LOOKED_AT[situation.id];
  return underEitherOrder(addresses ? withFreedoms(situation, addresses) : situation);
}
