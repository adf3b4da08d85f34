import { isTable } from '../../hypervisors/xen/frames/frames';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** A pinned frame is a validated table in use. */
export function xenPinsHold(xen: Xen): Invariant {
  return {
    name: 'xenPinsHold',
    check() {
      for (const page of xen.pages) {
        if (page.pinned && !(isTable(page.type) && page.validated && page.type_count >= 1)) {
          return `mfn ${page.mfn} is pinned, but is ${page.validated ? 'validated' : 'not validated'} as ${page.type} with a type count of ${page.type_count}`;
        }
      }
      return null;
    },
  };
}
