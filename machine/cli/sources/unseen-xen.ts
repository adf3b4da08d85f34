// Like unseen.ts, but for the C of Xen: what is not an operation there, what has two names for the same thing, and what no path of the
// modelled hypervisor has, with the reason. None of this applies to the C of Linux, where some of these names mean more.

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Arithmetic on entries, numbers of frames and arguments; members that lead to a word; names that only this function has; Xen's own view of a frame; printing, counting and checks of Xen's own consistency. */
export const XEN_NO_OPERATION: ReadonlySet<string> = new Set(words(`
  l1e_get_flags l1e_get_pfn l1e_get_mfn l1e_get_intpte l1e_from_intpte l2e_from_intpte l3e_from_intpte l4e_from_intpte l1e_from_page l1e_from_mfn l4e_from_mfn l1e_from_pfn l1e_remove_flags l1e_flip_flags
  l1e_has_changed l1_disallow_mask adjust_guest_l1e get_pte_flags grant_to_pte_flags _PAGE_RW mfn_x _mfn gfn_x _gfn _dfn _p _pfn page_to_mfn mfn_to_page mfn_valid mfn_eq mfn_to_maddr maddr_to_mfn mfn_to_gmfn
  pagetable_get_mfn pagetable_from_mfn gaddr_to_gfn DIV_ROUND_UP IS_ALIGNED IS_ENABLED PGT_type_equal MEMF_bits XENMEMF_get_address_bits evaluate_nospec block_speculation
  const_guest_handle_from_ptr set_xen_guest_handle guest_handle_add_offset XEN_GUEST_HANDLE_PARAM guest_handle_is_null guest_handle_okay guest_handle_subrange_okay
  u inuse raw arch pv x y domain_id this_cpu pl1e ol1e nl1e
  map_domain_page unmap_domain_page __map_domain_page
  ASSERT ASSERT_UNREACHABLE BUG_ON BUG gdprintk gprintk perfc_incr perfc_add TRACE_1D trace_ptwr_emulation current_locked_page_ne_check in_irq PIN_FAIL smp_wmb smp_rmb
`));

/** The name here that corresponds to a name of Xen's C. */
export const XEN_STANDS_FOR: ReadonlyMap<string, readonly string[]> = new Map([
  ['cmpxchg', ['incCount', 'decCount', 'dropType', 'takeType', 'takeBoth', 'takeOnly', 'lock', 'unlock']],
  ['page_get_owner_and_reference', ['incCount', 'get_page']], ['page_get_owner', ['readOwner', 'readOwnerOf']], ['put_page_alloc_ref', ['clearAllocated', 'wasAllocated']],
  ['get_page_from_mfn', ['get_page']], ['get_page_from_gfn', ['get_page', 'get_page_and_type']], ['get_page_type', ['get_page_and_type']], ['put_page_and_type', ['put_page_type']],
  ['page_lock', ['lock', 'lockForStore']], ['page_unlock', ['unlock']], ['type_info', ['readType', 'wordOf']],
  ['UPDATE_ENTRY', ['writeSlot']], ['paging_write_guest_entry', ['writeSlot', 'storePlain']], ['paging_cmpxchg_guest_entry', ['writeSlot']], ['__copy_from_user', ['readSlot']],
  ['flush_tlb_mask', ['flushOn']], ['tlbflush_timestamp', ['unflushed']], ['flush_tlb_local', ['flushOwn']], ['set_tlbflush_timestamp', ['stamp']],
  ['alloc_l1_table', ['get_page_from_entry']], ['alloc_l2_table', ['get_page_from_entry']], ['alloc_l3_table', ['get_page_from_entry']], ['alloc_segdesc_page', ['checkDescriptors']],
  ['free_l1_table', ['put_page_from_entry']], ['free_l2_table', ['put_page_from_entry']], ['free_l3_table', ['put_page_from_entry']],
  ['mod_l2_entry', ['mod_entry']], ['mod_l3_entry', ['mod_entry']], ['map_guest_l1e', ['walk']],
  ['replace_grant_host_mapping', ['replaceEntry']], ['create_grant_host_mapping', ['replaceEntry']], ['pin', ['pinNow', 'unpinNow']], ['gnttab_clear_flags', ['unpinNow', 'unmark']],
]);

const LEFT_OUT: Readonly<Record<string, string>> = {
  'guests whose memory Xen translates, shadows, pages out or shares: the guests here are paravirtualised': `
    paging_mode_refcounts paging_mode_translate paging_mode_external paging_mode_enabled paging_mark_dirty paging_mark_pfn_dirty paging_invlpg shadow_mode_enabled shadow_prepare_page_type_change shadow_remove_all_shadows
    p2m_is_paged p2m_is_paging p2m_is_shared p2m_mem_paging_populate p2m_mem_paging_drop_page mem_sharing_unshare_page mem_sharing_notify_enomem get_gfn_query get_gfn_query_unlocked get_gfn_unshare put_gfn gfn_to_mfn
    get_paged_frame guest_physmap_add_page guest_physmap_remove_page is_domain_direct_mapped SHARED_M2P update_cr3`,
  'long calls that stop in the middle: machine/hypervisors/xen/frames and xen-interrupted.feature are about these': `
    hypercall_preempt_check hypercall_create_continuation old_guest_table old_guest_table_partial old_guest_ptpg put_old_guest_table put_page_and_type_preemptible partial_set partial_flags retain_ref nr_validated_ptes get_page_light done`,
  'the policy of the security modules, and domains that others are looked up by: each call is allowed, and about the caller itself': `
    xsm_mmu_update xsm_update_va_mapping xsm_memory_exchange xsm_priv_mapping xsm_grant_mapref xsm_grant_unmapref rcu_lock_domain rcu_lock_domain_by_id rcu_lock_domain_by_any_id rcu_unlock_domain get_pg_owner put_pg_owner`,
  'domains that are dying or die of a call: each lives': 'is_dying is_shutting_down domain_crash put_domain',
  'arguments in the memory of the guest: a path has them as its own': `
    copy_from_guest __copy_from_guest __copy_from_guest_offset copy_to_guest __copy_field_to_guest __copy_mfn_to_guest_offset copy_from_user x86_emul_pagefault x86_emulate`,
  'memory of devices': `
    iomem_access_permitted is_iomem_page rangeset_contains_singleton rangeset_report_ranges is_hardware_domain pci_mmcfg_decode pci_get_ro_map is_xen_heap_page cache_flush cleanup_page_mappings`,
  'tables of devices: machine/hypervisors/xen/grants/iommu.ts has them in one piece': 'need_iommu_pt_sync iommu_legacy_map iommu_legacy_unmap gnttab_need_iommu_mapping is_pv_domain',
  'a count of linear entries that Xen checks in debug builds': 'linear_pt_count',
  'processors that leak: copies of the top table for user space, and entries that speculation follows': 'flush_root_pt_others flush_root_pt_local xpti pv_l1tf_check_l1e boot_cpu_has',
  'waiting': 'cpu_relax',
  'sets of processors as the C keeps them: here each processor is asked for itself': `
    dirty_cpumask vcpumask_to_pcpumask cpumask_test_cpu cpumask_copy __cpumask_clear_cpu __cpumask_set_cpu cpumask_clear cpumask_empty for_each_vcpu read_atomic dirty_cpu is_vcpu_dirty_cpu vcpu_cpu_dirty`,
  'lists and numbers of the frames that a domain has': 'page_list page_list_add page_list_del page_list_remove_head PAGE_LIST_HEAD domain_adjust_tot_pages',
};

/** Names that no path of the hypervisor has, by name: the reason. */
export const XEN_LEFT_OUT: ReadonlyMap<string, string> = new Map(Object.entries(LEFT_OUT).flatMap(([reason, names]) => words(names).map((name) => [name, reason] as const)));
