import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import { do_mmuext_op } from './mmuext';
import { describeCall, type CallResult, type Hypervisor } from './public-calls';
import { do_mmu_update, do_update_va_mapping } from './update';
import { __HYPERVISOR, EINVAL, ENOSYS, type MulticallEntry } from './public';
import type { Xen } from './xen';

// Hypercalls as they arrive. Each is one event. A multicall is only a way to
// save entries into Xen: the calls of its list are made one after the other, a
// failed one does not stop the rest, and before each of them any other virtual
// CPU may run (common/multicall.c).

/** arch/x86, the hypercall table: one call on behalf of the domain on `cpu`. */
export function dispatch(xen: Xen, cpu: Cpu, entry: MulticallEntry): number {
  const vcpu = xen.vcpuOn(cpu);
  switch (entry.op) {
    case __HYPERVISOR.update_va_mapping: {
      const [va = 0, pte = 0, flags = 0] = entry.args ?? [];
      return do_update_va_mapping(xen, vcpu, va, pte, flags);
    }
    case __HYPERVISOR.mmuext_op: return do_mmuext_op(xen, vcpu, entry.ops ?? []);
    case __HYPERVISOR.mmu_update: return do_mmu_update(xen, vcpu, entry.requests ?? []);
    case __HYPERVISOR.multicall:
      xen.refuse('Multicall reentry is disallowed');
      return EINVAL;
    default: return ENOSYS;
  }
}

const multicallEntry = instruction(
  (_xen: Hypervisor, entry: MulticallEntry) => `multicall: ${describeCall(entry)}`,
  (cpu: Cpu, xen: Hypervisor, entry: MulticallEntry) => xen.call(cpu, entry),
);

/** common/multicall.c, do_multicall(): every entry in order, whatever became of those before it. Returns the results. */
export const do_multicall = path(function* do_multicall(xen: Hypervisor, entries: readonly MulticallEntry[]): Path<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const entry of entries) results.push(yield* multicallEntry(xen, entry));
  return results;
});
