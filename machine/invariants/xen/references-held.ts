import { generalReferences, NO_REFERENCES, referencesTo, typedReferences } from '../../hypervisors/xen/frames/references';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/**
 * In the middle of a call a count may be higher than the actual number of
 * references, never lower: a reference is taken before its entry is written,
 * and dropped after the entry has been removed. The owner's own reference,
 * which is dropped together with the count, is left out.
 */
export function xenReferencesHeld(xen: Xen): Invariant {
  return {
    name: 'xenReferencesHeld',
    check() {
      const all = referencesTo(xen);
      for (const page of xen.pages) {
        const references = all.get(page.mfn) ?? NO_REFERENCES;
        const [general, typed] = [generalReferences(references) - references.allocated, typedReferences(references)];
        if (page.count < general) return `mfn ${page.mfn} has a general count of ${page.count}, and there are ${general} references`;
        if (page.type_count < typed) return `mfn ${page.mfn} has a type count (${page.type}) of ${page.type_count}, and there are ${typed} references`;
      }
      return null;
    },
  };
}
