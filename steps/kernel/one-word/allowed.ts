// Instructions that may touch several words that others use, and why no processor sees them half done.

interface Aside {
  readonly cells: RegExp;
  readonly why: string;
}

/** Cells that are not words of the kernel's memory. */
export const ASIDE: readonly Aside[] = [
  { cells: /^cpu\d+\./, why: 'a processor: its registers, its TLB, its stores that wait, the interrupts that have been sent to it' },
  { cells: /\.(?:stack|onCpu|preempt_count)$/, why: 'the saved state of a task: only the processor that runs it uses these' },
  { cells: /^memory\.frame |\[\*\]$/, why: 'which words of a frame, or of a table, are not zero' },
  { cells: /, high half$/, why: 'the other half of a word of 8 bytes, which is loaded and stored at once' },
  { cells: /^(?:mfn |xen\.|domU\.)/, why: 'Xen: a hypercall is one event here, which machine/hypervisors/xen/stepwise goes through step by step' },
  { cells: /(?:page|table)\.state$|\.freed$|\.isLock$|^rights at |^flushed$|^what the entry has been/, why: 'only checkers look at these' },
];

interface Allowed {
  readonly instructions: RegExp;
  /** The words that it may touch at once. */
  readonly words: RegExp;
  readonly why: string;
}

/** What may touch several words. */
export const ALLOWED: readonly Allowed[] = [
  {
    instructions: /^\w+: (?:read|write) #/, words: /^memory\[#\]$/,
    why: 'one access through the page tables: its walk is one event, and machine/hardware/README.md says which freedoms a walk has',
  },
  {
    instructions: /pte = \*\S+pte#\[#\]$|pte#\[#\]\.pte_(?:low|high) = #$|: xchg\(&\S+pte#\[#\]\.pte_low, #\)$|: lock; clear the (?:accessed|write) bit of /, words: /^memory\[#\]$/,
    why: 'one access to an entry through its virtual address: a walk, and an entry; a store to a table that Xen guards is Xen\'s, in one event',
  },
  { instructions: /^do_multicall: multicall: /, words: /^memory\[#\]$/, why: 'a hypercall; an entry of 8 bytes is stored at once' },
  { instructions: /^page_check_address: pgd_offset\(.*\) to pmd_page$/, words: /^memory\[#\]$/, why: 'a path that frees tables first removes the vma from the list, whose lock is held here: upper entries can only be added, so the last load decides' },
  { instructions: /^do_page_fault: pte = lookup_address\(address\)$/, words: /^memory\[#\]$|lock$|\.ptl$/, why: 'the tables above are those of lowmem, which never change; the locks are read only for the message' },
  { instructions: /^zap_table: scan /, words: /^memory\[#\]$/, why: 'under the table\'s lock no entry is added or removed; each is loaded again' },
  { instructions: /^__change_page_attr: set_pte_atomic\(/, words: /^memory\[#\]$/, why: 'the entry above already leads to a table and stays as it is; the entry has A and D set, so no walk stores to it' },
  { instructions: /^split_large_page: base = alloc_pages\(/, words: /lock$|^frames\.next$/, why: 'the next free frame, and whether this processor holds a lock, which no other processor changes' },
  { instructions: /^split_large_page: for \(i = #/, words: /^memory\[#\]$/, why: 'no other processor knows the new table yet' },
  { instructions: /^\w+: pull_task\(\)$/, words: /^rq#\.|\.(?:onQueueOf|state)$/, why: 'under the locks of both run queues; its lock is taken and released in the same event' },
  { instructions: /^switch_tasks: deactivate_task\(/, words: /^rq#\.|\.(?:onQueueOf|state)$/, why: 'under the lock of the run queue, without which no task is woken' },
  { instructions: /^context_switch: .*; atomic_inc\(&\S+->mm_count\)$/, words: /\.(?:active_mm|mm_count)$/, why: 'the task is not running, and under the lock of the run queue no other processor runs it' },
  { instructions: /^spin_lock: spin_lock\(i_mmap\.lock\)$/, words: /^i_mmap\./, why: 'a lock, and the list that it guards' },
  { instructions: /^page_referenced_all: page_mapcount\(/, words: /^i_mmap\.vmas$|\._mapcount$/, why: 'the list is guarded by a lock that is held' },
  { instructions: /: test flush_cpumask, flush_mm, cpu_tlbstate$|^flush_tlb_func: info->/, words: /^(?:smp|shootdown)\.flush_/, why: 'the caller does not change it before this processor has answered; a processor that is not asked reads only the mask' },
  { instructions: /^xen_call_function_interrupt: func = call_data->func/, words: /^call_data\./, why: 'the caller does not change it before this processor has answered' },
  { instructions: /^flush_tlb_others: (?:flush_mm = |llist_add|while \(!cpus_empty)/, words: /^(?:smp|shootdown)\.flush_|^memory\[#\]$/, why: 'no processor reads it before the interrupt has come, or after all have answered' },
  { instructions: /^xen_smp_call_function_mask: call_data = /, words: /^call_data\./, why: 'no processor reads it before the interrupt has come' },
  { instructions: /^smp_call_function_many_cond: llist_add\(/, words: /^call_single_queue#$|^csd\(/, why: 'the flag of the call is already set, and stays set until the call was made' },
  { instructions: /: cpumask_(?:set|clear)_cpu\(cpu, mm_cpumask\(/, words: /^mm_cpumask\(|^memory\[#\]$|^per_cpu\(/, why: 'a locked instruction, before which the processor\'s own stores reach memory one by one, visible to others' },
  { instructions: /^change: set_pmd\(&pmd, #:#\)$/, words: /^pmd\./, why: 'cmpxchg8b: 8 bytes at once' },
];
