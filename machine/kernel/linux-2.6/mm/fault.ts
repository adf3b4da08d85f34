import type { Cpu, TrapFrame } from '../../../hardware/cpu';
import { sti } from '../../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../../path';
import { do_exit } from './exit';
import { TASK_SIZE, type Kernel } from '../../kernel';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, pteEntry, setPte } from './pgtable';
import { current, preempt_count } from '../sched/preempt';
import type { Mm, Task, Vma } from '../../task';
import { flush_tlb_page } from '../tlbflush';

// arch/i386/mm/fault.c and mm/memory.c, 2.6.10: how the kernel handles a page
// fault. It looks up the address in current->mm and repairs that mm's tables.
// Nothing on this path ever loads cr3.

const read_cr2 = instruction('movl %cr2, address', (cpu: Cpu) => cpu.cr2);

const ownMm = silently('tsk->mm', (_cpu: Cpu, task: Task) => task.mm);

const find_vma = instruction(
  (mm: Mm, address: number) => `find_vma(${mm.name}, 0x${address.toString(16)})`,
  (_cpu: Cpu, mm: Mm, address: number): Vma | null => mm.vmas.find((vma) => address >= vma.start && address < vma.end) ?? null,
);

/** Error code bits of a page fault. SDM vol. 3A, 4.7. */
export const PF_PROT = 1;
export const PF_WRITE = 2;
export const PF_USER = 4;

/**
 * arch/i386/mm/fault.c:216-547 (2.6.10), do_page_fault(). Model: mmap_sem, stack growth and fixups are left out.
 * Model: leaves out notify_die, eflags, si_code, search_exception_tables, eip, esp, cs, maj_flt, BUG, thread, screen_bitmap, is_prefetch, trap_no, si_signo, si_errno, si_addr, force_sig_info,
 * f00f_bug, do_invalid_op, bust_spinlocks, lookup_address, pte_exec_kernel, uid, cr3, die, do_exit, down_read_trylock, down_read, up_read, expand_stack, fixup_exception: the same tasks are
 * killed, and the same is printed.
 * Model: leaves out pgd_k, pgd, pmd_k, set_pmd: vmalloc.ts has the faults of vmalloc().
 */
export const do_page_fault = path(function* do_page_fault(k: Kernel, frame: TrapFrame): Path {
  const address = yield* read_cr2();
  if (frame.IF) yield* sti(); // local_irq_enable()
  const tsk = yield* current(k);
  const mm = yield* ownMm(tsk);
  const isAtomic = (yield* preempt_count(k)) !== 0; // in_atomic()
  if (address >= TASK_SIZE || isAtomic || mm === null) return yield* bad_area(k, tsk, address, frame);
  const vma = yield* find_vma(mm, address);
  const write = (frame.errorCode & PF_WRITE) !== 0;
  const readOfPresent = (frame.errorCode & (PF_PROT | PF_WRITE)) === PF_PROT;
  if (vma === null || readOfPresent || (write && !vma.write)) return yield* bad_area(k, tsk, address, frame);
  yield* handle_mm_fault(k, mm, address, write);
  yield* count_minor(tsk);
});

const count_minor = instruction('tsk->min_flt++', (_cpu: Cpu, tsk: Task) => { tsk.min_flt++; });

const force_sig = instruction((tsk: Task) => `force_sig(SIGSEGV, ${tsk.name})`, (_cpu: Cpu, tsk: Task) => { tsk.signal = 'SIGSEGV'; });

const print_oops = instruction(
  (_tsk: Task, message: string) => message,
  (_cpu: Cpu, tsk: Task, message: string) => { tsk.oops = message; },
);

/**
 * arch/i386/mm/fault.c:375-376 (2.6.10), bad_area() and no_context.
 * Model: leaves out up_read, mmap_sem: it is not contended.
 * Model: adds force_sig, print_oops, do_exit: what the C does at the labels after it.
 */
const bad_area = path(function* bad_area(k: Kernel, tsk: Task, address: number, frame: TrapFrame): Path {
  if ((frame.errorCode & PF_USER) !== 0) {
    yield* force_sig(tsk);
    return;
  }
  yield* print_oops(tsk, `Unable to handle kernel paging request at virtual address ${(address >>> 0).toString(16).padStart(8, '0')}`);
  yield* do_exit(k);
});

/**
 * mm/memory.c, handle_mm_fault() and handle_pte_fault(): walks the tables of
 * `mm` in software. Model: under page_table_lock all at once; anonymous pages
 * only.
 */
const handle_pte_fault = instruction(
  (_k: Kernel, mm: Mm, address: number) => `handle_pte_fault(${mm.name}, 0x${address.toString(16)})`,
  (cpu: Cpu, k: Kernel, mm: Mm, address: number, write: boolean): 'do_anonymous_page' | 'ptep_set_access_flags' => {
    cpu.drain(); // spin_lock(&mm->page_table_lock)
    const at = pteEntry(k, mm, address);
    const pte = at === null ? 0 : k.memory.read32(at);
    if ((pte & _PAGE_PRESENT) === 0) {
      setPte(k, mm, address, k.frames.alloc() | _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | (write ? _PAGE_RW | _PAGE_DIRTY : _PAGE_RW));
      return 'do_anonymous_page';
    }
    if (write) k.memory.write32(at!, pte | _PAGE_ACCESSED | _PAGE_DIRTY);
    return 'ptep_set_access_flags';
  },
);

/**
 * mm/memory.c:1695-1723 (2.6.10), handle_mm_fault().
 * Model: leaves out __set_current_state, inc_page_state, is_vm_hugetlb_page, pmd_alloc, pte_alloc_map, spin_lock, spin_unlock, page_table_lock: the page exists, and only its own task faults
 * on it.
 */
const handle_mm_fault = path(function* handle_mm_fault(k: Kernel, mm: Mm, address: number, write: boolean): Path {
  const done = yield* handle_pte_fault(k, mm, address, write);
  if (done === 'ptep_set_access_flags' && write) yield* flush_tlb_page(k, mm, address);
});
