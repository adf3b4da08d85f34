import { Context } from '../../context';
import type { Program } from '../../explorer/program';
import type { System } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { PAGE_FAULT } from '../../hardware/cpu';
import type { TrapFrame } from '../../hardware/interrupts';
import { TWO_LEVEL } from '../../hypervisors/xen/public/layout';
import { HYPERVISOR_event_channel_op, HYPERVISOR_iret, type Hypervisor } from '../../hypervisors/xen/public/calls';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import type { RuleName } from '../../hypervisors/xen/rules';
import type { Xen } from '../../hypervisors/xen/xen';
import {
  clearMask, EventChannels, mask_evtchn, setMask, unmask_evtchn_local, unmask_evtchn_remote, xen_hypervisor_callback, xen_irq_enable, xen_restore_fl,
  xen_save_fl_irq_disable,
} from '../../kernel/xen/irq';
import { instruction, path, RESTART, type Call, type Path } from '../../path';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { Playground } from './playground';

// One virtual CPU sends letters to the other one and rings a bell, which the
// other one silences for a while. And: a fault that Xen passes on to its guest.

/** How the bell is silenced, and how it is turned on again. */
export const SILENCES = ['the flag', 'the port, unmasked by Xen', 'the port, unmasked by itself'] as const;

export interface Ringing {
  readonly silence: (typeof SILENCES)[number];
  readonly letters: number;
  /** Whether the guest checks for what came in the meantime. */
  readonly looks: boolean;
  readonly without?: ReadonlySet<RuleName>;
}

/** The last letter that was written, and the last that was read. */
class Mail extends tracked<{ written: number; read: number }>({ written: 0, read: 0 }) {
  constructor(store: Store) {
    super(store, 'mail');
  }
}

const writeLetter = instruction((_mail, letter: number) => `write letter ${letter}`, (_cpu: Cpu, mail: Mail, letter: number) => { mail.written = letter; });
const readLetter = instruction('read the last letter', (_cpu: Cpu, mail: Mail) => { mail.read = mail.written; });
const awaitLetter = instruction((_mail, letter) => `wait for letter ${letter}`, (_cpu: Cpu, _mail: Mail, _letter: number) => undefined, { when: (_cpu, mail, letter) => mail.read === letter });
const beBusy = instruction('be busy', () => undefined);

const answerBell = path(function* answerBell(mail: Mail): Path {
  yield* readLetter(mail);
});

const unmaskByItself = path(function* unmaskByItself(xen: Hypervisor, port: number, looks: boolean): Path {
  const flags = yield* xen_save_fl_irq_disable(xen);
  if (looks) yield* unmask_evtchn_local(xen, port);
  else yield* clearMask(xen, port);
  yield* xen_restore_fl(xen, flags);
});

const receiver = path(function* receiver(xen: Hypervisor, mail: Mail, port: number, silence: string, looks: boolean, letters: number): Path {
  if (silence === 'the flag') yield* xen_save_fl_irq_disable(xen);
  else yield* mask_evtchn(xen, port);
  yield* beBusy();
  if (silence === 'the port, unmasked by Xen') yield* unmask_evtchn_remote(xen, port);
  else if (silence === 'the port, unmasked by itself') yield* unmaskByItself(xen, port, looks);
  else if (looks) yield* xen_irq_enable(xen);
  else yield* setMask(xen, false);
  yield* awaitLetter(mail, letters);
});

const sender = path(function* sender(xen: Hypervisor, mail: Mail, port: number, letters: number): Path {
  for (let letter = 1; letter <= letters; letter++) {
    yield* writeLetter(mail, letter);
    yield* HYPERVISOR_event_channel_op(xen, EVTCHNOP.send, port);
  }
});

function run(store: Store, cpu: Cpu, name: string, call: Call<unknown>): void {
  cpu.context = new Context(store, name);
  cpu.context.start(call, cpu);
}

/** The program in which one virtual CPU rings and the other one has silenced the bell. If it never reads the last letter, it waits forever. */
export function ringing({ silence, letters, looks, without }: Ringing): Program {
  return () => {
    const ground = new Playground({ layout: TWO_LEVEL, ...(without ? { without } : {}) });
    const { xen, store } = ground;
    const mail = new Mail(store);
    const cpus = [0, 1].map((id) => ground.vcpu(`A${id}`).cpu);
    const events = new EventChannels('events', () => answerBell(mail));
    for (const cpu of cpus) {
      xen.set_callbacks(cpu, [], () => xen_hypervisor_callback(xen, events));
      xen.vcpu_info(cpu).evtchn_upcall_mask = false;
    }
    const port = events.bind(xen, cpus[0]!);
    run(store, cpus[0]!, 'receiver', receiver(xen, mail, port, silence, looks, letters));
    run(store, cpus[1]!, 'sender', sender(xen, mail, port, letters));
    store.settle();
    const system: System = { store, processes: cpus, invariants: [], outcome: () => `letter ${mail.read} of ${letters} was read` };
    return system;
  };
}

/** What a guest's handler of page faults found. */
class Found extends tracked<{ words: string }>({ words: '' }) {
  constructor(store: Store) {
    super(store, 'found');
  }
}

const look = instruction('look at the fault', (cpu: Cpu, xen: Xen, found: Found, frame: TrapFrame) => {
  const { cr2, evtchn_upcall_mask } = xen.vcpu_info(cpu);
  found.words = `address 0x${cr2.toString(16)}, error code ${frame.errorCode}, events ${evtchn_upcall_mask ? 'masked' : 'not masked'}`;
});

const handleFault = path(function* handleFault(xen: Xen, found: Found, frame: TrapFrame): Path {
  yield* look(xen, found, frame);
  yield* HYPERVISOR_iret(xen, frame.cpl, !frame.IF);
});

const store = instruction((_xen, _found, va) => `store to 0x${va.toString(16)}`, (cpu: Cpu, xen: Xen, found: Found, va: number) => {
  if (found.words !== '') return undefined; // the handler has seen it: skip the store
  const old = xen.storeFor(cpu, va, 4, () => 0);
  return old === RESTART ? RESTART : undefined;
});

const faulter = path(function* faulter(xen: Xen, found: Found, va: number): Path {
  yield* store(xen, found, va);
});

/** The program in which a guest stores to its own root, which is read-only and not a lowest-level table. */
export function faulting(hasHandler: boolean): Program {
  return () => {
    const ground = new Playground({ layout: TWO_LEVEL });
    const { xen, store: cells } = ground;
    const found = new Found(cells);
    const { cpu } = ground.vcpu('A0');
    const events = new EventChannels('events', () => answerBell(new Mail(cells)));
    const traps = hasHandler ? [{ vector: PAGE_FAULT, masksEvents: true, handler: (frame: TrapFrame) => handleFault(xen, found, frame) }] : [];
    xen.set_callbacks(cpu, traps, () => xen_hypervisor_callback(xen, events));
    xen.vcpu_info(cpu).evtchn_upcall_mask = false;
    run(cells, cpu, 'guest', faulter(xen, found, 0x18));
    cells.settle();
    const after = (): string => `events ${xen.vcpu_info(cpu).evtchn_upcall_mask ? 'masked' : 'not masked'} afterwards`;
    const system: System = { store: cells, processes: [cpu], invariants: [], outcome: () => ground.A.crashed || `${found.words}; ${after()}` };
    return system;
  };
}
