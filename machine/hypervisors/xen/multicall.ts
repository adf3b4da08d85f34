import { instruction, path, type Path } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import { do_mmu_update, do_update_va_mapping } from './update';
import { do_mmuext_op } from './mmuext';
import {
  __HYPERVISOR, EINVAL, ENOSYS, errorName, hypercallName, mmuextName, UVMF_TLB_FLUSH,
  type MmuextOp, type MmuUpdate, type MulticallEntry,
} from './public';
import type { Xen } from './xen';

// The hypercalls as a guest's processor performs them: each is one event. A
// multicall is only a way to save entries into Xen: the calls of its list are
// made one after the other, a failed one does not stop the rest, and before
// each of them any other virtual CPU may run (common/multicall.c).

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** How a call reads in a trace. */
export function describeCall(entry: MulticallEntry): string {
  if (entry.op === __HYPERVISOR.update_va_mapping) {
    const [va = 0, pte = 0, flags = 0] = entry.args ?? [];
    return `update_va_mapping(${hex(va)}, ${(pte & 2) !== 0 ? 'RW' : 'RO'}${(flags & UVMF_TLB_FLUSH) !== 0 ? ', flush' : ''})`;
  }
  if (entry.op === __HYPERVISOR.mmuext_op) return (entry.ops ?? []).map((op) => `${mmuextName(op.cmd)}${op.mfn === undefined ? '' : `(mfn ${op.mfn})`}`).join(', ');
  return hypercallName(entry.op);
}

/** One call on behalf of a guest; what it returns. */
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

/** What a refused call says, for the guest's own complaint. */
export interface CallResult {
  readonly [key: string]: number | string;
  readonly rc: number;
  /** Xen's console line for a refusal; empty otherwise. */
  readonly why: string;
}

const perform = (cpu: Cpu, xen: Xen, entry: MulticallEntry): CallResult => {
  const rc = dispatch(xen, cpu, entry);
  return { rc, why: rc < 0 ? `${describeCall(entry)} = ${errorName(rc)}: ${xen.console.value}` : '' };
};

/** A hypercall that is made by itself. */
const hypercall = instruction((_xen: Xen, entry: MulticallEntry) => `hypercall ${describeCall(entry)}`, perform);

/** One call of a multicall's list. */
const multicallEntry = instruction((_xen: Xen, entry: MulticallEntry) => `multicall: ${describeCall(entry)}`, perform);

/** common/multicall.c, do_multicall(): every entry in order, whatever became of those before it. Returns the results. */
export const do_multicall = path(function* do_multicall(xen: Xen, entries: readonly MulticallEntry[]): Path<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const entry of entries) results.push(yield* multicallEntry(xen, entry));
  return results;
});

/** mmuext_op(), made by itself. */
export const HYPERVISOR_mmuext_op = (xen: Xen, ops: readonly MmuextOp[]) => hypercall(xen, { op: __HYPERVISOR.mmuext_op, ops });

/** update_va_mapping(), made by itself. */
export const HYPERVISOR_update_va_mapping = (xen: Xen, va: number, pte: number, flags: number) =>
  hypercall(xen, { op: __HYPERVISOR.update_va_mapping, args: [va, pte, flags] });

/** mmu_update(), made by itself. */
export const HYPERVISOR_mmu_update = (xen: Xen, requests: readonly MmuUpdate[]) => hypercall(xen, { op: __HYPERVISOR.mmu_update, requests });
