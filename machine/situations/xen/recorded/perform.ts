import { RecordingError } from '../../../hardware/recorded';
import { access } from '../../../hardware/mmu';
import { do_set_gdt, do_update_descriptor } from '../../../hypervisors/xen/calls/descriptors';
import { do_memory_op } from '../../../hypervisors/xen/calls/memory-op';
import { do_mmuext_op, do_vm_assist } from '../../../hypervisors/xen/calls/mmuext';
import { ptwr_do_page_fault } from '../../../hypervisors/xen/calls/ptwr';
import { do_mmu_update, do_update_va_mapping, do_update_va_mapping_otherdomain } from '../../../hypervisors/xen/calls/update';
import { finishCleanUp } from '../../../hypervisors/xen/calls/multicall';
import { FROM_THE_START } from '../../../hypervisors/xen/domain';
import { highWord, lowWord, wideEntry, type WideEntry } from '../../../hypervisors/xen/public/layout';
import { DOMID_SELF, ERESTART, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_increase_reservation, type MmuextOp } from '../../../hypervisors/xen/public/xen';
import { commandNumber, type RecordedCall, type RecordedExtendedOp } from './script';
import { OWN, type RecordedWorld } from './world';

// Makes the calls of a recorded script to the model.

/** The result of a call, in the recorder's form. */
export interface Came {
  readonly rc?: number;
  /** Operations done; null if the call does not say. */
  readonly done?: number | null;
  readonly results?: readonly Came[];
  /** `.` if an access succeeded, else the error code of the fault, or `g`. */
  readonly fault?: string;
  /** The same for each window. */
  readonly read?: string;
  readonly write?: string;
}

/** Makes one call. */
export function performCall(world: RecordedWorld, call: RecordedCall): Came {
  switch (call.op) {
    case 'multicall': return { rc: 0, results: (call.calls ?? []).map((inner) => performCall(world, inner)) };
    case 'store32':
    case 'store64': return { fault: store(world, call) };
    case 'probe': return { fault: probe(world, world.address(call.va), call.write === true) };
    case 'probes': return probes(world);
    case 'unwatch': return { rc: unwatch(world, call.frame) };
    case 'decrease': return { rc: decrease(world, call.frame) };
    case 'populate': return { rc: populate(world, call.frame) };
    default: return hypercall(world, call);
  }
}

function hypercall(world: RecordedWorld, call: RecordedCall): Came {
  const { xen, vcpu } = world;
  switch (call.op) {
    case 'mmu_update': return inList(world, (from) => do_mmu_update(xen, vcpu, (call.reqs ?? []).map(([ptr, val]) => ({ ptr: world.pointer(ptr), val: world.entry(val) })), from, call.dom));
    case 'mmuext_op': return inList(world, (from) => do_mmuext_op(xen, vcpu, (call.ops ?? []).map((op) => extended(world, op)), from, call.dom));
    case 'update_va_mapping': return { rc: do_update_va_mapping(xen, vcpu, world.address(call.va), world.entry(call.val), call.flags ?? 0) };
    case 'update_va_mapping_otherdomain': return { rc: do_update_va_mapping_otherdomain(xen, vcpu, world.address(call.va), world.entry(call.val), call.flags ?? 0, call.dom ?? DOMID_SELF) };
    case 'set_gdt': return { rc: do_set_gdt(xen, vcpu, (call.frames ?? []).map((frame) => (typeof frame === 'number' ? frame : world.frame(frame))), call.entries ?? 0) };
    case 'update_descriptor': return { rc: do_update_descriptor(xen, vcpu, world.pointer(call.at), { low: (call.lo ?? 0) >>> 0, high: (call.hi ?? 0) >>> 0 }) };
    case 'vm_assist': return { rc: do_vm_assist(vcpu, call.enable === true, VMASST_TYPE_writable_pagetables) };
    default: throw new RecordingError(`"op" is "${call.op}"`);
  }
}

/** A list, made again as long as Xen has something to clean up first. */
function inList({ xen, vcpu }: RecordedWorld, make: (from: number) => number): Came {
  let rc = make(0);
  while (rc === ERESTART) rc = make(vcpu.continuation.from);
  const { done } = xen;
  vcpu.continuation = FROM_THE_START;
  while (vcpu.old_guest_table !== null) finishCleanUp(xen, vcpu);
  return { rc, done: done < 0 ? null : done };
}

function extended(world: RecordedWorld, { cmd, frame, raw, va, src, arg2 }: RecordedExtendedOp): MmuextOp {
  return {
    cmd: commandNumber(cmd)!,
    ...(frame !== undefined ? { mfn: world.frame(frame) } : raw !== undefined ? { mfn: raw } : {}),
    ...(va !== undefined ? { linear_addr: world.address(va) } : {}),
    ...(src !== undefined ? { src_mfn: world.frame(src) } : {}),
    ...(arg2 !== undefined ? { nr_ents: arg2, vcpumask: arg2 } : {}),
  };
}

/** A store by the guest's kernel: of half an entry by MOV, or of a whole one by CMPXCHG8B, which reads first. */
function store(world: RecordedWorld, { op, va, val, half }: RecordedCall): string {
  const at = world.address(va);
  const entry = world.entry(val);
  if (op === 'store64') {
    const read = accessAt(world, 'read', at, 8);
    return typeof read === 'string' ? read : storeAt(world, at, 8, () => entry);
  }
  return storeAt(world, at + 4 * (half ?? 0), 4, () => (half === 1 ? highWord(entry) : lowWord(entry)));
}

/** The physical address that an access reaches, or the fault that the guest gets. */
function accessAt({ vcpu, xen }: RecordedWorld, kind: 'read' | 'write', va: number, size: 4 | 8): number | string {
  if (va + size > xen.layout.HYPERVISOR_VIRT_START) return 'g';
  const reached = access(vcpu.cpu, kind, va, 1, false, size);
  if (reached.out === 'ok') return reached.pa;
  return reached.out === 'gp' ? 'g' : reached.err.toString(16);
}

function storeAt(world: RecordedWorld, va: number, size: 4 | 8, result: (old: WideEntry) => WideEntry): string {
  const { xen, vcpu } = world;
  const reached = accessAt(world, 'write', va, size);
  if (typeof reached === 'number') {
    putBytes(world, reached, result(wordsAt(world, reached, size)), size);
    return '.';
  }
  if (reached !== '3') return reached;
  return ptwr_do_page_fault(xen, vcpu, { va, size, result, kernelMode: true }) === null ? '.' : reached;
}

/** What is at an address that need not be aligned, as a number of 4 or 8 bytes. */
function wordsAt({ memory }: RecordedWorld, pa: number, size: 4 | 8): WideEntry {
  let value = 0n;
  for (let i = 0; i < size; i++) value |= BigInt((memory.read32(pa + i - ((pa + i) % 4)) >>> (8 * ((pa + i) % 4))) & 0xff) << BigInt(8 * i);
  return size === 4 ? Number(value) : wideEntry(Number(value & 0xffffffffn), Number(value >> 32n));
}

function putBytes({ memory }: RecordedWorld, pa: number, entry: WideEntry, size: 4 | 8): void {
  if (pa % 4 === 0) {
    memory.write32(pa, lowWord(entry));
    if (size === 8) memory.write32(pa + 4, highWord(entry));
    return;
  }
  for (let i = 0; i < size; i++) {
    const byte = Number((BigInt(entry) >> BigInt(8 * i)) & 0xffn);
    const word = pa + i - ((pa + i) % 4);
    const shift = 8 * ((pa + i) % 4);
    memory.write32(word, (memory.read32(word) & ~(0xff << shift)) | (byte << shift));
  }
}

/** A read, or a store of the current value. */
function probe(world: RecordedWorld, va: number, write: boolean): string {
  const read = accessAt(world, 'read', va, 4);
  if (typeof read === 'string') return read;
  return write ? storeAt(world, va, 4, (old) => old) : '.';
}

/** After a flush, reads every window, and writes a word of each back unchanged. */
function probes(world: RecordedWorld): Came {
  const { xen, vcpu } = world;
  xen.flush(vcpu);
  const all = (write: boolean): string => OWN.map((name) => probe(world, world.address(`&${name}`), write)).join('');
  return { read: all(false), write: all(true) };
}

/** Removes the recorder's own read-only mapping of a frame. */
function unwatch(world: RecordedWorld, name: string | undefined): number {
  const { xen, vcpu } = world;
  const ptr = world.pointer(`m.${world.viewSlot(String(name))}`);
  return do_mmu_update(xen, vcpu, [{ ptr, val: 0 }]);
}

/** XENMEM_decrease_reservation of one frame. Returns the number of frames given back. */
function decrease(world: RecordedWorld, name: string | undefined): number {
  return do_memory_op(world.xen, world.vcpu, XENMEM_decrease_reservation, world.frame(name)) === 0 ? 1 : 0;
}

/** XENMEM_increase_reservation of one frame, for which the name stands from now on. Returns the number of frames received. */
function populate(world: RecordedWorld, name: string | undefined): number {
  const mfn = do_memory_op(world.xen, world.vcpu, XENMEM_increase_reservation, 0);
  if (mfn < 0) return 0;
  world.rename(String(name), mfn);
  return 1;
}
