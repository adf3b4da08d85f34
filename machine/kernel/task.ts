import type { Cpu } from '../hardware/cpu';
import type { Call } from '../path';
import { Context } from '../context';
import type { Store } from '../state/store';
import { inMemory } from '../state/tracked';

// struct task_struct and struct mm_struct, as far as the paths use them. Some
// fields never wait in a store buffer: notes for checkers, where a task runs, and
// the preempt count, which only the CPU that runs the task uses.

/** A region of a process's address space: `[start, end)`. */
export interface Vma {
  readonly [key: string]: number | boolean;
  readonly start: number;
  readonly end: number;
  readonly write: boolean;
}

interface MmFields {
  /** Physical address of the top table. */
  pgd: number;
  mm_users: number;
  mm_count: number;
  /** CPUs whose TLBs may hold entries of this mm, as a bit set. */
  cpu_vm_mask: number;
  vmas: readonly Vma[];
  /** mm->page_table_lock: who holds it. */
  page_table_lock: Cpu | null;
  /** Given back by __mmdrop(). */
  freed: boolean;
}

/** struct mm_struct. */
export class Mm extends inMemory<MmFields>({
  pgd: 0, mm_users: 1, mm_count: 1, cpu_vm_mask: 0, vmas: [], page_table_lock: null, freed: false,
}, ['freed']) {
  constructor(store: Store, name: string, initial: Partial<MmFields> = {}) {
    super(store, name, initial);
  }
}

export type TaskState = 'TASK_RUNNING' | 'TASK_INTERRUPTIBLE' | 'TASK_UNINTERRUPTIBLE' | 'EXIT_DEAD';

interface TaskFields {
  state: TaskState;
  /** Null for a kernel thread. */
  mm: Mm | null;
  /** For a kernel thread, what it has borrowed from the task before it. */
  active_mm: Mm | null;
  preempt_count: number;
  need_resched: boolean;
  /** TIF_LAZY_MMU_UPDATES (2.6.31): it lost the CPU in lazy MMU mode, and enters the mode again when it runs. */
  lazy_mmu_updates: boolean;
  /** The CPU whose run queue it is on; null when it sleeps. */
  onQueueOf: Cpu | null;
  /** Where it runs now; null when it does not. */
  onCpu: Cpu | null;
  /** Fault counter of getrusage(). */
  min_flt: number;
  signal: 'SIGSEGV' | 'SIGKILL' | null;
  oops: string | null;
}

/** struct task_struct, with the kernel stack as a context. */
export class Task extends inMemory<TaskFields>({
  state: 'TASK_RUNNING', mm: null, active_mm: null, preempt_count: 0, need_resched: false, lazy_mmu_updates: false,
  onQueueOf: null, onCpu: null, min_flt: 0, signal: null, oops: null,
}, ['preempt_count', 'onCpu', 'signal', 'oops'], ['min_flt']) {
  readonly thread: Context;

  /**
   * @param program what it does once it runs for the first time
   */
  constructor(store: Store, name: string, readonly program: () => Call<unknown>, initial: Partial<TaskFields> = {}) {
    super(store, name, initial);
    this.thread = new Context(store, name);
  }

  /**
   * For checkers: whether it does nothing more, except that its CPU answers interrupts. It has exited, its program is over, or it waits in HLT.
   * With a scheduler, a task whose program is over sleeps and is never woken (sleep_for_ever()); nothing else sleeps in that state.
   */
  get isDone(): boolean {
    return this.state === 'EXIT_DEAD' || this.state === 'TASK_UNINTERRUPTIBLE' || this.thread.ended || this.thread.pending?.instruction.idle === true;
  }
}
