import { Context } from '../../context';
import type { Program } from '../../explorer/program';
import type { Invariant, System } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { access } from '../../hardware/mmu';
import { do_set_gdt, do_update_descriptor } from '../../hypervisors/xen/calls/descriptors';
import { do_memory_op } from '../../hypervisors/xen/calls/memory-op';
import { do_mmuext_op } from '../../hypervisors/xen/calls/mmuext';
import { ptwr_do_page_fault } from '../../hypervisors/xen/calls/ptwr';
import { do_mmu_update, do_update_va_mapping } from '../../hypervisors/xen/calls/update';
import { gnttab_map_grant_ref, gnttab_transfer, gnttab_unmap_grant_ref } from '../../hypervisors/xen/grants/grants';
import { COMPAT, entryAddress, entryOf, _PAGE_PRESENT } from '../../hypervisors/xen/public/layout';
import { MMUEXT, UVMF_NONE, XENMEM_decrease_reservation, XENMEM_exchange, type Mfn } from '../../hypervisors/xen/public/xen';
import type { RuleName } from '../../hypervisors/xen/rules';
import type { Vcpu } from '../../hypervisors/xen/xen';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { instruction, path, type Path } from '../../path';
import { Entity } from '../../state/hash';
import { Playground, RO, RW } from './playground';

// Two calls of two virtual CPUs, each left at every point at which another
// processor can come in: all pairs of kinds of calls, about one and the same
// frame. A guest has a frame `data`, which its processors have written and
// still have cached writable, though it is mapped read-only now; or the frame is
// a pinned lowest-level table, or a root besides the one in use. These stale
// translations are what a race could make use of.

/** What `data` is at the beginning. */
export const BEGINNINGS = ['memory', 'table', 'root'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

/** A call, or a store, of one virtual CPU. */
interface Kind {
  /** `A0` or `A1` as it comes, `B` for the other domain. */
  readonly by: 'A' | 'B';
  readonly act: (scene: Scene, vcpu: Vcpu) => number;
}

const DATA = 7;
/** A page through which `data` can be mapped once more. */
const SPARE = 12;

class Scene {
  readonly ground: Playground;

  constructor(readonly beginning: Beginning, without: ReadonlySet<RuleName>) {
    this.ground = new Playground({ layout: COMPAT, maximumCount: 100, inParts: true, without });
    const { ground, ground: { xen, A, B } } = this;
    const [first, second] = ground.vcpusOf(A);
    for (const mfn of [...[0, 1, 2, 3].flatMap((i) => [ground.frame(A, i), ground.frame(B, i)]), this.data, ground.frame(A, 8)]) this.touch(mfn);
    xen.poke(this.data, 0, beginning === 'root' ? entryOf(ground.frame(A, 1), _PAGE_PRESENT) : entryOf(ground.frame(A, 8), RW));
    if (beginning === 'root') {
      xen.poke(this.data, 3, entryOf(ground.frame(A, 9), _PAGE_PRESENT));
      this.must(do_update_va_mapping(xen, first!, 9 * 4096, entryOf(ground.frame(A, 9), RO), UVMF_NONE));
    }
    for (const vcpu of [first!, second!]) ground.write(vcpu, this.va + 0xff8, [0], 'kernel');
    this.must(do_update_va_mapping(xen, first!, this.va, entryOf(this.data, RO), UVMF_NONE));
    if (beginning !== 'memory') this.must(do_mmuext_op(xen, first!, [{ cmd: beginning === 'root' ? MMUEXT.PIN_L3_TABLE : MMUEXT.PIN_L1_TABLE, mfn: this.data }]));
    A.grants = [{ domid: 1, frame: this.data, readonly: beginning !== 'memory', accept: false }, { domid: 1, frame: ground.frame(A, 10), readonly: false, accept: false }];
    B.grants = [{ domid: 0, frame: -1, readonly: false, accept: true }];
    this.must(gnttab_map_grant_ref(xen, ground.vcpu('B0'), { host_addr: 11 * 4096, contains_pte: false, readonly: false, ref: 1, dom: 0 }));
  }

  get data(): Mfn {
    return this.ground.frame(this.ground.A, DATA);
  }

  get va(): number {
    return DATA * 4096;
  }

  /** The entry of the second-level table in use at which a table can be linked. */
  linkAt(slot: number): number {
    return entryAddress(COMPAT, this.ground.frame(this.ground.A, 1), slot);
  }

  /** Every word that is ever written is known from the start, so that a search finds the same words in whatever order it goes. */
  private touch(mfn: Mfn): void {
    const { memory } = this.ground;
    for (const offset of [...Array.from({ length: 2 * (SPARE + 2) }, (_, i) => 4 * i), 0xff8]) {
      const pa = mfn * 4096 + offset;
      const word = memory.read32(pa);
      memory.write32(pa, word + 1);
      memory.write32(pa, word);
    }
  }

  private must(rc: number): void {
    if (rc < 0) throw new Error(`machine bug: the set-up is refused by Xen: ${this.ground.xen.console.value}`);
  }
}

const operation = (cmd: number): Kind['act'] => ({ ground: { xen }, data }, vcpu) => do_mmuext_op(xen, vcpu, [{ cmd, mfn: data }]);
const mapping = (page: number, bits: number): Kind['act'] => ({ ground: { xen }, data }, vcpu) => do_update_va_mapping(xen, vcpu, page * 4096, bits === 0 ? 0 : entryOf(data, bits), UVMF_NONE);

/** Every kind of call that changes what a frame is, who has it, or what maps it. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'pin as L1': { by: 'A', act: operation(MMUEXT.PIN_L1_TABLE) },
  'pin as L2': { by: 'A', act: operation(MMUEXT.PIN_L2_TABLE) },
  'pin as L3': { by: 'A', act: operation(MMUEXT.PIN_L3_TABLE) },
  unpin: { by: 'A', act: operation(MMUEXT.UNPIN_TABLE) },
  'load as root': { by: 'A', act: operation(MMUEXT.NEW_BASEPTR) },
  clear: { by: 'A', act: operation(MMUEXT.CLEAR_PAGE) },
  copy: { by: 'A', act: ({ ground, ground: { xen, A }, data }, vcpu) => do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.COPY_PAGE, mfn: data, src_mfn: ground.frame(A, 8) }]) },
  'map writable': { by: 'A', act: mapping(DATA, RW) },
  'map read-only elsewhere': { by: 'A', act: mapping(SPARE, RO) },
  unmap: { by: 'A', act: mapping(DATA, 0) },
  'link as L1': { by: 'A', act: (scene, vcpu) => do_mmu_update(scene.ground.xen, vcpu, [{ ptr: scene.linkAt(1), val: entryOf(scene.data, RW) }]) },
  'link as L2': { by: 'A', act: ({ ground, ground: { xen, A }, data }, vcpu) => do_mmu_update(xen, vcpu, [{ ptr: entryAddress(COMPAT, ground.frame(A, 0), 1), val: entryOf(data, _PAGE_PRESENT) }]) },
  'update an entry of it': { by: 'A', act: ({ ground, ground: { xen, A }, data }, vcpu) => do_mmu_update(xen, vcpu, [{ ptr: entryAddress(COMPAT, data, 0), val: entryOf(ground.frame(A, 8), RO) }]) },
  'store into it': {
    by: 'A', act: ({ ground: { xen }, va }, vcpu) => (ptwr_do_page_fault(xen, vcpu, { va, size: 8, result: () => 0, kernelMode: true }) === null ? 0 : -1),
  },
  'set as GDT': { by: 'A', act: ({ ground: { xen }, data }, vcpu) => do_set_gdt(xen, vcpu, [data]) },
  'update a descriptor in it': { by: 'A', act: ({ ground: { xen }, data }, vcpu) => do_update_descriptor(xen, vcpu, data * 4096 + 8, { low: 0xffff, high: 0xf200 }) },
  'give back': { by: 'A', act: ({ ground: { xen }, data }, vcpu) => do_memory_op(xen, vcpu, XENMEM_decrease_reservation, data) },
  exchange: { by: 'A', act: ({ ground: { xen }, data }, vcpu) => Math.min(do_memory_op(xen, vcpu, XENMEM_exchange, data), 0) },
  transfer: { by: 'A', act: ({ ground: { xen }, data }, vcpu) => gnttab_transfer(xen, vcpu, data, 1) },
  'map a grant': { by: 'B', act: ({ ground: { xen } }, vcpu) => Math.min(gnttab_map_grant_ref(xen, vcpu, { host_addr: SPARE * 4096, contains_pte: false, readonly: true, ref: 0, dom: 0 }), 0) },
  'unmap a grant': { by: 'B', act: ({ ground: { xen } }, vcpu) => gnttab_unmap_grant_ref(xen, vcpu, 11 * 4096, 0) },
};

/** A store through whatever the processor has cached. */
const write = instruction('store through the old translation', (cpu: Cpu, act: Act) => {
  const { ground: { xen }, va } = act.scene;
  const reached = access(cpu, 'write', va + 0xff8, 0, false, 4);
  if (reached.out === 'ok') xen.memory.write32(reached.pa, 0);
});

/** Where a call stands, for the reader of a run. */
const part = instruction((act: Act) => act.kind, (cpu: Cpu, act: Act) => {
  const { ground: { xen } } = act.scene;
  const vcpu = xen.vcpuOn(cpu);
  return xen.inParts(cpu, () => KINDS[act.kind]!.act(act.scene, vcpu));
});

const caller = path(function* caller(act: Act, stores: boolean): Path {
  yield* part(act);
  if (stores) yield* write(act);
});

/** A kind of call in a scene, as the operand of an instruction. */
class Act extends Entity {
  constructor(readonly scene: Scene, readonly kind: string, who: string) {
    super(`${who}: ${kind}`);
  }
}

/** Holds whenever no call is under way: what a call has taken it may give back as late as at its end. */
function whenQuiet(invariant: Invariant, vcpus: readonly Vcpu[]): Invariant {
  return { name: invariant.name, check: () => (vcpus.every(({ part: at }) => at === null) ? invariant.check() : null) };
}

/** The promises about what is counted; all others hold at every point. */
const COUNTED: ReadonlySet<string> = new Set(['xenCountsBalanced', 'xenPinsHold', 'xenBaseIsRoot', 'xenLinearChainsShort', 'xenReverseMapOwned', 'xenOwnSlotsIntact', 'xenOwnMemoryKept']);

/** Two calls, of two virtual CPUs, in every interleaving of their points; after its call each processor of A stores through what it has cached. */
export function pair(beginning: Beginning, kinds: readonly [string, string], without: ReadonlySet<RuleName> = new Set()): Program {
  return () => {
    const scene = new Scene(beginning, without);
    const { store, xen } = scene.ground;
    const names = kinds.map((kind, i) => (KINDS[kind]!.by === 'B' ? 'B0' : `A${i}`));
    const vcpus = names.map((name) => scene.ground.vcpu(name));
    kinds.forEach((kind, i) => {
      const { cpu } = vcpus[i]!;
      cpu.context = new Context(store, names[i]!);
      cpu.context.start(caller(new Act(scene, kind, names[i]!), KINDS[kind]!.by === 'A'), cpu);
    });
    store.settle();
    const invariants = xenKeepsItsRules(xen).map((invariant) => (COUNTED.has(invariant.name) ? whenQuiet(invariant, vcpus) : invariant));
    const system: System = { store, processes: vcpus.map(({ cpu }) => cpu), invariants, outcome: () => '' };
    return system;
  };
}

/** Every pair of kinds, a kind with itself among them. B has one processor, so two of its calls are no pair. */
export function allPairs(): readonly (readonly [string, string])[] {
  const names = Object.keys(KINDS);
  return names.flatMap((one, i) => names.slice(i).filter((other) => KINDS[one]!.by === 'A' || KINDS[other]!.by === 'A').map((other) => [one, other] as const));
}
