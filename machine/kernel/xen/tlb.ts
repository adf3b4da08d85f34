import type { Cpu } from '../../hardware/cpu';
import { MMUEXT } from '../../hypervisors/xen/public/xen';
import { instruction, path, silently, type Path } from '../../path';
import { preempt_disable, preempt_enable } from '../linux-2.6/sched/preempt';
import type { Mm } from '../task';
import { leave_mm, tlbstate, xen_flush_tlb } from './drop-mm-ref';
import { xen_irq_enable, xen_save_fl_irq_disable } from './irq';
import { MMUEXT_OP_WORDS } from './mc-buffer';
import { __xen_mc_entry, MULTI_mmuext_op, xen_mc_batch, xen_mc_issue } from './multicalls';
import type { XenKernel } from './guest';
import { xen_smp_call_function_mask } from './smp';

// Flushing the TLB as a guest of Xen: where bare metal needs an interrupt whose
// sender waits, a guest queues one operation that names the virtual CPUs. Only
// a flush of everything, on all CPUs, still sends events and waits.
// arch/i386/kernel/smp.c and arch/i386/xen/enlighten.c, 2.6.23.

const cpuVmMask = instruction((mm: Mm) => `cpu_mask = ${mm.name}->cpu_vm_mask`, (_cpu: Cpu, mm: Mm) => mm.cpu_vm_mask);

const thisBit = silently('cpu_clear(smp_processor_id(), cpu_mask)', (cpu: Cpu) => 1 << cpu.id);

const usesIt = silently((_k, mm: Mm) => `current->active_mm == ${mm.name}`, (cpu: Cpu, k: XenKernel, mm: Mm) => {
  const { mm: own, active_mm } = k.current(cpu);
  return active_mm !== mm ? 'no' : own === null ? 'lazily' : 'as a user';
});

/**
 * arch/i386/kernel/smp.c:409-427 (2.6.23), flush_tlb_mm().
 * Model: leaves out flush_tlb_others: paravirt_ops has xen_flush_tlb_others() there.
 */
export const flush_tlb_mm = path(function* flush_tlb_mm(k: XenKernel, mm: Mm): Path {
  yield* preempt_disable(k);
  const cpu_mask = (yield* cpuVmMask(mm)) & ~(yield* thisBit());
  const uses = yield* usesIt(k, mm);
  if (uses === 'as a user') yield* xen_flush_tlb(k); // local_flush_tlb()
  if (uses === 'lazily') yield* leave_mm(k);
  if (cpu_mask !== 0) yield* xen_flush_tlb_others(k, cpu_mask, null);
  yield* preempt_enable(k);
});

/**
 * arch/i386/kernel/smp.c:429-449 (2.6.23), flush_tlb_page().
 * Model: leaves out flush_tlb_others: paravirt_ops has xen_flush_tlb_others() there.
 */
export const flush_tlb_page = path(function* flush_tlb_page(k: XenKernel, mm: Mm, va: number): Path {
  yield* preempt_disable(k);
  const cpu_mask = (yield* cpuVmMask(mm)) & ~(yield* thisBit());
  const uses = yield* usesIt(k, mm);
  if (uses === 'as a user') yield* xen_flush_tlb_single(k, va); // __flush_tlb_one(va)
  if (uses === 'lazily') yield* leave_mm(k);
  if (cpu_mask !== 0) yield* xen_flush_tlb_others(k, cpu_mask, va);
  yield* preempt_enable(k);
});

/**
 * arch/x86/xen/enlighten.c:548-559 (2.6.24), xen_flush_tlb_single().
 * Model: leaves out args, arg1, mc: the slot of the queue is filled by the MULTI_ functions.
 * Model: adds xen_mc_batch: xen_mc_entry() begins with it.
 */
const xen_flush_tlb_single = path(function* xen_flush_tlb_single(k: XenKernel, va: number): Path {
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd: MMUEXT.INVLPG_LOCAL, linear_addr: va });
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_MMU', flags);
});

/**
 * arch/x86/xen/enlighten.c:561-601 (2.6.24), xen_flush_tlb_others(): of one page, or of everything if `va` is null.
 * Model: leaves out BUG_ON, args, op, arg2, arg1, mc: the slot of the queue is filled by the MULTI_ functions.
 * Model: adds xen_mc_batch: xen_mc_entry() begins with it.
 */
const xen_flush_tlb_others = path(function* xen_flush_tlb_others(k: XenKernel, vcpumask: number, va: number | null): Path {
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS); // the operation and its mask, 16 bytes
  if (va === null) yield* MULTI_mmuext_op(k, { cmd: MMUEXT.TLB_FLUSH_MULTI, vcpumask });
  else yield* MULTI_mmuext_op(k, { cmd: MMUEXT.INVLPG_MULTI, linear_addr: va, vcpumask });
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_MMU', flags);
});

/** arch/x86/kernel/smp_32.c:453-460 (2.6.24), do_flush_tlb_all(), on every CPU. */
export const do_flush_tlb_all = path(function* do_flush_tlb_all(k: XenKernel): Path {
  yield* xen_flush_tlb(k); // __flush_tlb_all()
  if ((yield* tlbstate(k)).state === 'TLBSTATE_LAZY') yield* leave_mm(k);
});

const everybodyElse = silently('cpu_online_map', (cpu: Cpu, k: XenKernel) => k.cpus.filter((other) => other !== cpu && other.context !== null));

/**
 * kernel/softirq.c:646-657 (2.6.24), on_each_cpu(), of flush_tlb_all(): sends an event to every other CPU and waits for the answers.
 * Model: a CPU that runs nothing in the situation is not online.
 * Model: leaves out smp_call_function, func: smp_call_function() of Xen.
 * Model: adds everybodyElse, xen_smp_call_function_mask, do_flush_tlb_all: its parts, and the call on this CPU.
 */
export const flush_tlb_all = path(function* flush_tlb_all(k: XenKernel): Path {
  yield* preempt_disable(k);
  yield* xen_smp_call_function_mask(k, yield* everybodyElse(k), 'do_flush_tlb_all', null);
  yield* xen_save_fl_irq_disable(k.xen); // local_irq_disable()
  yield* do_flush_tlb_all(k);
  yield* xen_irq_enable(k.xen); // local_irq_enable()
  yield* preempt_enable(k);
});
