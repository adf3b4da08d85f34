import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Nothing that a guest asked for has crashed Xen. */
export function xenLives(xen: Xen): Invariant {
  return {
    name: 'xenLives',
    check: () => (xen.died.value === '' ? null : `Xen has died: ${xen.died.value}`),
  };
}

/**
 * Entries of upper tables that Xen may handle without checking for pending work; a lowest-level table is handled in one
 * piece. The first entry of a table comes before the first check, there are two levels of such tables, and a call that sets a
 * base pointer handles three trees: a leftover one, the new one and the old one.
 */
const STRETCH = 6;

/** While work is pending, Xen checks for it often enough. */
export function xenHeedsInterrupts(xen: Xen): Invariant {
  return {
    name: 'xenHeedsInterrupts',
    check: () => (xen.stretched.value <= STRETCH ? null : `Xen has handled ${xen.stretched.value} entries of upper tables without looking whether something waits`),
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
