import { lazy_mmu_mode_disable, lazy_mmu_mode_enable, lazy_mmu_mode_pause, lazy_mmu_mode_resume, LazyMmu, relyOn, set_pte, xen_end_context_switch, xen_start_context_switch } from '../../kernel/linux-6/lazy-mmu';
import { cli, popf, pushf } from '../../hardware/instructions';
import { givesWayWhenAsked, interruptsStayOff, neverSchedulesAtomically, switchesWithInterruptsOff } from '../../invariants/quiet-ends';
import { trap_init } from '../../kernel/linux-2.6/irq/entry';
import type { Kernel } from '../../kernel/kernel';
import { path, type Path } from '../../path';
import { Background, inTurn, Steps } from '../flush-tlb/background';
import { noTaskOopses } from '../scenes/pages';
import type { Choice, Situation } from '../types';

// Thread 114: a task changes entries in lazy MMU mode and calls code that does so
// too, while a timer may give the CPU to another task.

/** Entries of page tables, in memory that nothing else uses. */
const ENTRIES = 0x00900000;
const entry = (i: number): number => ENTRIES + 8 * i;

const INNERS = ['nothing', 'a section', 'a section with interrupts off', 'a pause', 'a section in a pause'] as const;
type Inner = (typeof INNERS)[number];

/** What KASAN and DEBUG_PAGEALLOC do: map something, and use it. */
const mapAndUse = path(function* mapAndUse(k: Kernel, lazy: LazyMmu): Path {
  yield* lazy_mmu_mode_enable(k, lazy);
  yield* set_pte(k, lazy, entry(1), 0x63);
  yield* lazy_mmu_mode_disable(k, lazy);
  yield* relyOn(lazy, 'the inner entry', entry(1), 0x63);
});

/** Ours: the same in a part of the kernel that has turned interrupts off: they stay off until it turns them on again. */
const mapWithInterruptsOff = path(function* mapWithInterruptsOff(k: Kernel, lazy: LazyMmu): Path {
  yield* mapAndUse(k, lazy);
  yield* relyOn(lazy, 'the inner entry', entry(1), 0x63);
});

/** Ours: what the loop calls. */
const called = path(function* called(k: Kernel, lazy: LazyMmu, inner: Inner): Path {
  if (inner === 'a section') yield* mapAndUse(k, lazy);
  if (inner === 'a section with interrupts off') {
    const flags = yield* pushf();
    yield* cli();
    yield* mapWithInterruptsOff(k, lazy);
    yield* popf(flags);
  }
  if (inner !== 'a pause' && inner !== 'a section in a pause') return;
  yield* lazy_mmu_mode_pause(k, lazy);
  if (inner === 'a section in a pause') yield* mapAndUse(k, lazy);
  yield* set_pte(k, lazy, entry(2), 0x65);
  yield* relyOn(lazy, 'the entry of the pause', entry(2), 0x65);
  yield* lazy_mmu_mode_resume(k, lazy);
});

/** mm/memory.c (6.18), apply_to_pte_range() and the like: a loop over entries, and what comes after it. */
const loop = path(function* loop(k: Kernel, lazy: LazyMmu, inner: Inner): Path {
  yield* lazy_mmu_mode_enable(k, lazy);
  yield* set_pte(k, lazy, entry(0), 0x61);
  yield* called(k, lazy, inner);
  yield* set_pte(k, lazy, entry(5), 0x6b);
  yield* lazy_mmu_mode_disable(k, lazy);
  yield* relyOn(lazy, 'the outer entry', entry(0), 0x61);
  yield* relyOn(lazy, 'the last outer entry', entry(5), 0x6b);
  yield* set_pte(k, lazy, entry(3), 0x67);
  yield* relyOn(lazy, 'the entry after the loop', entry(3), 0x67);
});

/** Another task, which changes one entry, in a lazy section of its own or without one. */
const other = path(function* other(k: Kernel, lazy: LazyMmu, isLazy: boolean): Path {
  if (isLazy) yield* lazy_mmu_mode_enable(k, lazy);
  yield* set_pte(k, lazy, entry(4), 0x69);
  if (isLazy) yield* lazy_mmu_mode_disable(k, lazy);
  yield* relyOn(lazy, 'the entry of the other task', entry(4), 0x69);
});

/** A device whose handler changes an entry, as DEBUG_PAGEALLOC does when a handler frees a page. */
const DEVICE_VECTOR = 0x31;

/** Ours: what the handler calls. */
const handle = path(function* handle(k: Kernel, lazy: LazyMmu): Path {
  yield* lazy_mmu_mode_enable(k, lazy);
  yield* set_pte(k, lazy, entry(6), 0x6d);
  yield* lazy_mmu_mode_disable(k, lazy);
  yield* relyOn(lazy, 'the entry of the handler', entry(6), 0x6d);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<Background['system']> {
  const { inner, ticks, isLazy, device } = parameters;
  const background = new Background({ release: '2.6.10-rc2', config: { PREEMPT: true, X86_64: false }, hunks });
  const { kernel, store } = background;
  const lazy = new LazyMmu(kernel, store, [entry(0), entry(5)]);
  kernel.switching = { enter: (prev) => xen_start_context_switch(kernel, lazy, prev), leave: (next) => xen_end_context_switch(kernel, lazy, next) };
  const work = new Steps('editor', 1, () => loop(kernel, lazy, inner as Inner));
  const editor = background.task('editor', null, () => inTurn(work));
  background.task('browser', null, () => other(kernel, lazy, isLazy as boolean));
  for (const task of kernel.tasks) lazy.add(task);
  background.running(editor);
  background.timer(ticks as number);
  if (device) {
    kernel.irqActions.set(DEVICE_VECTOR, () => handle(kernel, lazy));
    for (const cpu of background.cpus) {
      trap_init(kernel, cpu);
      cpu.connect({ name: 'device', vector: DEVICE_VECTOR, limit: 1 });
    }
  }
  const all = {
    noTaskOopses: noTaskOopses(kernel),
    updatesAreThere: { name: 'updatesAreThere', check: () => lazy.harm.value },
    sectionsAreBatched: { name: 'sectionsAreBatched', check: () => lazy.unbatched.value },
    countsMatch: { name: 'countsMatch', check: () => lazy.warning.value },
    neverSchedulesAtomically: neverSchedulesAtomically(kernel),
    givesWayWhenAsked: givesWayWhenAsked(kernel),
    interruptsStayOff: interruptsStayOff(kernel, ['mapWithInterruptsOff']),
    switchesWithInterruptsOff: switchesWithInterruptsOff(kernel),
  };
  return background.system(invariants.map((name) => all[name as keyof typeof all]));
}

export const lazyMmuNestingSituations: readonly Situation[] = [{
  id: 'lazy-mmu-nesting/loop',
  patch: 'lazy-mmu-nesting',
  title: 'A task changes page-table entries in lazy MMU mode on Xen and calls code that does the same, while a timer may give the CPU to another task.',
  parameters: {
    inner: { about: 'what the loop calls', legal: INNERS, initially: 'a section' },
    ticks: { about: 'how often the timer interrupts at most', legal: [0, 1, 2], initially: 1 },
    device: { about: 'whether a device interrupts, whose handler changes an entry', legal: [false, true], initially: false },
    isLazy: { about: 'whether the other task is in lazy MMU mode as well', legal: [true, false], initially: true },
  },
  invariants: ['noTaskOopses', 'updatesAreThere', 'sectionsAreBatched', 'countsMatch', 'neverSchedulesAtomically', 'givesWayWhenAsked', 'interruptsStayOff', 'switchesWithInterruptsOff'],
  reviewed: [{}, { inner: 'a pause' }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['more than one CPU', 'the scheduler of 6.18: tasks are switched by that of 2.6.10'],
  build,
}];
