import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import { __flush_tlb_all } from '../tlbflush';

// mm/vmalloc.c, 2.6.10: removing a mapping of the kernel, which any kernel
// thread may do. It flushes under vmlist_lock. That lock spins in released
// kernels; under PREEMPT_RT its holder may be preempted.

const clear_ptes = instruction('unmap_area_pmd(): ptes of the area', (_cpu: Cpu, _k: Kernel) => undefined);

/**
 * mm/vmalloc.c:279-296 (2.6.10), remove_vm_area(): write_lock(&vmlist_lock). Model: it is not contended.
 * Model: adds preempt_disable: what the lock amounts to while it is not contended.
 * Model: leaves out write_lock, write_unlock, addr, unmap_vm_area: the caller has the rest.
 */
const lock_vmlist = path(function* lock_vmlist(k: Kernel, sleeps: boolean): Path {
  if (!sleeps) yield* preempt_disable(k);
});

/**
 * mm/vmalloc.c:279-296 (2.6.10), remove_vm_area().
 * Model: adds preempt_enable: what the lock amounts to while it is not contended.
 */
const unlock_vmlist = path(function* unlock_vmlist(k: Kernel, sleeps: boolean): Path {
  if (!sleeps) yield* preempt_enable(k);
});

/**
 * mm/vmalloc.c:279-296 (2.6.10), remove_vm_area(); mm/vmalloc.c:137-151 (2.6.10), unmap_vm_area(), with flush_tlb_kernel_range() at the end.
 * Model: adds __flush_tlb_all, preempt_disable, preempt_enable: the flush of flush_tlb_kernel_range(), and the lock.
 * Model: leaves out addr, size, flush_cache_vunmap, flush_tlb_kernel_range: there is one area.
 */
export const remove_vm_area = path(function* remove_vm_area(k: Kernel, sleeps: boolean): Path {
  yield* lock_vmlist(k, sleeps);
  yield* clear_ptes(k);
  yield* __flush_tlb_all(k);
  yield* unlock_vmlist(k, sleeps);
});
