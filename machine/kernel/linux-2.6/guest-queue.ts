import type { Cpu } from '../../hardware/cpu';
import { BUG_ON } from '../bug';
import { instruction, path, silently, type Call, type Path } from '../../path';
import { sameValue } from '../../state/tracked';
import { local_irq_restore, local_irq_save, nativeOps, paravirt_get_lazy_mode } from './paravirt';
import { preempt_disable, preempt_enable, preemptible } from './sched/preempt';
import { __pa, PARAVIRT_LAZY, type GuestKernel, type ParavirtOps } from '../vmi/guest';

// The other kind of backend: the guest itself holds updates back, in a queue for
// each CPU, and a variable of its own says whether it should. Xen's multicalls and
// KVM's buffer are of this kind. Model: every operation that writes an entry is queued,
// although Xen of 2007 queued only some; this is why its failures are those of VMI.

/** An update that the guest holds back. */
export type GuestUpdate =
  | { readonly op: 'set'; readonly pa: number; readonly value: number }
  | { readonly op: 'inval'; readonly va: number };

const { NONE, MMU, FLUSH } = PARAVIRT_LAZY;

function performUpdate(cpu: Cpu, update: GuestUpdate): void {
  if (update.op === 'set') cpu.memory.write32(update.pa, update.value);
  else cpu.tlb.invlpg(update.va);
}

const textOf = (update: GuestUpdate): string => (update.op === 'set' ? `*0x${update.pa.toString(16)} = 0x${update.value.toString(16)}` : `invalidate 0x${update.va.toString(16)}`);

/** xen_mc_entry() under xen_mc_batch(): with interrupts off, so in one piece. */
const append = instruction((_k, update) => `queue: ${textOf(update)}`, (cpu: Cpu, k: GuestKernel, update: GuestUpdate) => {
  const lazy = k.lazy(cpu);
  if (!sameValue(lazy.queue.at(-1), update)) lazy.queue = [...lazy.queue, update]; // Model: as in the hypervisor's queue, and without a bound
});

/** xen_mc_flush(). Model: one instruction, since the C does it with interrupts off. */
const mc_flush = instruction('xen_mc_flush(): one hypercall for all that waits', (cpu: Cpu, k: GuestKernel) => {
  const lazy = k.lazy(cpu);
  cpu.drain();
  for (const update of lazy.queue) performUpdate(cpu, update);
  lazy.queue = [];
});

/**
 * arch/i386/xen/multicalls.h:20-24 (2.6.23), xen_mc_batch(); arch/i386/xen/multicalls.h:36-43 (2.6.23), xen_mc_issue().
 * Interrupts are off from one to the other. Outside lazy mode, too, an update is queued after those that already wait,
 * and all are made in order.
 */
const issue = path(function* issue(k: GuestKernel, update: GuestUpdate): Path {
  const flags = yield* local_irq_save(k);
  yield* append(k, update);
  if ((yield* paravirt_get_lazy_mode(k)) !== MMU) yield* mc_flush(k);
  yield* local_irq_restore(k, flags);
});

/**
 * arch/i386/xen/mmu.c:154-170 (2.6.23), xen_set_pte_at().
 * Model: leaves out mm, xen_get_lazy_mode, xen_mc_entry, MULTI_update_va_mapping, mc, HYPERVISOR_update_va_mapping, xen_set_pte: every update goes through the queue, whatever address space it
 * belongs to.
 */
const set_entry = path(function* xen_set_pte(k: GuestKernel, ptep: number, pte: number): Path {
  yield* issue(k, { op: 'set', pa: __pa(ptep), value: pte >>> 0 });
});

/**
 * arch/i386/xen/enlighten.c:554-565 (2.6.23), xen_flush_tlb_single().
 * Model: leaves out args, cmd, arg1, linear_addr, mc, xen_mc_entry, MULTI_mmuext_op: how the call is written down.
 */
const flush_tlb_single = path(function* xen_flush_tlb_single(k: GuestKernel, va: number): Path {
  yield* issue(k, { op: 'inval', va });
});

const readMode = silently('x86_read_percpu(paravirt_lazy_mode)', (cpu: Cpu, k: GuestKernel) => k.lazy(cpu).mode);

const setMode = instruction((_k, mode) => `x86_write_percpu(paravirt_lazy_mode, ${mode})`, (cpu: Cpu, k: GuestKernel, mode: number) => {
  k.lazy(cpu).mode = mode;
});

/** arch/i386/xen/enlighten.c:252-275 (2.6.23), xen_set_lazy_mode(): until 2.6.23 the queue is flushed before the variable changes, on the way in as well. */
const xen_set_lazy_mode = path(function* xen_set_lazy_mode(k: GuestKernel, mode: number): Path {
  yield* BUG_ON(k, yield* preemptible(k), 'BUG_ON(preemptible()) in xen_set_lazy_mode()');
  const now = yield* readMode(k);
  if (mode === FLUSH) {
    if (now !== NONE) yield* mc_flush(k);
    return;
  }
  yield* BUG_ON(k, (mode === NONE) === (now === NONE), 'BUG_ON(lazy mode is entered twice, or left without having been entered)');
  yield* mc_flush(k);
  yield* setMode(k, mode);
});

/** Ours: what enter_lazy() and paravirt_leave_lazy() check until 2.6.30. */
const bugIfPreemptible = path(function* bugIfPreemptible(k: GuestKernel): Path {
  if (k.before('vmi-lazy/preemptible-mmu')) yield* BUG_ON(k, yield* preemptible(k), 'BUG_ON(preemptible()) in the lazy mode of 2.6.24');
});

/**
 * arch/x86/kernel/paravirt_32.c:286-292 (2.6.24 to 2.6.30), enter_lazy(); arch/x86/xen/enlighten.c:265-269 (2.6.24 to 2.6.30), xen_leave_lazy(); arch/x86/xen/mmu.c:1870-1876 (2.6.31),
 * xen_leave_lazy_mmu(): from 2.6.24 on the variable changes before the queue is flushed, from 2.6.31 on after it.
 * The second BUG_ON() of both is gone in 2.6.31. Model: leaves out paravirt_get_lazy_mode: the mode is read here.
 */
const lazy_mode_of_2_6_24 = path(function* xen_lazy_mode(k: GuestKernel, mode: number): Path {
  if (mode !== NONE) {
    yield* BUG_ON(k, (yield* readMode(k)) !== NONE, 'BUG_ON(x86_read_percpu(paravirt_lazy_mode) != PARAVIRT_LAZY_NONE) in enter_lazy()');
    yield* bugIfPreemptible(k);
    return yield* setMode(k, mode);
  }
  if (k.after('vmi-lazy/flush-first')) yield* preempt_disable(k); // 5caecb943242: a task switch between the two would believe the variable
  if (k.after('vmi-lazy/flush-first')) yield* mc_flush(k);
  if (k.after('vmi-lazy/flush-first')) yield* BUG_ON(k, (yield* readMode(k)) === NONE, 'BUG_ON(percpu_read(paravirt_lazy_mode) != mode) in leave_lazy()');
  if (k.before('vmi-lazy/flush-first')) yield* bugIfPreemptible(k);
  yield* setMode(k, NONE);
  if (k.before('vmi-lazy/flush-first')) yield* mc_flush(k);
  if (k.after('vmi-lazy/flush-first')) yield* preempt_enable(k);
});

const set_lazy_mode = (k: GuestKernel, mode: number): Call<unknown> => (k.after('vmi-lazy/common-state') ? lazy_mode_of_2_6_24(k, mode) : xen_set_lazy_mode(k, mode));

/** paravirt_ops of a guest that queues by itself. */
export function guestQueueOps(): ParavirtOps {
  return {
    ...nativeOps(),
    set_lazy_mode,
    set_pte: set_entry,
    set_pte_at: (k, _mm, _address, ptep, pte) => set_entry(k, ptep, pte),
    set_pmd: set_entry,
    flush_tlb_single,
  };
}
