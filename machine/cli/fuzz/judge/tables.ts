import { isPresent, readEntry, type Layout } from '../../../hypervisors/xen/public/layout';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Xen } from '../../../hypervisors/xen/xen';

// The contents of frames as tables, parsed once and kept until a word of the
// frame is written.

/** The present entries of a frame, in the order of their slots. */
export interface Parsed {
  readonly slots: readonly number[];
  readonly mfns: readonly Mfn[];
  /** The low twelve bits of each. */
  readonly flags: readonly number[];
  /** Slots whose entries are not zero, present or not. */
  readonly used: readonly number[];
}

/** The parsed contents of every frame. */
export class Tables {
  private readonly parsed = new Map<Mfn, Parsed>();

  constructor(private readonly xen: Xen) {}

  /** Forgets a frame that was written, or all of them. */
  forget(mfn: Mfn | 'all'): void {
    if (mfn === 'all') this.parsed.clear();
    else this.parsed.delete(mfn);
  }

  of(mfn: Mfn): Parsed {
    let parsed = this.parsed.get(mfn);
    if (!parsed) this.parsed.set(mfn, parsed = parse(this.xen, this.xen.layout, mfn));
    return parsed;
  }

  /** A copy of the current contents, to return to later. */
  copy(): ReadonlyMap<Mfn, Parsed> {
    return new Map(this.parsed);
  }

  restore(copy: ReadonlyMap<Mfn, Parsed>, written: Iterable<Mfn>): void {
    for (const mfn of written) {
      const before = copy.get(mfn);
      if (before) this.parsed.set(mfn, before);
      else this.parsed.delete(mfn);
    }
  }
}

function parse({ memory }: Xen, layout: Layout, mfn: Mfn): Parsed {
  const slots: number[] = [];
  const mfns: Mfn[] = [];
  const flags: number[] = [];
  const used: number[] = [];
  let last = -1;
  for (const word of memory.wordsOf(mfn as number)) {
    const pa = word - (word % layout.entryBytes);
    if (pa === last) continue;
    last = pa;
    const entry = readEntry(memory, layout, pa);
    const slot = (pa % 4096) / layout.entryBytes;
    if (entry !== 0) used.push(slot);
    if (!isPresent(entry)) continue;
    slots.push(slot);
    mfns.push(Math.floor(entry / 4096));
    flags.push(entry % 4096);
  }
  return { slots, mfns, flags, used };
}
