import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import { do_event_channel_op } from '../events/events';
import { do_memory_op } from './memory-op';
import { put_old_guest_table } from './in-order';
import { do_mmuext_op } from './mmuext';
import { describeCall, type CallResult, type Hypervisor } from '../public/calls';
import { do_mmu_update, do_update_va_mapping } from './update';
import { do_iret } from '../events/trap';
import { __HYPERVISOR, EINVAL, ENOSYS, type MulticallEntry } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// Hypercalls as they arrive. Each is one event. A multicall only saves entries
// into Xen: the calls of its list are made one after the other, a failed one
// does not stop the rest, and before each of them any other virtual CPU may run
// (common/multicall.c).

/** arch/x86, the hypercall table: one call on behalf of a virtual CPU. `from` says how much of an interrupted one is done. */
export function dispatch(xen: XenState, vcpu: Vcpu, entry: MulticallEntry, from = 0): number {
  switch (entry.op) {
    case __HYPERVISOR.update_va_mapping: {
      const [va = 0, pte = 0, flags = 0] = entry.args ?? [];
      return do_update_va_mapping(xen, vcpu, va, pte, flags);
    }
    case __HYPERVISOR.mmuext_op: return do_mmuext_op(xen, vcpu, entry.ops ?? [], from);
    case __HYPERVISOR.mmu_update: return do_mmu_update(xen, vcpu, entry.requests ?? [], from);
    case __HYPERVISOR.iret: {
      const [cpl = 0, masked = 0] = entry.args ?? [];
      do_iret(xen, vcpu, cpl, masked !== 0);
      return 0;
    }
    case __HYPERVISOR.event_channel_op: return do_event_channel_op(xen, vcpu, entry.args?.[0] ?? -1, entry.args?.[1] ?? 0);
    case __HYPERVISOR.memory_op: {
      const [cmd = -1, mfn = -1, gpfn = -1] = entry.args ?? [];
      return do_memory_op(xen, vcpu, cmd, mfn, gpfn);
    }
    case __HYPERVISOR.xen_version: return xen.release.version.major * 0x10000 + xen.release.version.minor;
    case __HYPERVISOR.multicall:
      xen.refuse('do_multicall', 'Multicall reentry is disallowed');
      return EINVAL;
    default: return ENOSYS;
  }
}

/** The clean-up that a hypercall has left, before its caller gets the result. False if it is interrupted. */
export function finishCleanUp(xen: XenState, vcpu: Vcpu): boolean {
  xen.begin(vcpu, true);
  return put_old_guest_table(xen, vcpu);
}

/**
 * guest_kernel_mode(): whether the next call of a multicall may be made. An IRET in its list may
 * have left the kernel, so a later call would be made by a program (XSA-213).
 */
export function goesOn(xen: XenState, vcpu: Vcpu): boolean {
  return vcpu.isInKernel || !xen.keeps('multicall-ends-with-iret');
}

const multicallEntry = instruction(
  (_xen: Hypervisor, entry: MulticallEntry) => `multicall: ${describeCall(entry)}`,
  (cpu: Cpu, xen: Hypervisor, entry: MulticallEntry) => xen.call(cpu, entry),
);

const mayGoOn = silently('guest_kernel_mode(v)', (cpu: Cpu, xen: Hypervisor) => xen.goesOn(cpu));

/**
 * xen/common/multicall.c:24-92 (Xen 4.0.0), do_multicall() in part: every entry in order, whatever the result of those before it. Returns the results.
 * Model: adds mayGoOn: what do_multicall_call() returns if an entry has returned to the guest's programs.
 */
export const do_multicall = path(function* do_multicall(xen: Hypervisor, entries: readonly MulticallEntry[]): Path<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const entry of entries) {
    results.push(yield* multicallEntry(xen, entry));
    if (entry.op === __HYPERVISOR.iret && !(yield* mayGoOn(xen))) break;
  }
  return results;
});
