import { Context } from '../../context';
import type { Invariant, Move, System } from '../../explorer/system';
import { Cpu, PAGE_FAULT, type CpuOptions } from '../../hardware/cpu';
import { hlt } from '../../hardware/instructions';
import { Memory } from '../../hardware/memory';
import { CR4 } from '../../hardware/paging';
import { Kernel, type KernelOptions } from '../../kernel/kernel';
import { enableLongMode } from '../../kernel/linux-2.6/mm/pgtable-64';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, makeInitMm, makeMm, pteEntry, setPte } from '../../kernel/linux-2.6/mm/pgtable';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import { Task, type Mm } from '../../kernel/task';
import type { Word } from '../../kernel/words/layout';
import { u32 } from '../../kernel/words/widths';
import { instruction, path, type Call, type Path } from '../../path';
import { Store } from '../../state/store';
import { Pages, type Page } from './pages';

// A ready scene: several processors without a scheduler, address spaces, pages
// that can be freed and reused, and a task on each processor. A chapter only
// adds what the tasks do. Nothing is explored before `system`: until then paths
// can be run to their end, one after the other, as during boot.

/** Rights of a page that a task may read and write. */
export const USER_RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
export const USER_RO = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED;

/** What one page table of x86-64 maps. */
const TABLE_SPAN = 0x200000;

const killTask = instruction('force_sig(SIGSEGV)', (cpu: Cpu, k: Kernel) => {
  k.current(cpu).signal = 'SIGSEGV';
});

/** Ours: the end of a task after a fault that nothing repairs. Its CPU still answers interrupts. */
const sigsegv = path(function* sigsegv(k: Kernel): Path {
  yield* killTask(k);
  yield* hlt();
});

/** A page fault that nothing repairs, on every CPU: the task gets SIGSEGV and does no more. Part of the boot. */
export function killOnFault(kernel: Kernel): void {
  for (const cpu of kernel.cpus) cpu.idt.set(PAGE_FAULT, { kind: 'trap', handler: () => sigsegv(kernel) });
}

/** Ours: an idle CPU, before the scene begins. */
const idling = path(function* idling(): Path {
  yield* hlt();
});

/** What the CPU does next by itself. */
function stepOf(cpu: Cpu): Move | undefined {
  const moves: Move[] = [];
  cpu.moves(moves);
  return moves.find(({ kind }) => kind === 'step');
}

export interface SmpOptions extends KernelOptions {
  readonly cpus: number;
  readonly processor?: CpuOptions;
}

/** A machine with its kernel, up to the moment when the explorer takes over. */
export class SmpScene {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly cpus: readonly Cpu[];
  readonly kernel: Kernel;
  readonly pages = new Pages(this.store);
  private readonly ptls = new Map<string, Word>();
  private ranBefore = 0;

  constructor({ cpus, processor = {}, ...options }: SmpOptions) {
    this.cpus = Array.from({ length: cpus }, (_, id) => new Cpu(this.store, id, this.memory, processor));
    this.kernel = new Kernel(this.store, this.memory, this.cpus, { ...options, config: { SMP: cpus > 1, PREEMPT: false, ...options.config } });
    this.kernel.init_mm = makeInitMm(this.kernel);
    for (const cpu of this.cpus) {
      if (this.kernel.config.X86_64) enableLongMode(this.kernel, cpu);
      cpu.cr3 = this.kernel.init_mm.pgd;
      if (processor.pcids) cpu.cr4 |= CR4.PCIDE;
    }
  }

  /** An address space with nothing in its user half. */
  mm(name: string): Mm {
    return makeMm(this.kernel, name, []);
  }

  /** A page with `word` at its beginning; mapped at `va` of `mm` if that is given. */
  page(name: string, word: number, mapped?: { readonly mm: Mm; readonly va: number; readonly flags?: number }): Page {
    const page = this.pages.add(name, this.kernel.frames.alloc());
    this.memory.write32(page.frame, word);
    if (mapped) setPte(this.kernel, mapped.mm, mapped.va, page.frame | (mapped.flags ?? USER_RW));
    return page;
  }

  /** Makes a table for `va`, so that its entry can be changed later. */
  table(mm: Mm, va: number): void {
    setPte(this.kernel, mm, va, 0);
  }

  /** pte_lockptr(): the lock of the page table that maps `va`. */
  ptl(mm: Mm, va: number): Word {
    const table = Math.floor(va / TABLE_SPAN) * TABLE_SPAN;
    const name = `ptl of ${mm.name} at ${hex(table)}`;
    const known = this.ptls.get(name) ?? this.kernel.words.declare(name, u32);
    this.ptls.set(name, known);
    return known;
  }

  /** A page fault that nothing repairs: the task gets SIGSEGV and does no more. Part of the boot. */
  killOnFault(): void {
    killOnFault(this.kernel);
  }

  /**
   * cpu_tlbstate, and the queues of calls between CPUs, once all address spaces exist. Part of the boot.
   *
   * @param called what the interrupt does on the CPU that receives it, such as `flush_tlb_func`
   */
  calls<Info>(called: (k: Kernel, info: Info) => Call<unknown>): { readonly t: TlbStates; readonly q: CallQueues } {
    const t = new TlbStates(this.kernel);
    const q = new CallQueues(this.kernel, this.store, called as never);
    installCallFunction(this.kernel, q);
    return { t, q };
  }

  /**
   * Puts a task on `cpu`, which begins with `program`: in the kernel, or in user mode with interrupts on. A task without an address space of its own borrows `active`.
   */
  task(cpu: Cpu, name: string, program: () => Call<unknown>, { mm, active = mm, inUserMode = false }: { readonly mm: Mm | null; readonly active?: Mm | null; readonly inUserMode?: boolean }): Task {
    const { kernel } = this;
    const task = new Task(this.store, name, program, { mm, active_mm: active, onCpu: cpu });
    kernel.tasks.push(task);
    kernel.rq(cpu).curr = task;
    cpu.context = task.thread;
    if (inUserMode) Object.assign(cpu, { cpl: 3, IF: true });
    return task;
  }

  /** Runs `call` on `cpu` to its end, as something that happened before the scene begins. The other CPUs are idle, and answer interrupts. */
  before(cpu: Cpu, call: Call<unknown>): void {
    const context = new Context(this.store, `before ${++this.ranBefore}, on ${cpu.name}`);
    const { context: waiting, cpl, IF } = cpu;
    cpu.context = context;
    context.start(call, cpu);
    while (!context.ended) {
      if (!context.isReady(cpu)) this.answerInterrupts();
      if (!context.isReady(cpu)) throw new Error(`machine bug: what came before waits at "${context.pending!.text}"`);
      context.perform(cpu);
      cpu.drain();
    }
    Object.assign(cpu, { context: waiting, cpl, IF });
  }

  /** Every CPU that is interrupted runs its handlers to their end. */
  private answerInterrupts(): void {
    for (const cpu of this.cpus.filter(({ ipis }) => ipis.length > 0)) {
      const { context: waiting, cpl, IF } = cpu;
      const idle = new Context(this.store, `before ${++this.ranBefore}, idle ${cpu.name}`);
      Object.assign(cpu, { context: idle, cpl: 0, IF: true });
      idle.start(idling(), cpu);
      for (let step = stepOf(cpu); step; step = stepOf(cpu)) {
        step.perform();
        cpu.drain();
      }
      Object.assign(cpu, { context: waiting, cpl, IF });
    }
  }

  /** Starts every task. Call it last. */
  system(invariants: readonly Invariant[], outcome: () => string): System {
    for (const task of this.kernel.tasks) task.thread.start(task.program(), task.onCpu!);
    this.store.settle();
    return { store: this.store, processes: this.cpus, invariants, outcome, consulted: () => [...this.kernel.consulted] };
  }
}

/** The last step of a switch to a task: user mode, with interrupts on. */
export const toUserMode = instruction('to user mode', (cpu: Cpu) => {
  cpu.cpl = 3;
  cpu.IF = true;
});

/** A system call or an exception of the task: ring 0, with interrupts on. */
export const toKernelMode = instruction('to kernel mode', (cpu: Cpu) => {
  cpu.cpl = 0;
});

const hex = (value: number): string => `0x${value.toString(16)}`;

/** set_pte(): a plain store. */
export const set_pte = instruction((_k: Kernel, mm: Mm, va: number, pte: number) => `set_pte(${mm.name} at ${hex(va)}, ${hex(pte)})`, (cpu: Cpu, k: Kernel, mm: Mm, va: number, pte: number) => {
  cpu.memory.write32(pteEntry(k, mm, va)!, pte);
});

/** ptep_get_and_clear() and kin: XCHG, which is always locked. Returns what the entry held. */
export const xchg_pte = instruction((_k: Kernel, mm: Mm, va: number, pte: number) => `xchg(&pte of ${mm.name} at ${hex(va)}, ${hex(pte)})`, (cpu: Cpu, k: Kernel, mm: Mm, va: number, pte: number) => {
  const at = pteEntry(k, mm, va)!;
  const old = cpu.memory.read32(at);
  cpu.memory.write32(at, pte);
  return old;
}, { locked: true });

/** A plain load of an entry. */
export const read_pte = instruction((_k: Kernel, mm: Mm, va: number) => `*pte of ${mm.name} at ${hex(va)}`, (cpu: Cpu, k: Kernel, mm: Mm, va: number) => cpu.memory.read32(pteEntry(k, mm, va)!));
