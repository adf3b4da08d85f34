import { do_mmuext_op } from '../../../hypervisors/xen/calls/mmuext';
import { do_mmu_update } from '../../../hypervisors/xen/calls/update';
import type { page_info } from '../../../hypervisors/xen/frames/frames';
import { entryAddress, entryOf } from '../../../hypervisors/xen/public/layout';
import { MMUEXT } from '../../../hypervisors/xen/public/xen';
import * as steps from '../../../hypervisors/xen/stepwise/calls';
import type { Vcpu } from '../../../hypervisors/xen/xen';
import type { Kind, PairScene } from './frames';
import { RO } from '../playground';

// Pairs about second-level tables that map each other as memory: one table is
// pinned, is mapped by the table in use and by a third one, and maps the one in use.
// Such tables must not form chains, which two virtual CPUs might form together.

/** Slots: the slot of the table in use that maps the table; and the slot of the table that maps the one in use. */
const SHOWN = 6;
const SHOWS = 1;

const pinning = (name: 'lower' | 'shower', isPin: boolean): Kind => ({
  whole: (scene, vcpu) => do_mmuext_op(scene.xen, vcpu, [{ cmd: isPin ? MMUEXT.PIN_L2_TABLE : MMUEXT.UNPIN_TABLE, mfn: scene.page(name).mfn }]),
  steps: (scene, vcpu) => (isPin ? steps.pin(vcpu, scene.page(name), 'l2') : steps.unpin(vcpu, scene.page(name))),
});

/** One table's entry for another one, or none. */
function showing(in_: (scene: PairScene) => page_info, slot: number, shown: ((scene: PairScene) => page_info) | null): Kind {
  const entry = (scene: PairScene): number => (shown === null ? 0 : entryOf(shown(scene).mfn, RO));
  return {
    whole: (scene, vcpu) => do_mmu_update(scene.xen, vcpu, [{ ptr: entryAddress(scene.xen.layout, in_(scene).mfn, slot), val: entry(scene) }]),
    steps: (scene, vcpu) => steps.do_mmu_update(vcpu, in_(scene), slot, entry(scene)),
  };
}

const table = (scene: PairScene): page_info => scene.page('lower');
const inUse = (scene: PairScene): page_info => scene.middle;

export const TABLE_KINDS: Readonly<Record<string, Kind>> = {
  'pin the table': pinning('lower', true),
  'unpin the table': pinning('lower', false),
  'pin the table that maps it': pinning('shower', true),
  'unpin the table that maps it': pinning('shower', false),
  'have the one in use map it': showing(inUse, SHOWN, table),
  'have the one in use map nothing': showing(inUse, SHOWN, null),
  'have it map the one in use': showing(table, SHOWS, inUse),
  'have it map nothing': showing(table, SHOWS, null),
};

const after = (...names: readonly string[]) => (scene: PairScene): void => {
  const [first] = scene.vcpus as readonly [Vcpu];
  scene.map('frame', RO);
  for (const name of names) scene.must(TABLE_KINDS[name]!.whole(scene, first));
};

/** What was done to the table before. */
export const TABLE_STATES: Readonly<Record<string, (scene: PairScene) => void>> = {
  'an unused table': after(),
  'a pinned table': after('pin the table'),
  'a table that the one in use maps': after('pin the table', 'have the one in use map it'),
  'a table that another maps': after('pin the table', 'pin the table that maps it'),
  'a table that maps the one in use': after('pin the table', 'have it map the one in use'),
};
