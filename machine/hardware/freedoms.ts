import type { Move } from '../explorer/system';
import type { Cpu } from './cpu';
import { keepLeaf, markUsed, type Paged } from './mmu';
import { CR0, translate, type Access, type Mapping, type Start } from './paging';

// What a processor may do although no instruction asks for it. Each freedom is
// an option, which is off unless a claim needs it. Read `mmu.ts` and
// `structure-cache.ts` first.

/** The freedoms of a processor: it does nothing that is not named here. */
export interface Freedoms {
  /** Linear addresses whose translations it may load into its TLB at any time, from the top of the tables or from where its upper entries lead. */
  readonly earlyFills?: readonly number[];
  /** Whether it keeps upper table entries apart from the TLB. */
  readonly structureCaches?: boolean;
  /** Whether it can hold a small and a large translation of one address at once, and use either. */
  readonly severalSizes?: boolean;
  /** Whether it can set A and D in an entry that was cleared after its TLB had loaded it, on the way to the page fault. */
  readonly strayBits?: boolean;
  /** Whether its walks, and their updates of A and D, overtake its own waiting stores. */
  readonly walksPassStores?: boolean;
}

/** Where each is to be found in the manuals; `hardware/README.md` says more. */
export const FREEDOMS: Readonly<Record<keyof Freedoms, string>> = {
  earlyFills: 'SDM 3A, 4.10.2.3 and 4.10.3',
  structureCaches: 'SDM 3A, 4.10.3',
  severalSizes: 'SDM 3A, 4.10.2.3 and 4.10.4.3',
  strayBits: 'Intel erratum KNL4; Linux e4a84be6f05e',
  walksPassStores: 'SDM 3A, 4.10.4.4 and 8.2.2',
};

/** All of them at once. @param addresses the linear addresses that the situation is about */
export const allFreedoms = (addresses: readonly number[]): Required<Freedoms> => ({
  earlyFills: addresses, structureCaches: true, severalSizes: true, strayBits: true, walksPassStores: true,
});

/** What a walk for one address would find now. */
interface Look {
  readonly leaf: Mapping | null;
  readonly uppers: readonly { readonly span: number; readonly next: Start; readonly at: number }[];
}

/** Walks to `la` from the top, or from where an upper entry leads. */
function look(cpu: Paged, la: number, start?: Start): Look {
  const uppers: { span: number; next: Start; at: number }[] = [];
  const request: Access = { kind: 'read', la, cpl: 0, ac: true };
  const found = translate(cpu.walker, cpu, request, { start, through: (span, next, at) => void uppers.push({ span, next, at }) });
  return { leaf: found.out === 'ok' ? found : null, uppers: cpu.tlb.structures ? uppers : [] };
}

/** Whether the TLB does not yet have what it could load as `leaf`. */
function isNewLeaf({ tlb }: Paged, la: number, leaf: Mapping): boolean {
  return tlb.severalSizes ? tlb.translationsOf(la).every(({ pageSize }) => pageSize !== leaf.pageSize) : tlb.lookup(la) === undefined;
}

/** Whether looking ahead would leave anything behind. An upper entry can be kept although the walk ends below it. */
function mayFill(cpu: Paged, la: number, { leaf, uppers }: Look): boolean {
  const { structures, pcid } = cpu.tlb;
  return (leaf !== null && isNewLeaf(cpu, la, leaf)) || uppers.some(({ span, next }) => !structures!.has(la, pcid, span, next));
}

/** Loads what it would find. */
function fill(cpu: Paged, la: number, { leaf, uppers }: Look): void {
  const { structures, pcid } = cpu.tlb;
  if (leaf !== null && isNewLeaf(cpu, la, leaf)) keepLeaf(cpu, la, leaf, false);
  else markUsed(cpu, uppers.map(({ at }) => at));
  for (const { span, next } of uppers) structures!.fill(la, pcid, span, next);
}

/** The moves of one processor that its freedoms allow. */
export class FreeMoves {
  private readonly fills: readonly { readonly la: number; readonly fromTop: Move; readonly fromUpper: Move; readonly uppers: Move }[];
  private readonly otherSize: Move;

  /** @param paged the processor as its memory management unit sees it */
  constructor(cpu: Cpu, freedoms: Freedoms, private readonly paged: () => Paged) {
    const outside = (name: string, perform: () => void): Move => ({ process: cpu, kind: 'interrupt', label: `${name}@${cpu.name}`, perform });
    this.fills = (freedoms.earlyFills ?? []).map((la) => ({
      la,
      fromTop: outside(`fill 0x${la.toString(16)}`, () => fill(paged(), la, look(paged(), la))),
      fromUpper: outside(`fill 0x${la.toString(16)} from upper`, () => fill(paged(), la, look(paged(), la, this.upperFor(la)))),
      uppers: outside(`fill upper 0x${la.toString(16)}`, () => fill(paged(), la, { ...look(paged(), la), leaf: null })),
    }));
    this.otherSize = outside('other size', () => cpu.tlb.preferOtherSize());
  }

  private upperFor(la: number): Start | undefined {
    const { structures, pcid } = this.paged().tlb;
    return structures?.lookup(la, pcid);
  }

  /** Appends the moves that would change something. */
  appendTo(into: Move[]): void {
    const cpu = this.paged();
    if ((cpu.cr0 & CR0.PG) === 0) return;
    for (const { la, fromTop, fromUpper, uppers } of this.fills) {
      const upper = this.upperFor(la);
      const seen = look(cpu, la);
      if (mayFill(cpu, la, seen)) into.push(fromTop);
      // A walk reads one entry after the other: its last one may have changed since it read the first.
      if (seen.leaf !== null && isNewLeaf(cpu, la, seen.leaf) && mayFill(cpu, la, { ...seen, leaf: null })) into.push(uppers);
      if (upper !== undefined && mayFill(cpu, la, look(cpu, la, upper))) into.push(fromUpper);
    }
    if (cpu.tlb.hasTwoSizes) into.push(this.otherSize);
  }
}
