import { isTable } from '../../hypervisors/xen/frames/frames';
import { holdsEntry } from '../../hypervisors/xen/frames/references';
import { levelOf } from '../../hypervisors/xen/frames/tables';
import { entriesOf, isPresent, mfnOf } from '../../hypervisors/xen/public/layout';
import type { Mfn } from '../../hypervisors/xen/public/xen';
import type { Domain } from '../../hypervisors/xen/domain';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** The tables that were skipped, and the frames to which they lead. */
function keptBy(xen: Xen, { overlooked, unbroken }: Domain): ReadonlySet<Mfn> {
  const kept = new Set<Mfn>([...overlooked, ...unbroken]);
  for (const mfn of kept) {
    const page = xen.pageOf(mfn)!;
    if (!isTable(page.type) || page.type === 'l1' || page.type_count === 0 || !(page.validated || page.partial)) continue;
    for (const { slot, entry } of entriesOf(xen.memory, xen.layout, levelOf(page.type), mfn)) if (isPresent(entry) && holdsEntry(page, slot) && xen.pageOf(mfnOf(entry))) kept.add(mfnOf(entry));
  }
  return kept;
}

/**
 * A dead domain keeps nothing: only frames that other domains still map remain, and none of them is a table in use.
 * Xen skips a frame whose count is at its maximum when its turn comes (arch/x86/domain.c, relinquish_memory()), so it keeps its
 * references, and so do the tables to which it leads. A table that is skipped in the step for its level stays a table even if
 * a later step drops its other references.
 */
export function xenDeadLeaveNothing(xen: Xen): Invariant {
  return {
    name: 'xenDeadLeaveNothing',
    check() {
      const dead = xen.domains.filter(({ is_dying }) => is_dying === 'dead');
      if (dead.length === 0) return null;
      const kept = new Map(dead.map((domain) => [domain, keptBy(xen, domain)]));
      for (const { mfn, name, owner, allocated, pinned, type, type_count, validated, partial } of xen.pages) {
        const domain = dead.find((each) => each === owner);
        if (domain === undefined || domain.overlooked.includes(mfn)) continue;
        const left = allocated ? 'its own reference' : pinned ? 'a pin' : isTable(type) && type_count > 0 && (validated || partial) && !kept.get(domain)!.has(mfn) ? `a table, ${type}` : null;
        if (left !== null) return `${name} of ${owner!.name}, which is dead, still has ${left}`;
      }
      const vcpu = xen.vcpus.find(({ domain, guest_table, guest_table_user, old_guest_table, gdt_frames, ldt_frames }) => dead.includes(domain) && (guest_table !== null || guest_table_user !== null || old_guest_table !== null || gdt_frames.length + ldt_frames.length > 0));
      if (vcpu) return `${vcpu.name}, whose domain is dead, still has a table`;
      const domain = dead.find(({ maptrack }) => maptrack.some(({ active }) => active));
      return domain ? `${domain.name}, which is dead, still has a grant mapped` : null;
    },
  };
}
