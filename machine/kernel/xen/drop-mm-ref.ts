import { MMUEXT } from '../../hypervisors/xen/public/xen';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import { HYPERVISOR_event_channel_op } from '../../hypervisors/xen/public/calls';
import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import { spin_lock, spin_unlock } from '../linux-2.6/spinlock';
import type { Mm } from '../task';
import { BUG } from './bug';
import { MMUEXT_OP_WORDS } from './mc-buffer';
import { __xen_mc_entry, MULTI_mmuext_op, xen_mc_batch, xen_mc_callback, xen_mc_flush, xen_mc_issue } from './multicalls';
import type { Page, XenKernel } from './guest';

// Xen does not let go of a page directory that a processor has loaded. So
// before an address space is taken back, every CPU that may still borrow it,
// lazily, has to load another. arch/x86/xen/mmu.c and enlighten.c.

const setCr3 = silently((_k, pgd) => `xen_cr3 = ${pgd.name}`, (cpu: Cpu, k: XenKernel, pgd: Page) => { k.percpu(cpu).xen_cr3 = pgd; });

const readCr3 = silently('x86_read_percpu(xen_cr3)', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).xen_cr3);

/**
 * arch/x86/xen/enlighten.c:634-659 (2.6.24), xen_write_cr3(): in lazy CPU mode, during a context
 * switch, the change is only queued. From 2.6.24 on it is noted separately when
 * it has been made.
 */
export const xen_write_cr3 = path(function* xen_write_cr3(k: XenKernel, pgd: Page): Path {
  const knowsCurrent = k.since('2.6.24');
  if (!knowsCurrent && (yield* readCr3(k)) === pgd) return;
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd: MMUEXT.NEW_BASEPTR, mfn: k.pfn_to_mfn(pgd), about: pgd.name });
  yield* setCr3(k, pgd);
  if (knowsCurrent) yield* xen_mc_callback(k, 'set_current_cr3', pgd);
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_CPU', flags);
});

const tlbstate = silently('per_cpu(cpu_tlbstate)', (cpu: Cpu, k: XenKernel) => {
  const { active_mm, state } = k.tlbstate(cpu);
  return { active_mm, state };
});

const leave = instruction((mm: Mm) => `cpu_clear(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => { mm.cpu_vm_mask &= ~(1 << cpu.id); });

/** arch/x86/kernel/smp_32.c:259-265 (2.6.24), leave_mm() */
export const leave_mm = path(function* leave_mm(k: XenKernel): Path {
  const { active_mm, state } = yield* tlbstate(k);
  if (state === 'TLBSTATE_OK') yield* BUG(k, 'smp_32.c', 'leave_mm() of a CPU that is not lazy');
  if (active_mm !== null) yield* leave(active_mm);
  yield* xen_write_cr3(k, k.swapper);
});

const holds = silently((_k, mm: Mm) => `current->active_mm == ${mm.name}`, (cpu: Cpu, k: XenKernel, mm: Mm) => {
  const { mm: own, active_mm } = k.current(cpu);
  return active_mm !== mm ? 'no' : own === mm ? 'as its own' : 'lazily';
});

/** The CPUs to ask: those that the mm knows of, and from 2.6.24 on those that Xen has not moved yet. */
const cpusUsing = instruction((_k, mm) => `mask = ${mm.name}->cpu_vm_mask and the CPUs with its xen_current_cr3`, (cpu: Cpu, k: XenKernel, mm: Mm): readonly Cpu[] =>
  k.cpus.filter((other) => other !== cpu
    && ((mm.cpu_vm_mask & (1 << other.id)) !== 0 || (k.since('2.6.24') && k.percpu(other).xen_current_cr3 === k.pgdPage(mm)))));

/** Fills call_data for `targets`. */
export const prepareCall = instruction((_k, mm, targets) => `call_data = drop_other_mm_ref(${mm.name}) on ${targets.map(({ name }) => name).join(', ')}`, (_cpu: Cpu, k: XenKernel, mm: Mm, targets: readonly Cpu[]) => {
  const data = k.call_data;
  data.mm = mm;
  data.pending = targets.reduce((bits, { id }) => bits | (1 << id), 0);
});

/** Until every target has answered. */
export const waitForAnswers = instruction(
  'while (atomic_read(&data.finished) != cpus) cpu_relax()',
  (_cpu: Cpu, _k: XenKernel) => undefined,
  { when: (_cpu, k) => k.call_data.pending === 0, awaits: (_cpu, k) => answersOf(k.cpus, k.call_data.pending) },
);

const portOf = silently((_k, target) => `per_cpu(callfunc_irq, ${target.name})`, (_cpu: Cpu, k: XenKernel, target: Cpu) => k.percpu(target).callfunc_port);

/** arch/x86/xen/smp.c:332-340 (2.6.24), xen_send_IPI_mask() of XEN_CALL_FUNCTION_VECTOR: an event for each target, by a hypercall each. */
export const xen_send_IPI_mask = path(function* xen_send_IPI_mask(k: XenKernel, targets: readonly Cpu[]): Path {
  for (const target of targets) yield* HYPERVISOR_event_channel_op(k.xen, EVTCHNOP.send, yield* portOf(k, target));
});

/** arch/x86/xen/smp.c:370-421 (2.6.24), xen_smp_call_function_mask() of drop_other_mm_ref(), waiting for all to answer. */
const call_others = path(function* call_others(k: XenKernel, mm: Mm, targets: readonly Cpu[]): Path {
  const lock = { of: k.call_data, field: 'call_lock' };
  yield* spin_lock(k, lock);
  yield* prepareCall(k, mm, targets);
  yield* xen_send_IPI_mask(k, targets);
  yield* waitForAnswers(k);
  yield* spin_unlock(k, lock);
});

/** arch/x86/xen/mmu.c:580-608 (2.6.24), drop_mm_ref(): no CPU has the page table of `mm` loaded when it returns. */
export const drop_mm_ref = path(function* drop_mm_ref(k: XenKernel, mm: Mm): Path {
  const how = yield* holds(k, mm);
  if (how === 'as its own') yield* xen_write_cr3(k, k.swapper);
  if (how === 'lazily') yield* leave_mm(k);
  const targets = yield* cpusUsing(k, mm);
  if (targets.length > 0) yield* call_others(k, mm, targets);
});

const calledFor = instruction('info = call_data->info', (_cpu: Cpu, k: XenKernel) => k.call_data.mm!);

const answer = instruction('atomic_inc(&call_data->finished)', (cpu: Cpu, k: XenKernel) => { k.call_data.pending &= ~(1 << cpu.id); });

const currentCr3 = silently('x86_read_percpu(xen_current_cr3)', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).xen_current_cr3);

const pgdOf = silently((_k, mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

/** arch/x86/xen/mmu.c:565-578 (2.6.24), drop_other_mm_ref(), on a CPU that was asked. */
export const drop_other_mm_ref = path(function* drop_other_mm_ref(k: XenKernel, mm: Mm): Path {
  const { active_mm } = yield* tlbstate(k);
  if (active_mm === mm) yield* leave_mm(k);
  if (!k.since('2.6.24')) return;
  // The switch away may have been queued in lazy mode and not made yet.
  if ((yield* currentCr3(k)) !== (yield* pgdOf(k, mm))) return;
  yield* xen_write_cr3(k, k.swapper);
  yield* xen_mc_flush(k); // arch_flush_lazy_cpu_mode()
});

/** arch/x86/xen/smp.c:342-368 (2.6.24), xen_call_function_interrupt(), which handles the event. */
export const xen_call_function_interrupt = path(function* xen_call_function_interrupt(k: XenKernel): Path {
  yield* drop_other_mm_ref(k, yield* calledFor(k));
  yield* answer(k);
});
