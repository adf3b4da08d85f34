import { isTable } from '../../hypervisors/xen/frames/frames';
import { generalReferences, NO_REFERENCES, referencesTo, typedReferences } from '../../hypervisors/xen/frames/references';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/**
 * Each count of each frame is its actual number of references: as
 * writable, the present writable entries to it; as a table, its pins, base
 * pointers and upper entries; in general, all of these with the read-only
 * entries and the owner's own. A half-done table counts once more.
 */
export function xenCountsBalanced(xen: Xen): Invariant {
  return {
    name: 'xenCountsBalanced',
    check() {
      const all = referencesTo(xen);
      for (const page of xen.pages) {
        const references = all.get(page.mfn) ?? NO_REFERENCES;
        const typed = typedReferences(references);
        const wrong = (what: string, actual: number, expected: number): string =>
          `mfn ${page.mfn} has ${what} ${actual}, but ${expected} references: ${Object.entries(references).filter(([, n]) => n > 0).map(([reason, n]) => `${n} ${reason}`).join(', ') || 'none'}`;
        if (page.type_count !== typed) return wrong(`a type count (${page.type}) of`, page.type_count, typed);
        const general = generalReferences(references);
        if (page.count !== general) return wrong('a general count of', page.count, general);
        if (references.writable > 0 && page.type !== 'writable') return `mfn ${page.mfn} is mapped writable ${references.writable} times, but its type is ${page.type}`;
        if (references.pins + references.bases + references.upper > 0 && !isTable(page.type)) return `mfn ${page.mfn} is used as a table, but its type is ${page.type}`;
      }
      return null;
    },
  };
}
