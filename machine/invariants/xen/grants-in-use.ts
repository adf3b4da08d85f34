import type { Invariant } from '../../explorer/system';
import type { ActiveGrant, Domain, Xen } from '../../hypervisors/xen/xen';

/**
 * Between two calls a grant is in use exactly as often as it is mapped, by the domains to
 * which it was granted, and its owner can see this: its entry is marked as being read
 * while any domain uses it, and as being written while any domain may write.
 */
export function xenGrantsInUse(xen: Xen): Invariant {
  return {
    name: 'xenGrantsInUse',
    check() {
      for (const granter of xen.domains) {
        const wrong = wrongPins(xen, granter) ?? wrongMarks(granter);
        if (wrong !== null) return wrong;
      }
      return null;
    },
  };
}

function wrongPins(xen: Xen, granter: Domain): string | null {
  const uses = new Map<number, number[]>();
  for (const domain of xen.domains) {
    for (const { dom, ref, readonly, host, device, active } of domain.maptrack) {
      if (!active || dom !== granter.domain_id) continue;
      const counts = uses.get(ref) ?? [0, 0, 0, 0];
      uses.set(ref, counts);
      const act = granter.active.find((grant) => grant.ref === ref);
      if (act?.domid !== domain.domain_id) return `grant ${ref} of ${granter.name} is mapped by ${domain.name}, and in use by domain ${act?.domid ?? 'none'}`;
      if (host) counts[readonly ? 0 : 1]!++;
      if (device) counts[readonly ? 2 : 3]!++;
    }
  }
  for (const act of granter.active) if (pins(act).join() !== (uses.get(act.ref) ?? [0, 0, 0, 0]).join()) return `grant ${act.ref} of ${granter.name} is pinned ${pins(act).join('/')} times, and mapped ${(uses.get(act.ref) ?? [0, 0, 0, 0]).join('/')}`;
  return null;
}

const pins = ({ hstr, hstw, devr, devw }: ActiveGrant): readonly number[] => [hstr, hstw, devr, devw];

function wrongMarks({ name, grants, active }: Domain): string | null {
  for (const [ref, { reading, writing }] of grants.entries()) {
    const act = active.find((grant) => grant.ref === ref);
    const [isRead, isWritten] = [act !== undefined, act !== undefined && act.hstw + act.devw > 0];
    if (reading !== isRead || writing !== isWritten) return `grant ${ref} of ${name} is marked as ${marks(reading, writing)}, and is ${marks(isRead, isWritten)}`;
  }
  return null;
}

const marks = (reading: boolean, writing: boolean): string => (writing ? (reading ? 'read and written' : 'written') : reading ? 'read' : 'in no use');
