import { MOVED_TO, PAGES_AT, REGIONS, READING_PARAMETERS, invariantsOf, LAZY_INVARIANTS, readingOf } from './kmap';
import { Steps, system_call } from '../flush-tlb/background';
import { BACKENDS, GuestMachine } from './machine';
import type { Choice, Situation } from '../types';

// The lazy loops themselves as users of kernel mappings: counts of swap entries
// are in memory from vmalloc(), which this address space may not map yet, and from
// 2.6.33 on a full count continues in a page that is reached by kmap_atomic().

/** _PAGE_PRESENT is clear: swap entry number 1 of the first device. */
const SWAP_ENTRY = 1 << 8;

export const lazyProcess: Situation = {
  id: 'vmi-lazy/process',
  patch: 'vmi-lazy',
  title: 'A process finds a swap entry in a lazy loop and counts it, without interrupts.',
  parameters: {
    region: { about: 'what the process does', legal: ['zap_pte_range', 'copy_pte_range', 'zeromap_pte_range', 'remap_pte_range', 'change_pte_range', 'move_ptes'], initially: 'copy_pte_range' },
    swapped: { about: 'whether the process has a page in swap', legal: [true, false], initially: true },
    swap_map: { about: 'whether the memory of the counts is already mapped in the address space', legal: ['known', 'new'], initially: 'new' },
    count: { about: 'whether the count is full and so continues in a highmem page', legal: ['small', 'full'], initially: 'small' },
    backend: { about: 'what the kernel runs on', legal: BACKENDS, initially: 'VMI' },
    ...READING_PARAMETERS,
  },
  invariants: Object.keys(LAZY_INVARIANTS),
  requirements: ['slotReachesItsPage', 'slotsOnlyUnpreemptible', 'lazyOnlyUnpreemptible'],
  bounds: {},
  leavesOut: ['interrupts, and more than one CPU', 'the swap device itself'],
  build: buildProcess,
};

function buildProcess(choice: Choice) {
  const { parameters } = choice;
  const machine = new GuestMachine({
    release: '2.6.21-rc5', hunks: choice.hunks, ram: 2048, backend: parameters['backend'] as (typeof BACKENDS)[number], reading: readingOf(parameters),
  });
  const { kernel } = machine;
  const allocate = (): void => { kernel.swap_map = kernel.vmallocPage(0); };
  if (parameters['swap_map'] === 'known') allocate();
  if (parameters['count'] === 'full') kernel.swapContinuation = kernel.allocPage('swap count', 1);
  const mm = machine.addressSpace('editor.mm', PAGES_AT, 2);
  const child = machine.addressSpace('child.mm', PAGES_AT, 0);
  for (let i = 0; i < 2; i++) {
    machine.entry(child, PAGES_AT + i * 0x1000);
    machine.entry(mm, MOVED_TO + i * 0x1000);
  }
  if (parameters['swapped'] === true) machine.entry(mm, PAGES_AT, SWAP_ENTRY);
  if (parameters['swap_map'] === 'new') allocate();
  const range = { mm, start: PAGES_AT, end: PAGES_AT + 2 * 0x1000 };
  const region = REGIONS[parameters['region'] as string]!;
  machine.running(machine.task('editor', mm, () => system_call(kernel, new Steps('editor', 1, () => region(machine, mm, child, range)))));
  return machine.system(invariantsOf(choice, machine));
}
