import type { Cpu } from '../../../hardware/cpu';
import { cli, iret, sti } from '../../../hardware/instructions';
import { halt } from '../../../hardware/system-instructions';
import { instruction, path, repeatWhile, silently, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import { enter_lazy_tlb, switch_mm } from '../mm/mmu_context';
import { mmdrop } from '../mm/mm';
import { current, need_resched, PREEMPT_ACTIVE, PREEMPT_OFFSET, preempt_count, preempt_disable, preempt_enable_no_resched } from './preempt';
import type { RunQueue } from './runqueue';
import { spin_lock_irq, spin_unlock_irq } from './spinlock';
import type { Mm, Task } from '../../task';

// kernel/sched.c, 2.6.10: how one task hands the CPU to another, and what
// happens to a borrowed address space meanwhile. The decision whether to load
// cr3 compares two pointers; the register itself is never read.

/** this_rq(). */
export const this_rq = silently('this_rq()', (cpu: Cpu, k: Kernel) => k.rq(cpu));

/** What schedule() itself has added to the preempt count by then: for itself, and for rq->lock. */
const ownCount = (k: Kernel): number => (k.config.PREEMPT ? 2 * PREEMPT_OFFSET : 0);

/** Model: with the complaint that schedule() makes at its beginning about a task that gives up the CPU while preemption is off, and is not dead. */
const deactivate_task = instruction((_k, prev) => `deactivate_task(${prev.name}) unless it is TASK_RUNNING or being preempted`, (_cpu: Cpu, k: Kernel, prev: Task, rq: RunQueue) => {
  if (prev.state !== 'EXIT_DEAD' && (prev.preempt_count & ~PREEMPT_ACTIVE) !== ownCount(k)) k.schedulingWhileAtomic.value ??= `scheduling while atomic: ${prev.name}`;
  if (prev.state === 'TASK_RUNNING' || (prev.preempt_count & PREEMPT_ACTIVE) !== 0) return;
  rq.dequeue(prev);
  prev.onQueueOf = null;
});

/**
 * The tasks that the scheduler could pick: any other runnable one that no other CPU runs; else the same task again,
 * else the idle task. Model: picking the same task while others wait would be as if the tick had not come.
 */
const candidates = (cpu: Cpu, rq: RunQueue): readonly Task[] => {
  const others = rq.tasks.filter((task) => task.onCpu === null);
  if (others.length > 0) return others;
  return rq.tasks.find((task) => task.onCpu === cpu) ? [rq.curr!] : [rq.idle!];
};

const pick_next_task = instruction(
  'next = the highest-priority task',
  (cpu: Cpu, rq: RunQueue) => candidates(cpu, rq)[cpu.chosen]!,
  { choices: (cpu: Cpu, rq: RunQueue) => candidates(cpu, rq).map((task) => task.name) },
);

const clear_tsk_need_resched = instruction((task: Task) => `clear_tsk_need_resched(${task.name})`, (_cpu: Cpu, task: Task) => {
  task.need_resched = false;
}, { locked: true });

const read_active_mm = instruction((task: Task) => `oldmm = ${task.name}->active_mm`, (_cpu: Cpu, task: Task) => task.active_mm);

/** Model: two statements as one instruction. Interrupts are off, the previous task holds a count itself, and no other CPU looks at a task's active_mm. */
const borrow = instruction(
  (next: Task, oldmm: Mm) => `${next.name}->active_mm = ${oldmm.name}; atomic_inc(&${oldmm.name}->mm_count)`,
  (_cpu: Cpu, next: Task, oldmm: Mm) => {
    next.active_mm = oldmm;
    oldmm.mm_count++;
  },
  { locked: true },
);

/** Model: two statements as one instruction, for the same reasons. */
const give_back = instruction(
  (prev: Task, oldmm: Mm) => `${prev.name}->active_mm = NULL; rq->prev_mm = ${oldmm.name}`,
  (_cpu: Cpu, prev: Task, oldmm: Mm, rq: RunQueue) => {
    prev.active_mm = null;
    rq.prev_mm = oldmm;
  },
);

const ownMm = silently((task: Task) => `${task.name}->mm`, (_cpu: Cpu, task: Task) => task.mm);

/** Model: the runqueue's curr is `current` here, so it changes with the stack, as the record of which task runs where does. Interrupts are off, under rq->lock. */
const switch_to = instruction((prev: Task, next: Task) => `switch_to(${prev.name}, ${next.name})`, (cpu: Cpu, prev: Task, next: Task, rq: RunQueue) => {
  rq.curr = next;
  prev.onCpu = null;
  next.onCpu = cpu;
  cpu.context = next.thread;
});

/** kernel/sched.c:1376-1399 (2.6.10), context_switch(). Under rq->lock, interrupts off. */
export const context_switch = path(function* context_switch(k: Kernel, rq: RunQueue, prev: Task, next: Task): Path {
  if (k.switching) yield* k.switching.enter(prev); // arch_enter_lazy_cpu_mode()
  const mm = yield* ownMm(next);
  const oldmm = (yield* read_active_mm(prev))!;
  if (mm === null) {
    yield* borrow(next, oldmm);
    yield* enter_lazy_tlb(k, oldmm, next);
  } else {
    yield* switch_mm(k, oldmm, mm);
  }
  if ((yield* ownMm(prev)) === null) yield* give_back(prev, oldmm, rq);
  yield* switch_to(prev, next, rq);
  if (k.switching) yield* k.switching.leave(prev); // at the end of __switch_to(): on this stack it is `prev` that was switched to again
});

const take_prev_mm = instruction('mm = rq->prev_mm; rq->prev_mm = NULL', (cpu: Cpu, k: Kernel) => {
  const rq = k.rq(cpu);
  const mm = rq.prev_mm;
  rq.prev_mm = null;
  return mm;
});

/**
 * kernel/sched.c:1331-1357 (2.6.10), finish_task_switch(): run by the new task, on behalf of the one that left.
 * Model: leaves out flags: PF_DEAD is noted by the exit itself.
 */
export const finish_task_switch = path(function* finish_task_switch(k: Kernel): Path {
  const mm = yield* take_prev_mm(k);
  const rq = yield* this_rq(k);
  yield* spin_unlock_irq(k, { of: rq, field: 'lock' });
  if (mm !== null) yield* mmdrop(k, mm);
});

/**
 * kernel/sched.c:2527-2701 (2.6.10), schedule().
 * Model: leaves out idle, now, flags, idx, delta, curr, test_thread_flag, __builtin_return_address: whichever task could be picked is tried.
 */
export const schedule = path(function* schedule(k: Kernel): Path {
  yield* repeatWhile(schedule_once(k));
});

/** kernel/sched.c:2527-2701 (2.6.10), schedule(): from the label need_resched of schedule() to its end; returns whether to go back to the label. */
const schedule_once = path(function* schedule_once(k: Kernel): Path<boolean> {
  yield* preempt_disable(k);
  const prev = yield* current(k);
  const rq = yield* this_rq(k);
  yield* spin_lock_irq(k, { of: rq, field: 'lock' });
  if (yield* switch_tasks(k, rq, prev)) yield* finish_task_switch(k);
  else yield* spin_unlock_irq(k, { of: rq, field: 'lock' });
  yield* preempt_enable_no_resched(k);
  return yield* need_resched(k);
});

/** kernel/sched.c:2527-2701 (2.6.10), schedule(): the label switch_tasks of schedule(): whether a task other than `prev` was chosen, and has run by now. */
const switch_tasks = path(function* switch_tasks(k: Kernel, rq: RunQueue, prev: Task): Path<boolean> {
  yield* deactivate_task(k, prev, rq);
  const next = yield* pick_next_task(rq);
  yield* clear_tsk_need_resched(prev);
  if (next === prev) return false;
  yield* context_switch(k, rq, prev, next);
  return true;
});

const set_preempt_active = instruction('preempt_count = PREEMPT_ACTIVE', (cpu: Cpu, k: Kernel) => {
  k.current(cpu).preempt_count = PREEMPT_ACTIVE;
});

const clear_preempt_active = instruction('preempt_count = 0', (cpu: Cpu, k: Kernel) => {
  k.current(cpu).preempt_count = 0;
});

const irqs_disabled = silently('irqs_disabled()', (cpu: Cpu) => !cpu.IF);

/**
 * kernel/sched.c:2711-2731 (2.6.10), preempt_schedule(): preempt_enable() found a reschedule pending.
 * Model: leaves out test_thread_flag: need_resched() tests it.
 */
export const preempt_schedule = path(function* preempt_schedule(k: Kernel): Path {
  if ((yield* preempt_count(k)) !== 0 || (yield* irqs_disabled())) return;
  yield* repeatWhile(preempt_once(k));
});

/** kernel/sched.c:2711-2731 (2.6.10), preempt_schedule(). */
const preempt_once = path(function* preempt_once(k: Kernel): Path<boolean> {
  yield* set_preempt_active(k);
  yield* schedule(k);
  yield* clear_preempt_active(k);
  return yield* need_resched(k);
});

/**
 * arch/i386/kernel/entry.S:181-192 (2.6.10), need_resched(): loop under resume_kernel: an interrupt came while the kernel ran with a preempt count of zero and IF set. Interrupts are off
 * on entry and on return.
 * Model: leaves out restore_all: the caller returns.
 * Model: adds clear_preempt_active: the store of 0 after schedule().
 */
export const preempt_from_interrupt = path(function* preempt_from_interrupt(k: Kernel): Path<boolean> {
  if (!(yield* need_resched(k))) return false;
  yield* set_preempt_active(k);
  yield* sti();
  yield* schedule(k);
  yield* cli();
  yield* clear_preempt_active(k);
  return true;
});

const set_user_mode = { vector: 0, errorCode: 0, IF: true, cpl: 3 } as const;

/**
 * arch/i386/kernel/entry.S:143-158 (2.6.10), ret_from_fork(): the first thing that a new task does.
 * Model: leaves out schedule_tail, syscall_exit: their parts are called.
 * Model: adds leave, finish_task_switch, iret, program, give_up, schedule: those parts, and the task instead of a program.
 */
export const ret_from_fork = path(function* ret_from_fork(k: Kernel, task: Task): Path {
  if (k.switching) yield* k.switching.leave(task);
  yield* finish_task_switch(k);
  if ((yield* ownMm(task)) !== null) yield* iret(set_user_mode);
  yield* run(k, task);
});

/** Ours: what a task does from first to last, instead of a program. */
export const run = path(function* run(k: Kernel, task: Task): Path {
  yield* task.program();
  yield* sleep_for_ever(k);
});

const give_up = instruction('int $0x80; cli; set_current_state(TASK_UNINTERRUPTIBLE)', (cpu: Cpu, k: Kernel) => {
  cpu.drain();
  cpu.cpl = 0;
  cpu.IF = false;
  k.current(cpu).state = 'TASK_UNINTERRUPTIBLE';
});

/** Ours: a wait for something that never comes: this task takes no further part. */
export const sleep_for_ever = path(function* sleep_for_ever(k: Kernel): Path {
  yield* give_up(k);
  yield* schedule(k);
});

/**
 * arch/i386/kernel/process.c:145-168 (2.6.10), cpu_idle().
 * Model: leaves out rcu_read_lock, rcu_read_unlock, idle, idle_timestamp, void, schedule, need_resched: idle_round has them.
 */
export const cpu_idle = path(function* cpu_idle(k: Kernel): Path {
  yield* repeatWhile(idle_round(k));
});

/**
 * arch/i386/kernel/process.c:94-105 (2.6.10), default_idle(): one round, with default_idle(): the test and the halt are one, since STI holds interrupts off until the CPU sleeps.
 * Model: leaves out hlt_works_ok, cpu_relax: the processor can halt.
 * Model: adds schedule: the next line of cpu_idle().
 */
const idle_round = path(function* idle_round(k: Kernel): Path<boolean> {
  yield* cli();
  const busy = yield* need_resched(k);
  yield* sti();
  if (busy) yield* schedule(k);
  else yield* halt();
  return true;
});
