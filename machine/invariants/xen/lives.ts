import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Nothing that a guest asked for has crashed Xen. */
export function xenLives(xen: Xen): Invariant {
  return {
    name: 'xenLives',
    check: () => (xen.died.value === '' ? null : `Xen has died: ${xen.died.value}`),
  };
}

/** Trees that a call which sets a base pointer handles: a leftover one, the new one and the old one. For a virtual CPU that is torn down, a leftover one and two bases. */
const TREES = 3;

/**
 * Entries of upper tables that Xen may handle without checking for pending work; a lowest-level table is handled in one
 * piece. The first entry of a table comes before the first check, and a tree has at most two levels of such tables, or three for a 64-bit guest.
 */
const stretchOf = ({ layout }: Xen): number => TREES * (layout.levels === 4 ? 3 : 2);

/** While work is pending, Xen checks for it often enough. */
export function xenHeedsInterrupts(xen: Xen): Invariant {
  return {
    name: 'xenHeedsInterrupts',
    check: () => (xen.stretched.value <= stretchOf(xen) ? null : `Xen has handled ${xen.stretched.value} entries of upper tables without looking whether something waits`),
  };
}

/** Xen's own memory contains what Xen has put there: the memory that its entries map, and each frame that it shares with a domain. */
export function xenOwnMemoryKept(xen: Xen): Invariant {
  return {
    name: 'xenOwnMemoryKept',
    check() {
      if (xen.memory.wordsOf(xen.ownTable as number).length > 0) return "something was written to Xen's own memory";
      for (const page of xen.pages) {
        const owner = xen.domains.find((domain) => domain === page.owner);
        if (page.xenHeap && owner && owner.status !== page.mfn) return `mfn ${page.mfn} is still shared with ${owner.name}, and has no use any more`;
      }
      return null;
    },
  };
}
