import { entryAddress, entryOf, slotOf } from '../../hypervisors/xen/public-layout';
import { do_memory_op, do_mmuext_op, do_vm_assist } from '../../hypervisors/xen/mmuext';
import { do_mmu_update, do_set_gdt, do_update_va_mapping } from '../../hypervisors/xen/update';
import { EINVAL, MMUEXT, UVMF_INVLPG, UVMF_TLB_FLUSH, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_increase_reservation } from '../../hypervisors/xen/public';
import type { Playground } from './playground';
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
  store: ['va', 'mfn', 'bits', 'user'],
  'store-half': ['va', 'word', 'user'],
  read: ['va'],
  gdt: ['mfn'],
  assist: ['on'],
  free: ['mfn'],
  alloc: [],
  command: ['number'],
} as const;

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
  if (!/^[AB]\d$/.test(who)) throw new Error(`"${who}" is no virtual CPU; there are A0, A1 and B0`);
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
  const vcpu = ground.vcpusOf(action.who.startsWith('A') ? ground.A : ground.B)[Number(action.who[1])];
  if (!vcpu) throw new Error(`"${action.who}" is no virtual CPU; there are A0, A1 and B0`);
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
  switch (verb) {
    case 'pin': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.PIN_L1_TABLE + numbers['level']! - 1, mfn }]);
    case 'unpin': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.UNPIN_TABLE, mfn }]);
    case 'base': return do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.NEW_BASEPTR, mfn }]);
    case 'map': return do_update_va_mapping(xen, vcpu, va, entry, numbers['flush']! & (UVMF_TLB_FLUSH | UVMF_INVLPG));
    case 'update': return do_mmu_update(xen, vcpu, [{ ptr: entryAddress(xen.layout, numbers['table']!, numbers['slot']!) + numbers['kind']!, val: entry }]);
    case 'store': return ground.write(vcpu, va, xen.layout.entryBytes === 8 ? [entry % 2 ** 32, Math.floor(entry / 2 ** 32)] : [entry], numbers['user'] === 1 ? 'user' : 'kernel');
    case 'store-half': return ground.write(vcpu, va, [numbers['word']!], numbers['user'] === 1 ? 'user' : 'kernel');
    case 'read': return ground.read(vcpu, va);
    case 'gdt': return do_set_gdt(xen, vcpu, [mfn]);
    case 'assist': return do_vm_assist(vcpu, numbers['on'] === 1, VMASST_TYPE_writable_pagetables);
    case 'free': return mfn === vcpu.guest_table ? EINVAL : do_memory_op(xen, vcpu, XENMEM_decrease_reservation, mfn);
    case 'alloc': return do_memory_op(xen, vcpu, XENMEM_increase_reservation, 0);
    case 'command': return do_mmuext_op(xen, vcpu, [{ cmd: numbers['number']!, mfn }]);
  }
}

/** The first slot of the table that maps Xen. */
export function firstOwnSlot(ground: Playground): number {
  return slotOf(ground.xen.layout, 2, ground.xen.layout.HYPERVISOR_VIRT_START);
}
