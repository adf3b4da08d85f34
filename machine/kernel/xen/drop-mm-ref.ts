import { MMUEXT } from '../../hypervisors/xen/public/xen';
import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import type { Mm } from '../task';
import { BUG } from './bug';
import { MMUEXT_OP_WORDS } from './mc-buffer';
import { __xen_mc_entry, MULTI_mmuext_op, xen_mc_batch, xen_mc_callback, xen_mc_flush, xen_mc_issue } from './multicalls';
import type { Page, XenKernel } from './guest';
import { xen_smp_call_function_mask } from './smp';

// Xen does not release a page directory that a processor has loaded. So before
// an address space is unpinned, every CPU that may still borrow it, lazily, has
// to load another. arch/x86/xen/mmu.c and enlighten.c.

const setCr3 = silently((_k, pgd) => `xen_cr3 = ${pgd.name}`, (cpu: Cpu, k: XenKernel, pgd: Page) => { k.percpu(cpu).xen_cr3 = pgd; });

const readCr3 = silently('x86_read_percpu(xen_cr3)', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).xen_cr3);

/**
 * arch/x86/xen/enlighten.c:536-546 (2.6.24), xen_flush_tlb(): of this CPU.
 * Model: leaves out args, mc: the slot of the queue is filled by the MULTI_ functions.
 * Model: adds xen_mc_batch: xen_mc_entry() begins with it.
 */
export const xen_flush_tlb = path(function* xen_flush_tlb(k: XenKernel): Path {
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd: MMUEXT.TLB_FLUSH_LOCAL });
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_MMU', flags);
});

/**
 * arch/i386/xen/enlighten.c:635-661 (2.6.23), xen_write_cr3(); arch/x86/xen/enlighten.c:634-659 (2.6.24), xen_write_cr3():
 * in lazy CPU mode, during a context switch, the change is only queued. From 2.6.24 on, the kernel records with events off
 * that the change is queued, and separately that it has been made.
 * Model: leaves out BUG_ON, x86_write_percpu, args, arg1, mc: the slot of the queue is filled by the MULTI_ functions.
 * Model: adds xen_mc_batch: xen_mc_entry() begins with it.
 */
export const xen_write_cr3 = path(function* xen_write_cr3(k: XenKernel, pgd: Page): Path {
  const knowsCurrent = k.since('2.6.24');
  if (!knowsCurrent && (yield* readCr3(k)) === pgd) return yield* xen_flush_tlb(k);
  if (!knowsCurrent) yield* setCr3(k, pgd);
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd: MMUEXT.NEW_BASEPTR, mfn: k.pfn_to_mfn(pgd), about: pgd.name });
  if (knowsCurrent) yield* setCr3(k, pgd);
  if (knowsCurrent) yield* xen_mc_callback(k, 'set_current_cr3', pgd);
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_CPU', flags);
});

export const tlbstate = silently('per_cpu(cpu_tlbstate)', (cpu: Cpu, k: XenKernel) => {
  const { active_mm, state } = k.tlbstate(cpu);
  return { active_mm, state };
});

const leave = instruction((mm: Mm) => `cpu_clear(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => { mm.cpu_vm_mask &= ~(1 << cpu.id); }, { locked: true });

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

const cpuVmMask = instruction((mm: Mm) => `mask = ${mm.name}->cpu_vm_mask`, (_cpu: Cpu, mm: Mm) => mm.cpu_vm_mask);

const cr3Of = instruction((_k, cpu) => `per_cpu(xen_current_cr3, ${cpu.id})`, (_cpu: Cpu, k: XenKernel, cpu: Cpu) => k.percpu(cpu).xen_current_cr3);

const activeMmOf = instruction((_k, cpu) => `per_cpu(cpu_tlbstate.active_mm, ${cpu.id})`, (_cpu: Cpu, k: XenKernel, cpu: Cpu) => k.tlbstate(cpu).active_mm);

const onlineCpus = silently('cpu_online_map', (_cpu: Cpu, k: XenKernel) => k.cpus);

/**
 * arch/x86/xen/mmu.c:580-608 (2.6.24), drop_mm_ref(), its mask: the CPUs in the mm's own mask, and from 2.6.24 on those that Xen has not moved yet, read one after the other.
 * Model: leaves out for_each_online_cpu, cpu_set: the loop over CPUs and the mask's bits are the path's own.
 */
const cpusUsing = path(function* cpusUsing(k: XenKernel, mm: Mm): Path<readonly Cpu[]> {
  let mask = yield* cpuVmMask(mm);
  const cpus = yield* onlineCpus(k);
  if (k.since('2.6.24')) {
    const pgd = yield* pgdOf(k, mm);
    for (const cpu of cpus) if ((yield* cr3Of(k, cpu)) === pgd) mask |= 1 << cpu.id;
  }
  if (k.after('drop-mm-ref/ask-active')) for (const cpu of cpus) if ((yield* activeMmOf(k, cpu)) !== mm) mask &= ~(1 << cpu.id);
  return cpus.filter(({ id }) => (mask & (1 << id)) !== 0);
});

/** arch/x86/xen/mmu.c:580-608 (2.6.24), drop_mm_ref(): no CPU has the page table of `mm` loaded when it returns. */
export const drop_mm_ref = path(function* drop_mm_ref(k: XenKernel, mm: Mm): Path {
  const how = yield* holds(k, mm);
  if (how === 'as its own') yield* xen_write_cr3(k, k.swapper);
  if (how === 'lazily') yield* leave_mm(k);
  if (how !== 'no' && k.since('2.6.24')) yield* arch_flush_lazy_cpu_mode(k);
  const mask = yield* cpusUsing(k, mm);
  if (mask.length > 0) yield* xen_smp_call_function_mask(k, mask, 'drop_other_mm_ref', mm);
});

const isLazyCpu = silently('paravirt_get_lazy_mode() == PARAVIRT_LAZY_CPU', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).lazy_mode === 'PARAVIRT_LAZY_CPU');

/** include/asm-x86/paravirt.h:975-981 (2.6.24), arch_flush_lazy_cpu_mode(): leaving the mode makes the queued calls. Model: leaves out arch_enter_lazy_cpu_mode(): it is in the mode again at once. */
const arch_flush_lazy_cpu_mode = path(function* arch_flush_lazy_cpu_mode(k: XenKernel): Path {
  if (yield* isLazyCpu(k)) yield* xen_mc_flush(k); // arch_leave_lazy_cpu_mode()
});

const currentCr3 = silently('x86_read_percpu(xen_current_cr3)', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).xen_current_cr3);

const pgdOf = silently((_k, mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

const isInMask = silently((mm: Mm) => `cpumask_test_cpu(cpu, mm_cpumask(${mm.name}))`, (cpu: Cpu, mm: Mm) => (mm.cpu_vm_mask & (1 << cpu.id)) !== 0);

/** arch/x86/xen/mmu.c:565-578 (2.6.24), drop_other_mm_ref(), on a CPU that was asked. */
export const drop_other_mm_ref = path(function* drop_other_mm_ref(k: XenKernel, mm: Mm): Path {
  const { active_mm, state } = yield* tlbstate(k);
  let leaves = active_mm === mm;
  if (k.after('drop-mm-ref/lazy-only')) leaves = leaves && state !== 'TLBSTATE_OK';
  if (k.after('drop-mm-ref/mask-only')) leaves = leaves && (yield* isInMask(mm));
  if (leaves) yield* leave_mm(k);
  if (!k.since('2.6.24')) return;
  // The switch away may have been queued in lazy mode but not made yet.
  if ((yield* currentCr3(k)) !== (yield* pgdOf(k, mm))) return;
  yield* xen_write_cr3(k, k.swapper);
  yield* arch_flush_lazy_cpu_mode(k);
});
