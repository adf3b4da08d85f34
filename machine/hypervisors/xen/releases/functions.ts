import { hasReached, type Version } from './version';

// The functions of Xen that refuse something, so that a refusal can say where in the C it
// was decided. Each has here its name in 3.2 (or in the first release that had it), and
// after it its later names, with the release; checked against the source of 3.2.0-rc6,
// 3.3.0-rc7, 3.4.0-rc3, and of each branch from 4.0 to 4.20. If one function became
// several, each is listed under its new name, and the function that did the work of all
// of them comes first in their lists.

interface Rename {
  readonly name: string;
  readonly since: string;
}

const FUNCTIONS = {
  // arch/x86/mm.c: references and types
  get_page: [],
  get_page_type: [{ name: '__get_page_type', since: '3.4.0' }, { name: '_get_page_type', since: '4.11.0' }],
  get_page_from_pagenr: [{ name: 'get_page_from_mfn', since: '4.10.0' }],
  get_page_from_l1e: [],
  get_page_from_l2e: [],
  get_page_from_l3e: [],
  get_l2_linear_pagetable: [],
  get_l3_linear_pagetable: [],
  get_l4_linear_pagetable: [],
  get_page_from_l4e: [],
  create_pae_xen_mappings: [{ name: 'pae_xen_mappings_check', since: '4.14.0' }],
  alloc_segdesc_page: [{ name: 'validate_segdesc_page', since: '4.14.0' }],
  // arch/x86/mm.c: calls
  mod_l1_entry: [],
  mod_l2_entry: [],
  mod_l3_entry: [],
  mod_l4_entry: [],
  set_foreigndom: [{ name: 'get_pg_owner', since: '4.0.0' }],
  do_mmu_update: [],
  do_mmuext_op: [],
  do_update_va_mapping: [{ name: '__do_update_va_mapping', since: '4.0.0' }],
  new_guest_cr3: [],
  steal_page: [],
  ptwr_do_page_fault: [],
  // common/
  guest_remove_page: [],
  do_multicall: [],
  evtchn_send: [],
  // common/grant_table.c, and for the entries arch/x86/mm.c, since 4.10 arch/x86/pv/grant_table.c
  __gnttab_map_grant_ref: [{ name: 'map_grant_ref', since: '4.10.0' }],
  __gnttab_unmap_common: [{ name: 'unmap_common', since: '4.10.0' }],
  create_grant_pte_mapping: [{ name: 'create_grant_pv_mapping', since: '4.10.0' }],
  create_grant_va_mapping: [{ name: 'create_grant_pv_mapping', since: '4.10.0' }],
  destroy_grant_pte_mapping: [{ name: 'replace_grant_pv_mapping', since: '4.10.0' }],
  replace_grant_va_mapping: [{ name: 'replace_grant_pv_mapping', since: '4.10.0' }],
  replace_grant_host_mapping: [{ name: 'replace_grant_pv_mapping', since: '4.10.0' }],
  steal_linear_address: [{ name: 'replace_grant_host_mapping', since: '3.2.0' }, { name: 'steal_linear_address', since: '4.10.0' }],
  _set_status_v1: [],
  _set_status_v2: [],
  __acquire_grant_for_copy: [{ name: 'acquire_grant_for_copy', since: '4.10.0' }],
  gnttab_copy_lock_domain: [{ name: '__gnttab_copy', since: '3.2.0' }, { name: 'gnttab_copy_lock_domain', since: '4.6.0' }],
  gnttab_copy_claim_buf: [{ name: '__gnttab_copy', since: '3.2.0' }, { name: 'gnttab_copy_claim_buf', since: '4.6.0' }],
  gnttab_copy_buf: [{ name: '__gnttab_copy', since: '3.2.0' }, { name: 'gnttab_copy_buf', since: '4.6.0' }],
  gnttab_transfer: [],
  gnttab_set_version: [],
  gnttab_unpopulate_status_frames: [],
} as const satisfies Readonly<Record<string, readonly Rename[]>>;

/** A function that refuses, by its oldest name. */
export type XenFunction = keyof typeof FUNCTIONS;

/** All of them, for comparison with the source. */
export const XEN_FUNCTIONS = Object.keys(FUNCTIONS) as readonly XenFunction[];

/** The name of a function in a release. */
export function functionIn(version: Version, name: XenFunction): string {
  const names: readonly Rename[] = FUNCTIONS[name];
  return names.findLast(({ since }) => hasReached(version, [since]))?.name ?? name;
}
