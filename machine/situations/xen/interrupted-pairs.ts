import { Context } from '../../context';
import type { Program } from '../../explorer/program';
import type { System } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { dispatch } from '../../hypervisors/xen/calls/multicall';
import type { CallResult } from '../../hypervisors/xen/public/calls';
import { HYPERVISOR_memory_op, HYPERVISOR_mmu_update, HYPERVISOR_mmuext_op, HYPERVISOR_update_va_mapping } from '../../hypervisors/xen/public/calls';
import { COMPAT, entryAddress, entryOf, LONG, _PAGE_PRESENT, type Layout } from '../../hypervisors/xen/public/layout';
import { MMUEXT, UVMF_NONE, XENMEM_decrease_reservation, __HYPERVISOR, type Mfn, type MulticallEntry } from '../../hypervisors/xen/public/xen';
import type { RuleName } from '../../hypervisors/xen/rules';
import type { Xen } from '../../hypervisors/xen/xen';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { path, silently, type Path, type Step } from '../../path';
import { TrackedTable } from '../../state/tracked';
import { AnyCall } from './any-call';
import { Playground, RO, RW } from './playground';

// Two virtual CPUs of domain A make one call each about a tree of tables. A call
// that can be interrupted is interrupted wherever Xen checks for pending work,
// and in the middle of taking a type; it is made again when its virtual CPU next
// runs, at once or after the other one has done something. What happens between
// two such checks is one event here, and step by step in pairs.ts.

/** Frames of A by their roles: a tree whose root leads twice to a table that leads twice to the lowest one, and a table that maps that one as memory. */
const PLACES = { first: 0, root: 5, third: 6, lower: 7, shower: 8, upper: 9 } as const;
type Place = keyof typeof PLACES;

class Scene {
  readonly ground: Playground;

  /** @param isFaulty whether the root has one more entry, which no scan accepts */
  constructor(layout: Layout, isFaulty: boolean) {
    this.ground = new Playground({ layout, alone: true, maximumCount: 100, patience: 1, divided: true });
    const isLong = layout.levels === 4;
    const [below, bits] = isLong ? ['third', RW] as const : ['lower', _PAGE_PRESENT] as const;
    for (const slot of [0, 1]) {
      this.poke('lower', slot, this.lowest, RW);
      this.poke('root', slot, this.mfn(below), bits);
      if (isLong) this.poke('third', slot, this.mfn('lower'), RW);
    }
    if (!isLong) this.poke('root', 3, this.mfn('upper'), _PAGE_PRESENT);
    if (isFaulty) this.poke('root', 2, this.lowest, bits);
    this.poke('shower', 0, this.mfn('lower'), RO);
    this.poke('shower', 1, this.lowest, RW);
    for (const place of Object.keys(PLACES) as Place[]) if (place !== 'first') this.make(mapping(place, RO));
  }

  get xen(): Xen {
    return this.ground.xen;
  }

  mfn(place: Place): Mfn {
    return this.ground.frame(this.ground.A, PLACES[place]);
  }

  private get lowest(): Mfn {
    return this.ground.frame(this.ground.A, 3);
  }

  /** The tables in use: of the second level, and above it. */
  table(above: 'middle' | 'above'): Mfn {
    return this.ground.frame(this.ground.A, this.xen.layout.levels - (above === 'middle' ? 2 : 3));
  }

  /** A call that A0 makes first, from beginning to end. */
  make(kind: Kind): void {
    const { xen, ground } = this;
    const vcpu = ground.vcpu('A0');
    xen.patience.value = 0;
    const rc = dispatch(xen, vcpu, kind(this));
    xen.patience.value = 1;
    if (rc !== 0) throw new Error(`machine bug: the set-up is refused by Xen: ${xen.console.value}`);
  }

  private poke(place: Place, slot: number, mfn: Mfn, bits: number): void {
    this.xen.poke(this.mfn(place), slot, entryOf(mfn, bits));
  }
}

/** A call about the tree. */
type Kind = (scene: Scene) => MulticallEntry;

const extended = (cmd: (levels: number) => number, place: Place | null): Kind => (scene) => ({ op: __HYPERVISOR.mmuext_op, ops: [{ cmd: cmd(scene.xen.layout.levels), mfn: place === null ? 0 : scene.mfn(place) }] });
const rootPin = (levels: number): number => MMUEXT.PIN_L1_TABLE + levels - 1;
const secondPin = (): number => MMUEXT.PIN_L2_TABLE;
const unpin = (): number => MMUEXT.UNPIN_TABLE;
const mapping = (place: Place, bits: number): Kind => (scene) => ({ op: __HYPERVISOR.update_va_mapping, args: [PLACES[place] * 4096, entryOf(scene.mfn(place), bits), UVMF_NONE] });
const update = (above: 'middle' | 'above', slot: number, bits: ((levels: number) => number) | null, place: Place = 'lower'): Kind => (scene) => {
  const { layout } = scene.xen;
  return { op: __HYPERVISOR.mmu_update, requests: [{ ptr: entryAddress(layout, scene.table(above), slot), val: bits === null ? 0 : entryOf(scene.mfn(place), bits(layout.levels)) }] };
};
const linkBits = (levels: number): number => (levels === 3 ? _PAGE_PRESENT : RW);

const EVERY: Readonly<Record<string, Kind>> = {
  'pin the root': extended(rootPin, 'root'),
  'unpin the root': extended(unpin, 'root'),
  'load the root': extended(() => MMUEXT.NEW_BASEPTR, 'root'),
  'load the first root': extended(() => MMUEXT.NEW_BASEPTR, 'first'),
  'pin the table': extended(secondPin, 'lower'),
  'unpin the table': extended(unpin, 'lower'),
  'pin the table that maps it': extended(secondPin, 'shower'),
  'unpin the table that maps it': extended(unpin, 'shower'),
  'link it': update('above', 1, linkBits),
  'unlink it': update('above', 1, null),
  'have the one in use map it': update('middle', 4, () => RO),
  'have the one in use map nothing': update('middle', 4, null),
  'have the one in use map the table that maps it': update('middle', 5, () => RO, 'shower'),
  'map it writable': mapping('lower', RW),
  'free it': (scene) => ({ op: __HYPERVISOR.memory_op, args: [XENMEM_decrease_reservation, scene.mfn('lower'), -1] }),
};

const OF_LONG: Readonly<Record<string, Kind>> = {
  'take the root for programs': extended(() => MMUEXT.NEW_USER_BASEPTR, 'root'),
  'take none for programs': extended(() => MMUEXT.NEW_USER_BASEPTR, null),
};

/** The kinds of calls about a tree, by the layout of the tables. */
export function kindsOn(layout: Layout): Readonly<Record<string, Kind>> {
  return layout === LONG ? { ...EVERY, ...OF_LONG } : EVERY;
}

/** What A0 did before. */
export const TREES: Readonly<Record<string, readonly string[]>> = {
  'not taken yet': [],
  'not fit to be taken': [],
  pinned: ['pin the root'],
  loaded: ['load the root'],
  'taken in part': ['pin the table'],
  linked: ['link it'],
  'mapped by the one in use': ['pin the table', 'have the one in use map it'],
  'mapped by a table of its own': ['pin the table', 'pin the table that maps it'],
};

/** The tree whose root has a fault. */
const FAULTY = 'not fit to be taken';

/** The trees for which it matters which processor makes which call. */
const DIFFERENT: readonly string[] = ['loaded'];

/** The layouts for which there are trees. */
export const TREE_LAYOUTS: readonly Layout[] = [COMPAT, LONG];

class Results extends TrackedTable<number, string> {}

const note = silently('what became of the call', (cpu: Cpu, results: Results, kind: string, rc: number) => { results.set(cpu.id, `${kind}: ${rc === 0 ? 'done' : 'refused'}`); });

function hypercall(xen: Xen, { op, args = [], ops = [], requests = [] }: MulticallEntry, about: string): Step<CallResult> {
  const [one = 0, two = 0, three = 0] = args;
  switch (op) {
    case __HYPERVISOR.mmuext_op: return HYPERVISOR_mmuext_op(xen, ops.map((each) => ({ ...each, about })));
    case __HYPERVISOR.mmu_update: return HYPERVISOR_mmu_update(xen, requests);
    case __HYPERVISOR.memory_op: return HYPERVISOR_memory_op(xen, one, two, three, about);
    default: return HYPERVISOR_update_va_mapping(xen, one, two, three, about);
  }
}

const caller = (scene: Scene, results: Results, chosen: AnyCall) => path(function* caller(): Path {
  const kind = yield* chosen.choose(Object.keys(kindsOn(scene.xen.layout)));
  const { rc } = yield* hypercall(scene.xen, kindsOn(scene.xen.layout)[kind]!(scene), kind);
  yield* note(results, kind, rc);
});

/** The program in which two virtual CPUs of A make one call each, of any kinds, about a tree in a certain state. */
export function interruptedPairs(layout: Layout, tree: string, without: ReadonlySet<RuleName> = new Set()): Program {
  return () => {
    const scene = new Scene(layout, tree === FAULTY);
    for (const kind of TREES[tree]!) scene.make(kindsOn(layout)[kind]!);
    scene.xen.forget(without);
    const { store } = scene.ground;
    const results = new Results(store, 'results', '');
    const chosen = new AnyCall(store, DIFFERENT.includes(tree));
    const cpus = [0, 1].map((id) => scene.ground.vcpu(`A${id}`).cpu);
    cpus.forEach((cpu, id) => {
      cpu.context = new Context(store, `A${id}`);
      cpu.context.start(caller(scene, results, chosen)(), cpu);
    });
    store.settle();
    const system: System = { store, processes: cpus, invariants: xenKeepsItsRules(scene.xen), runsOut: true, outcome: () => cpus.map(({ id }) => results.get(id)).join('. ') };
    return system;
  };
}
