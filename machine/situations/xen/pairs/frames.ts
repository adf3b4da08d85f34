import type { Cpu } from '../../../hardware/cpu';
import { access } from '../../../hardware/mmu';
import { do_set_gdt, do_update_descriptor } from '../../../hypervisors/xen/calls/descriptors';
import { do_memory_op } from '../../../hypervisors/xen/calls/memory-op';
import { do_mmuext_op } from '../../../hypervisors/xen/calls/mmuext';
import { ptwr_do_page_fault } from '../../../hypervisors/xen/calls/ptwr';
import { do_mmu_update, do_update_va_mapping } from '../../../hypervisors/xen/calls/update';
import { grantEntry } from '../../../hypervisors/xen/grants/active';
import { gnttab_map_grant_ref, gnttab_unmap_grant_ref } from '../../../hypervisors/xen/grants/grants';
import type { page_info } from '../../../hypervisors/xen/frames/frames';
import { COMPAT, entryAddress, entryOf, _PAGE_PRESENT, type Entry } from '../../../hypervisors/xen/public/layout';
import { MMUEXT, UVMF_NONE, XENMEM_decrease_reservation, XENMEM_exchange } from '../../../hypervisors/xen/public/xen';
import type { Release } from '../../../hypervisors/xen/releases/release';
import type { RuleName } from '../../../hypervisors/xen/rules';
import * as steps from '../../../hypervisors/xen/stepwise/calls';
import * as hands from '../../../hypervisors/xen/stepwise/hands';
import type { Vcpu, Xen } from '../../../hypervisors/xen/xen';
import { path, silently, type Call, type Path } from '../../../path';
import { Playground, RO, RW } from '../playground';

// What pairs of calls are about: a frame of A with an entry, a tree of tables
// above it, a grant of it; in some state, and with a list of calls. Each call
// exists in one piece and step by step.

/** Pages of A: the frame that the calls are about, what its entry maps, a tree above it, and where a grant is mapped. */
export const PAGES = { frame: 6, shower: 7, data: 8, lower: 9, root: 10, upper: 11, grant: 12 } as const;
/** Slots of A's second-level table that link the frame: by the state, and by a call. */
const LINKED = 4;
const LINK = 5;

export class PairScene {
  readonly ground: Playground;
  readonly xen: Xen;
  readonly frame: page_info;
  readonly middle: page_info;

  /** @param isAcross whether the second virtual CPU is B's, to which the frame is granted */
  constructor(private readonly isAcross: boolean, without?: ReadonlySet<RuleName>, release?: Release) {
    this.ground = new Playground({ layout: COMPAT, alone: !isAcross, maximumCount: 100, ...(release ? { release } : {}), ...(without ? { without } : {}) });
    this.xen = this.ground.xen;
    this.frame = this.page('frame');
    this.middle = this.xen.pageOf(this.ground.frame(this.ground.A, 1))!;
    this.poke('frame', 0, 'data', RW);
    this.poke('lower', 0, 'frame', RW);
    this.poke('root', 0, 'lower', _PAGE_PRESENT);
    this.poke('root', 3, 'upper', _PAGE_PRESENT);
    for (const table of ['lower', 'root', 'upper', 'shower'] as const) this.map(table, RO);
    this.poke('shower', 0, 'lower', RO);
    this.map('grant', 0);
    if (isAcross) this.must(do_update_va_mapping(this.xen, this.vcpus[1]!, this.va('grant'), 0, UVMF_NONE));
    this.ground.A.grants = [grantEntry({ domid: isAcross ? 1 : 0, frame: this.frame.mfn, readonly: false })];
  }

  page(name: keyof typeof PAGES): page_info {
    return this.xen.pageOf(this.ground.frame(this.ground.A, PAGES[name]))!;
  }

  va(name: keyof typeof PAGES): number {
    return PAGES[name] * 4096;
  }

  get vcpus(): readonly Vcpu[] {
    return [this.ground.vcpu('A0'), this.ground.vcpu(this.isAcross ? 'B0' : 'A1')];
  }

  /** Maps the guest's own page with these rights; 0 unmaps it. */
  map(name: keyof typeof PAGES, flags: number): void {
    this.must(do_update_va_mapping(this.xen, this.vcpus[0]!, this.va(name), flags === 0 ? 0 : entryOf(this.page(name).mfn, flags), UVMF_NONE));
  }

  /** A single call, whose result is added to `results`. */
  noting(make: () => Call<number>, results: number[]): Call<void> {
    const noteResult = silently('the result', (_cpu: Cpu, rc: number) => { results.push(rc); });
    return path(function* alone(): Path {
      yield* noteResult(yield* make());
    })();
  }

  must(rc: number): void {
    if (rc < 0) throw new Error(`machine bug: the set-up is refused by Xen: ${this.xen.console.value}`);
  }

  private poke(table: keyof typeof PAGES, slot: number, to: keyof typeof PAGES, flags: number): void {
    this.xen.poke(this.page(table).mfn, slot, entryOf(this.page(to).mfn, flags));
  }
}

const pinAs = (scene: PairScene, cmd: number, page: page_info): number => do_mmuext_op(scene.xen, scene.vcpus[0]!, [{ cmd, mfn: page.mfn }]);
const linkIn = ({ xen, middle, frame }: PairScene, vcpu: Vcpu, slot: number, isThere = true): number => do_mmu_update(xen, vcpu, [{ ptr: entryAddress(xen.layout, middle.mfn, slot), val: isThere ? entryOf(frame.mfn, RW) : 0 }]);

/** Both processors have used the frame's page, and have it cached as writable. */
function use(scene: PairScene): void {
  for (const { cpu } of scene.vcpus) access(cpu, 'write', scene.va('frame'), 0, false);
}

/** The state of the frame before the calls. */
export const STATES: Readonly<Record<string, (scene: PairScene) => void>> = {
  writable: use,
  'read-only': (scene) => {
    use(scene);
    scene.map('frame', RO);
  },
  unmapped: (scene) => {
    use(scene);
    scene.map('frame', 0);
  },
  pinned: (scene) => {
    scene.map('frame', RO);
    scene.must(pinAs(scene, MMUEXT.PIN_L1_TABLE, scene.frame));
  },
  linked: (scene) => {
    scene.map('frame', RO);
    scene.must(linkIn(scene, scene.vcpus[0]!, LINKED));
  },
  'pinned and linked': (scene) => {
    STATES['pinned']!(scene);
    scene.must(linkIn(scene, scene.vcpus[0]!, LINKED));
  },
  'a descriptor table': (scene) => {
    scene.map('frame', RO);
    scene.xen.poke(scene.frame.mfn, 0, 0);
    scene.must(do_set_gdt(scene.xen, scene.vcpus[1]!, [scene.frame.mfn]));
  },
  granted: (scene) => scene.must(gnttab_map_grant_ref(scene.xen, scene.vcpus[0]!, { host_addr: scene.va('grant'), contains_pte: false, readonly: false, ref: 0, dom: 0 })),
  'in a pinned tree': (scene) => {
    scene.map('frame', RO);
    scene.must(pinAs(scene, MMUEXT.PIN_L3_TABLE, scene.page('root')));
  },
};

/** A call about the frame: in one piece, with its result, and step by step. */
export interface Kind {
  readonly whole: (scene: PairScene, vcpu: Vcpu) => number;
  readonly steps: (scene: PairScene, vcpu: Vcpu) => Call<number>;
}

const own = ({ frame }: PairScene, flags: number): Entry => (flags === 0 ? 0 : entryOf(frame.mfn, flags));
const mapping = (flags: number): Kind => ({
  whole: (scene, vcpu) => do_update_va_mapping(scene.xen, vcpu, scene.va('frame'), own(scene, flags), UVMF_NONE),
  steps: (scene, vcpu) => steps.do_update_va_mapping(vcpu, scene.xen, scene.va('frame'), own(scene, flags)),
});
const entry = (flags: number): Kind => {
  const to = (scene: PairScene): Entry => (flags === 0 ? 0 : entryOf(scene.page('data').mfn, flags));
  return {
    whole: (scene, vcpu) => do_mmu_update(scene.xen, vcpu, [{ ptr: entryAddress(scene.xen.layout, scene.frame.mfn, 0), val: to(scene) }]),
    steps: (scene, vcpu) => steps.do_mmu_update(vcpu, scene.frame, 0, to(scene)),
  };
};
const linking = (slot: number, isThere: boolean): Kind => ({
  whole: (scene, vcpu) => linkIn(scene, vcpu, slot, isThere),
  steps: (scene, vcpu) => steps.do_mmu_update(vcpu, scene.middle, slot, isThere ? own(scene, RW) : 0),
});
const pinning = (name: 'frame' | 'root', type: 'l1' | 'l3'): Kind => ({
  whole: (scene, vcpu) => do_mmuext_op(scene.xen, vcpu, [{ cmd: type === 'l1' ? MMUEXT.PIN_L1_TABLE : MMUEXT.PIN_L3_TABLE, mfn: scene.page(name).mfn }]),
  steps: (scene, vcpu) => steps.pin(vcpu, scene.page(name), type),
});
const unpinning = (name: 'frame' | 'root'): Kind => ({
  whole: (scene, vcpu) => do_mmuext_op(scene.xen, vcpu, [{ cmd: MMUEXT.UNPIN_TABLE, mfn: scene.page(name).mfn }]),
  steps: (scene, vcpu) => steps.unpin(vcpu, scene.page(name)),
});
/** A descriptor of a segment of data, of the guest's own privilege. */
const DESCRIPTOR = { low: 0xffff, high: 0xcfb200 } as const;

/** The kinds of calls that touch references to a frame. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'map it writable': mapping(RW),
  'map it read-only': mapping(RO),
  'unmap it': mapping(0),
  'update its entry': entry(RO),
  'clear its entry': entry(0),
  'store to it': {
    whole: (scene, vcpu) => (ptwr_do_page_fault(scene.xen, vcpu, { va: scene.va('frame'), size: 8, result: () => 0, kernelMode: true }) === null ? 0 : -1),
    steps: (scene, vcpu) => steps.ptwr_do_page_fault(vcpu, scene.xen, scene.va('frame'), 0),
  },
  'pin it': pinning('frame', 'l1'),
  'unpin it': unpinning('frame'),
  'link it': linking(LINK, true),
  'unlink it': linking(LINKED, false),
  'free it': { whole: ({ xen, frame }, vcpu) => do_memory_op(xen, vcpu, XENMEM_decrease_reservation, frame.mfn), steps: ({ frame }, vcpu) => hands.guest_remove_page(vcpu, frame) },
  'exchange it': { whole: ({ xen, frame }, vcpu) => do_memory_op(xen, vcpu, XENMEM_exchange, frame.mfn), steps: ({ frame }, vcpu) => hands.memory_exchange(vcpu, frame) },
  'make it a descriptor table': { whole: ({ xen, frame }, vcpu) => do_set_gdt(xen, vcpu, [frame.mfn]), steps: ({ frame }, vcpu) => steps.set_gdt(vcpu, frame) },
  'write a descriptor': {
    whole: ({ xen, frame }, vcpu) => do_update_descriptor(xen, vcpu, frame.pa, DESCRIPTOR),
    steps: ({ frame }, vcpu) => steps.do_update_descriptor(vcpu, frame, DESCRIPTOR.low, DESCRIPTOR.high),
  },
  'fill it with zeros': { whole: ({ xen, frame }, vcpu) => do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.CLEAR_PAGE, mfn: frame.mfn }]), steps: ({ frame }, vcpu) => steps.clear_page(vcpu, frame) },
  'map its grant': {
    whole: (scene, vcpu) => gnttab_map_grant_ref(scene.xen, vcpu, { host_addr: scene.va('grant'), contains_pte: false, readonly: false, ref: 0, dom: 0 }),
    steps: (scene, vcpu) => hands.map_grant_ref(vcpu, vcpu.domain, scene.frame, scene.va('grant'), false),
  },
  'unmap its grant': {
    whole: (scene, vcpu) => gnttab_unmap_grant_ref(scene.xen, vcpu, { host_addr: scene.va('grant'), handle: 0 }),
    steps: (scene, vcpu) => hands.unmap_grant_ref(vcpu, vcpu.domain, scene.frame, scene.va('grant'), 0),
  },
  'pin its root': pinning('root', 'l3'),
  'unpin its root': unpinning('root'),
  'load its root': {
    whole: (scene, vcpu) => do_mmuext_op(scene.xen, vcpu, [{ cmd: MMUEXT.NEW_BASEPTR, mfn: scene.page('root').mfn }]),
    steps: (scene, vcpu) => steps.new_guest_cr3(vcpu, scene.page('root')),
  },
};
