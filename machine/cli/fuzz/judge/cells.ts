import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Store } from '../../../state/store';

// The meaning of each cell of a store, derived once from its name: the judge
// needs it for thousands of cells per second.

/** What kind of thing a cell holds. `other` is for cells that no promise concerns: a message, a statistic. */
export type CellKind = 'memory' | 'frame' | 'reverse map' | 'devices' | 'behind' | 'tlb' | 'base' | 'flushes' | 'vcpu' | 'domain' | 'events' | 'xen' | 'other';

export interface CellMeaning {
  readonly kind: CellKind;
  /** The frame that it describes; -1 if it describes none. */
  readonly mfn: Mfn;
  /** The field of a structure; the word's address for memory. */
  readonly field: string;
}

const OTHER: CellMeaning = { kind: 'other', mfn: -1, field: '' };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => CellMeaning])[] = [
  [/^memory\[0x([0-9a-f]+)\]$/, ([, pa]) => ({ kind: 'memory', mfn: Math.floor(parseInt(pa!, 16) / 4096), field: pa! })],
  [/^mfn 0x([0-9a-f]+)\.notFlushed$/, () => ({ kind: 'flushes', mfn: -1, field: '' })],
  [/^mfn 0x([0-9a-f]+)\.(\w+)$/, ([, mfn, field]) => ({ kind: 'frame', mfn: parseInt(mfn!, 16), field: field! })],
  [/^m2p\[mfn 0x([0-9a-f]+)\]$/, ([, mfn]) => ({ kind: 'reverse map', mfn: parseInt(mfn!, 16), field: '' })],
  [/^iommu\[mfn 0x([0-9a-f]+)\]$/, ([, mfn]) => ({ kind: 'devices', mfn: parseInt(mfn!, 16), field: '' })],
  [/^behind\[0x([0-9a-f]+)\]$/, ([, pa]) => ({ kind: 'behind', mfn: -1, field: pa! })],
  [/^cpu\d+\.tlb(?:\.structures)?$/, () => ({ kind: 'tlb', mfn: -1, field: '' })],
  [/^cpu\d+\.cr3$/, () => ({ kind: 'base', mfn: -1, field: '' })],
  [/^\w+\.(?:vcpu_info\d+|shared_info)\.(\w+)$/, ([, field]) => ({ kind: 'events', mfn: -1, field: field! })],
  [/^\w+\.channels$/, () => ({ kind: 'events', mfn: -1, field: 'channels' })],
  [/^\w+\.vcpu\d+\.(\w+)$/, ([, field]) => ({ kind: 'vcpu', mfn: -1, field: field! })],
  [/^xen\.(died|stretched)$/, ([, field]) => ({ kind: 'xen', mfn: -1, field: field! })],
  [/^[ABH]\.(\w+)$/, ([, field]) => ({ kind: 'domain', mfn: -1, field: field! })],
];

/** The meanings of the cells of one store. */
export class Cells {
  private readonly known: CellMeaning[] = [];

  constructor(private readonly store: Store) {}

  meaning(loc: number): CellMeaning {
    return this.known[loc] ?? (this.known[loc] = this.read(this.store.nameOf(loc)));
  }

  private read(name: string): CellMeaning {
    for (const [pattern, make] of PATTERNS) {
      const match = pattern.exec(name);
      if (match) return make(match);
    }
    return OTHER;
  }
}
