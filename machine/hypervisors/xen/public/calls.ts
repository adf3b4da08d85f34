import type { Cpu } from '../../../hardware/cpu';
import { instruction, type Call, type RESTART } from '../../../path';
import type { Hashed } from '../../../state/hash';
import type { Entry, Layout } from './layout';
import { evtchnopName, type SharedInfo, type TrapInfo, type VcpuInfo } from './events';
import { __HYPERVISOR, errorName, hypercallName, mmuextName, UVMF_TLB_FLUSH, type Mfn, type MmuextOp, type MmuUpdate, type MulticallEntry } from './xen';

// How a guest reaches the hypervisor: the hypercalls as instructions of its
// processor (include/asm/xen/hypercall.h), and the Xen that the guest sees
// behind them.

/** The result of one call. */
export interface CallResult {
  readonly [key: string]: number | string;
  readonly rc: number;
  /** Which function of Xen refused it and why; empty if it was done. */
  readonly why: string;
}

/** Xen as its guest sees it. */
export interface Hypervisor extends Hashed {
  readonly layout: Layout;
  /** One hypercall of the domain that runs on `cpu`; RESTART if it was interrupted, and continues when it is made again. */
  call(cpu: Cpu, entry: MulticallEntry): CallResult | typeof RESTART;
  /** machine_to_phys_mapping, which every guest can read: the number of a frame given by its owner; -1 if it gave none. */
  machineToPhys(mfn: Mfn): number;
  shared_info(cpu: Cpu): SharedInfo;
  vcpu_info(cpu: Cpu): VcpuInfo;
  /** HYPERVISOR_set_trap_table() and set_callbacks(), for the virtual CPU on `cpu`. Part of the set-up. */
  set_callbacks(cpu: Cpu, traps: readonly TrapInfo[], event: () => Call<unknown>): void;
  /** Whether the next call of a multicall may be made. */
  goesOn(cpu: Cpu): boolean;
  /** HYPERVISOR_multicall(): a path, because other processors run between its entries. */
  multicall(entries: readonly MulticallEntry[]): Call<readonly CallResult[]>;
  /** A store by the guest's kernel as one instruction: to memory, by emulation, or RESTART after a page fault. */
  storeFor(cpu: Cpu, va: number, size: 4 | 8, result: (old: Entry) => Entry): Entry | typeof RESTART;
  /** A 32-bit read by the guest's kernel. */
  loadFor(cpu: Cpu, va: number): number | typeof RESTART;
  /** Why the last fault on `cpu` was passed on to the guest: what Xen's console would print. */
  reason(cpu: Cpu): string;
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** A call as a trace shows it. */
export function describeCall(entry: MulticallEntry): string {
  if (entry.op === __HYPERVISOR.update_va_mapping) {
    const [va = 0, pte = 0, flags = 0] = entry.args ?? [];
    return `update_va_mapping(${entry.about ?? hex(va)}, ${(pte & 2) !== 0 ? 'RW' : 'RO'}${(flags & UVMF_TLB_FLUSH) !== 0 ? ', flush' : ''})`;
  }
  if (entry.op === __HYPERVISOR.mmuext_op) return (entry.ops ?? []).map((op) => `${mmuextName(op.cmd)}${op.mfn === undefined ? '' : `(${op.about ?? `mfn 0x${op.mfn.toString(16)}`})`}`).join(', ');
  if (entry.op === __HYPERVISOR.event_channel_op) return `${evtchnopName(entry.args?.[0] ?? -1)}(port ${entry.args?.[1] ?? 0})`;
  return `${hypercallName(entry.op)}${entry.about === undefined ? '' : `(${entry.about})`}`;
}

/** A result for a return code of Xen; `because` says which function refused the call, if one did. */
export function callResult(entry: MulticallEntry, rc: number, because: string): CallResult {
  return { rc, why: rc < 0 ? `${describeCall(entry)} = ${errorName(rc)}, ${because}` : '' };
}

const hypercall = instruction(
  (_xen: Hypervisor, entry: MulticallEntry) => `hypercall ${describeCall(entry)}`,
  (cpu: Cpu, xen: Hypervisor, entry: MulticallEntry) => xen.call(cpu, entry),
);

/** mmuext_op(), outside of a multicall. */
export const HYPERVISOR_mmuext_op = (xen: Hypervisor, ops: readonly MmuextOp[]) => hypercall(xen, { op: __HYPERVISOR.mmuext_op, ops });

/** update_va_mapping(), outside of a multicall. */
export const HYPERVISOR_update_va_mapping = (xen: Hypervisor, va: number, pte: number, flags: number, about?: string) =>
  hypercall(xen, { op: __HYPERVISOR.update_va_mapping, args: [va, pte, flags], ...(about === undefined ? {} : { about }) });

/** mmu_update(), outside of a multicall. */
export const HYPERVISOR_mmu_update = (xen: Hypervisor, requests: readonly MmuUpdate[]) => hypercall(xen, { op: __HYPERVISOR.mmu_update, requests });

/** event_channel_op() */
export const HYPERVISOR_event_channel_op = (xen: Hypervisor, cmd: number, port: number) => hypercall(xen, { op: __HYPERVISOR.event_channel_op, args: [cmd, port] });

/** xen_version(), called only because Xen checks for events on its way back. */
export const HYPERVISOR_xen_version = (xen: Hypervisor) => hypercall(xen, { op: __HYPERVISOR.xen_version });

/** iret(): back to privilege `cpl`, with events masked or not. */
export const HYPERVISOR_iret = (xen: Hypervisor, cpl: number, masked: boolean) => hypercall(xen, { op: __HYPERVISOR.iret, args: [cpl, masked ? 1 : 0] });

/** memory_op(), for one frame; a frame that the guest gets is in `rc`. */
export const HYPERVISOR_memory_op = (xen: Hypervisor, cmd: number, mfn: number, gpfn: number, about: string) => hypercall(xen, { op: __HYPERVISOR.memory_op, args: [cmd, mfn, gpfn], about });
