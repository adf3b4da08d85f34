import { Context } from '../../context';
import type { Program } from '../../explorer/program';
import type { Invariant, System } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { access } from '../../hardware/mmu';
import { COMPAT, entryOf, _PAGE_PRESENT, type Entry } from '../../hypervisors/xen/public/layout';
import { ptwr_do_page_fault } from '../../hypervisors/xen/calls/ptwr';
import { HYPERVISOR_event_channel_op, HYPERVISOR_mmuext_op, HYPERVISOR_update_va_mapping } from '../../hypervisors/xen/public/calls';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import { EventChannels, xen_hypervisor_callback } from '../../kernel/xen/irq';
import { MMUEXT, UVMF_NONE, type Mfn } from '../../hypervisors/xen/public/xen';
import type { Release } from '../../hypervisors/xen/releases/release';
import type { RuleName } from '../../hypervisors/xen/rules';
import { do_update_va_mapping } from '../../hypervisors/xen/calls/update';
import type { Xen } from '../../hypervisors/xen/xen';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { instruction, path, silently, type Call, type Path } from '../../path';
import { TrackedTable } from '../../state/tracked';
import { Playground, RO, RW } from './playground';

// Hypercalls of two virtual CPUs that are interrupted after each entry of a
// table, or in the middle of taking a type, and continue where they were. Besides
// the tables that it runs on, domain A has a root with two paths to one second-level
// table, whose two entries lead to the lowest-level table that it runs on.

/** What a virtual CPU does, one after the other: `pin root`, `unpin lower`, `load root`, `map data writable`, `write to data`. */
export type Deeds = readonly string[];

export interface Interrupted {
  /** For each virtual CPU of A. */
  readonly deeds: readonly [Deeds, Deeds];
  /** Whether the root has one more entry, which no scan accepts. */
  readonly bad?: boolean;
  readonly without?: ReadonlySet<RuleName>;
  readonly release?: Release;
  /** What A0 also does when its port is signalled: its handler runs in between. */
  readonly handler?: Deeds;
}

/** Frames of A by their roles. */
const PLACES: Readonly<Record<string, number>> = { root: 4, lower: 5, upper: 6, data: 7, first: 0 };

class Scene {
  readonly ground: Playground;

  constructor({ bad, without, release }: Interrupted) {
    this.ground = new Playground({ layout: COMPAT, ...(release ? { release } : {}), maximumCount: 100, patience: 1, divided: true, ...(without ? { without } : {}) });
    const { xen, A, B } = this.ground;
    const link = (table: string, slot: number, entry: Entry): void => xen.poke(this.mfn(table), slot, entry);
    for (const slot of [0, 1]) {
      link('lower', slot, entryOf(this.ground.frame(A, 3), RW));
      link('root', slot, entryOf(this.mfn('lower'), _PAGE_PRESENT));
    }
    if (bad) link('root', 2, entryOf(this.ground.frame(B, 5), _PAGE_PRESENT));
    link('root', 3, entryOf(this.mfn('upper'), _PAGE_PRESENT));
    link('data', 0, entryOf(this.ground.frame(A, 8), RW));
    for (const table of ['root', 'lower', 'upper', 'data']) this.must(do_update_va_mapping(xen, xen.vcpus[0]!, this.va(table), entryOf(this.mfn(table), RO), UVMF_NONE));
  }

  mfn(name: string): Mfn {
    const place = PLACES[name];
    if (place === undefined) throw new Error(`no frame is called "${name}" here; there are ${Object.keys(PLACES).join(', ')}`);
    return this.ground.frame(this.ground.A, place);
  }

  va(name: string): number {
    return (this.mfn(name) - this.ground.frame(this.ground.A, 0)) * 4096;
  }

  private must(rc: number): void {
    if (rc !== 0) throw new Error(`machine bug: the set-up is refused by Xen: ${this.ground.xen.console.value}`);
  }
}

/** A store by the guest's kernel. If it faults, the guest skips it. */
const write = instruction((_xen, _va, name) => `write to ${String(name)}`, (cpu: Cpu, xen: Xen, va: number, _name: string) => {
  const reached = access(cpu, 'write', va, 0, false, 4);
  if (reached.out === 'ok') xen.memory.write32(reached.pa, 0);
});

/** The same through Xen's emulation: the first entry of a table is cleared. If the guest gets a fault, it skips the store. */
const storeEmulated = instruction((_xen, _va, name) => String(name), (cpu: Cpu, xen: Xen, va: number, _name: string) => {
  const reached = access(cpu, 'write', va, 0, false, 8);
  if (reached.out === 'ok') xen.memory.write64(reached.pa, 0n);
  else if (reached.out === 'pf') ptwr_do_page_fault(xen, xen.vcpuOn(cpu), { va, size: 8, result: () => 0, kernelMode: true });
});

const noteRefusal = silently('note the refusal', (cpu: Cpu, refusals: Refusals, why: string) => { refusals.set(cpu.id, why); });

/** For each virtual CPU, why its last call was refused. */
class Refusals extends TrackedTable<number, string> {}

interface Deed {
  readonly [key: string]: string | number | undefined;
  readonly words: string;
  /** Command of mmuext_op. */
  readonly cmd?: number;
  readonly mfn: Mfn;
  readonly va: number;
  /** New entry, for an update. */
  readonly entry?: Entry;
  /** The port to signal. */
  readonly port?: number;
  /** 1 for a store that Xen may emulate. */
  readonly emulated?: number;
}

const LEVELS: Readonly<Record<string, number>> = { root: MMUEXT.PIN_L3_TABLE, first: MMUEXT.PIN_L3_TABLE, lower: MMUEXT.PIN_L2_TABLE, data: MMUEXT.PIN_L1_TABLE };

function deedOf(scene: Scene, words: string): Deed {
  const [verb = '', name = ''] = words.replace(' to ', ' ').split(' ');
  if (verb === 'ring') return { words, mfn: 0, va: 0, port: 1 };
  const about = { words, mfn: scene.mfn(name), va: scene.va(name) };
  switch (verb) {
    case 'pin': return { ...about, cmd: LEVELS[name]! };
    case 'unpin': return { ...about, cmd: MMUEXT.UNPIN_TABLE };
    case 'load': return { ...about, cmd: MMUEXT.NEW_BASEPTR };
    case 'map': return { ...about, entry: entryOf(about.mfn, words.endsWith('writable') ? RW : RO) };
    case 'write': return about;
    case 'clear': return { ...about, emulated: 1 };
    default: throw new Error(`no CPU can "${words}" here; there are pin, unpin, load, map, write, clear and ring`);
  }
}

const guest = path(function* guest(xen: Xen, refusals: Refusals, deeds: readonly Deed[]): Path {
  for (const { words, cmd, mfn, va, entry, port, emulated } of deeds) {
    if (port !== undefined) {
      yield* HYPERVISOR_event_channel_op(xen, EVTCHNOP.send, port);
      continue;
    }
    if (emulated === 1) {
      yield* storeEmulated(xen, va, words);
      continue;
    }
    if (cmd === undefined && entry === undefined) {
      yield* write(xen, va + 0xff8, words);
      continue;
    }
    const { rc, why } = cmd === undefined ? yield* HYPERVISOR_update_va_mapping(xen, va, entry!, UVMF_NONE, words) : yield* HYPERVISOR_mmuext_op(xen, [{ cmd, mfn, about: words }]);
    if (rc !== 0) yield* noteRefusal(refusals, why);
  }
});

/** When all are done, each count is what it was. For deeds that undo each other. */
function countsAsBefore(xen: Xen, isOver: () => boolean): Invariant {
  const before = new Map([...xen.pages].map(({ mfn, count, type_count }) => [mfn, { count, type_count }]));
  return {
    name: 'countsAsBefore',
    check() {
      if (!isOver()) return null;
      for (const { mfn, count, type_count } of xen.pages) {
        const was = before.get(mfn)!;
        if (count !== was.count || type_count !== was.type_count) return `mfn ${mfn} had counts of ${was.count} and ${was.type_count}, and has ${count} and ${type_count} now that all is undone`;
      }
      return null;
    },
  };
}

/** Makes a processor do something whenever port 1 is signalled. */
function handleOn({ ground: { xen } }: Scene, cpu: Cpu, deeds: () => Call<unknown>): void {
  const events = new EventChannels('events', deeds);
  xen.set_callbacks(cpu, [], () => xen_hypervisor_callback(xen, events));
  xen.vcpu_info(cpu).evtchn_upcall_mask = false;
  events.bind(xen, cpu);
}

/** The program in which each virtual CPU of A does its deeds. */
export function interrupted(options: Interrupted): Program {
  return () => {
    const scene = new Scene(options);
    const { store, xen } = scene.ground;
    const cpus = [0, 1].map((id) => scene.ground.vcpu(`A${id}`).cpu);
    const refusals = new Refusals(store, 'refusals', '');
    if (options.handler) handleOn(scene, cpus[0]!, () => guest(xen, refusals, options.handler!.map((words) => deedOf(scene, words))));
    cpus.forEach((cpu, id) => {
      cpu.context = new Context(store, `A${id}`);
      cpu.context.start(guest(xen, refusals, options.deeds[id]!.map((words) => deedOf(scene, words))), cpu);
    });
    store.settle();
    const isOver = (): boolean => cpus.every((cpu) => !cpu.busy());
    const system: System = {
      store, processes: cpus, invariants: [...xenKeepsItsRules(xen), countsAsBefore(xen, isOver)],
      outcome: () => cpus.map(({ id }) => `A${id}: ${refusals.get(id) || 'all done'}`).join('; '),
    };
    return system;
  };
}
