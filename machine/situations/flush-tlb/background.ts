import type { Invariant, System } from '../../explorer/system';
import { Cpu, type CpuOptions, type InterruptSource } from '../../hardware/cpu';
import { Memory } from '../../hardware/memory';
import { iret } from '../../hardware/instructions';
import { resume_userspace, TIMER_VECTOR, timer_interrupt, trap_init } from '../../kernel/linux-2.6/irq/entry';
import { Kernel, type KernelOptions } from '../../kernel/kernel';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, makeInitMm, makeMm, mapPage, usePgd } from '../../kernel/linux-2.6/mm/pgtable';
import { enableLongMode } from '../../kernel/linux-2.6/mm/pgtable-64';
import type { Mm, Task } from '../../kernel/task';
import { instruction, path, type Call, type Operation, type Path } from '../../path';
import { Entity } from '../../state/hash';
import { Store } from '../../state/store';
import { addIdleTask, addTask, startWith } from './cast';

// A machine with a booted kernel and its cast, ready for a situation to begin.
// The set-up is plain calls: only what a claim is about is explored.

/** A page of a user task: where it is mapped, and its first word. */
export interface UserPage {
  readonly va: number;
  readonly content: number;
}

export class Background {
  readonly store = new Store();
  readonly memory: Memory;
  readonly cpus: readonly Cpu[];
  readonly kernel: Kernel;

  /** @param processor what the processors have besides the minimum */
  constructor(options: KernelOptions, cpus = 1, processor: CpuOptions = {}) {
    this.memory = new Memory(this.store);
    this.cpus = Array.from({ length: cpus }, (_, id) => new Cpu(this.store, id, this.memory, processor));
    this.kernel = new Kernel(this.store, this.memory, this.cpus, options);
    this.kernel.init_mm = makeInitMm(this.kernel);
    this.kernel.irqActions.set(TIMER_VECTOR, () => timer_interrupt(this.kernel));
    for (const cpu of this.cpus) {
      trap_init(this.kernel, cpu);
      if (this.kernel.config.X86_64) enableLongMode(this.kernel, cpu);
      usePgd(this.kernel, cpu, this.kernel.init_mm);
      addIdleTask(this.kernel, cpu);
    }
  }

  /** An address space with one page for each of `pages`. */
  addressSpace(name: string, pages: readonly UserPage[]): Mm {
    const mm = makeMm(this.kernel, name, pages.map(({ va }) => ({ start: va, end: va + 0x1000, write: true })));
    for (const { va, content } of pages) mapPage(this.kernel, mm, va, _PAGE_PRESENT | _PAGE_RW | _PAGE_USER, content);
    return mm;
  }

  /** A task that has not run yet, runnable on `cpu`. A task without `mm` is a kernel thread. */
  task(name: string, mm: Mm | null, program: () => Call<unknown>, cpu: Cpu = this.cpus[0]!): Task {
    return addTask(this.kernel, cpu, name, mm, program);
  }

  /** Makes `task` the one that runs on `cpu` at the beginning: in user mode, or in the kernel on the idle task's address space. */
  running(task: Task, cpu: Cpu = this.cpus[0]!): void {
    startWith(this.kernel, cpu, task, (mm) => usePgd(this.kernel, cpu, mm));
  }

  /** Lets the timer interrupt every CPU, `limit` times each at most. */
  timer(limit = Infinity): void {
    const source: InterruptSource = { name: 'timer', vector: TIMER_VECTOR, limit };
    for (const cpu of this.cpus) cpu.connect(source);
  }

  /** The finished set-up, with what must hold from here on. */
  system(invariants: readonly Invariant[]): System {
    this.store.settle();
    return {
      store: this.store,
      processes: this.cpus,
      invariants,
      consulted: () => [...this.kernel.consulted],
      outcome: () => this.kernel.tasks.map((task) => `${task.name}: ${task.signal ?? task.oops ?? task.state}`).join('; '),
    };
  }
}

/** Calls each of `calls` in turn. */
export const inTurn = path(function* inTurn(steps: Steps): Path {
  for (let i = 0; i < steps.count; i++) yield* steps.step(i);
});

export const int80 = instruction('int $0x80', (cpu: Cpu) => { cpu.cpl = 0; });

/** arch/i386/kernel/entry.S, system_call: a user task does kernel work, and may lose the CPU on its way back. */
export const system_call = path(function* system_call(k: Kernel, work: Steps): Path {
  yield* int80();
  yield* inTurn(work);
  yield* resume_userspace(k);
  yield* iret({ vector: 0, errorCode: 0, IF: true, cpl: 3 });
});

/** A list of calls or instructions as an operand. Two lists of one machine need two names. */
export class Steps extends Entity {
  constructor(name: string, readonly count: number, readonly step: (i: number) => Operation) {
    super(`steps of ${name}`);
  }
}
