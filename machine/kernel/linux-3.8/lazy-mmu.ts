import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { BUG_ON } from '../bug';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';

// arch/x86/kernel/paravirt.c and arch/x86/xen/mmu.c, 2.6.31 to 3.8: lazy MMU mode on
// one CPU, and what it means on Xen: updates of a pinned page directory wait in the
// guest's own queue until the mode ends. Model: one CPU, so its per-CPU variables
// are fields; updates of page directories only.

/** A word of a page directory, and its new value. */
interface Update {
  readonly [key: string]: number;
  readonly at: number;
  readonly value: number;
}

interface LazyFields {
  /** paravirt_lazy_mode of this CPU. */
  mode: 'PARAVIRT_LAZY_NONE' | 'PARAVIRT_LAZY_MMU';
  /** mc_buffer: updates that have not yet been sent to Xen. */
  queue: readonly Update[];
}

/** How many updates of 16 bytes fit into mc_buffer: it has MC_ARGS bytes, 32 times 16, and is never filled to the last one. The next update flushes those that wait. */
const QUEUE_LENGTH = 31;

class LazyState extends tracked<LazyFields>({ mode: 'PARAVIRT_LAZY_NONE', queue: [] }) {}

class Pinned extends tracked<{ pinned: boolean }>({ pinned: false }) {}

/** Lazy MMU mode, and which address spaces are pinned. */
export class LazyMmu extends Entity {
  readonly state: LazyState;
  private readonly pins: ReadonlyMap<Mm, Pinned>;

  /** @param isXen whether the kernel runs on Xen, or on bare metal, where the mode means nothing. Part of the boot. */
  constructor(k: Kernel, store: Store, readonly isXen: boolean, pinned: readonly Mm[]) {
    super('lazy MMU mode');
    this.state = new LazyState(store, 'lazy');
    this.pins = new Map(k.mms.map((mm) => [mm, new Pinned(store, `pin of ${mm.name}`, { pinned: pinned.includes(mm) })]));
  }

  pin(mm: Mm): Pinned {
    return this.pins.get(mm)!;
  }
}

const modeIs = silently('paravirt_get_lazy_mode()', (_cpu: Cpu, lazy: LazyMmu) => lazy.state.mode);

const setMode = instruction((_lazy: LazyMmu, mode: LazyFields['mode']) => `paravirt_lazy_mode = ${mode}`, (_cpu: Cpu, lazy: LazyMmu, mode: LazyFields['mode']) => {
  lazy.state.mode = mode;
});

/** xen_mc_flush(): the hypercall, after which all that waited is in the tables. Model: at once, since there is one CPU. */
const xen_mc_flush = instruction('xen_mc_flush()', (cpu: Cpu, lazy: LazyMmu) => {
  for (const { at, value } of lazy.state.queue) cpu.memory.write32(at, value);
  lazy.state.queue = [];
});

/**
 * arch/x86/kernel/paravirt.c:256-259 (3.8.13), paravirt_enter_lazy_mmu().
 * Model: adds modeIs: what enter_lazy() checks.
 */
export const arch_enter_lazy_mmu_mode = path(function* arch_enter_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  if (!lazy.isXen) return;
  yield* BUG_ON(k, (yield* modeIs(lazy)) !== 'PARAVIRT_LAZY_NONE', 'BUG_ON(paravirt_lazy_mode != PARAVIRT_LAZY_NONE) in enter_lazy()');
  yield* setMode(lazy, 'PARAVIRT_LAZY_MMU');
});

/**
 * arch/x86/xen/mmu.c:2119-2125 (3.8.13), xen_leave_lazy_mmu().
 * Model: leaves out preempt_disable, preempt_enable: one task runs.
 * Model: adds modeIs, BUG_ON: paravirt_leave_lazy_mmu(), which is leave_lazy().
 */
export const arch_leave_lazy_mmu_mode = path(function* arch_leave_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  if (!lazy.isXen) return;
  yield* xen_mc_flush(lazy);
  yield* BUG_ON(k, (yield* modeIs(lazy)) !== 'PARAVIRT_LAZY_MMU', 'BUG_ON(paravirt_lazy_mode != PARAVIRT_LAZY_MMU) in leave_lazy()');
  yield* setMode(lazy, 'PARAVIRT_LAZY_NONE');
});

/**
 * arch/x86/kernel/paravirt.c:266-276 (3.8.13), paravirt_flush_lazy_mmu().
 * Model: leaves out preempt_disable, preempt_enable: one task runs.
 * Model: adds modeIs: paravirt_get_lazy_mode().
 */
export const arch_flush_lazy_mmu_mode = path(function* arch_flush_lazy_mmu_mode(k: Kernel, lazy: LazyMmu): Path {
  if ((yield* modeIs(lazy)) !== 'PARAVIRT_LAZY_MMU') return;
  yield* arch_leave_lazy_mmu_mode(k, lazy);
  yield* arch_enter_lazy_mmu_mode(k, lazy);
});

const store = instruction((mm: Mm, at: number, _value: number) => `*pgd = …   # ${mm.name}, at 0x${at.toString(16)}`, (cpu: Cpu, _mm: Mm, at: number, value: number) => {
  cpu.memory.write32(at, value);
});

const queue = instruction((_lazy: LazyMmu, mm: Mm, at: number, _value: number) => `__xen_set_pgd_hyper()   # ${mm.name}, at 0x${at.toString(16)}`, (_cpu: Cpu, lazy: LazyMmu, _mm: Mm, at: number, value: number) => {
  lazy.state.queue = [...lazy.state.queue, { at, value }];
});

const isPinned = silently((_lazy: LazyMmu, mm: Mm) => `xen_page_pinned(${mm.name}->pgd)`, (_cpu: Cpu, lazy: LazyMmu, mm: Mm) => lazy.isXen && lazy.pin(mm).pinned);

const isFull = silently('argidx + size >= MC_ARGS', (_cpu: Cpu, lazy: LazyMmu) => lazy.state.queue.length === QUEUE_LENGTH);

/**
 * arch/x86/xen/mmu.c:650-676 (3.8.13), xen_set_pgd(): a plain store if the page directory is not pinned, else an update that xen_mc_issue(PARAVIRT_LAZY_MMU) holds back in lazy mode.
 * Model: leaves out xen_get_user_pgd, xen_mc_batch, xen_mc_issue: the user's half of the tables is left out, and a batch begins and ends here.
 * Model: adds store, isFull, xen_mc_flush, modeIs: the parts of those.
 */
export const set_pgd = path(function* set_pgd(lazy: LazyMmu, mm: Mm, at: number, value: number): Path {
  if (!(yield* isPinned(lazy, mm))) return yield* store(mm, at, value);
  if (yield* isFull(lazy)) yield* xen_mc_flush(lazy);
  yield* queue(lazy, mm, at, value);
  if ((yield* modeIs(lazy)) !== 'PARAVIRT_LAZY_MMU') yield* xen_mc_flush(lazy);
});

/** xen_pgd_unpin(): the hypercall, after which the tables are ordinary memory. */
export const xen_pgd_unpin = instruction((_lazy: LazyMmu, mm: Mm) => `xen_pgd_unpin(${mm.name})`, (_cpu: Cpu, lazy: LazyMmu, mm: Mm) => {
  lazy.pin(mm).pinned = false;
});
