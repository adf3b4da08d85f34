import { dropLines } from '../../hypervisors/xen/frames/coherence';
import { do_event_channel_op } from '../../hypervisors/xen/events/events';
import { writeGrant } from '../../hypervisors/xen/grants/active';
import { gnttab_copy, type GrantCopy } from '../../hypervisors/xen/grants/copy';
import { gnttab_map_grant_ref, gnttab_unmap_grant_ref } from '../../hypervisors/xen/grants/grants';
import { gnttab_transfer } from '../../hypervisors/xen/grants/transfer';
import { gnttab_set_version } from '../../hypervisors/xen/grants/version';
import { assignDevice } from '../../hypervisors/xen/grants/iommu';
import { do_memory_op } from '../../hypervisors/xen/calls/memory-op';
import { do_mmuext_op, do_vm_assist } from '../../hypervisors/xen/calls/mmuext';
import { dispatch, goesOn } from '../../hypervisors/xen/calls/multicall';
import { entryAddress, entryOf, type Layout } from '../../hypervisors/xen/public/layout';
import { readLocalDescriptor } from '../../hypervisors/xen/frames/local-descriptors';
import { domain_kill } from '../../hypervisors/xen/calls/teardown';
import { do_set_gdt, do_update_descriptor } from '../../hypervisors/xen/calls/descriptors';
import { do_mmu_update, do_update_va_mapping } from '../../hypervisors/xen/calls/update';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import {
  __HYPERVISOR, EBUSY, EINVAL, ENOSYS, EPERM, ERESTART, ESRCH, MMUEXT, UVMF_INVLPG, UVMF_TLB_FLUSH, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_exchange,
  XENMEM_increase_reservation, type MmuextOp,
} from '../../hypervisors/xen/public/xen';
import type { Playground } from '../../situations/xen/playground';
import type { Domain, GrantEntry } from '../../hypervisors/xen/domain';
import type { Vcpu } from '../../hypervisors/xen/xen';
import type { Call, Deed, Verb } from './script';

// How a guest's deeds are performed: as hypercalls, as stores, and as events
// that merely happen to a guest.

/** Ports that a domain binds at most. */
const PORTS = 4;

/** What a domain that does not manage page tables can do. */
const TRANSLATED_VERBS: readonly Verb[] = ['free', 'alloc', 'exchange', 'accept', 'transfer', 'write-own'];

/** What may happen to a virtual CPU while it is inside Xen. */
const HAPPENS: readonly Verb[] = ['target', 'privileged', 'destroy', 'contend', 'highest', 'device', 'iommu-fails', 'evict', 'patience'];

/** What may still happen to a virtual CPU whose domain is being torn down. */
const HAPPENS_TO_DEAD: readonly Verb[] = ['destroy', 'contend', 'iommu-fails', 'evict', 'patience'];

/** What a program can do itself. */
const FROM_PROGRAMS: readonly Verb[] = ['mode', 'store', 'store-half', 'read'];

/** The result of a call. */
export interface Outcome {
  readonly vcpu: Vcpu;
  /** Whether it succeeded. */
  readonly done: boolean;
  /** Whether it was interrupted: it continues when it is made again. */
  readonly isInterrupted: boolean;
  readonly said: string;
}

/**
 * Performs the call.
 *
 * @param from how many deeds of a list were done before it was interrupted; null if it is made for the first time
 */
export function perform(ground: Playground, call: Call, from: number | null = null): Outcome {
  const { xen } = ground;
  const { who, verb } = call[0]!;
  const vcpu = ground.vcpu(who);
  xen.console.value = '';
  xen.refusedBy = null;
  // In the middle of taking a type a virtual CPU is inside Xen, and its guest does nothing.
  const isInside = vcpu.in_flight !== null && from === null && !HAPPENS.includes(verb);
  const isProgram = !vcpu.isInKernel && !FROM_PROGRAMS.includes(verb) && !HAPPENS.includes(verb);
  const isOver = vcpu.domain.is_dying !== 'no' && !HAPPENS_TO_DEAD.includes(verb);
  const result = isOver ? xen.refuse(null, `${vcpu.domain.name} is being torn down`) || ESRCH : isInside ? xen.refuse(null, `${who} is in the middle of a call`) || EBUSY : isProgram ? xen.refuse(null, `${who} is in a program`) || EPERM : act(ground, vcpu, call, from ?? 0);
  const isInterrupted = result === ERESTART;
  const done = typeof result === 'number' ? result >= 0 : result === null;
  return { vcpu, done, isInterrupted, said: wordsOf(result, xen.console.value) };
}

function wordsOf(result: number | string | null, console: string): string {
  if (result === null) return 'done';
  if (typeof result === 'string') return `fault: ${result}`;
  return result >= 0 ? String(result) : `${result}: ${console}`;
}

function act(ground: Playground, vcpu: Vcpu, call: Call, from: number): number | string | null {
  const { xen } = ground;
  const { verb, numbers } = call[0]!;
  const { mfn = 0, bits = 0, va = 0, ref = 0, dom = 0 } = numbers;
  if (vcpu.domain.translated && !TRANSLATED_VERBS.includes(verb)) return ENOSYS;
  const isRoot = mfn === vcpu.guest_table;
  switch (verb) {
    case 'pin': case 'unpin': case 'base': case 'user-base': case 'command': case 'clear': case 'copy': return do_mmuext_op(xen, vcpu, call.map(mmuextOf), from);
    case 'update': return do_mmu_update(xen, vcpu, call.map((deed) => requestOf(xen.layout, deed)), from);
    case 'update-for': return do_mmu_update(xen, vcpu, [requestOf(xen.layout, call[0]!)], from, dom);
    case 'map': return do_update_va_mapping(xen, vcpu, va, entryOf(mfn, bits), numbers['flush']! & (UVMF_TLB_FLUSH | UVMF_INVLPG));
    case 'store': return ground.write(vcpu, va, wordsOfEntry(xen.layout, entryOf(mfn, bits)), numbers['user'] === 1 ? 'user' : 'kernel');
    case 'store-half': return ground.write(vcpu, va, [numbers['word']!], numbers['user'] === 1 ? 'user' : 'kernel');
    case 'read': return ground.read(vcpu, va);
    case 'mode': return ground.enter(vcpu, numbers['user'] === 1 ? 'user' : 'kernel') ? null : EINVAL;
    case 'gdt': return do_set_gdt(xen, vcpu, call.map((deed) => deed.numbers['mfn']!));
    case 'ldt': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.SET_LDT, linear_addr: va, nr_ents: numbers['entries']! }]);
    case 'selector': return readLocalDescriptor(xen, vcpu, numbers['index']!, numbers['emulated'] === 1);
    case 'descriptor': return do_update_descriptor(xen, vcpu, numbers['pa']!, { low: numbers['low']!, high: numbers['high']! });
    case 'assist': return do_vm_assist(vcpu, numbers['on'] === 1, VMASST_TYPE_writable_pagetables);
    case 'free': return isRoot ? EINVAL : do_memory_op(xen, vcpu, XENMEM_decrease_reservation, mfn);
    case 'alloc': return do_memory_op(xen, vcpu, XENMEM_increase_reservation, 0);
    case 'exchange': return isRoot ? EINVAL : do_memory_op(xen, vcpu, XENMEM_exchange, mfn);
    case 'exchange-to': return isRoot ? EINVAL : do_memory_op(xen, vcpu, XENMEM_exchange, mfn, -1, { va, done: numbers['done']! });
    case 'bind': return vcpu.domain.channels.length >= PORTS ? EINVAL : do_event_channel_op(xen, vcpu, EVTCHNOP.bind_ipi, numbers['vcpu']!);
    case 'send': return do_event_channel_op(xen, vcpu, EVTCHNOP.send, numbers['port']!);
    case 'unmask-port': return do_event_channel_op(xen, vcpu, EVTCHNOP.unmask, numbers['port']!);
    case 'mask-port': return maskPort(vcpu, numbers['port']!);
    case 'grant': return grant(vcpu.domain, ref, { domid: dom, frame: mfn, readonly: numbers['ro'] === 1 });
    case 'accept': return grant(vcpu.domain, ref, { domid: dom, readonly: false, accept: true });
    case 'map-grant': case 'map-grant-device': return gnttab_map_grant_ref(xen, vcpu, { host_addr: va, contains_pte: false, ref, dom, readonly: numbers['ro'] === 1, device: verb === 'map-grant-device' });
    case 'map-grant-pte': return gnttab_map_grant_ref(xen, vcpu, { host_addr: numbers['pa']!, contains_pte: true, ref, dom, readonly: numbers['ro'] === 1 });
    case 'unmap-grant': return gnttab_unmap_grant_ref(xen, vcpu, { host_addr: va, handle: numbers['handle']! });
    case 'unmap-grant-device': return gnttab_unmap_grant_ref(xen, vcpu, { host_addr: va, handle: numbers['handle']!, dev_bus_addr: numbers['bus']! });
    case 'replace-grant': return gnttab_unmap_grant_ref(xen, vcpu, { host_addr: va, handle: numbers['handle']!, new_addr: numbers['new']! });
    case 'grant-transitive': return vcpu.domain.gt_version === 1 ? EINVAL : grant(vcpu.domain, ref, { domid: dom, readonly: numbers['ro'] === 1, trans_domid: numbers['of']!, trans_gref: numbers['its']! });
    case 'copy-grant': return gnttab_copy(xen, vcpu, call.map(copyOf), from);
    case 'version': return gnttab_set_version(xen, vcpu, numbers['number'] === 2 ? 2 : 1);
    case 'transfer': return gnttab_transfer(xen, vcpu, mfn, dom);
    case 'iret-and-map': return iretAndMap(ground, vcpu, va, entryOf(mfn, bits));
    case 'again': return EINVAL;
    case 'write-own': return ground.writeTranslated(vcpu.domain, mfn, numbers['offset']!, numbers['word']!);
    case 'target': return setTarget(ground, vcpu, numbers['on'] === 1);
    case 'highest': return setHighest(vcpu, numbers['frame']!);
    case 'privileged': return makePrivileged(vcpu);
    case 'destroy': return destroy(ground, vcpu);
    case 'contend': return setTo(xen.contended, numbers['times']!);
    case 'device': return assignDevice(xen, vcpu.domain, numbers['on'] === 1);
    case 'iommu-fails': return setTo(xen.iommuFails, numbers['on'] === 1);
    case 'evict': return evict(ground, mfn);
    case 'patience': return setTo(xen.patience, numbers['entries']!);
  }
}

const COMMANDS: Partial<Readonly<Record<Verb, number>>> = { unpin: MMUEXT.UNPIN_TABLE, base: MMUEXT.NEW_BASEPTR, 'user-base': MMUEXT.NEW_USER_BASEPTR, clear: MMUEXT.CLEAR_PAGE, copy: MMUEXT.COPY_PAGE };

function mmuextOf({ verb, numbers }: Deed): MmuextOp {
  const mfn = numbers['mfn']!;
  if (verb === 'pin') return { cmd: MMUEXT.PIN_L1_TABLE + numbers['level']! - 1, mfn };
  if (verb === 'copy') return { cmd: MMUEXT.COPY_PAGE, mfn, src_mfn: numbers['from']! };
  return { cmd: COMMANDS[verb] ?? numbers['number']!, mfn };
}

function requestOf(layout: Layout, { numbers }: Deed): { readonly ptr: number; readonly val: number } {
  return { ptr: entryAddress(layout, numbers['table']!, numbers['slot']!) + numbers['kind']!, val: entryOf(numbers['mfn']!, numbers['bits']!) };
}

function wordsOfEntry(layout: Layout, entry: number): readonly number[] {
  return layout.entryBytes === 8 ? [entry % 2 ** 32, Math.floor(entry / 2 ** 32)] : [entry];
}

/** A guest may mask any port, by a store; what was already announced it still has to handle. */
function maskPort({ domain }: Vcpu, port: number): null {
  domain.shared_info.evtchn_mask |= 1 << port;
  return null;
}

function setHighest({ domain }: Vcpu, frame: number): null {
  domain.highest = frame;
  return null;
}

function setTarget({ H }: Playground, { domain }: Vcpu, on: boolean): number | null {
  if (domain.target !== null) return EINVAL; // XEN_DOMCTL_set_target, once and for all
  domain.target = on ? H : null;
  return null;
}

/** Makes it domain 0, as the domain builder would: permanently. */
function makePrivileged({ domain }: Vcpu): null {
  domain.privileged = true;
  return null;
}

/** The toolstack waits for virtual CPUs that are in the middle of a call. */
function destroy({ xen }: Playground, { domain }: Vcpu): number {
  if (xen.vcpus.some((vcpu) => vcpu.domain === domain && vcpu.in_flight !== null)) return EBUSY;
  return domain_kill(xen, domain);
}

function setTo<T extends number | boolean>(cell: { value: T }, value: T): null {
  cell.value = value;
  return null;
}

/** A guest may write anything to its grant table, except for the marks in it. */
function grant(domain: Domain, ref: number, entry: Partial<GrantEntry>): null {
  writeGrant(domain, ref, entry);
  return null;
}

/** `fdom` and `tdom` are 0x7ff0 for a frame of its own. */
function copyOf({ numbers: { from = 0, fdom = 0, to = 0, tdom = 0, offset = 0, len = 0 } }: Deed): GrantCopy {
  return { source: { dom: fdom, at: from, offset: 0 }, dest: { dom: tdom, at: to, offset }, len };
}

/** A multicall that switches to a program, and then changes an entry. The program traps into its kernel afterwards. */
function iretAndMap(ground: Playground, vcpu: Vcpu, va: number, entry: number): number {
  const { xen } = ground;
  if (xen.layout.levels === 4 && vcpu.guest_table_user === null) return xen.refuse(null, 'no root for programs') || EINVAL;
  let rc = 0;
  for (const call of [{ op: __HYPERVISOR.iret, args: [3, 1] }, { op: __HYPERVISOR.update_va_mapping, args: [va, entry, 0] }]) {
    rc = dispatch(xen, vcpu, call);
    if (!goesOn(xen, vcpu)) break;
  }
  ground.enter(vcpu, 'kernel');
  return rc;
}

function evict({ xen }: Playground, mfn: number): null {
  const page = xen.pageOf(mfn);
  if (page) dropLines(page);
  return null;
}
