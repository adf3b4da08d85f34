import { CR4_PAE, type Cpu } from '../hardware/cpu';
import type { Memory } from '../hardware/memory';
import { StoreBuffer, type SeenMemory } from '../hardware/store-buffer';
import type { HunkId } from '../patches/types';
import type { Call } from '../path';
import { Entity } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import { FrameAllocator } from './linux-2.6/mm/pgtable';
import { RunQueue } from './linux-2.6/sched/runqueue';
import { Shootdown, TlbState } from './linux-2.6/irq/smp';
import type { Mm, Task } from './task';
import { Words } from './words/layout';

// A kernel as it was built and booted: a release, a configuration, a set of
// hunks, and the few global structures that the paths share. Paths take it as
// their first argument, as if it were the symbol table.

/** The configuration symbols that some path asks for. A symbol that is not here is not modelled. */
export interface Config {
  readonly PREEMPT: boolean;
  readonly DEBUG_PREEMPT: boolean;
  readonly SMP: boolean;
  readonly NR_CPUS: number;
  readonly HIGHMEM: boolean;
  readonly X86_PAE: boolean;
  readonly X86_64: boolean;
  readonly SPLIT_PTLOCK_CPUS: number;
  readonly DEBUG_PAGEALLOC: boolean;
  readonly VMI: boolean;
  readonly XEN: boolean;
}

/** Uniprocessor, preemptible, two-level page tables. */
export const DEFAULT_CONFIG: Config = {
  PREEMPT: true,
  DEBUG_PREEMPT: false,
  SMP: false,
  NR_CPUS: 1,
  HIGHMEM: false,
  X86_PAE: false,
  X86_64: false,
  SPLIT_PTLOCK_CPUS: 4,
  DEBUG_PAGEALLOC: false,
  VMI: false,
  XEN: false,
};

export interface KernelOptions {
  /** `2.6.10-rc2` */
  readonly release: string;
  readonly config?: Partial<Config>;
  readonly hunks?: ReadonlySet<HunkId>;
}

/** Where the kernel's half of the address space begins: PAGE_OFFSET, and TASK_SIZE. */
export const PAGE_OFFSET = 0xc0000000;
export const TASK_SIZE = PAGE_OFFSET;

/** Frames below are the kernel's image; page directories and other pages come from ranges of their own, so that traces tell them apart. */
const FIRST_PGD_FRAME = 0x400;
const FIRST_FREE_FRAME = 0x800;

/** Boot's answer to what CR4 holds: the bits that __flush_tlb_global() writes back. */
const MMU_CR4_FEATURES = 0x90;

export class Kernel extends Entity {
  readonly release: string;
  readonly config: Config;
  readonly tasks: Task[] = [];
  readonly mms: Mm[] = [];
  private readonly hunks: ReadonlySet<HunkId>;
  private readonly queues = new Map<Cpu, RunQueue>();
  private readonly tlbstates = new Map<Cpu, TlbState>();
  /** The variables of the TLB shootdown, on SMP. */
  readonly shootdown: Shootdown;
  /** Variables that are words of memory, by name. */
  readonly words: Words;
  /** The page allocator. */
  readonly frames: FrameAllocator;
  /** The slab cache pgd_cache: page directories. */
  readonly pgdCache: FrameAllocator;
  /** x86-64 until 2.6.10: the top-level page of each CPU, the field level4_pgt of its PDA. Empty elsewhere; filled at boot. */
  readonly level4_pgt = new Map<Cpu, number>();
  /** What each interrupt line does, by vector: filled at boot, as by request_irq(). */
  readonly irqActions = new Map<number, () => Call<unknown>>();
  /** Hunks that some path asked for, on or off. A scenario about a patch that no path asked for proves nothing. */
  readonly consulted = new Set<HunkId>();
  /** The mm for which flush_tlb_mm() last returned, and the address whose entry had been changed before; for checkers. */
  readonly flushedSince: Cell<{ readonly mm: Mm; readonly va: number } | null>;
  /** What DEBUG_LOCKS_WARN_ON() has printed: only the first, which switches it off. */
  readonly debugLocksWarning: Cell<string | null>;
  /** What schedule() prints when it is called by a task that must not lose the CPU. */
  readonly schedulingWhileAtomic: Cell<string | null>;
  /** What a paravirtualised kernel does around a task switch: enters lazy CPU mode on one stack and leaves it on another. Null if it does nothing. */
  switching: { readonly enter: (prev: Task) => Call<unknown>; readonly leave: (next: Task) => Call<unknown> } | null = null;
  /** Set once, when the first mm is made at boot. */
  init_mm!: Mm;

  constructor(readonly store: Store, private readonly all: Memory, readonly cpus: readonly Cpu[], options: KernelOptions) {
    super('kernel');
    this.release = options.release;
    this.config = { ...DEFAULT_CONFIG, SMP: cpus.length > 1, NR_CPUS: cpus.length, ...options.config };
    this.hunks = options.hunks ?? new Set();
    this.words = new Words(store, all, cpus);
    this.flushedSince = new Cell<{ readonly mm: Mm; readonly va: number } | null>(store, 'flushed', null);
    this.debugLocksWarning = new Cell<string | null>(store, 'debug_locks_warning', null);
    this.schedulingWhileAtomic = new Cell<string | null>(store, 'scheduling_while_atomic', null);
    this.shootdown = new Shootdown(store, 'shootdown');
    this.frames = new FrameAllocator(store, 'frames', FIRST_FREE_FRAME);
    this.pgdCache = new FrameAllocator(store, 'pgd_cache', FIRST_PGD_FRAME);
    for (const cpu of cpus) {
      this.queues.set(cpu, new RunQueue(store, `rq${cpu.id}`));
      this.tlbstates.set(cpu, new TlbState(store, `cpu_tlbstate${cpu.id}`));
    }
  }

  /** Memory as seen by the CPU that is running kernel code; if none is, what all CPUs see. */
  get memory(): SeenMemory {
    const { view } = this.store;
    return view instanceof StoreBuffer ? view : this.all;
  }

  /** Whether a hunk is not applied: guards what it removes. */
  before(hunk: HunkId): boolean {
    this.consulted.add(hunk);
    return !this.hunks.has(hunk);
  }

  /** Whether a hunk is applied: guards what it adds. */
  after(hunk: HunkId): boolean {
    this.consulted.add(hunk);
    return this.hunks.has(hunk);
  }

  /** Whether the release is `release` or a later one, of those that the paths distinguish. */
  since(release: string): boolean {
    return compareReleases(this.release, release) >= 0;
  }

  /** The CPU's run queue. */
  rq(cpu: Cpu): RunQueue {
    return this.queues.get(cpu)!;
  }

  /** The CPU's cpu_tlbstate. */
  tlbstate(cpu: Cpu): TlbState {
    return this.tlbstates.get(cpu)!;
  }

  /** The task that runs on `cpu`. */
  current(cpu: Cpu): Task {
    return this.rq(cpu).curr!;
  }

  get mmu_cr4_features(): number {
    return this.config.X86_64 ? MMU_CR4_FEATURES | CR4_PAE : MMU_CR4_FEATURES;
  }

  /** The mm whose top table is at `pgd`; null for a page that is no top table now. */
  mmOf(pgd: number): Mm | null {
    return this.mms.find((mm) => mm.pgd === pgd && !mm.freed) ?? null;
  }
}

/** Orders releases such as 2.6.10-rc2 < 2.6.10 < 2.6.10.1 < 2.6.11. */
export function compareReleases(one: string, other: string): number {
  const parts = (release: string): number[] => {
    const [numbers = '', candidate] = release.split('-rc');
    const [a = 0, b = 0, c = 0, d = 0] = numbers.split('.').map(Number);
    return [a, b, c, candidate === undefined ? 1000 : Number(candidate), d];
  };
  const left = parts(one);
  const right = parts(other);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return 0;
}
