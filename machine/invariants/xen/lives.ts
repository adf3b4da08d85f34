import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Nothing that a guest asked for has ended Xen. */
export function xenLives(xen: Xen): Invariant {
  return {
    name: 'xenLives',
    check: () => (xen.died.value === '' ? null : `Xen has died: ${xen.died.value}`),
  };
}

/**
 * Entries of upper tables that Xen may handle without looking whether something waits; a lowest-level table is taken in one
 * piece. The first entry of a table comes before the first look, there are two levels of such tables, and a call that takes a
 * base pointer goes into three trees: one that was left over, the new one and the old one.
 */
const STRETCH = 6;

/** While something waits, Xen looks for it often enough. */
export function xenHeedsInterrupts(xen: Xen): Invariant {
  return {
    name: 'xenHeedsInterrupts',
    check: () => (xen.stretched.value <= STRETCH ? null : `Xen has handled ${xen.stretched.value} entries of upper tables without looking whether something waits`),
  };
}

/** What is Xen's own holds what Xen has put there: the memory behind its entries, and each frame that it shares with a domain for some use. */
export function xenOwnMemoryKept(xen: Xen): Invariant {
  return {
    name: 'xenOwnMemoryKept',
    check() {
      if (xen.memory.wordsOf(xen.ownTable as number).length > 0) return "something was written to Xen's own memory";
      for (const page of xen.pages) {
        const owner = xen.domains.find((domain) => domain === page.owner);
        if (page.xenHeap && owner && owner.status !== page.mfn) return `mfn ${page.mfn} is still shared with ${owner.name}, and of no use any more`;
      }
      return null;
    },
  };
}
