import { mayReach, rootsOf } from '../../hypervisors/xen/domain';
import { isGranted } from '../../hypervisors/xen/grants/active';
import { isInFlight, isTable } from '../../hypervisors/xen/frames/frames';
import { _PAGE_PSE, _PAGE_RW, entriesOf, flagsOf, isPresent, isXens, mfnOf, translated, type Level } from '../../hypervisors/xen/public/layout';
import { firstOwnSlot, holderOf, lastOwnSlot } from '../../hypervisors/xen/frames/own-entries';
import { levelOf } from '../../hypervisors/xen/frames/tables';
import type { Invariant } from '../../explorer/system';
import type { Mfn } from '../../hypervisors/xen/public/xen';
import type { Vcpu, Xen } from '../../hypervisors/xen/xen';

/**
 * Whatever a guest's processor can reach now, by walking the tables that it uses or by a translation that it still
 * caches, is a frame of its own domain, or one that it has mapped by a grant, or one of a domain for which it may
 * act; and what it can write is neither a page table nor a descriptor table. The same is true of its devices. This
 * walks the tables as the hardware does, and trusts none of Xen's counts.
 */
export function xenGuestsIsolated(xen: Xen): Invariant {
  return {
    name: 'xenGuestsIsolated',
    check() {
      const roots = new Set<Mfn>();
      for (const vcpu of xen.vcpus) {
        if (vcpu.domain.is_dying !== 'no') continue; // it no longer runs
        for (const root of rootsOf(vcpu)) {
          if (roots.has(root)) continue;
          roots.add(root);
          const problem = walk(xen, vcpu, root, xen.layout.levels, 0, true);
          if (problem !== null) return problem;
        }
        const found = throughTlb(xen, vcpu) ?? throughStructures(xen, vcpu);
        if (found !== null) return found;
      }
      return throughDevices(xen);
    },
  };
}

/** Devices write without a processor's translation. */
function throughDevices(xen: Xen): string | null {
  for (const mfn of xen.iommu.keys()) {
    const page = xen.pageOf(mfn)!;
    const whose = xen.iommu.get(mfn);
    if (whose !== page.owner?.name) return `a device of ${whose} can write mfn ${mfn}, which belongs to ${page.owner?.name ?? 'nobody'}`;
    if (page.type_count > 0 && page.type !== 'writable') return `a device of ${whose} can write mfn ${mfn}, which is in use as ${page.type}`;
  }
  for (const domain of xen.domains) if (domain.passthrough) for (const { frame, writes } of domain.deviceGrants) if (writes) {
    const page = xen.pageOf(frame)!;
    if (!isGranted(xen, domain, page, true)) return `a device of ${domain.name} can write mfn ${frame}, which is not granted to it`;
    if (page.type_count > 0 && page.type !== 'writable') return `a device of ${domain.name} can write mfn ${frame}, which is in use as ${page.type}`;
  }
  return null;
}

/** Every path through the tables from `table` down. Virtual CPUs that share a root belong to one domain. */
function walk(xen: Xen, vcpu: Vcpu, table: Mfn, level: Level, base: number, writable: boolean): string | null {
  const { layout } = xen;
  for (const { slot, entry } of entriesOf(xen.memory, layout, level, table)) {
    const va = base + slot * 2 ** layout.shift[level];
    if (!isPresent(entry) || isXens(layout, va)) continue;
    const hasNoRights = level === 3 && layout.hostLevels === 3;
    const writes = writable && (hasNoRights || (flagsOf(entry) & _PAGE_RW) !== 0);
    const large = level === 2 && (flagsOf(entry) & _PAGE_PSE) !== 0;
    const problem = level === 1 ? reach(xen, vcpu, mfnOf(entry), va, writes, 'maps')
      : large ? reachRange(xen, vcpu, mfnOf(entry), 2 ** (layout.shift[2] - 12), va, writes)
      : walk(xen, vcpu, mfnOf(entry), (level - 1) as Level, va, writes);
    if (problem !== null) return problem;
  }
  return null;
}

function reachRange(xen: Xen, vcpu: Vcpu, first: Mfn, frames: number, va: number, writes: boolean): string | null {
  for (const page of xen.pages) {
    if (page.mfn < first || page.mfn >= first + frames) continue;
    const problem = reach(xen, vcpu, page.mfn, va + (page.mfn - first) * 4096, writes, 'maps with a large page');
    if (problem !== null) return problem;
  }
  return null;
}

function throughTlb(xen: Xen, vcpu: Vcpu): string | null {
  for (const cached of vcpu.cpu.tlb.entries()) {
    if (isXens(xen.layout, translated(xen.layout, cached.base))) continue;
    const mfn = cached.frame / 4096;
    // A freed frame without a new owner may still be cached; it is flushed before it is allocated.
    if (xen.pageOf(mfn)?.owner === null) continue;
    const problem = reach(xen, vcpu, mfn, cached.base, cached.writable && cached.dirty, 'still caches');
    if (problem !== null) return problem;
  }
  return null;
}

/** The tables at which a walk may begin, whatever the entries above them now contain. */
function throughStructures(xen: Xen, { cpu: { tlb }, domain, name }: Vcpu): string | null {
  for (const pa of tlb.structures?.tables() ?? []) {
    const page = xen.pageOf(Math.floor(pa / 4096));
    if (!page || page.owner === null) continue; // Xen's own top level, or a frame that is flushed before it is allocated
    const where = `${name} still walks from mfn ${page.mfn}`;
    if (page.owner !== domain) return `${where}, which belongs to ${page.owner.name}`;
    if (page.type_count > 0 && !isTable(page.type)) return `${where}, which is in use as ${page.type}`;
  }
  return null;
}

function reach(xen: Xen, vcpu: Vcpu, mfn: Mfn, va: number, writes: boolean, how: string): string | null {
  const page = xen.pageOf(mfn);
  const where = (): string => `${vcpu.name} ${how} 0x${va.toString(16)} ${writes ? 'writable' : 'read-only'} to mfn ${mfn}`;
  if (!page) return `${where()}, which does not exist`;
  // A table that maps itself as memory also exposes its entries for Xen: Xen's table can be read there, never written.
  if (page.mfn === xen.ownTable && !writes) return null;
  if (page.owner !== vcpu.domain && !mayReach(vcpu.domain, page.owner) && !isGranted(xen, vcpu.domain, page, writes)) return `${where()}, which belongs to ${page.owner?.name ?? 'nobody'}`;
  // The contents of a table that is just being made are checked after a flush, which is still to come.
  if (writes && page.type_count > 0 && !isInFlight(page) && (isTable(page.type) || page.type === 'gdt')) return `${where()}, which is in use as ${page.type}`;
  return null;
}

/** In the tables that map Xen, Xen's own slots contain what Xen put there. */
export function xenOwnSlotsIntact(xen: Xen): Invariant {
  const { layout, memory } = xen;
  const holder = holderOf(layout);
  const first = firstOwnSlot(layout);
  return {
    name: 'xenOwnSlotsIntact',
    check() {
      for (const page of xen.pages) {
        if (page.type !== holder || !page.validated || page.type_count === 0) continue;
        if (mfnOf(xen.entryAt(page.mfn, first)) !== xen.ownTable) return `mfn ${page.mfn} maps the guest in slot ${first}, where Xen belongs`;
        for (const { slot, entry } of entriesOf(memory, layout, levelOf(holder), page.mfn)) {
          if (slot > first && slot <= lastOwnSlot(layout) && entry !== 0) return `mfn ${page.mfn} has an entry of the guest in slot ${slot}, where Xen belongs`;
        }
      }
      return null;
    },
  };
}
