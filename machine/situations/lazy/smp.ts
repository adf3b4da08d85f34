import type { Invariant } from '../../explorer/system';
import type { VirtualCpu } from '../../hypervisors/vmi/vcpu';
import { try_to_unmap_one, zap_page_range } from '../../kernel/linux-2.6/lazy-regions';
import type { Mm } from '../../kernel/task';
import { hlt } from '../../hardware/instructions';
import { instruction, path, silently, type Call, type Path } from '../../path';
import { Entity } from '../../state/hash';
import { Cell } from '../../state/tracked';
import { MOVED_TO, PAGES_AT, REGIONS, READING_PARAMETERS, invariantsOf, LAZY_INVARIANTS, readingOf } from './kmap';
import { Steps, system_call } from '../flush-tlb/background';
import { BACKENDS, GuestMachine } from './machine';
import type { Choice, Situation } from '../types';

// Two CPUs in one address space: one changes entries in lazy MMU mode, the other
// is short of memory and takes a page of the same address space away.

/** The page that reclaim takes: under a page table other than the lazy loop's. */
const RECLAIMED = 0x0b000000;

export const lazySmp: Situation = {
  id: 'vmi-lazy/smp',
  patch: 'vmi-lazy',
  title: 'Two threads of one process on two CPUs: one is in a lazy loop, the other reclaims a page of the same address space.',
  parameters: {
    region: { about: 'what the first thread does', legal: Object.keys(REGIONS), initially: 'move_ptes' },
    other: { about: 'what the second thread does', legal: ['reclaims', 'writes to the page that is moved', 'computes', 'is of another process', 'is of another process and unmaps'], initially: 'reclaims' },
    FREE_PTE_NR: { about: 'after how many pages unmapping flushes inside its loop', legal: [1, 506], initially: 506 },
    NR_CPUS: { about: 'for how many CPUs the kernel was built: from 4 on, each page table has its own lock', legal: [2, 4, 8], initially: 4 },
    backend: { about: 'what the kernel runs on', legal: BACKENDS, initially: 'VMI' },
    ...READING_PARAMETERS,
  },
  invariants: [...Object.keys(LAZY_INVARIANTS), 'movedPageUnreachable'],
  requirements: ['nobodyOopses'],
  bounds: {},
  leavesOut: ['interrupts other than those between the CPUs', 'more than one page that is reclaimed', 'a third CPU'],
  build: buildSmp,
};

function buildSmp(choice: Choice) {
  const { parameters } = choice;
  const machine = new GuestMachine({
    release: '2.6.21-rc5', hunks: choice.hunks, ram: 2048, cpus: 2, backend: parameters['backend'] as (typeof BACKENDS)[number], reading: readingOf(parameters),
    config: { NR_CPUS: parameters['NR_CPUS'] as number },
  });
  const { kernel } = machine;
  kernel.FREE_PTE_NR = parameters['FREE_PTE_NR'] as number;
  const mm = machine.addressSpace('editor.mm', PAGES_AT, 1);
  const child = machine.addressSpace('child.mm', PAGES_AT, 0);
  machine.entry(child, PAGES_AT);
  machine.entry(mm, MOVED_TO);
  const otherMm = (parameters['other'] as string).startsWith('is of another process') ? machine.addressSpace('browser.mm', PAGES_AT, 0) : mm;
  machine.entry(otherMm, RECLAIMED, kernel.frames.alloc() | 0x67);
  const range = { mm, start: PAGES_AT, end: PAGES_AT + 0x1000 };
  const region = REGIONS[parameters['region'] as string]!;
  const moved = new Cell<boolean>(machine.store, 'moved', false);
  const note = silently('mremap() has returned', () => { moved.value = true; });
  const editing = [() => region(machine, mm, child, range), () => note()];
  const first = machine.task('editor', mm, () => thenRest(new Work('editor', () => system_call(kernel, new Steps('editor', editing.length, (i) => editing[i]!())))));
  const second = machine.task('allocator', otherMm, () => thenRest(new Work('allocator', () => secondThread(machine, parameters['other'] as string, otherMm))), machine.cpus[1]);
  machine.running(first);
  machine.running(second, machine.cpus[1]);
  return machine.system(invariantsOf({ ...choice, invariants: choice.invariants.filter((name) => name !== 'movedPageUnreachable') }, machine)
    .concat(choice.invariants.includes('movedPageUnreachable') ? [movedPageUnreachable(machine, moved)] : []));
}

/** A call as an operand. */
export class Work extends Entity {
  constructor(name: string, readonly call: () => Call<unknown>) {
    super(`work of ${name}`);
  }
}

/** Model: a thread that is done leaves its CPU idle without a task switch, which does not matter here. */
export const thenRest = path(function* thenRest(work: Work): Path {
  yield* work.call();
  yield* hlt();
});

/** A write of user code. Model: what happens after a fault is left out. */
const write = instruction((va) => `write to 0x${va.toString(16)}`, (cpu: VirtualCpu, va: number) => cpu.reaches('write', va));

const writes = path(function* writes(va: number): Path {
  if (yield* write(va)) yield* write(va);
});

function secondThread({ kernel }: GuestMachine, what: string, mm: Mm) {
  switch (what) {
    case 'computes': return system_call(kernel, new Steps('allocator', 0, () => writes(0)));
    case 'is of another process and unmaps': return system_call(kernel, new Steps('allocator', 1, () => zap_page_range(kernel, { mm, start: RECLAIMED, end: RECLAIMED + 0x1000 })));
    case 'writes to the page that is moved': return writes(PAGES_AT);
    default: return system_call(kernel, new Steps('allocator', 1, () => try_to_unmap_one(kernel, mm, RECLAIMED)));
  }
}

/** Once mremap() has returned, the page cannot be reached at its old address. */
const movedPageUnreachable = ({ cpus, kernel }: GuestMachine, moved: Cell<boolean>): Invariant => ({
  name: 'movedPageUnreachable',
  check: () => {
    const cpu = cpus.find(({ lastAccess }) => moved.value && lastAccess?.la === PAGES_AT);
    return cpu ? `${kernel.current(cpu).name} on ${cpu.name} writes at 0x${PAGES_AT.toString(16)} although mremap() has moved that page to 0x${MOVED_TO.toString(16)} and flushed the old address on every CPU` : null;
  },
});
