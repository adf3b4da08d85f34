import type { Cpu, TrapFrame } from '../../../hardware/cpu';
import { cli, iret } from '../../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../../path';
import { BUG_ON, oops } from '../../bug';
import { ret_from_intr } from '../irq/entry';
import { do_page_fault, PF_PROT, PF_USER } from './fault';
import { TASK_SIZE } from '../../kernel';
import { arch_flush_lazy_mmu_mode, in_interrupt } from '../paravirt';
import { pgd_index, pte_index, _PAGE_PRESENT } from './pgtable';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import { spin_lock_irqsave, spin_unlock_irqrestore } from '../sched/spinlock';
import { __va, type GuestKernel } from '../../vmi/guest';

// arch/i386/mm/fault.c, 2.6.21 to 2.6.24: kernel addresses that are not yet in
// a process's page directory. Memory from vmalloc() is entered in init_mm
// alone; every other address space finds out by faulting.

const read_cr2 = instruction('movl %cr2, address', (cpu: Cpu) => cpu.cr2);

const pgdOfCr3 = instruction('pgd = __va(read_cr3())', (cpu: Cpu) => __va(cpu.cr3));

const bootPgd = silently('init_mm.pgd', (_cpu: Cpu, k: GuestKernel) => __va(k.init_mm.pgd));

const readWord = instruction((_k, va) => `*0x${va.toString(16)}`, (cpu: Cpu, _k: GuestKernel, va: number) => cpu.memory.read32(va - __va(0)));

/**
 * arch/i386/mm/fault.c:223-256 (2.6.21), vmalloc_sync_one(): copies the directory entry that init_mm has. Returns it; 0 if init_mm has none.
 * Model: leaves out pud_k: two levels.
 */
const vmalloc_sync_one = path(function* vmalloc_sync_one(k: GuestKernel, pgd: number, address: number): Path<number> {
  const swapper_pg_dir = yield* bootPgd(k);
  const pmd_k = yield* readWord(k, swapper_pg_dir + 4 * pgd_index(address));
  if ((pmd_k & _PAGE_PRESENT) === 0) return 0;
  const pmdp = pgd + 4 * pgd_index(address);
  const pmd = yield* readWord(k, pmdp);
  if ((pmd & _PAGE_PRESENT) === 0) {
    yield* k.paravirt_ops.set_pmd(k, pmdp, pmd_k);
    if (k.after('vmi-lazy/vmalloc-flush')) yield* guarded_flush(k);
  } else {
    yield* BUG_ON(k, ((pmd ^ pmd_k) & ~0xfff) !== 0, 'BUG_ON(pmd_page(*pmd) != pmd_page(*pmd_k)) in vmalloc_sync_one()');
  }
  return pmd_k;
});

/**
 * arch/i386/mm/fault.c:224-258 (2.6.23), vmalloc_sync_one(). The flush of 8b14cb9953c6, and the guard that thread 001 asked for.
 * Model: leaves out pgd, pud_k, set_pmd, BUG_ON: the caller has the rest.
 */
const guarded_flush = path(function* guarded_flush(k: GuestKernel): Path {
  if (k.after('preemptible-lazy/vmalloc')) yield* preempt_disable(k);
  yield* arch_flush_lazy_mmu_mode(k);
  if (k.after('preemptible-lazy/vmalloc')) yield* preempt_enable(k);
});

/** arch/i386/mm/fault.c:263-283 (2.6.21), vmalloc_fault(): whether init_mm maps the address. */
const vmalloc_fault = path(function* vmalloc_fault(k: GuestKernel, address: number): Path<boolean> {
  const pgd = yield* pgdOfCr3();
  const pmd_k = yield* vmalloc_sync_one(k, pgd, address);
  if (pmd_k === 0) return false;
  const pte = yield* readWord(k, __va((pmd_k & ~0xfff) >>> 0) + 4 * pte_index(address));
  return (pte & _PAGE_PRESENT) !== 0;
});

const pgdsOfAll = silently('pgd_list', (_cpu: Cpu, k: GuestKernel) => k.mms.filter((mm) => !mm.freed && mm !== k.init_mm).map((mm) => __va(mm.pgd)));

/**
 * arch/i386/mm/fault.c:592-625 (2.6.21), vmalloc_sync_all() for one address: under pgd_lock, interrupts off.
 * Model: leaves out DECLARE_BITMAP, BUILD_BUG_ON, test_bit, BUG_ON, set_bit: one address, which was not synchronised before.
 */
export const vmalloc_sync_all = path(function* vmalloc_sync_all(k: GuestKernel, address: number): Path {
  const flags = yield* spin_lock_irqsave(k, { of: k.invalidation, field: 'pgd_lock' });
  for (const pgd of yield* pgdsOfAll(k)) yield* vmalloc_sync_one(k, pgd, address);
  yield* spin_unlock_irqrestore(k, { of: k.invalidation, field: 'pgd_lock' }, flags);
});

const physical = silently((_k, address) => `whose page is at 0x${address.toString(16)}`, (_cpu: Cpu, k: GuestKernel, address: number) => k.granted.get((address & ~0xfff) >>> 0));

/**
 * arch/i386/mm/fault.c:297-589 (2.6.21), do_page_fault() for kernel addresses: before interrupts are allowed again.
 * Model: leaves out si_code, notify_page_fault, eflags, local_irq_enable, mm, mmap_sem, search_exception_tables, eip, find_vma, esp, expand_stack, handle_mm_fault, thread, screen_bitmap,
 * is_prefetch, cr2, trap_no, force_sig_info_fault, f00f_bug, do_invalid_op, fixup_exception, bust_spinlocks, oops_may_print, lookup_address, pte_exec_kernel, uid, read_cr3, do_exit, is_init,
 * min_flt, maj_flt, down_read, down_read_trylock, up_read, read_cr2: a fault on a kernel address ends before any of it, in an oops.
 */
const kernel_fault = path(function* do_page_fault(k: GuestKernel, address: number, frame: TrapFrame): Path {
  if ((frame.errorCode & (PF_PROT | PF_USER)) === 0 && (yield* vmalloc_fault(k, address))) return;
  const wanted = yield* physical(k, address);
  const reason = wanted === 0 ? '' : `, where it has mapped ${k.pageNames.get(wanted) ?? `pfn 0x${wanted.toString(16)}`}`;
  const fatal = (yield* in_interrupt(k)) ? '; Kernel panic: Fatal exception in interrupt' : '';
  yield* oops(k, `Unable to handle kernel paging request at virtual address ${address.toString(16)}${reason}${fatal}`);
});

/**
 * arch/i386/kernel/entry.S:651-655 (2.6.21), page_fault(). An interrupt gate, so it begins with interrupts off.
 * Model: adds read_cr2, cli, ret_from_intr, iret: the beginning of do_page_fault(), and the way out.
 */
export const guest_page_fault = path(function* page_fault(k: GuestKernel, frame: TrapFrame): Path {
  const address = yield* read_cr2();
  if (k.after('vmi-lazy/fault-irqs-early') && frame.IF) yield* k.paravirt_ops.irq_enable(k);
  if (address >= TASK_SIZE) yield* kernel_fault(k, address, frame);
  else yield* do_page_fault(k, frame);
  yield* cli();
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});
