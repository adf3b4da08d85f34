import type { Cpu } from '../../hardware/cpu';
import type { Kernel } from '../../kernel/kernel';
import { cpu_idle, ret_from_fork, run } from '../../kernel/linux-2.6/sched/sched';
import { Task, type Mm } from '../../kernel/task';
import type { Call } from '../../path';

// The tasks with which a situation begins, on any machine: an idle task for each
// CPU, tasks that wait for their turn, and the one that runs.

/** What the CPU runs after boot: its idle task, on the page tables of boot, with interrupts on. */
export function addIdleTask(kernel: Kernel, cpu: Cpu): void {
  const idle = new Task(kernel.store, `swapper/${cpu.id}`, () => cpu_idle(kernel), { active_mm: kernel.init_mm, onCpu: cpu });
  kernel.init_mm.mm_count++;
  kernel.init_mm.cpu_vm_mask |= 1 << cpu.id;
  kernel.tasks.push(idle);
  const rq = kernel.rq(cpu);
  rq.idle = idle;
  rq.curr = idle;
  cpu.context = idle.thread;
  cpu.IF = true;
  idle.thread.start(run(kernel, idle), cpu);
}

/** A task that has not run yet, runnable on `cpu`. A task without `mm` is a kernel thread. */
export function addTask(kernel: Kernel, cpu: Cpu, name: string, mm: Mm | null, program: () => Call<unknown>): Task {
  const task = new Task(kernel.store, name, program, { mm, active_mm: mm, preempt_count: kernel.config.PREEMPT ? 1 : 0, onQueueOf: cpu });
  kernel.tasks.push(task);
  kernel.rq(cpu).enqueue(task);
  task.thread.start(ret_from_fork(kernel, task), cpu);
  return task;
}

/**
 * Makes `task` the one that runs on `cpu` at the beginning: in user mode, or in the kernel on the idle task's address space.
 *
 * @param load puts the task's page tables into the CPU
 */
export function startWith(kernel: Kernel, cpu: Cpu, task: Task, load: (mm: Mm) => void): void {
  const rq = kernel.rq(cpu);
  const idle = rq.idle!;
  idle.onCpu = null;
  idle.active_mm = null;
  task.onCpu = cpu;
  task.preempt_count = 0;
  task.thread.abandon();
  rq.curr = task;
  cpu.context = task.thread;
  // The idle task runs next when a task switches to it, and then has to finish that switch, like any task that comes back.
  idle.preempt_count = kernel.config.PREEMPT ? 1 : 0;
  idle.thread.abandon();
  idle.thread.start(ret_from_fork(kernel, idle), cpu);
  if (task.mm) {
    kernel.init_mm.mm_count--;
    kernel.init_mm.cpu_vm_mask &= ~(1 << cpu.id);
    task.mm.cpu_vm_mask |= 1 << cpu.id;
    load(task.mm);
    cpu.cpl = 3;
  } else {
    task.active_mm = kernel.init_mm;
  }
  task.thread.start(run(kernel, task), cpu);
}
