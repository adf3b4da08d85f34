import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import type { Mm } from '../task';
import { xen_write_cr3 } from './drop-mm-ref';
import { xen_irq_enable, xen_save_fl_irq_disable } from './irq';
import { xen_mc_flush } from './multicalls';
import type { XenKernel } from './guest';

// kernel/sched.c and arch/x86/kernel/process_32.c, 2.6.23, as far as Xen sees
// them: during a context switch hypercalls are queued (lazy CPU mode), and the
// new page table is loaded in Xen only when the mode ends, in __switch_to().

const enterLazy = silently('arch_enter_lazy_cpu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_CPU'; });

const leaveLazy = silently('arch_leave_lazy_cpu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_NONE'; });

const leaveMask = instruction((prev: Mm) => `cpu_clear(cpu, ${prev.name}->cpu_vm_mask)`, (cpu: Cpu, prev: Mm) => { prev.cpu_vm_mask &= ~(1 << cpu.id); });

const adopt = instruction((_k, next) => `cpu_tlbstate = { TLBSTATE_OK, ${next.name} }; cpu_set(cpu, ${next.name}->cpu_vm_mask)`, (cpu: Cpu, k: XenKernel, next: Mm) => {
  const tlbstate = k.tlbstate(cpu);
  tlbstate.active_mm = next;
  tlbstate.state = 'TLBSTATE_OK';
  next.cpu_vm_mask |= 1 << cpu.id;
  const task = k.current(cpu);
  task.mm = next;
  task.active_mm = next;
});

const pgdOf = silently((_k, mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

/** kernel/sched.c:1929-1976 (2.6.24), context_switch(): the part of context_switch() that changes address spaces, from switch_mm() to the end of __switch_to(). */
export const switch_mm_lazily = path(function* switch_mm_lazily(k: XenKernel, prev: Mm, next: Mm): Path {
  yield* xen_save_fl_irq_disable(k.xen); // spin_lock_irq(&rq->lock)
  yield* enterLazy(k);
  yield* leaveMask(prev);
  yield* adopt(k, next);
  yield* xen_write_cr3(k, yield* pgdOf(k, next));
  yield* leaveLazy(k);
  yield* xen_mc_flush(k);
  yield* xen_irq_enable(k.xen); // spin_unlock_irq(&rq->lock)
});
