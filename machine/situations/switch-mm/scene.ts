import type { Invariant, System } from '../../explorer/system';
import { Cpu } from '../../hardware/cpu';
import { iret, load } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { Memory } from '../../hardware/memory';
import type { MemoryOrder } from '../../hardware/store-buffer';
import type { FlushedPage } from '../../invariants/switch-mm-barrier';
import { Kernel } from '../../kernel/kernel';
import { mm_cpumask, switch_mm } from '../../kernel/linux-4.4/mmu_context';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, makeInitMm, makeMm, mapPage, pteEntry } from '../../kernel/linux-2.6/mm/pgtable';
import { Task, type Mm } from '../../kernel/task';
import { CALL_FUNCTION_VECTOR, call_function_interrupt, flush_tlb_mm_range, flush_tlb_page, TLB_FLUSH_ALL } from '../../kernel/linux-4.4/tlb';
import { u32 } from '../../kernel/words/widths';
import { instruction, path, type Call, type Path } from '../../path';
import { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import type { Choice } from '../types';

// Thread 100: one CPU maps another page and flushes, while another CPU is
// switching to the address space. Memory is x86-TSO, and both the page-table
// entry and the mask of CPUs are words of it.

const PAGE = 0x08048000;
const OTHER_PAGE = 0x08050000;
const FLAGS = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;

/** The contents of the pages: the one that is mapped at first, the one that replaces it, and the first one again when it has another user. */
const OLD_WORD = 0x01d;
const NEW_WORD = 0x2e3;
const SECRET = 0x5ec7e7;

/** On one CPU, a task switch comes as an interrupt. */
const SWITCH_VECTOR = 0x20;

class Progress extends tracked<{ freed: boolean; told: string; read: string }>({ freed: false, told: 'no CPU', read: 'nothing' }) {}

export const FLUSHES: Readonly<Record<string, (k: Kernel, mm: Mm) => Call<unknown>>> = {
  'flush_tlb_mm_range() of one page': (k, mm) => flush_tlb_mm_range(k, mm, PAGE, PAGE + 0x1000),
  'flush_tlb_mm_range() of everything': (k, mm) => flush_tlb_mm_range(k, mm, 0, TLB_FLUSH_ALL),
  'flush_tlb_page()': (k, mm) => flush_tlb_page(k, mm, PAGE),
};

const set_pte = instruction((_k: Kernel, mm: Mm) => `set_pte(${mm.name} at 0x${PAGE.toString(16)})`, (cpu: Cpu, k: Kernel, mm: Mm, pte: number) => {
  cpu.memory.write32(pteEntry(k, mm, PAGE)!, pte);
});

/** As ptep_get_and_clear() does: every earlier store is in memory before it, and its own after it. */
const xchgPte = instruction((_k: Kernel, mm: Mm) => `xchg(&pte of ${mm.name} at 0x${PAGE.toString(16)})`, (cpu: Cpu, k: Kernel, mm: Mm, pte: number) => {
  cpu.memory.write32(pteEntry(k, mm, PAGE)!, pte);
}, { locked: true });

/** The count of a page is dropped by a locked instruction, so what was stored before is in memory when the page is free. */
const put_page = instruction('put_page()', (cpu: Cpu, k: Kernel, progress: Progress) => {
  progress.freed = true;
  for (const each of k.cpus) each.lastAccess = null; // earlier accesses were allowed
}, { locked: true });

const reuse = instruction('another owner writes to the page', (cpu: Cpu, frame: number) => {
  cpu.memory.write32(frame, SECRET);
});

const tell = instruction('the flush has returned', (_cpu: Cpu, k: Kernel, progress: Progress) => {
  progress.told = k.shootdown.flush_mm === null ? 'no CPU' : 'the reader';
});

const user = instruction('to user mode', (cpu: Cpu) => {
  cpu.cpl = 3;
  cpu.IF = true;
});

const note = instruction((_progress: Progress, word: number) => `read 0x${word.toString(16)}`, (_cpu: Cpu, progress: Progress, word: number) => {
  progress.read = word === OLD_WORD ? 'the old page' : word === NEW_WORD ? 'the new page' : 'another owner\'s page';
});

const readPage = path(function* readPage(progress: Progress): Path {
  yield* note(progress, yield* load(PAGE));
});

/** kernel/sched/core.c, context_switch(), from where it loads the address space; interrupts are off until the task is in user mode. */
const switchAndRead = path(function* switchAndRead(k: Kernel, prev: Mm, mm: Mm, progress: Progress, accesses: number): Path {
  yield* switch_mm(k, prev, mm);
  yield* user();
  for (let i = 0; i < accesses; i++) yield* readPage(progress);
});

const changeAndFlush = path(function* changeAndFlush(k: Kernel, mm: Mm, progress: Progress, pages: Pages): Path {
  if (pages.locked) yield* xchgPte(k, mm, pages.next | FLAGS);
  else yield* set_pte(k, mm, pages.next | FLAGS);
  if (pages.flush !== 'nothing') yield* FLUSHES[pages.flush]!(k, mm);
  yield* tell(k, progress);
  yield* put_page(k, progress);
  yield* reuse(pages.old);
});

interface Pages {
  readonly [key: string]: number | boolean | string;
  readonly old: number;
  readonly next: number;
  readonly locked: boolean;
  readonly flush: string;
}

/** A machine in the middle of 4.4: the address space "editor.mm", and the relation of each CPU to it. */
export class Scene {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly kernel: Kernel;
  readonly mm: Mm;
  readonly other: Mm;
  readonly old: number;
  private readonly next: number;
  private readonly progress = new Progress(this.store, 'progress');

  constructor(private readonly choice: Choice) {
    const { order, fills, cpus } = choice.parameters;
    const options = { order: order as MemoryOrder, earlyFills: fills ? [PAGE] : [] };
    const processors = Array.from({ length: cpus as number }, (_, id) => new Cpu(this.store, id, this.memory, options));
    const kernel = new Kernel(this.store, this.memory, processors, { release: '4.4', config: { SMP: true, PREEMPT: false }, hunks: choice.hunks });
    this.kernel = kernel;
    kernel.init_mm = makeInitMm(kernel);
    this.mm = makeMm(kernel, 'editor.mm', []);
    this.other = makeMm(kernel, 'browser.mm', []);
    this.old = mapPage(kernel, this.mm, PAGE, FLAGS, OLD_WORD);
    this.next = kernel.frames.alloc();
    this.memory.write32(this.next, NEW_WORD);
    for (const mm of kernel.mms) kernel.words.declareField(mm, 'mm_cpumask()', u32);
    for (const cpu of processors) cpu.idt.set(CALL_FUNCTION_VECTOR, { kind: 'interrupt', handler: (frame) => call_function_interrupt(kernel, frame) });
    for (const cpu of processors) cpu.vectorNames.set(CALL_FUNCTION_VECTOR, 'call_function');
  }

  /** Puts a task on `cpu` that holds `active`, and owns it unless it is lazy. */
  private stand(cpu: Cpu, name: string, active: Mm, how: 'owner' | 'lazy' | 'lazy, left already', program: () => Call<unknown>): void {
    const { kernel } = this;
    const task = new Task(this.store, name, program, { mm: how === 'owner' ? active : null, active_mm: active, onCpu: cpu });
    kernel.tasks.push(task);
    kernel.rq(cpu).curr = task;
    const tlbstate = kernel.tlbstate(cpu);
    tlbstate.active_mm = active;
    tlbstate.state = how === 'owner' ? 'TLBSTATE_OK' : 'TLBSTATE_LAZY';
    cpu.cr3 = how === 'lazy, left already' ? kernel.init_mm.pgd : active.pgd;
    const mask = mm_cpumask(kernel, active);
    if (how !== 'lazy, left already') mask.set(this.memory, mask.get(this.memory) | (1 << cpu.id));
    cpu.context = task.thread;
    task.thread.start(program(), cpu);
  }

  flusher(cpu: Cpu): void {
    const { flusher, change, flush } = this.choice.parameters;
    const pages: Pages = { old: this.old, next: this.next, locked: change === 'locked exchange', flush: flush as string };
    const program = () => changeAndFlush(this.kernel, this.mm, this.progress, pages);
    cpu.IF = true;
    if (flusher === 'stranger') this.stand(cpu, 'kswapd', this.other, 'lazy', program);
    else this.stand(cpu, 'flusher', this.mm, flusher as 'owner', program);
  }

  reader(cpu: Cpu): void {
    const { reader, accesses } = this.choice.parameters;
    const from = (prev: Mm) => () => switchAndRead(this.kernel, prev, this.mm, this.progress, accesses as number);
    if (reader === 'from another address space') this.stand(cpu, 'editor', this.kernel.init_mm, 'owner', from(this.kernel.init_mm));
    else this.stand(cpu, 'editor', this.mm, reader === 'back from lazy' ? 'lazy' : 'lazy, left already', from(this.mm));
  }

  /** A thread of "editor" that flushes another of its pages, which makes a lazy CPU leave. */
  thread(cpu: Cpu): void {
    cpu.IF = true;
    this.stand(cpu, 'thread', this.mm, 'owner', () => flush_tlb_mm_range(this.kernel, this.mm, OTHER_PAGE, OTHER_PAGE + 0x1000));
  }

  /** The only CPU may switch to the reader and back once, wherever interrupts are on. */
  readerInBetween(cpu: Cpu): void {
    const { kernel, other, mm, progress } = this;
    const between = path(function* between(frame: TrapFrame): Path {
      yield* switch_mm(kernel, other, mm);
      yield* readPage(progress);
      yield* switch_mm(kernel, mm, other);
      yield* iret(frame);
    });
    cpu.idt.set(SWITCH_VECTOR, { kind: 'interrupt', handler: between });
    cpu.connect({ name: 'switch', vector: SWITCH_VECTOR, limit: 1 });
  }

  system(invariants: readonly ((k: Kernel, page: FlushedPage) => Invariant)[]): System {
    const { kernel, mm, old, progress } = this;
    const page: FlushedPage = { mm, va: PAGE, frame: old, isFreed: () => progress.freed };
    this.store.settle();
    return {
      store: this.store,
      processes: kernel.cpus,
      invariants: invariants.map((invariant) => invariant(kernel, page)),
      consulted: () => [...kernel.consulted],
      outcome: () => `the flusher told ${progress.told}; the reader read ${progress.read}`,
    };
  }
}
