import type { Cpu } from '../hardware/cpu';
import { movToCr3 } from '../hardware/instructions';
import { instruction, path, silently, type Path } from '../path';
import type { Kernel } from './kernel';
import type { Mm, Task } from './task';
import { cpu_tlbstate } from './smp';

// include/asm-i386/mmu_context.h, 2.6.10: loading another address space, or
// finding that the right one must be loaded already.

const cpu_clear = instruction((mm: Mm) => `cpu_clear(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  mm.cpu_vm_mask &= ~(1 << cpu.id);
});

const cpu_set = instruction((mm: Mm) => `cpu_set(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  mm.cpu_vm_mask |= 1 << cpu.id;
});

const cpu_test_and_set = instruction((mm: Mm) => `cpu_test_and_set(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  const was = (mm.cpu_vm_mask & (1 << cpu.id)) !== 0;
  mm.cpu_vm_mask |= 1 << cpu.id;
  return was;
});

const pgdOf = silently((mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, mm: Mm) => mm.pgd);

/** include/asm-i386/processor.h, load_cr3(). */
export const load_cr3 = path(function* load_cr3(mm: Mm): Path {
  const pgd = yield* pgdOf(mm);
  yield* movToCr3(pgd);
});

/** include/asm-i386/mmu_context.h, enter_lazy_tlb(): nothing on UP. */
export const enter_lazy_tlb = path(function* enter_lazy_tlb(k: Kernel, _mm: Mm, _task: Task): Path {
  if (!k.config.SMP) return;
  yield* cpu_tlbstate.becomeLazy(k);
});

/**
 * include/asm-i386/mmu_context.h, switch_mm(). Model: the local descriptor
 * table is left out.
 */
export const switch_mm = path(function* switch_mm(k: Kernel, prev: Mm, next: Mm): Path {
  if (prev !== next) {
    yield* cpu_clear(prev);
    if (k.config.SMP) yield* cpu_tlbstate.adopt(k, next);
    yield* cpu_set(next);
    yield* load_cr3(next);
  } else if (!k.config.SMP) {
    if (k.after('flush-tlb/reload-after-lazy')) yield* load_cr3(next);
  } else {
    yield* cpu_tlbstate.resume(k, next);
    // A shootdown may have made this CPU leave the mm while it was lazy; then cr3 is another one.
    if (!(yield* cpu_test_and_set(next))) yield* load_cr3(next);
  }
});

/** activate_mm(). */
export const activate_mm = switch_mm;
