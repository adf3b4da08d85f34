import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import { drop_other_mm_ref } from './drop-mm-ref';
import { do_flush_tlb_all } from './tlb';
import type { XenKernel } from './guest';

// arch/x86/xen/smp.c, on a CPU that is asked to call a function.

const call = instruction('func = call_data->func; info = call_data->info', (_cpu: Cpu, k: XenKernel) => ({ func: k.call_data.func, mm: k.call_data.mm }));

const answer = instruction('atomic_inc(&call_data->finished)', (cpu: Cpu, k: XenKernel) => { k.call_data.pending &= ~(1 << cpu.id); }, { locked: true });

/**
 * arch/x86/xen/smp.c:342-368 (2.6.24), xen_call_function_interrupt(), which handles the event.
 * Model: leaves out void, wait, mb, started, irq_enter, irq_call_count, irq_exit: the CPUs that have started and those that have finished are one set; statistics.
 * Model: adds drop_other_mm_ref, do_flush_tlb_all: the functions that are called.
 */
export const xen_call_function_interrupt = path(function* xen_call_function_interrupt(k: XenKernel): Path {
  const { func, mm } = yield* call(k);
  if (func === 'drop_other_mm_ref') yield* drop_other_mm_ref(k, mm!);
  else yield* do_flush_tlb_all(k);
  yield* answer(k);
});
