import { mayReach, rootsOf } from '../../../hypervisors/xen/domain';
import { isGranted } from '../../../hypervisors/xen/grants/active';
import { isInFlight, isTable } from '../../../hypervisors/xen/frames/frames';
import { _PAGE_PSE, _PAGE_RW, isXens, translated } from '../../../hypervisors/xen/public/layout';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Vcpu, Xen } from '../../../hypervisors/xen/xen';
import type { Tables } from './tables';

// The check of invariants/xen/guests-isolated.ts on already parsed tables:
// whether every frame that a processor reaches belongs to its guest.

export class Reach {
  /** The frames that the last walk used as tables: a store to any other frame changes no path. */
  readonly tables = new Set<Mfn>();

  constructor(private readonly xen: Xen, private readonly parsed: Tables) {}

  /** Whether every path through the tables in use leads to a frame that its guest may have. */
  throughTables(): boolean {
    const { xen } = this;
    this.tables.clear();
    const roots: Mfn[] = [];
    for (const vcpu of xen.vcpus) {
      if (vcpu.domain.is_dying !== 'no') continue;
      for (const root of rootsOf(vcpu)) {
        if (roots.includes(root)) continue;
        roots.push(root);
        if (!this.walk(vcpu, root, xen.layout.levels, 0, true)) return false;
      }
    }
    return true;
  }

  private walk(vcpu: Vcpu, table: Mfn, level: number, base: number, writable: boolean): boolean {
    const { layout } = this.xen;
    this.tables.add(table);
    const { slots, mfns, flags } = this.parsed.of(table);
    const end = layout.entries[level as 1];
    const width = 2 ** layout.shift[level as 1];
    for (let i = 0; i < slots.length; i++) {
      if (slots[i]! >= end) break;
      const va = base + slots[i]! * width;
      if (isXens(layout, va)) continue;
      const writes = writable && ((level === 3 && layout.hostLevels === 3) || (flags[i]! & _PAGE_RW) !== 0);
      const isLarge = level === 2 && (flags[i]! & _PAGE_PSE) !== 0;
      if (isLarge) return false; // the invariant's own walk determines what it reaches
      const isFine = level === 1 ? this.isAllowed(vcpu, mfns[i]!, writes) : this.walk(vcpu, mfns[i]!, level - 1, va, writes);
      if (!isFine) return false;
    }
    return true;
  }

  /** The same for what a processor has cached. */
  throughTlb(vcpu: Vcpu): boolean {
    const { xen } = this;
    for (const { base, frame, writable, dirty } of vcpu.cpu.tlb.entries()) {
      if (isXens(xen.layout, translated(xen.layout, base))) continue;
      const mfn = frame / 4096;
      if (xen.pageOf(mfn)?.owner === null) continue;
      if (!this.isAllowed(vcpu, mfn, writable && dirty)) return false;
    }
    const { structures } = vcpu.cpu.tlb;
    return structures === null || structures.tables().every((pa) => this.isFitTable(vcpu, Math.floor(pa / 4096)));
  }

  private isFitTable({ domain }: Vcpu, mfn: Mfn): boolean {
    const page = this.xen.pageOf(mfn);
    if (!page || page.owner === null) return true;
    return page.owner === domain && (page.type_count === 0 || isTable(page.type));
  }

  private isAllowed({ domain }: Vcpu, mfn: Mfn, writes: boolean): boolean {
    const { xen } = this;
    const page = xen.pageOf(mfn);
    if (!page) return false;
    if (mfn === xen.ownTable && !writes) return true;
    const { owner } = page;
    if (owner !== domain && !mayReach(domain, owner) && !isGranted(xen, domain, page, writes)) return false;
    return !(writes && page.type_count > 0 && (isTable(page.type) || page.type === 'gdt') && !isInFlight(page));
  }
}
