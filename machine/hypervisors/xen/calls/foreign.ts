import type { Entity } from '../../../state/hash';
import { DOMID_IO, DOMID_SELF, DOMID_XEN, EINVAL, EPERM, ESRCH } from '../public/xen';
import { actsFor, type Domain, type Vcpu } from '../domain';
import type { XenState } from '../state';

// On whose behalf a call is made: a domain may name another one, whose frames it
// maps (the lower half of `foreigndom`), or whose tables it changes (the upper
// half). Only domain 0 may do this, and a domain that emulates the devices of the
// other one; any other guest is refused, with an error that changed over time.

/** The result of looking up a `foreigndom`. */
export interface Foreign {
  /** Whose frames may be mapped. */
  readonly owner: Entity;
  /** Whose tables are changed. */
  readonly tables: Domain;
  /** The error for every operation, though not for the call as such; 0 if there is none. */
  readonly rc: number;
}

/** The call as a whole is refused, before any of its operations. */
export class Refused {
  /** @param counts whether the number of completed operations, which is zero, is written */
  constructor(readonly rc: number, readonly counts: boolean) {}
}

/**
 * set_foreigndom() of 3.2, get_pg_owner() since.
 *
 * @param foreigndom as the guest gives it; by default the guest itself
 * @param domains whether the upper half may name the owner of the tables
 */
export function get_pg_owner(xen: XenState, vcpu: Vcpu, foreigndom = DOMID_SELF, domains = false): Foreign | Refused {
  const { domain } = vcpu;
  const { does } = xen.release;
  const policy = does['foreign-refused-by-policy'];
  const counts = domains || !policy; // do_mmuext_op() returns at once
  let rc = 0;
  let tables = domain;
  const upper = Math.floor(foreigndom / 0x10000);
  if (domains && upper !== 0 && does['tables-of-others']) {
    const pt_owner = domainOf(xen, upper - 1);
    if (!pt_owner) return new Refused(policy ? ESRCH : EINVAL, !policy);
    if (actsFor(domain, pt_owner)) {
      tables = pt_owner;
    } else if (pt_owner !== domain) {
      if (!policy) return new Refused(ESRCH, true);
      rc = EPERM;
    }
  }
  const domid = foreigndom % 0x10000;
  if (domid === DOMID_SELF) return { owner: domain, tables, rc };
  if (domid === DOMID_IO) return { owner: xen.dom_io, tables, rc };
  const owner = domid === DOMID_XEN ? xen : domainOf(xen, domid);
  if (owner && (actsFor(domain, owner) || !xen.keeps('foreign-only-target'))) return { owner, tables, rc };
  if (!owner || owner === domain || !policy) return new Refused(ESRCH, counts);
  return { owner, tables, rc: EPERM };
}

function domainOf(xen: XenState, domid: number): Domain | undefined {
  return xen.domains.find(({ domain_id }) => domain_id === domid);
}
