import { dropLines } from '../../hypervisors/xen/frames/coherence';
import { do_event_channel_op } from '../../hypervisors/xen/events/events';
import { gnttab_map_grant_ref, gnttab_set_version, gnttab_transfer, gnttab_unmap_grant_ref } from '../../hypervisors/xen/grants/grants';
import { assignDevice } from '../../hypervisors/xen/grants/iommu';
import { do_memory_op } from '../../hypervisors/xen/calls/memory-op';
import { do_mmuext_op, do_vm_assist } from '../../hypervisors/xen/calls/mmuext';
import { dispatch, goesOn } from '../../hypervisors/xen/calls/multicall';
import { entryAddress, entryOf, slotOf } from '../../hypervisors/xen/public/layout';
import { do_set_gdt } from '../../hypervisors/xen/calls/descriptors';
import { do_mmu_update, do_update_va_mapping } from '../../hypervisors/xen/calls/update';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import { __HYPERVISOR, EINVAL, ENOSYS, MMUEXT, UVMF_INVLPG, UVMF_TLB_FLUSH, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_exchange, XENMEM_increase_reservation } from '../../hypervisors/xen/public/xen';
import type { Playground } from '../../situations/xen/playground';
import type { GrantEntry } from '../../hypervisors/xen/domain';
import type { Vcpu } from '../../hypervisors/xen/xen';

// One thing that a guest may do to the hypervisor, as one line of a script:
// who, what, and the numbers it is done with. A script replays exactly.

/** The verbs, with the numbers that each needs. */
export const VERBS = {
  pin: ['level', 'mfn'],
  unpin: ['mfn'],
  base: ['mfn'],
  map: ['va', 'mfn', 'bits', 'flush'],
  update: ['table', 'slot', 'mfn', 'bits', 'kind'],
  /** On behalf of another domain. */
  'update-for': ['table', 'slot', 'mfn', 'bits', 'kind', 'dom'],
  store: ['va', 'mfn', 'bits', 'user'],
  'store-half': ['va', 'word', 'user'],
  read: ['va'],
  gdt: ['mfn'],
  assist: ['on'],
  free: ['mfn'],
  alloc: [],
  exchange: ['mfn'],
  'exchange-to': ['mfn', 'va', 'done'],
  command: ['number'],
  bind: ['vcpu'],
  send: ['port'],
  'mask-port': ['port'],
  'unmask-port': ['port'],
  grant: ['ref', 'mfn', 'dom', 'ro'],
  accept: ['ref', 'dom'],
  'map-grant': ['va', 'ref', 'dom', 'ro'],
  'map-grant-pte': ['pa', 'ref', 'dom', 'ro'],
  'map-grant-device': ['va', 'ref', 'dom', 'ro'],
  'unmap-grant': ['va', 'handle'],
  version: ['number'],
  transfer: ['mfn', 'dom'],
  'iret-and-map': ['va', 'mfn', 'bits'],
  /** By the fully virtualised domain, to a frame of its own. */
  'write-own': ['mfn', 'offset', 'word'],
  // Not the guest's to do, but it may happen to it at any time.
  /** B emulates devices for the fully virtualised domain, and may map its frames. */
  target: ['on'],
  /** The domain cannot have higher frames. */
  highest: ['frame'],
  device: ['on'],
  'iommu-fails': ['on'],
  evict: ['mfn'],
  patience: ['entries'],
} as const;

/** Ports that a domain binds at most. */
const PORTS = 4;

/** What a domain can do that has no say over page tables. */
const TRANSLATED_VERBS: readonly Verb[] = ['free', 'alloc', 'exchange', 'accept', 'transfer', 'write-own'];

export type Verb = keyof typeof VERBS;

export interface Action {
  /** `A0`: domain and virtual CPU. */
  readonly who: string;
  readonly verb: Verb;
  readonly numbers: Readonly<Record<string, number>>;
}

export function formatAction({ who, verb, numbers }: Action): string {
  return [who, verb, ...VERBS[verb].map((name) => `${name}=0x${numbers[name]!.toString(16)}`)].join(' ');
}

/** Reads one line of a script. Throws with the word that cannot be read. */
export function parseAction(line: string): Action {
  const [who = '', verb = '', ...words] = line.trim().split(/\s+/);
  if (!/^([AB]\d|H0)$/.test(who)) throw new Error(`"${who}" is no virtual CPU; there are A0, A1, B0 and H0`);
  if (!(verb in VERBS)) throw new Error(`"${verb}" is nothing that a guest does; there are ${Object.keys(VERBS).join(', ')}`);
  const numbers: Record<string, number> = {};
  for (const name of VERBS[verb as Verb]) {
    const word = words.find((candidate) => candidate.startsWith(`${name}=`));
    const value = word === undefined ? NaN : Number(word.slice(name.length + 1));
    if (!Number.isFinite(value)) throw new Error(`"${line.trim()}" does not say ${name}=number`);
    numbers[name] = value;
  }
  return { who, verb: verb as Verb, numbers };
}

/** What an action came to. */
export interface Outcome {
  readonly vcpu: Vcpu;
  /** Whether it was done, not refused. */
  readonly done: boolean;
  readonly said: string;
}

/** Does what the action says. */
export function perform(ground: Playground, action: Action): Outcome {
  const { xen } = ground;
  const vcpu = ground.vcpu(action.who);
  xen.console.value = '';
  const result = act(ground, vcpu, action);
  return typeof result === 'number'
    ? { vcpu, done: result >= 0, said: result >= 0 ? String(result) : `${result}: ${xen.console.value}` }
    : { vcpu, done: result === null, said: result === null ? 'done' : `fault: ${result}` };
}

function act(ground: Playground, vcpu: Vcpu, { verb, numbers }: Action): number | string | null {
  const { xen } = ground;
  const { mfn = 0, bits = 0, va = 0 } = numbers;
  const entry = entryOf(mfn, bits);
  if (vcpu.domain.translated && !TRANSLATED_VERBS.includes(verb)) return ENOSYS;
  switch (verb) {
    case 'pin': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.PIN_L1_TABLE + numbers['level']! - 1, mfn }]);
    case 'unpin': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.UNPIN_TABLE, mfn }]);
    case 'base': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.NEW_BASEPTR, mfn }]);
    case 'map': return do_update_va_mapping(xen, vcpu, va, entry, numbers['flush']! & (UVMF_TLB_FLUSH | UVMF_INVLPG));
    case 'update': return do_mmu_update(xen, vcpu, [{ ptr: entryAddress(xen.layout, numbers['table']!, numbers['slot']!) + numbers['kind']!, val: entry }]);
    case 'update-for': return do_mmu_update(xen, vcpu, [{ ptr: entryAddress(xen.layout, numbers['table']!, numbers['slot']!) + numbers['kind']!, val: entry }], 0, numbers['dom']!);
    case 'store': return ground.write(vcpu, va, xen.layout.entryBytes === 8 ? [entry % 2 ** 32, Math.floor(entry / 2 ** 32)] : [entry], numbers['user'] === 1 ? 'user' : 'kernel');
    case 'store-half': return ground.write(vcpu, va, [numbers['word']!], numbers['user'] === 1 ? 'user' : 'kernel');
    case 'read': return ground.read(vcpu, va);
    case 'gdt': return do_set_gdt(xen, vcpu, [mfn]);
    case 'assist': return do_vm_assist(vcpu, numbers['on'] === 1, VMASST_TYPE_writable_pagetables);
    case 'free': return mfn === vcpu.guest_table ? EINVAL : do_memory_op(xen, vcpu, XENMEM_decrease_reservation, mfn);
    case 'alloc': return do_memory_op(xen, vcpu, XENMEM_increase_reservation, 0);
    case 'exchange': return mfn === vcpu.guest_table ? EINVAL : do_memory_op(xen, vcpu, XENMEM_exchange, mfn);
    case 'exchange-to': return mfn === vcpu.guest_table ? EINVAL : do_memory_op(xen, vcpu, XENMEM_exchange, mfn, -1, { va, done: numbers['done']! });
    case 'command': return do_mmuext_op(xen, vcpu, [{ cmd: numbers['number']!, mfn }]);
    case 'bind': return vcpu.domain.channels.length >= PORTS ? EINVAL : do_event_channel_op(xen, vcpu, EVTCHNOP.bind_ipi, numbers['vcpu']!);
    case 'send': return do_event_channel_op(xen, vcpu, EVTCHNOP.send, numbers['port']!);
    case 'unmask-port': return do_event_channel_op(xen, vcpu, EVTCHNOP.unmask, numbers['port']!);
    case 'mask-port': return maskPort(vcpu, numbers['port']!);
    case 'grant': return writeGrant(vcpu, numbers['ref']!, { domid: numbers['dom']!, frame: mfn, readonly: numbers['ro'] === 1, accept: false });
    case 'accept': return writeGrant(vcpu, numbers['ref']!, { domid: numbers['dom']!, frame: -1, readonly: false, accept: true });
    case 'map-grant': return gnttab_map_grant_ref(xen, vcpu, { host_addr: va, contains_pte: false, ref: numbers['ref']!, dom: numbers['dom']!, readonly: numbers['ro'] === 1 });
    case 'map-grant-device': return gnttab_map_grant_ref(xen, vcpu, { host_addr: va, contains_pte: false, ref: numbers['ref']!, dom: numbers['dom']!, readonly: numbers['ro'] === 1, device: true });
    case 'map-grant-pte': return gnttab_map_grant_ref(xen, vcpu, { host_addr: numbers['pa']!, contains_pte: true, ref: numbers['ref']!, dom: numbers['dom']!, readonly: numbers['ro'] === 1 });
    case 'unmap-grant': return gnttab_unmap_grant_ref(xen, vcpu, va, numbers['handle']!);
    case 'version': return gnttab_set_version(xen, vcpu, numbers['number'] === 2 ? 2 : 1);
    case 'transfer': return gnttab_transfer(xen, vcpu, mfn, numbers['dom']!);
    case 'iret-and-map': return iretAndMap(ground, vcpu, va, entry);
    case 'write-own': return ground.writeTranslated(vcpu.domain, mfn, numbers['offset']!, numbers['word']!);
    case 'target': return setTarget(ground, vcpu, numbers['on'] === 1);
    case 'highest': return setHighest(vcpu, numbers['frame']!);
    case 'device': return assignDevice(xen, vcpu.domain, numbers['on'] === 1);
    case 'iommu-fails': return setTo(xen.iommuFails, numbers['on'] === 1);
    case 'evict': return evict(ground, mfn);
    case 'patience': return setTo(xen.patience, numbers['entries']!);
  }
}

/** A guest may mask what it likes, by a store; what was announced it has then still to look at. */
function maskPort({ domain }: Vcpu, port: number): null {
  domain.shared_info.evtchn_mask |= 1 << port;
  return null;
}

function setHighest({ domain }: Vcpu, frame: number): null {
  domain.highest = frame;
  return null;
}

function setTarget({ H }: Playground, { domain }: Vcpu, on: boolean): null {
  domain.target = on ? H : null;
  return null;
}

function setTo<T extends number | boolean>(cell: { value: T }, value: T): null {
  cell.value = value;
  return null;
}

/** A guest writes its grant table as it likes. */
function writeGrant({ domain }: Vcpu, ref: number, entry: GrantEntry): null {
  const grants = [...domain.grants];
  while (grants.length <= ref) grants.push({ domid: -1, frame: -1, readonly: true, accept: false });
  grants[ref] = entry;
  domain.grants = grants;
  return null;
}

/** A multicall that leaves for a program, and then has an entry changed. The program traps into its kernel afterwards. */
function iretAndMap({ xen }: Playground, vcpu: Vcpu, va: number, entry: number): number {
  let rc = 0;
  for (const call of [{ op: __HYPERVISOR.iret, args: [3, 1] }, { op: __HYPERVISOR.update_va_mapping, args: [va, entry, 0] }]) {
    rc = dispatch(xen, vcpu, call);
    if (!goesOn(xen, vcpu)) break;
  }
  vcpu.cpu.cpl = 0;
  return rc;
}

function evict({ xen }: Playground, mfn: number): null {
  const page = xen.pageOf(mfn);
  if (page) dropLines(page);
  return null;
}

/** The first slot of the table that maps Xen. */
export function firstOwnSlot(ground: Playground): number {
  return slotOf(ground.xen.layout, 2, ground.xen.layout.HYPERVISOR_VIRT_START);
}
