import { instruction, path, silently, type Path } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import type { Invariant } from '../../explorer/system';
import { load, store } from '../../hardware/instructions';
import type { Pfn } from '../../hardware/memory';
import { kmap, kmap_atomic, kunmap_atomic } from '../../kernel/linux-2.6/mm/highmem';
import { zap_page_range, type Range } from '../../kernel/linux-2.6/lazy-regions';
import { set_memory_present } from '../../kernel/linux-2.6/mm/pageattr';
import { arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode } from '../../kernel/linux-2.6/paravirt';
import type { RunQueue } from '../../kernel/linux-2.6/sched/runqueue';
import type { Task } from '../../kernel/task';
import { vmalloc_sync_all } from '../../kernel/linux-2.6/mm/vmalloc';
import type { GuestKernel } from '../../kernel/vmi/guest';
import { PATCHES } from '../../patches';
import { patchNamed } from '../../patches/selection';
import type { HunkId } from '../../patches/types';
import { Steps, system_call } from '../flush-tlb/background';
import { connectDevice, type DeviceName } from './devices';
import { givesWayWhenAsked, interruptsStayOff, neverSchedulesAtomically, softirqsOnlyWithInterruptsOn } from '../../invariants/quiet-ends';
import { invariantsOf, LAZY_INVARIANTS, MOVED_TO, PAGES_AT, READING_PARAMETERS, readingOf, REGIONS } from './kmap';
import { BACKENDS, GuestMachine } from './machine';
import type { Choice, Situation } from '../types';

// Thread 001: every modelled caller of the flush, under a timer that may preempt
// whatever is preemptible, next to another task with lazy work.

/** The callers of 2007, and the one of 2009 that broke the argument. */
export const CALLERS = [
  'kmap_atomic() in a task', 'kmap_atomic() in two tasks', 'kmap_atomic() in the copy loop', 'kmap_atomic() in an interrupt', 'kmap_atomic() in a softirq',
  'vmalloc fault in the copy loop', 'vmalloc fault in a task', 'vmalloc fault in an interrupt', 'vmalloc_sync_all()', 'set_memory_*() of 2.6.29',
] as const;
export type Caller = (typeof CALLERS)[number];

const DEVICE_OF: Partial<Record<Caller, DeviceName>> = {
  'kmap_atomic() in an interrupt': 'raid', 'kmap_atomic() in a softirq': 'network', 'vmalloc fault in an interrupt': 'module',
};

/** The kernel of thread 001, with the chosen hunks of its patch; `late` adds what page-attribute changes do since 2.6.29. */
function kernelOf2007(chosen: ReadonlySet<HunkId>, base: string, late = false): ReadonlySet<HunkId> {
  const release = patchNamed(PATCHES, 'vmi-lazy').variants.find(({ id }) => id === base)!.hunks;
  return new Set([...release, ...(late ? ['vmi-lazy/cpa-flush'] : []), ...[...chosen].filter((hunk) => hunk.startsWith('preemptible-lazy/') || hunk === 'vmi-lazy/fault-irqs-early')]);
}

/** Invariants that are not about lazy modes. */
const OF_ANY_KERNEL: Readonly<Record<string, (k: GuestKernel) => Invariant>> = { neverSchedulesAtomically, givesWayWhenAsked, interruptsStayOff, softirqsOnlyWithInterruptsOn };

const common = {
  patch: 'preemptible-lazy',
  invariants: [...Object.keys(LAZY_INVARIANTS).filter((name) => name !== 'noHandlerAmongUpdates'), ...Object.keys(OF_ANY_KERNEL)],
  requirements: ['nobodyOopses', 'slotReachesItsPage', 'neverSchedulesAtomically', 'givesWayWhenAsked'],
  bounds: {},
} as const;

export const lazyCallers: Situation = {
  ...common,
  id: 'preemptible-lazy/callers',
  title: 'A task flushes lazy mode, another task does lazy work of its own, and a timer may preempt both.',
  parameters: {
    caller: { about: 'who flushes', legal: CALLERS, initially: 'vmalloc fault in the copy loop' },
    ticks: { about: 'how often the timer interrupts at most', legal: [0, 1, 2], initially: 1 },
    base: { about: 'the release whose lazy modes the kernel has', legal: ['2.6.22', '2.6.23', '2.6.24'], initially: '2.6.23' },
    backend: { about: 'what the kernel runs on', legal: BACKENDS, initially: 'VMI' },
    ...READING_PARAMETERS,
  },
  leavesOut: ['more than one CPU', 'priorities: any runnable task may be picked'],
  build: buildCallers,
};

const use_slot = path(function* use_slot(k: GuestKernel, page: Pfn): Path {
  const vaddr = yield* kmap_atomic(k, page, 'USER0');
  yield* store(vaddr, 0x05e70001);
  yield* kunmap_atomic(k, vaddr, 'USER0');
});

/** What any system call of a module does, preemptibly and outside any lazy region. */
const read_vmalloc = path(function* read_vmalloc(address: number): Path {
  yield* load(address);
});

const set_memory = path(function* set_memory(k: GuestKernel, page: Pfn): Path {
  const vaddr = yield* set_memory_present(k, page);
  yield* load(vaddr);
});

/** The invariants that a choice names. */
const chosen = (choice: Choice, machine: GuestMachine): Invariant[] => [
  ...invariantsOf({ ...choice, invariants: choice.invariants.filter((name) => name in LAZY_INVARIANTS) }, machine),
  ...choice.invariants.flatMap((name) => OF_ANY_KERNEL[name]?.(machine.kernel) ?? []),
];

function buildCallers(choice: Choice) {
  const { parameters } = choice;
  const caller = parameters['caller'] as Caller;
  const late = caller === 'set_memory_*() of 2.6.29';
  const machine = new GuestMachine({
    release: '2.6.23-rc9', hunks: kernelOf2007(choice.hunks, parameters['base'] as string, late), ram: 2048,
    backend: parameters['backend'] as (typeof BACKENDS)[number], reading: readingOf(parameters),
  });
  const { kernel } = machine;
  const device = DEVICE_OF[caller] ?? 'none';
  if (device !== 'module') connectDevice(machine, device, { limit: 1, segments: 1, zone: 'highmem' });
  const attributed = kernel.allocPage('page of the direct mapping', 0x0a770001, 'lowmem');
  if (late) kernel.splitDirectMapping(attributed);
  if (caller === 'kmap_atomic() in the copy loop') {
    kernel.swap_map = kernel.vmallocPage(0);
    kernel.swapContinuation = kernel.allocPage('swap count', 1);
  }
  const mm = machine.addressSpace('editor.mm', PAGES_AT, 1);
  const child = machine.addressSpace('child.mm', PAGES_AT, 0);
  machine.entry(child, PAGES_AT);
  machine.entry(mm, MOVED_TO);
  if (caller === 'kmap_atomic() in the copy loop' || caller === 'vmalloc fault in the copy loop') machine.entry(mm, PAGES_AT, 1 << 8);
  const otherMm = machine.addressSpace('browser.mm', PAGES_AT, 1);
  if (caller === 'vmalloc fault in the copy loop' || caller === 'vmalloc fault in a task' || caller === 'vmalloc_sync_all()') kernel.swap_map = kernel.vmallocPage(0);
  if (device === 'module') connectDevice(machine, device, { limit: 1, segments: 1, zone: 'highmem' });

  const buffer = kernel.allocPage('buffer', 0);
  const range: Range = { mm, start: PAGES_AT, end: PAGES_AT + 0x1000 };
  const work = {
    'kmap_atomic() in a task': () => use_slot(kernel, buffer),
    'kmap_atomic() in two tasks': () => use_slot(kernel, buffer),
    'kmap_atomic() in the copy loop': () => REGIONS['copy_pte_range']!(machine, mm, child, range),
    'kmap_atomic() in an interrupt': () => zap_page_range(kernel, range),
    'kmap_atomic() in a softirq': () => zap_page_range(kernel, range),
    'vmalloc fault in the copy loop': () => REGIONS['copy_pte_range']!(machine, mm, child, range),
    'vmalloc fault in a task': () => read_vmalloc(kernel.swap_map),
    'vmalloc fault in an interrupt': () => zap_page_range(kernel, range),
    'vmalloc_sync_all()': () => vmalloc_sync_all(kernel, kernel.swap_map),
    'set_memory_*() of 2.6.29': () => set_memory(kernel, attributed),
  }[caller];
  const editor = machine.task('editor', mm, () => system_call(kernel, new Steps('editor', 1, work)));
  const otherBuffer = kernel.allocPage('other buffer', 0);
  const otherWork = (): ReturnType<typeof use_slot> => (caller === 'kmap_atomic() in two tasks' ? use_slot(kernel, otherBuffer) : zap_page_range(kernel, { mm: otherMm, start: PAGES_AT, end: PAGES_AT + 0x1000 }));
  machine.task('browser', otherMm, () => system_call(kernel, new Steps('browser', 1, otherWork)));
  machine.running(editor);
  machine.timer(parameters['ticks'] as number);
  return machine.system(chosen(choice, machine));
}

export const lazyMigration: Situation = {
  ...common,
  id: 'preemptible-lazy/migration',
  requirements: ['nobodyOopses', 'hypervisorLeavesLazyMode', 'neverSchedulesAtomically', 'givesWayWhenAsked'],
  title: 'A driver changes page attributes preemptibly and may move to another CPU meanwhile; on its first CPU, another task is in a lazy loop.',
  parameters: {
    lazy: { about: 'whether the driver itself is in lazy mode without a lock, like apply_to_pte_range() of 2.6.29 for init_mm', legal: [true, false], initially: false },
    lazy_cpu: { about: 'whether task switches go through lazy CPU mode, whose BUG_ON catches a task that was preempted in lazy MMU mode', legal: [true, false], initially: true },
    migration: { about: 'whether the other CPU may take the driver over', legal: [true, false], initially: true },
    ticks: { about: 'how often the timer interrupts each CPU at most', legal: [0, 1, 2], initially: 1 },
    base: { about: 'the release whose lazy modes the kernel has', legal: ['2.6.22', '2.6.23', '2.6.24', '2.6.31'], initially: '2.6.23' },
    backend: { about: 'what the kernel runs on', legal: BACKENDS, initially: 'VMI' },
    ...READING_PARAMETERS,
  },
  leavesOut: ['load figures: the other CPU takes the task whenever it can', 'more than one move'],
  build: buildMigration,
};

/** kernel/sched.c, load_balance() and pull_task(), once, as soon as the task waits. Model: takes both queues' locks at once. */
const pull_task = instruction(
  (task: Task, _from, _to) => `pull_task(${task.name})`,
  (cpu: Cpu, task: Task, from: RunQueue, to: RunQueue) => {
    from.dequeue(task);
    to.enqueue(task);
    task.onQueueOf = cpu;
  },
  { locked: true, when: (_cpu, task, from, to) => task.onCpu === null && task.state === 'TASK_RUNNING' && from.tasks.includes(task) && from.lock === null && to.lock === null, idle: true },
);

const taskCalled = silently((_k, name) => name, (_cpu: Cpu, k: GuestKernel, name: string) => k.tasks.find((task) => task.name === name)!);
const queueOf = silently((_k, id) => `cpu_rq(${id})`, (_cpu: Cpu, k: GuestKernel, id: number) => k.rq(k.cpus[id]!));

const load_balance = path(function* load_balance(k: GuestKernel, name: string): Path {
  const task = yield* taskCalled(k, name);
  const from = yield* queueOf(k, 0);
  const to = yield* queueOf(k, 1);
  yield* pull_task(task, from, to);
});

const called = instruction('apply_to_page_range(&init_mm, …)', () => undefined);

/** Lazy mode without a lock, and in it the change of an attribute. */
const lazy_attributes = path(function* apply_to_pte_range(k: GuestKernel, page: Pfn): Path {
  yield* called();
  yield* arch_enter_lazy_mmu_mode(k);
  yield* set_memory(k, page);
  yield* arch_leave_lazy_mmu_mode(k);
});

/** The change of an attribute, and afterwards an ordinary kmap(), which relies on nothing being lazy. */
const attributes_then_kmap = path(function* driver_init(k: GuestKernel, page: Pfn, buffer: Pfn): Path {
  yield* set_memory(k, page);
  const vaddr = yield* kmap(k, buffer);
  yield* load(vaddr);
});

function buildMigration(choice: Choice) {
  const { parameters } = choice;
  const lazy = parameters['lazy'] as boolean;
  const machine = new GuestMachine({
    release: '2.6.23-rc9', hunks: kernelOf2007(choice.hunks, parameters['base'] as string, true), ram: 2048, cpus: 2,
    backend: parameters['backend'] as (typeof BACKENDS)[number], reading: readingOf(parameters),
  });
  const { kernel } = machine;
  if (parameters['lazy_cpu'] === false) kernel.switching = null;
  const attributed = kernel.allocPage('page of the direct mapping', 0x0a770001, 'lowmem');
  kernel.splitDirectMapping(attributed);
  const buffer = kernel.allocPage('buffer', 0x0b0f0001);
  const otherMm = machine.addressSpace('browser.mm', PAGES_AT, 1);
  const driver = machine.task('driver', null, () => (lazy ? lazy_attributes(kernel, attributed) : attributes_then_kmap(kernel, attributed, buffer)));
  machine.task('browser', otherMm, () => system_call(kernel, new Steps('browser', lazy ? 0 : 1, () => zap_page_range(kernel, { mm: otherMm, start: PAGES_AT, end: PAGES_AT + 0x1000 }))));
  machine.running(driver);
  if (parameters['migration'] === true) machine.running(machine.task('migration', null, () => load_balance(kernel, 'driver'), machine.cpus[1]), machine.cpus[1]);
  machine.cpus[0]!.connect({ name: 'timer', vector: 0x20, limit: parameters['ticks'] as number });
  return machine.system(chosen(choice, machine));
}
