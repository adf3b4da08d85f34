// Names in the C that are not operations, or that no path of this project has:
// with the reason, so that a report can count by reason.

/** Words before a parenthesis that are not calls, and arithmetic on local values. */
const ARITHMETIC = `
  if while for switch return sizeof typeof do else case defined asm __asm__ volatile __volatile__ __attribute__ __typeof__ likely unlikely barrier
  ACCESS_ONCE READ_ONCE WRITE_ONCE min max min_t max_t container_of offsetof ARRAY_SIZE BITS_TO_LONGS __percpu
  pte_val pmd_val pgd_val pud_val __pte __pmd __pgd __pud pte_present pte_none pmd_none pmd_bad pgd_none pud_none pmd_present pgd_present pud_present pte_write pte_dirty pte_young pte_file
  pte_page pte_pfn pmd_page pgd_page pud_page pfn_pte pfn_pmd mk_pte pte_wrprotect pte_mkclean pte_mkold pte_modify pte_mkwrite pte_mkdirty pte_mkyoung pte_same none pte_to_pgoff pgoff_to_pte
  pgd_index pmd_index pte_index pud_index pgd_offset pud_offset pmd_offset pte_offset_kernel pte_offset_map pgd_offset_k pte_unmap pte_unmap_nested pte_offset_map_nested pte_lockptr
  pgd_addr_end pud_addr_end pmd_addr_end pgd_none_or_clear_bad pud_none_or_clear_bad pmd_none_or_clear_bad
  __pa __va page_address virt_to_page page_to_pfn pfn_to_page page_to_virt PFN_UP PFN_DOWN PFN_PHYS PAGE_ALIGN pfn_valid page_to_phys virt_to_phys phys_to_virt
  __fix_to_virt fix_to_virt virt_to_fix PageHighMem PageAnon vma_address is_hugepage_only_range lowmem_page_address
  cpu_isset cpus_empty cpus_and cpus_equal cpu_isset cpus_weight any_online_cpu cpumask_weight cpumask_of num_online_cpus raw_smp_processor_id for_each_cpu_mask
  get_cpu_var __get_cpu_var per_cpu x86_read_percpu percpu_read this_cpu_read current_thread_info this_rq smp_processor_id get_cpu_ptr
  swp_entry_to_pte pte_to_swp_entry swp_type swp_offset is_migration_entry is_write_migration_entry is_swap_pte non_swap_entry
  hardirq_count softirq_count in_softirq irqs_disabled in_atomic user_mode user_mode_vm preemptible
  PTR_ERR IS_ERR ERR_PTR error_code unlikely test_tsk_need_resched task_cpu
  IS_ENABLED mm_cpumask this_cpu_ptr per_cpu_ptr for_each_cpu pte_flags pmd_pgtable pte_lockptr mm_counter init_rss_vec add_mm_rss_vec pte_swp_soft_dirty pte_swp_mksoft_dirty pte_mksoft_dirty move_soft_dirty_pte pte_protnone
`;

/** What only counts, prints, traces, warns or checks. */
const BOOKKEEPING = `
  printk pr_info pr_warning printk_ratelimit dump_stack WARN_ON WARN_ON_ONCE VM_BUG_ON VM_WARN_ON DEBUG_LOCKS_WARN_ON print_bad_pte print_symbol early_printk panic
  count_vm_event count_vm_tlb_event count_vm_events __count_vm_events inc_irq_stat trace_tlb_flush trace_tlb_flush_rcuidle schedstat_inc schedstat_add profile_hit profile_tick
  might_sleep might_sleep_if lockdep_init_map spin_acquire spin_release might_fault debug_kmap_atomic irqs_disabled_flags trace_hardirqs_on trace_hardirqs_off
  prefetch prefetchw touch_nmi_watchdog EXPORT_SYMBOL EXPORT_SYMBOL_GPL kstat_this_cpu acct_update_integrals update_mem_hiwater acct_process profile_munmap
  add_mm_rss inc_mm_counter dec_mm_counter add_mm_counter set_mm_counter update_hiwater_rss nstat add_wchan_profile audit_free
  lockdep_assert_irqs_enabled lockdep_assert_preemption_disabled mmap_assert_write_locked VM_WARN_ON_ONCE VM_BUG_ON_PAGE count_vm_tlb_events trace_csd_queue_cpu trace_xen_mmu_set_pgd trace_xen_mmu_set_pte
  in_task cpu_online in_nmi page_table_check_pte_clear_range mm_dec_nr_ptes page_mapcount page_rmapping
  stackoverflow STACK_WARN unlikely irq_stat nr_switches nr_iowait timestamp kstat_cpu
`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** None of these is an operation for either side. */
export const NO_OPERATION: ReadonlySet<string> = new Set([...words(ARITHMETIC), ...words(BOOKKEEPING)]);

/** Machine instructions that others can notice or that depend on others, by their mnemonics. */
export const IN_ASSEMBLY: ReadonlyMap<string, string> = new Map([
  ...['cli', 'sti', 'hlt', 'invlpg', 'wbinvd', 'mfence', 'clts', 'lgdt', 'lidt', 'ltr', 'cr0', 'cr2', 'cr3', 'cr4', 'xchg', 'cmpxchg', 'iret'].map((name) => [name, name] as const),
  ['pushfl', 'pushf'], ['pushfq', 'pushf'], ['popfl', 'popf'], ['popfq', 'popf'], ['xchgl', 'xchg'], ['cmpxchgl', 'cmpxchg'], ['iretl', 'iret'], ['interrupt_return', 'iret'], ['disable_interrupts', 'cli'], ['enable_interrupts', 'sti'],
]);

/** The name here that corresponds to a name of the C with the same meaning. */
export const STANDS_FOR: ReadonlyMap<string, readonly string[]> = new Map([
  ['pte_offset_map_lock', ['spin_lock', 'arch_spin_lock']], ['pte_alloc_map_lock', ['spin_lock']], ['pte_unmap_unlock', ['spin_unlock', 'arch_spin_unlock']], ['spin_lock_nested', ['spin_lock', 'arch_spin_lock']],
  ['spin_lock', ['arch_spin_lock']], ['spin_unlock', ['arch_spin_unlock']], ['pmd_lock', ['arch_spin_lock']], ['atomic64_read', ['atomic_read', 'READ_ONCE']], ['inc_mm_tlb_gen', ['atomic_inc_return']],
  ['flush_tlb_range', ['flush_tlb_mm_range']], ['flush_tlb_page', ['flush_tlb_mm_range']], ['ptep_modify_prot_start', ['ptep_get_and_clear']], ['ptep_modify_prot_commit', ['set_pte_at']], ['flush_tlb_one_user', ['invlpg']], ['__flush_tlb_one_user', ['invlpg']],
  ['call_rcu_sched', ['call_rcu']], ['__tlb_remove_table', ['freeFrame']], ['tlb_remove_table_one', ['smp_call_function']], ['on_each_cpu_cond_mask', ['smp_call_function_many_cond']], ['on_each_cpu_mask', ['smp_call_function_many_cond']],
  ['flush_tlb_multi', ['native_flush_tlb_multi']], ['smp_call_function', ['on_each_cpu']], ['csd_do_func', ['func']], ['send_call_function_single_ipi', ['sendIpi']], ['send_call_function_ipi_mask', ['sendIpi']], ['__native_read_cr3', ['movFromCr3']],
  ['__xen_set_pgd_hyper', ['queue']], ['read_cr3', ['active_mm']], ['cow_user_page', ['copyPage']],
  ['_raw_spin_lock', ['take', 'spin_lock']], ['_raw_spin_unlock', ['give']], ['_raw_spin_trylock', ['take']], ['_raw_spin_lock_flags', ['take', 'spin_lock']], ['preempt_disable', ['spin_lock']], ['preempt_enable', ['spin_unlock']], ['set_tsk_need_resched', ['set_need_resched']], ['mm_free_pgd', ['pgd_free']],
  ['get_cpu', ['preempt_disable']], ['put_cpu', ['preempt_enable']], ['put_cpu_no_resched', ['preempt_enable_no_resched']], ['get_cpu_light', ['preempt_disable']],
  ['task_lock', ['preempt_disable']], ['task_unlock', ['preempt_enable']], ['BUG', ['BUG_ON', 'bugIfOk', 'oops']], ['BUG_ON', ['BUG', 'bugIfOk', 'resume']],
  ['local_flush_tlb', ['__flush_tlb', 'flush_tlb_user', 'flushHere']], ['__flush_tlb_one', ['__flush_tlb_single', 'flush_tlb_single', 'invlpg']], ['__flush_tlb', ['flush_tlb_user', 'movToCr3']],
  ['irq_enter', ['HARDIRQ_OFFSET']], ['irq_exit', ['HARDIRQ_OFFSET']], ['__local_bh_disable', ['SOFTIRQ_OFFSET']], ['_local_bh_enable', ['SOFTIRQ_OFFSET']],
  ['local_irq_enable', ['irq_enable', 'sti']], ['raw_local_irq_disable', ['irq_disable']], ['local_irq_disable', ['irq_disable', 'cli']], ['local_irq_save', ['pushf', 'save_fl', 'cli']], ['local_irq_restore', ['popf', 'restore_fl']],
  ['raw_local_irq_save', ['save_fl', 'irq_disable']], ['raw_local_irq_restore', ['restore_fl']], ['inc_preempt_count', ['add_preempt_count']], ['dec_preempt_count', ['sub_preempt_count']],
  ['set_lazy_mode', ['callRom']], ['_set_lazy_mode', ['callRom']], ['raw_ptep_get_and_clear', ['xchg']], ['ptep_get_and_clear_full', ['ptep_get_and_clear']], ['pte_clear_not_present_full', ['set_pte_at']],
  ['mb', ['answered', 'cpus_empty']], ['cpu_relax', ['answered', 'waitForAll', 'finished']], ['set_pte', ['storeEntry', 'set_slot']], ['write_cr3', ['movToCr3', 'SetCR3']],
  ['xen_mc_entry', ['append']], ['MULTI_update_va_mapping', ['append']], ['MULTI_mmuext_op', ['append']], ['xen_get_lazy_mode', ['paravirt_get_lazy_mode']],
  ['native_write_cr3', ['movToCr3']], ['native_read_cr3', ['movFromCr3']], ['__native_flush_tlb', ['movToCr3', 'movFromCr3']], ['__native_flush_tlb_global', ['dropAll', 'movToCr4']], ['__native_flush_tlb_single', ['invlpg']], ['paravirt_leave_lazy', ['set_mode', 'setMode']], ['paravirt_leave_lazy_mmu', ['set_mode', 'setMode']], ['paravirt_enter_lazy_mmu', ['set_mode']],
  ['enter_lazy', ['arch_enter_lazy_cpu_mode', 'setMode']], ['leave_lazy', ['arch_leave_lazy_cpu_mode']], ['pte_clear', ['set_pte_at']], ['atomic_set_mask', ['announce', 'order']], ['notify_die', ['oops']],
  ['load_cr3', ['looseCr3', 'load_pgd', 'reload_pgd', 'xen_write_cr3', 'loadTables']], ['cpu_test_and_set', ['test_and_set']],
]);

/** The reverse: what the C may call an operation of the model. */
export const MEANT_BY: ReadonlyMap<string, readonly string[]> = (() => {
  const meant = new Map<string, string[]>();
  for (const [c, ours] of STANDS_FOR) for (const name of ours) meant.set(name, [...(meant.get(name) ?? []), c]);
  return meant;
})();

/** What only the model needs, and no other party notices: reading local data, naming the actor. */
export const OWN_DEVICES: ReadonlySet<string> = new Set(words(`
  get set thisCpu lockOf grant standing stand othersOf others cpusOf otherCpus pte_offset tableOf pgdOf ownMm mmOf activeMmOf runningTask isIdle current readVa request flush_start stateOf bootPgd pgdsOfAll physical
  dead stop faultingFunction lacksSetLazyMode vmasOf isLazy printk takePending need_resched preempt_count pgdOfCr3 slotIndex taskCalled action handler queueOf middleTable readWord readEntry readPte readSlot readMode read_mode modeOfCpu tables
`));

const LEFT_OUT: Readonly<Record<string, string>> = {
  'what becomes of pages: counts, lists, caches, swap': `
    get_page put_page page_cache_get page_cache_release page_add_file_rmap page_add_anon_rmap page_add_new_anon_rmap page_remove_rmap page_dup_rmap set_page_dirty SetPageReferenced vm_normal_page free_page_and_swap_cache
    page_private PageSwapCache ZERO_PAGE free_pages_and_swap_cache tlb_fast_mode need_flush pages nr mark_page_accessed PageReserved PageDirty set_page_dirty_lock ClearPageReferenced lru mmlist list_empty list_add
    free_swap_and_cache make_migration_entry_read lazy_mmu_prot_update lru_add_drain swap_info vmalloc_to_page list_entry prev tlb_remove_tlb_entry update_mmu_cache pte_free_tlb nr_ptes`,
  'what kind of mapping a vma is: flags, files, nonlinear ones, accounts': `
    vm_flags vm_file vm_pgoff vm_ops vm_page_prot nonlinear_vma check_mapping index first_index last_index linear_page_index is_cow_mapping f_mapping f_path d_inode dentry vm_truncate_count truncate_count i_mmap_nonlinear
    vm_start vm_end vm_next vm_mm vm_unacct_memory vm_normal_page total_vm locked_vm map_count mm_rb mmap_cache i_writecount shared vm_set detached page_mapped can_share nopage nr_accounted fullmm end_addr`,
  'priorities, time slices, statistics and load of the scheduler': `
    expired_timestamp expired best_expired_prio enqueue_task dequeue_task rt_task array active prio time_slice first_time_slice effective_prio task_timeslice policy sched_clock timestamp last_ran sleep_avg activated interactive_credit
    idle_balance dependent_sleeper wake_sleeping_dependent recalc_task_prio nivcsw nvcsw nr_running nr_active nr_uninterruptible queue bitmap sched_find_first_bit CURRENT_BONUS HIGH_CREDIT LOW_CREDIT sched_info_switch rcu_qsctr_inc
    rcu_pending rcu_check_callbacks user system nice iowait irq softirq timestamp_last_tick wake_priority_sleeper TASK_NICE TASK_INTERACTIVE EXPIRED_STARVING TIMESLICE_GRANULARITY unlocked switch_lock prefetch_stack
    prepare_arch_switch finish_arch_switch deactivate put_task_struct release_kernel_lock reacquire_kernel_lock schedule_debug exit_state pid comm switch_count signal_pending next rq run_list put_prev_task cpu_load`,
  'the local descriptor table, segments and FPU': 'load_LDT_nolock ldt context load_LDT fs gs esp0 load_esp0',
  'lockdep, breaking of long loops for others': 'dep_map cond_resched need_lockbreak need_lockbreak_page cond_resched_lock spin_needbreak yield break_lock',
};

/** Names that no path of the project has, by name: the reason. */
export const LEFT_OUT_EVERYWHERE: ReadonlyMap<string, string> = new Map(Object.entries(LEFT_OUT).flatMap(([reason, names]) => words(names).map((name) => [name, reason] as const)));
