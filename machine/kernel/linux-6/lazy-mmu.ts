import type { Cpu } from '../../hardware/cpu';
import { cli, popf, pushf } from '../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell, tracked } from '../../state/tracked';
import { BUG_ON } from '../bug';
import type { Kernel } from '../kernel';
import { HARDIRQ_MASK, preempt_disable, preempt_enable, SOFTIRQ_MASK } from '../linux-2.6/sched/preempt';
import type { Task } from '../task';

// include/linux/pgtable.h, 6.18 with the series of November 2025, and
// arch/x86/xen/mmu_pv.c: a task can enable lazy MMU mode several times, and a CPU
// is in the mode or not; updates of page tables wait in the CPU's queue until it
// leaves the mode, which a context switch also makes it do.

export type XenLazyMode = 'XEN_LAZY_NONE' | 'XEN_LAZY_MMU' | 'XEN_LAZY_CPU';

/** An entry of a page table, and its new value. */
interface Update {
  readonly [key: string]: number;
  readonly at: number;
  readonly value: number;
}

/** struct lazy_mmu_state of a task, and its flag TIF_LAZY_MMU_UPDATES. */
class LazyMmuState extends tracked<{ enable_count: number; pause_count: number; TIF_LAZY_MMU_UPDATES: boolean }>({ enable_count: 0, pause_count: 0, TIF_LAZY_MMU_UPDATES: false }) {}

/** xen_lazy_mode and mc_buffer of all CPUs, and what each task has enabled. */
export class LazyMmu extends Entity {
  private readonly modes: ReadonlyMap<Cpu, Cell<XenLazyMode>>;
  private readonly queues: ReadonlyMap<Cpu, Cell<readonly Update[]>>;
  private readonly counts: ReadonlyMap<Cpu, LazyMmuState>;
  private readonly tasks = new Map<Task, LazyMmuState>();
  /** An entry that a path relied on while its update was waiting. */
  readonly harm: Cell<string | null>;
  /** An entry of a section that was not batched. */
  readonly unbatched: Cell<string | null>;
  /** What VM_WARN_ON_ONCE() has printed. */
  readonly warning: Cell<string | null>;

  /** @param ofSections the entries that are only changed in a section which is not paused, outside of interrupts: they must wait for its end */
  constructor(k: Kernel, private readonly store: Store, readonly ofSections: readonly number[] = []) {
    super('lazy MMU mode');
    this.modes = new Map(k.cpus.map((cpu) => [cpu, new Cell<XenLazyMode>(store, `xen_lazy_mode${cpu.id}`, 'XEN_LAZY_NONE')]));
    this.queues = new Map(k.cpus.map((cpu) => [cpu, new Cell<readonly Update[]>(store, `mc_buffer${cpu.id}`, [])]));
    this.counts = new Map(k.cpus.map((cpu) => [cpu, new LazyMmuState(store, `lazy_mmu_state of ${cpu.name}`)]));
    this.harm = new Cell<string | null>(store, 'an entry that waits', null, true);
    this.unbatched = new Cell<string | null>(store, 'an entry that does not wait', null, true);
    this.warning = new Cell<string | null>(store, 'VM_WARN_ON_ONCE()', null, true);
  }

  /** Part of the set-up: every task that runs has a state. */
  add(task: Task): void {
    this.tasks.set(task, new LazyMmuState(this.store, `${task.name}->lazy_mmu_state`));
  }

  of(task: Task): LazyMmuState {
    const state = this.tasks.get(task);
    if (!state) throw new Error(`machine bug: ${task.name} has no lazy_mmu_state; add() it to the set-up`);
    return state;
  }

  /** What a wrong fix has instead: one state for each CPU. */
  ofCpu(cpu: Cpu): LazyMmuState {
    return this.counts.get(cpu)!;
  }

  mode(cpu: Cpu): Cell<XenLazyMode> {
    return this.modes.get(cpu)!;
  }

  queue(cpu: Cpu): Cell<readonly Update[]> {
    return this.queues.get(cpu)!;
  }
}

const hex = (value: number): string => `0x${value.toString(16)}`;

const xen_lazy_mode = instruction('this_cpu_read(xen_lazy_mode)', (cpu: Cpu, lazy: LazyMmu) => lazy.mode(cpu).value);

const setMode = instruction((_lazy: LazyMmu, mode: XenLazyMode) => `this_cpu_write(xen_lazy_mode, ${mode})`, (cpu: Cpu, lazy: LazyMmu, mode: XenLazyMode) => {
  lazy.mode(cpu).value = mode;
});

const in_interrupt = silently('in_interrupt()', (cpu: Cpu, k: Kernel) => (k.current(cpu).preempt_count & (HARDIRQ_MASK | SOFTIRQ_MASK)) !== 0);

/** xen_mc_flush(): the hypercall, after which all that waited on this CPU is in the tables. Model: all entries at once; Xen writes one after the other, so the states in between are left out. */
const xen_mc_flush = instruction('xen_mc_flush()', (cpu: Cpu, lazy: LazyMmu) => {
  const queue = lazy.queue(cpu);
  for (const { at, value } of queue.value) cpu.memory.write32(at, value);
  queue.value = [];
}, { locked: true });

const mc_entry = instruction((_lazy: LazyMmu, at: number, value: number) => `xen_extend_mmu_update(${hex(at)}, ${hex(value)})`, (cpu: Cpu, lazy: LazyMmu, at: number, value: number) => {
  lazy.queue(cpu).value = [...lazy.queue(cpu).value, { at, value }];
});

/** arch/x86/include/asm/xen/hypervisor.h:76-81 (6.18.2), enter_lazy(). */
const enter_lazy = path(function* enter_lazy(k: Kernel, lazy: LazyMmu, mode: XenLazyMode): Path {
  yield* BUG_ON(k, (yield* xen_lazy_mode(lazy)) !== 'XEN_LAZY_NONE', 'BUG_ON(this_cpu_read(xen_lazy_mode) != XEN_LAZY_NONE) in enter_lazy()');
  yield* setMode(lazy, mode);
});

/** arch/x86/include/asm/xen/hypervisor.h:83-88 (6.18.2), leave_lazy(). */
const leave_lazy = path(function* leave_lazy(k: Kernel, lazy: LazyMmu, mode: XenLazyMode): Path {
  yield* BUG_ON(k, (yield* xen_lazy_mode(lazy)) !== mode, `BUG_ON(this_cpu_read(xen_lazy_mode) != ${mode}) in leave_lazy()`);
  yield* setMode(lazy, 'XEN_LAZY_NONE');
});

/** arch/x86/xen/mmu_pv.c:2133-2136 (6.18.2), xen_enter_lazy_mmu(), and as changed by the mail of 8 May 2026: being in the mode already does not matter. Model: adds xen_lazy_mode, preempt_disable, preempt_enable: of that mail. */
export const arch_enter_lazy_mmu_mode = path(function* arch_enter_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  if (k.after('lazy-mmu-nesting/tolerate') && k.before('lazy-mmu-nesting/unguarded')) yield* preempt_disable(k);
  const isEntered = k.after('lazy-mmu-nesting/tolerate') && (yield* xen_lazy_mode(lazy)) === 'XEN_LAZY_MMU';
  if (!isEntered) yield* enter_lazy(k, lazy, 'XEN_LAZY_MMU');
  if (k.after('lazy-mmu-nesting/tolerate') && k.before('lazy-mmu-nesting/unguarded')) yield* preempt_enable(k);
});

/** arch/x86/xen/mmu_pv.c:2170-2176 (6.18.2), xen_leave_lazy_mmu(). Model: adds xen_lazy_mode: of the mail of 8 May 2026. */
export const arch_leave_lazy_mmu_mode = path(function* arch_leave_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  yield* preempt_disable(k);
  yield* xen_mc_flush(lazy);
  const isLeft = k.after('lazy-mmu-nesting/tolerate') && (yield* xen_lazy_mode(lazy)) === 'XEN_LAZY_NONE';
  if (!isLeft) yield* leave_lazy(k, lazy, 'XEN_LAZY_MMU');
  yield* preempt_enable(k);
});

/** arch/x86/xen/mmu_pv.c:2138-2148 (6.18.2), xen_flush_lazy_mmu(). */
export const arch_flush_lazy_mmu_mode = path(function* arch_flush_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  yield* preempt_disable(k);
  if ((yield* xen_get_lazy_mode(k, lazy)) === 'XEN_LAZY_MMU') {
    yield* arch_leave_lazy_mmu_mode(k, lazy);
    yield* arch_enter_lazy_mmu_mode(k, lazy);
  }
  yield* preempt_enable(k);
});

/** arch/x86/xen/enlighten_pv.c:143-149 (6.18.2), xen_get_lazy_mode(): an interrupt is in no mode. */
const xen_get_lazy_mode = path(function* xen_get_lazy_mode(k: Kernel, lazy: LazyMmu): Path<XenLazyMode> {
  if (yield* in_interrupt(k)) return 'XEN_LAZY_NONE';
  return yield* xen_lazy_mode(lazy);
});

/** The hypercall with one update, which overtakes whatever waits in the queue. Model: notes at once if it is for an entry of a section; only a checker reads the note. */
const HYPERVISOR_mmu_update = instruction((_lazy: LazyMmu, at: number, value: number) => `HYPERVISOR_mmu_update(${hex(at)}, ${hex(value)})`, (cpu: Cpu, lazy: LazyMmu, at: number, value: number) => {
  if (lazy.ofSections.includes(at)) lazy.unbatched.value ??= `${cpu.context?.name ?? cpu.name} makes a hypercall for the entry at ${hex(at)} alone, although it is in a section`;
  cpu.memory.write32(at, value);
}, { locked: true });

/**
 * arch/x86/xen/mmu_pv.c:345-349 (6.18.2), xen_set_pte(); arch/x86/xen/mmu_pv.c:330-343 (6.18.2), __xen_set_pte(); arch/x86/xen/mmu_pv.c:312-328 (6.18.2), xen_batched_set_pte(): outside of the mode the update bypasses the queue.
 * Model: leaves out __xen_set_pte, xen_batched_set_pte: all three functions are here.
 * Model: leaves out virt_to_machine, maddr, ptr, val, pte_val_ma: the contents of the update.
 * Model: leaves out xen_extend_mmu_update: it is mc_entry().
 */
export const set_pte = path(function* set_pte(k: Kernel, lazy: LazyMmu, at: number, value: number): Path {
  if ((yield* xen_get_lazy_mode(k, lazy)) !== 'XEN_LAZY_MMU') return yield* HYPERVISOR_mmu_update(lazy, at, value);
  const flags = yield* pushf(); // xen_mc_batch()
  yield* cli();
  yield* mc_entry(lazy, at, value);
  if ((yield* xen_get_lazy_mode(k, lazy)) !== 'XEN_LAZY_MMU') yield* xen_mc_flush(lazy); // xen_mc_issue()
  yield* popf(flags);
});

/** Ours: something that needs the entry to be in the table, such as an access through it. */
export const relyOn = instruction((_lazy: LazyMmu, what: string, _at: number, value: number) => `relies on ${what} = ${hex(value)}`, (cpu: Cpu, lazy: LazyMmu, what: string, at: number, value: number) => {
  const found = cpu.memory.read32(at);
  if (found !== value) lazy.harm.value ??= `${cpu.context?.name ?? cpu.name} relies on ${what}, which is ${hex(found)} and not ${hex(value)}: ${lazy.queue(cpu).value.some((update) => update.at === at) ? 'the update waits' : 'it was not written'}`;
});

// --- What generic code calls ---------------------------------------------------

const counted = silently('current->lazy_mmu_state', (cpu: Cpu, k: Kernel, lazy: LazyMmu, perCpu: boolean) => {
  const { enable_count, pause_count } = perCpu ? lazy.ofCpu(cpu) : lazy.of(k.current(cpu));
  return { enable_count, pause_count };
});

/** Model: notes a count that would be negative, as VM_WARN_ON_ONCE() does; only a checker reads the note. */
const count = instruction((_k, _lazy, _perCpu, by: number) => `lazy_mmu_state.enable_count += ${by}`, (cpu: Cpu, k: Kernel, lazy: LazyMmu, perCpu: boolean, by: number) => {
  const state = perCpu ? lazy.ofCpu(cpu) : lazy.of(k.current(cpu));
  if (state.enable_count + by < 0) lazy.warning.value ??= `${k.current(cpu).name} disables lazy MMU mode with an enable_count of 0`;
  state.enable_count += by;
  return state.enable_count;
});

/** Model: notes a count that would be negative, as for the other count. */
const pause = instruction((_k, _lazy, _perCpu, by: number) => `lazy_mmu_state.pause_count += ${by}`, (cpu: Cpu, k: Kernel, lazy: LazyMmu, perCpu: boolean, by: number) => {
  const state = perCpu ? lazy.ofCpu(cpu) : lazy.of(k.current(cpu));
  if (state.pause_count + by < 0) lazy.warning.value ??= `${k.current(cpu).name} resumes lazy MMU mode with a pause_count of 0`;
  state.pause_count += by;
  return state.pause_count;
});

const isPerCpu = (k: Kernel): boolean => k.after('lazy-mmu-nesting/per-cpu');

/** Ours: enabling by a count, as the patch has it. */
const enableCounted = path(function* enableCounted(k: Kernel, lazy: LazyMmu): Path {
  if ((yield* counted(k, lazy, isPerCpu(k))).pause_count > 0) return;
  if ((yield* count(k, lazy, isPerCpu(k), 1)) === 1) yield* arch_enter_lazy_mmu_mode(k, lazy);
});

/** Ours: disabling by a count, as the patch has it. */
const disableCounted = path(function* disableCounted(k: Kernel, lazy: LazyMmu): Path {
  if ((yield* counted(k, lazy, isPerCpu(k))).pause_count > 0) return;
  const left = yield* count(k, lazy, isPerCpu(k), -1);
  if (left === 0) yield* arch_leave_lazy_mmu_mode(k, lazy);
  if (k.after('lazy-mmu-nesting/flush') && left > 0) yield* arch_flush_lazy_mmu_mode(k, lazy);
});

/** include/linux/pgtable.h (mail of 2025-11-24), lazy_mmu_mode_enable(). */
export const lazy_mmu_mode_enable = path(function* lazy_mmu_mode_enable(k: Kernel, lazy: LazyMmu): Path {
  if (yield* in_interrupt(k)) return;
  if (k.before('lazy-mmu-nesting/count')) yield* arch_enter_lazy_mmu_mode(k, lazy);
  if (k.after('lazy-mmu-nesting/count')) yield* enableCounted(k, lazy);
});

/** include/linux/pgtable.h (mail of 2025-11-24), lazy_mmu_mode_disable(): afterwards the caller may rely on what it has updated. */
export const lazy_mmu_mode_disable = path(function* lazy_mmu_mode_disable(k: Kernel, lazy: LazyMmu): Path {
  if (yield* in_interrupt(k)) return;
  if (k.before('lazy-mmu-nesting/count')) yield* arch_leave_lazy_mmu_mode(k, lazy);
  if (k.after('lazy-mmu-nesting/count')) yield* disableCounted(k, lazy);
});

/** include/linux/pgtable.h (mail of 2025-11-24), lazy_mmu_mode_pause(): until it is resumed, updates take effect at once, whatever is enabled in between. */
export const lazy_mmu_mode_pause = path(function* lazy_mmu_mode_pause(k: Kernel, lazy: LazyMmu): Path {
  if (yield* in_interrupt(k)) return;
  if (k.before('lazy-mmu-nesting/count')) return yield* arch_leave_lazy_mmu_mode(k, lazy);
  const isActive = (yield* counted(k, lazy, isPerCpu(k))).enable_count > 0;
  if ((yield* pause(k, lazy, isPerCpu(k), 1)) === 1 && isActive) yield* arch_leave_lazy_mmu_mode(k, lazy);
});

/** include/linux/pgtable.h (mail of 2025-11-24), lazy_mmu_mode_resume(). */
export const lazy_mmu_mode_resume = path(function* lazy_mmu_mode_resume(k: Kernel, lazy: LazyMmu): Path {
  if (yield* in_interrupt(k)) return;
  if (k.before('lazy-mmu-nesting/count')) return yield* arch_enter_lazy_mmu_mode(k, lazy);
  const isActive = (yield* counted(k, lazy, isPerCpu(k))).enable_count > 0;
  if ((yield* pause(k, lazy, isPerCpu(k), -1)) === 0 && isActive) yield* arch_enter_lazy_mmu_mode(k, lazy);
});

// --- Context switches ------------------------------------------------------------

const setUpdates = instruction((_lazy: LazyMmu, prev: Task) => `set_ti_thread_flag(${prev.name}, TIF_LAZY_MMU_UPDATES)`, (_cpu: Cpu, lazy: LazyMmu, prev: Task) => {
  lazy.of(prev).TIF_LAZY_MMU_UPDATES = true;
}, { locked: true });

const testAndClearUpdates = instruction((_lazy: LazyMmu, next: Task) => `test_and_clear_ti_thread_flag(${next.name}, TIF_LAZY_MMU_UPDATES)`, (_cpu: Cpu, lazy: LazyMmu, next: Task) => {
  const was = lazy.of(next).TIF_LAZY_MMU_UPDATES;
  lazy.of(next).TIF_LAZY_MMU_UPDATES = false;
  return was;
}, { locked: true });

const isActiveIn = silently((_lazy: LazyMmu, next: Task) => `__task_lazy_mmu_mode_active(${next.name})`, (_cpu: Cpu, lazy: LazyMmu, next: Task) => {
  const { enable_count, pause_count } = lazy.of(next);
  return enable_count > 0 && pause_count === 0;
});

/** arch/x86/xen/enlighten_pv.c:423-432 (6.18.2), xen_start_context_switch(). Interrupts are off. Model: leaves out BUG_ON, task_thread_info: the first checks that they are, and the flag belongs to the task. */
export const xen_start_context_switch = path(function* xen_start_context_switch(k: Kernel, lazy: LazyMmu, prev: Task): Path {
  if ((yield* xen_lazy_mode(lazy)) === 'XEN_LAZY_MMU') {
    yield* arch_leave_lazy_mmu_mode(k, lazy);
    if (k.before('lazy-mmu-nesting/by-count')) yield* setUpdates(lazy, prev);
  }
  yield* enter_lazy(k, lazy, 'XEN_LAZY_CPU');
});

/** arch/x86/xen/enlighten_pv.c:434-442 (6.18.2), xen_end_context_switch(), on the stack of the task that runs now. With the series, the task's count replaces its flag. Model: leaves out BUG_ON, task_thread_info: the first checks that interrupts are off, and the flag belongs to the task. */
export const xen_end_context_switch = path(function* xen_end_context_switch(k: Kernel, lazy: LazyMmu, next: Task): Path {
  yield* xen_mc_flush(lazy);
  yield* leave_lazy(k, lazy, 'XEN_LAZY_CPU');
  if (k.before('lazy-mmu-nesting/by-count') && (yield* testAndClearUpdates(lazy, next))) yield* arch_enter_lazy_mmu_mode(k, lazy);
  if (k.after('lazy-mmu-nesting/by-count') && k.before('lazy-mmu-nesting/forget') && (yield* isActiveIn(lazy, next))) yield* arch_enter_lazy_mmu_mode(k, lazy);
});
