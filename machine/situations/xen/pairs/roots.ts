import { do_mmuext_op } from '../../../hypervisors/xen/calls/mmuext';
import { do_mmu_update } from '../../../hypervisors/xen/calls/update';
import type { page_info } from '../../../hypervisors/xen/frames/frames';
import { entryAddress, entryOf, _PAGE_PRESENT } from '../../../hypervisors/xen/public/layout';
import { MMUEXT } from '../../../hypervisors/xen/public/xen';
import * as steps from '../../../hypervisors/xen/stepwise/calls';
import type { Vcpu } from '../../../hypervisors/xen/xen';
import type { Kind, PairScene } from './frames';
import { RO } from '../playground';

// Pairs about the root in use: an entry of it leads to a second-level table, or
// to none, while another virtual CPU changes that table, or the one in slot 3,
// which holds Xen's entries too.

/** Slots: of the root, for the table; and of the table in slot 3, for an entry of the guest. */
const SLOT = 1;
const BESIDE = 2;

const root = ({ ground }: PairScene): page_info => ground.xen.pageOf(ground.frame(ground.A, 0))!;
const third = ({ ground }: PairScene): page_info => ground.xen.pageOf(ground.frame(ground.A, 2))!;
const table = (scene: PairScene): page_info => scene.page('lower');

function updating(of: (scene: PairScene) => page_info, slot: number, entry: (scene: PairScene) => number): Kind {
  return {
    whole: (scene, vcpu) => do_mmu_update(scene.xen, vcpu, [{ ptr: entryAddress(scene.xen.layout, of(scene).mfn, slot), val: entry(scene) }]),
    steps: (scene, vcpu) => steps.do_mmu_update(vcpu, of(scene), slot, entry(scene)),
  };
}

const pinning = (isPin: boolean): Kind => ({
  whole: (scene, vcpu) => do_mmuext_op(scene.xen, vcpu, [{ cmd: isPin ? MMUEXT.PIN_L2_TABLE : MMUEXT.UNPIN_TABLE, mfn: table(scene).mfn }]),
  steps: (scene, vcpu) => (isPin ? steps.pin(vcpu, table(scene), 'l2') : steps.unpin(vcpu, table(scene))),
});

export const ROOT_KINDS: Readonly<Record<string, Kind>> = {
  'have the root lead to it': updating(root, SLOT, (scene) => entryOf(table(scene).mfn, _PAGE_PRESENT)),
  'have the root lead to nothing': updating(root, SLOT, () => 0),
  "clear an entry beside Xen's": updating(third, BESIDE, () => 0),
  'clear its entry of a table': updating(table, 0, () => 0),
  'pin the second-level table': pinning(true),
  'unpin the second-level table': pinning(false),
};

const after = (...names: readonly string[]) => (scene: PairScene): void => {
  const [first] = scene.vcpus as readonly [Vcpu];
  scene.map('frame', RO);
  for (const name of names) scene.must(ROOT_KINDS[name]!.whole(scene, first));
};

/** What was done to the table before. */
export const ROOT_STATES: Readonly<Record<string, (scene: PairScene) => void>> = {
  'below no root': after(),
  'below the root': after('have the root lead to it'),
  'pinned, below no root': after('pin the second-level table'),
  'pinned, below the root': after('pin the second-level table', 'have the root lead to it'),
};
