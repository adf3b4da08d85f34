import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { free_pmd, free_pte_range, zap_table } from './memory';
import { preempt_disable, preempt_enable } from './preempt';
import { unlink_vma, type ReverseMap } from './rmap';
import type { Mm, Task } from '../task';
import type { XenKernel } from '../xen/guest';
import { xen_exit_mmap } from '../xen/mmu';
import { pgd_free } from '../xen/vmalloc-sync';

// kernel/exit.c, kernel/fork.c and mm/mmap.c, 2.6.23 on Xen: the end of an
// address space. Its page table goes back to ordinary memory first, and its
// vmas stay findable until free_pgtables(), late.

const clearMm = instruction((tsk: Task) => `${tsk.name}->mm = NULL`, (_cpu: Cpu, tsk: Task) => { tsk.mm = null; });

const mmOf = silently((tsk: Task) => `${tsk.name}->mm`, (_cpu: Cpu, tsk: Task) => tsk.mm!);

const runningTask = silently('tsk = current', (cpu: Cpu, k: XenKernel) => k.current(cpu));

const becomeLazy = instruction('if (state == TLBSTATE_OK) state = TLBSTATE_LAZY', (cpu: Cpu, k: XenKernel) => { k.tlbstate(cpu).state = 'TLBSTATE_LAZY'; });

/** kernel/exit.c:557-593 (2.6.23), exit_mm(): the task lives on for a while on the address space that it gives up. */
export const exit_mm = path(function* exit_mm(k: XenKernel, maps: readonly ReverseMap[]): Path {
  const tsk = yield* runningTask(k);
  const mm = yield* mmOf(tsk);
  yield* preempt_disable(k); // task_lock(tsk)
  yield* clearMm(tsk);
  yield* becomeLazy(k);
  yield* preempt_enable(k);
  yield* mmput(k, mm, maps);
});

const putUser = instruction((mm: Mm) => `atomic_dec_and_test(&${mm.name}->mm_users)`, (_cpu: Cpu, mm: Mm) => {
  mm.mm_users--;
  return mm.mm_users === 0;
});

/** kernel/fork.c:388-403 (2.6.23), mmput(), with the mmdrop() at its end. */
export const mmput = path(function* mmput(k: XenKernel, mm: Mm, maps: readonly ReverseMap[]): Path {
  if (!(yield* putUser(mm))) return;
  yield* exit_mmap(k, mm, maps);
});

/** The pte pages of the user half, with the address that each maps first. */
const ptePages = silently((_k, mm: Mm) => `pte pages of ${mm.name}`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.userPtePages(k.pgdPage(mm)));

/** mm/mmap.c:2021-2049 (2.6.23), exit_mmap() */
export const exit_mmap = path(function* exit_mmap(k: XenKernel, mm: Mm, maps: readonly ReverseMap[]): Path {
  yield* xen_exit_mmap(k, mm); // arch_exit_mmap()
  const tables = yield* ptePages(k, mm);
  for (const { page, first } of tables) yield* zap_table(k, mm, page, first, true);
  for (const map of maps) yield* unlink_vma(k, map, mm); // free_pgtables(): first out of the reverse map
  for (const { page, first } of tables) yield* free_pte_range(k, mm, page, first);
  for (const { first } of tables) yield* free_pmd(k, mm, first);
  yield* pgd_free(k, mm);
});

/** mm/mmap.c:1731-1747 (2.6.23), unmap_region(), for everything that a living address space maps through `maps`. */
export const unmap_region = path(function* unmap_region(k: XenKernel, mm: Mm, maps: readonly ReverseMap[]): Path {
  const tables = yield* ptePages(k, mm);
  for (const { page, first } of tables) yield* zap_table(k, mm, page, first, false);
  for (const map of maps) yield* unlink_vma(k, map, mm);
  for (const { page, first } of tables) yield* free_pte_range(k, mm, page, first);
  for (const { first } of tables) yield* free_pmd(k, mm, first);
});
