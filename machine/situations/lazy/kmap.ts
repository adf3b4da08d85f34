import type { Invariant } from '../../explorer/system';
import {
  hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, nobodyOopses, noHandlerAmongUpdates, slotReachesItsPage, slotsOnlyUnpreemptible, switchWithInterruptsOff, syncOnlyWithInterruptsOff, type Guest,
} from '../../invariants/lazy-mode';
import { interruptsComeBack } from '../../invariants/quiet-ends';
import type { LazyReading } from '../../hypervisors/vmi/reading';
import { change_protection, copy_pte_range, move_ptes, remap_pte_range, zap_page_range, zeromap_pte_range, type Range } from '../../kernel/linux-2.6/lazy-regions';
import type { Mm } from '../../kernel/task';
import { load } from '../../hardware/instructions';
import type { Pfn } from '../../hardware/memory';
import { kmap } from '../../kernel/linux-2.6/mm/highmem';
import type { GuestKernel } from '../../kernel/vmi/guest';
import { path, type Call, type Path } from '../../path';
import { Steps, system_call } from '../flush-tlb/background';
import { connectDevice, DEVICES } from './devices';
import { BACKENDS, GuestMachine } from './machine';
import type { Choice, Parameter, Situation } from '../types';

// Thread 000: a process changes many page-table entries in lazy MMU mode, and
// is interrupted by a device whose handler maps a page with kmap_atomic().

/** Where the process has its pages, and where it moves them. */
export const PAGES_AT = 0x08048000;
export const MOVED_TO = 0x09048000;

/** The six loops, as system calls of the process. */
export const REGIONS: Readonly<Record<string, (m: GuestMachine, mm: Mm, child: Mm, range: Range) => Call<unknown>>> = {
  zap_pte_range: (m, _mm, _child, range) => zap_page_range(m.kernel, range),
  copy_pte_range: (m, mm, child, range) => copy_pte_range(m.kernel, child, mm, range.start, range.end),
  zeromap_pte_range: (m, _mm, _child, range) => zeromap_pte_range(m.kernel, range),
  remap_pte_range: (m, _mm, _child, range) => remap_pte_range(m.kernel, range),
  change_pte_range: (m, _mm, _child, range) => change_protection(m.kernel, range),
  move_ptes: (m, _mm, _child, range) => move_ptes(m.kernel, range, MOVED_TO),
};

/** Parameters of every situation with a VMI hypervisor. */
export const READING_PARAMETERS: Readonly<Record<string, Parameter>> = {
  writes: { about: 'when the guest sees its own queued SetPxE in memory', legal: ['when drained', 'at once'], initially: 'when drained' },
  faults: { about: 'what the hypervisor does on a page fault of the guest', legal: ['reach the guest', 'drain the queue', 'fill the shadow'], initially: 'reach the guest' },
  invalidations: { about: 'what InvalPage and FlushTLB do in lazy mode', legal: ['join the queue', 'drain the queue'], initially: 'join the queue' },
};

/** The reading that a choice of parameters stands for. */
export function readingOf(parameters: Choice['parameters']): LazyReading {
  return {
    writes: parameters['writes'] as LazyReading['writes'],
    faults: parameters['faults'] as LazyReading['faults'],
    invalidations: parameters['invalidations'] as LazyReading['invalidations'],
  };
}

/** The requirements of every lazy situation. The posted patch ensures only the first. */
export const LAZY_INVARIANTS: Readonly<Record<string, (guest: Guest) => Invariant>> = {
  noHandlerAmongUpdates, slotReachesItsPage, nobodyOopses, hypervisorLeavesLazyMode, lazyOnlyUnpreemptible, slotsOnlyUnpreemptible, syncOnlyWithInterruptsOff, switchWithInterruptsOff,
  interruptsComeBack: ({ cpus }) => interruptsComeBack(cpus),
};

/** The invariants that a choice names. */
export const invariantsOf = (choice: Choice, machine: GuestMachine): Invariant[] => choice.invariants.map((name) => LAZY_INVARIANTS[name]!(machine));

export const lazyKmap: Situation = {
  id: 'vmi-lazy/kmap',
  patch: 'vmi-lazy',
  title: 'A process changes page-table entries in lazy MMU mode, and an interrupt handler maps a page with kmap_atomic().',
  parameters: {
    region: { about: 'what the process does', legal: Object.keys(REGIONS), initially: 'zap_pte_range' },
    entries: { about: 'how many entries it changes', legal: [1, 2, 4, 8, 16, 32], initially: 2 },
    device: { about: 'which device interrupts', legal: DEVICES, initially: 'raid' },
    interrupts: { about: 'how often it interrupts at most', legal: [0, 1, 2], initially: 1 },
    segments: { about: 'how many pages one RAID request has', legal: [1, 2], initially: 1 },
    afterwards: { about: 'what the process does after the loop, in the same system call', legal: ['nothing', 'kmap()'], initially: 'nothing' },
    ram: { about: 'MiB of memory', legal: [512, 832, 896, 970, 1024, 2048], initially: 2048 },
    page: { about: 'where the handler\'s page is', legal: ['highmem', 'lowmem'], initially: 'highmem' },
    highmem: { about: 'CONFIG_HIGHMEM', legal: [true, false], initially: true },
    backend: { about: 'what the kernel runs on: VMI, VMI with a ROM that has no SetLazyMode, a guest that queues by itself, bare metal', legal: BACKENDS, initially: 'VMI' },
    preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
    ...READING_PARAMETERS,
  },
  invariants: Object.keys(LAZY_INVARIANTS),
  requirements: ['noHandlerAmongUpdates', 'switchWithInterruptsOff', 'interruptsComeBack'],
  bounds: {},
  leavesOut: ['CONFIG_HIGHPTE, whose mappings lie outside the lazy regions', 'preemption of the process: no timer', 'more than one CPU', 'PAE', 'more than two interrupts', 'interrupt handlers that run with interrupts on'],
  build: buildKmap,
};

const use_kmap = path(function* use_kmap(k: GuestKernel, page: Pfn): Path {
  const vaddr = yield* kmap(k, page);
  yield* load(vaddr);
});

function buildKmap(choice: Choice) {
  const { parameters } = choice;
  const value = <T>(name: string): T => parameters[name] as T;
  const machine = new GuestMachine({
    release: '2.6.21-rc5',
    hunks: choice.hunks,
    ram: value('ram'),
    config: { HIGHMEM: value('highmem'), PREEMPT: value('preempt'), DEBUG_PAGEALLOC: value('device') === 'slab' },
    backend: value('backend'),
    reading: readingOf(parameters),
  });
  const entries = value<number>('entries');
  const connect = (): void => connectDevice(machine, value('device'), { limit: value('interrupts'), segments: value('segments'), zone: value('page') });
  if (value('device') !== 'module') connect();
  const mm = machine.addressSpace('editor.mm', PAGES_AT, entries);
  const child = machine.addressSpace('child.mm', PAGES_AT, 0);
  for (let i = 0; i < entries; i++) {
    machine.entry(child, PAGES_AT + i * 0x1000);
    machine.entry(mm, MOVED_TO + i * 0x1000);
  }
  const range: Range = { mm, start: PAGES_AT, end: PAGES_AT + entries * 0x1000 };
  const region = REGIONS[value<string>('region')]!;
  const buffer = machine.kernel.allocPage('buffer', 0x0b0f0001);
  const work = [() => region(machine, mm, child, range), ...(value('afterwards') === 'kmap()' ? [() => use_kmap(machine.kernel, buffer)] : [])];
  const editor = machine.task('editor', mm, () => system_call(machine.kernel, new Steps('editor', work.length, (i) => work[i]!())));
  machine.running(editor);
  if (value('device') === 'module') connect();
  return machine.system(invariantsOf(choice, machine));
}
