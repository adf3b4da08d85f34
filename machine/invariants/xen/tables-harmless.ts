import { mfnOf, entriesOf, isPresent } from '../../hypervisors/xen/public/layout';
import { descriptorsOf, isHarmless } from '../../hypervisors/xen/frames/validation';
import { is_guest_slot } from '../../hypervisors/xen/frames/tables';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** A descriptor table in use has no entry that leads into Xen's privilege. */
export function xenDescriptorsHarmless(xen: Xen): Invariant {
  return {
    name: 'xenDescriptorsHarmless',
    check() {
      for (const page of xen.pages) {
        if (page.type !== 'gdt' || page.type_count === 0) continue;
        const bad = descriptorsOf(xen, page).find((high) => !isHarmless(high));
        if (bad !== undefined) return `mfn ${page.mfn} is in use as gdt, and has a descriptor with the high word 0x${bad.toString(16)}`;
      }
      return null;
    },
  };
}

/** Second-level tables that show each other as memory make no chains, along which giving one up would recurse. */
export function xenLinearChainsShort(xen: Xen): Invariant {
  return {
    name: 'xenLinearChainsShort',
    check() {
      for (const page of xen.pages) {
        const next = linearTargets(xen, page.mfn).find((mfn) => linearTargets(xen, mfn).length > 0);
        if (next !== undefined) return `mfn ${page.mfn} shows mfn ${next}, which shows another table of its level`;
      }
      return null;
    },
  };
}

function linearTargets(xen: Xen, mfn: number): readonly number[] {
  const page = xen.pageOf(mfn);
  if (!page || (page.type !== 'l2' && page.type !== 'l2x') || !page.validated || page.type_count === 0) return [];
  return [...entriesOf(xen.memory, xen.layout, 2, mfn)]
    .filter(({ slot, entry }) => isPresent(entry) && is_guest_slot(xen.layout, page.type, slot) && mfnOf(entry) !== mfn)
    .map(({ entry }) => mfnOf(entry))
    .filter((target) => ['l2', 'l2x'].includes(xen.pageOf(target)?.type ?? ''));
}
