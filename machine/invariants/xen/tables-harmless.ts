import { mfnOf, entriesOf, isPresent } from '../../hypervisors/xen/public/layout';
import { FIRST_RESERVED_GDT_ENTRY } from '../../hypervisors/xen/frames/descriptors';
import { PER_FRAME } from '../../hypervisors/xen/frames/local-descriptors';
import { isTable, type page_info } from '../../hypervisors/xen/frames/frames';
import { is_guest_slot } from '../../hypervisors/xen/frames/own-entries';
import { levelOf } from '../../hypervisors/xen/frames/tables';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/**
 * Whether a present descriptor cannot give its user Xen's privilege: code or data of
 * a lower privilege; a gate into a segment of the guest; or a type that is not a
 * descriptor at all. Judged by what the processor does with it, not by Xen's rules.
 */
export function isHarmless(low: number, high: number): boolean {
  if ((high & 0x8000) === 0) return true;
  if ((high & 0x1000) !== 0) return (high & 0x6000) !== 0;
  const kind = (high >>> 8) & 0xf;
  const selector = low >>> 16;
  return kind === 0 || (kind === 0xc && (selector >> 3 < FIRST_RESERVED_GDT_ENTRY || (selector & 4) !== 0));
}

/** A descriptor table in use has no entry that leads into Xen's privilege, and a local one has no frame of another type or beyond its limit. */
export function xenDescriptorsHarmless(xen: Xen): Invariant {
  return {
    name: 'xenDescriptorsHarmless',
    check() {
      for (const vcpu of xen.vcpus) {
        const beyond = vcpu.ldt_frames.find(([frame]) => frame * PER_FRAME >= vcpu.ldt_ents);
        if (beyond) return `${vcpu.name} has mfn ${beyond[1]} as frame ${beyond[0]} of a local descriptor table of ${vcpu.ldt_ents} descriptors`;
        const other = vcpu.ldt_frames.find(([, mfn]) => xen.pageOf(mfn)!.type !== 'gdt' || xen.pageOf(mfn)!.owner !== vcpu.domain);
        if (other) return `${vcpu.name} has mfn ${other[1]} in its local descriptor table, which is in use as ${xen.pageOf(other[1])!.type}`;
      }
      for (const page of xen.pages) {
        if (page.type !== 'gdt' || page.type_count === 0 || !page.validated) continue;
        const { memory } = xen;
        const high = memory.wordsOf(page.mfn as number).find((pa) => pa % 8 === 4 && !isHarmless(memory.read32(pa - 4), memory.read32(pa)));
        if (high !== undefined) return `mfn ${page.mfn} is in use as gdt, and has a descriptor with the high word 0x${memory.read32(high).toString(16)}`;
      }
      return null;
    },
  };
}

/** Tables that map others of their level as memory form no chains, along which releasing one would recurse. */
export function xenLinearChainsShort(xen: Xen): Invariant {
  return {
    name: 'xenLinearChainsShort',
    check() {
      for (const page of xen.pages) {
        const next = linearTargets(xen, page.mfn).find((mfn) => linearTargets(xen, mfn).length > 0);
        if (next !== undefined) return `mfn ${page.mfn} maps mfn ${next}, which maps another table of its level`;
      }
      return null;
    },
  };
}

function linearTargets(xen: Xen, mfn: number): readonly number[] {
  const page = xen.pageOf(mfn);
  if (!page || !isUpper(page) || !page.validated || page.type_count === 0) return [];
  const level = levelOf(page.type);
  return [...entriesOf(xen.memory, xen.layout, level, mfn)]
    .filter(({ slot, entry }) => isPresent(entry) && is_guest_slot(xen.layout, page.type, slot) && mfnOf(entry) !== mfn)
    .map(({ entry }) => mfnOf(entry))
    .filter((target) => {
      const shown = xen.pageOf(target);
      return shown !== undefined && isUpper(shown) && levelOf(shown.type) === level;
    });
}

const isUpper = ({ type }: page_info): boolean => isTable(type) && type !== 'l1';
