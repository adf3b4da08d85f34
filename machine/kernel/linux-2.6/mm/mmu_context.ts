import type { Cpu } from '../../../hardware/cpu';
import { movToCr3 } from '../../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import type { Mm, Task } from '../../task';
import { cpu_tlbstate } from '../irq/smp';
import { level4Entry } from './pgtable-64';
import { __flush_tlb } from '../tlbflush';

// include/asm-i386/mmu_context.h, 2.6.10: loading another address space, or
// concluding that the right one must already be loaded.

export const cpu_clear = instruction((mm: Mm) => `cpu_clear(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  mm.cpu_vm_mask &= ~(1 << cpu.id);
}, { locked: true });

export const cpu_set = instruction((mm: Mm) => `cpu_set(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  mm.cpu_vm_mask |= 1 << cpu.id;
}, { locked: true });

const cpu_test_and_set = instruction((mm: Mm) => `cpu_test_and_set(cpu, ${mm.name}->cpu_vm_mask)`, (cpu: Cpu, mm: Mm) => {
  const was = (mm.cpu_vm_mask & (1 << cpu.id)) !== 0;
  mm.cpu_vm_mask |= 1 << cpu.id;
  return was;
}, { locked: true });

const pgdOf = silently((mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, mm: Mm) => mm.pgd);

/** include/asm-i386/processor.h:184-185 (2.6.10), load_cr3(). */
export const load_cr3 = path(function* load_cr3(mm: Mm): Path {
  const pgd = yield* pgdOf(mm);
  yield* movToCr3(pgd);
});

const setLevel4 = instruction((_k: Kernel, mm: Mm) => `level4_pgt[0] = __pa(${mm.name}->pgd) | _PAGE_TABLE`, (cpu: Cpu, k: Kernel, mm: Mm) => {
  cpu.memory.write32(k.level4_pgt.get(cpu)!, level4Entry(mm));
});

/**
 * include/asm-i386/mmu_context.h:26-64 (2.6.10), switch_mm(); include/asm-x86_64/mmu_context.h:31-64 (2.6.10), switch_mm(): how switch_mm() loads an address space: into cr3; on x86-64 until
 * 2.6.10 into the CPU's own top-level page, followed by a flush that leaves cr3 as it is.
 * Model: leaves out state, active_mm, clear_bit, cpu_vm_mask, write_pda, set_bit, read_pda, out_of_line_bug, test_and_set_bit: switch_mm() has them for both.
 */
const load_pgd = path(function* load_pgd(k: Kernel, mm: Mm): Path {
  if (k.level4_pgt.size === 0) yield* load_cr3(mm);
  else {
    yield* setLevel4(k, mm);
    yield* __flush_tlb(k);
  }
});

/**
 * include/asm-i386/mmu_context.h:17-24 (2.6.10), enter_lazy_tlb(): nothing on UP.
 * Model: adds becomeLazy: the store to cpu_tlbstate.state.
 * Model: leaves out state: the same store.
 */
export const enter_lazy_tlb = path(function* enter_lazy_tlb(k: Kernel, _mm: Mm, _task: Task): Path {
  if (!k.config.SMP) return;
  yield* cpu_tlbstate.becomeLazy(k);
});

/** include/asm-i386/mmu_context.h:26-64 (2.6.10), switch_mm(); include/asm-x86_64/mmu_context.h:31-64 (2.6.10), switch_mm(): the else-branch of switch_mm() on SMP: until 2.6.11-rc1, x86-64 only flushes here, and keeps whatever tables it had (421f4e4ae3a5). */
const reload_pgd = path(function* reload_pgd(k: Kernel, mm: Mm): Path {
  if (k.config.X86_64 && !k.since('2.6.11-rc2')) yield* __flush_tlb(k);
  else yield* load_cr3(mm);
});

/**
 * include/asm-i386/mmu_context.h:26-64 (2.6.10), switch_mm(). Model: the local descriptor table is left out.
 * Model: adds __flush_tlb: what x86-64 does until 2.6.10.
 */
export const switch_mm = path(function* switch_mm(k: Kernel, prev: Mm, next: Mm): Path {
  if (prev !== next) {
    yield* cpu_clear(prev);
    if (k.config.SMP) yield* cpu_tlbstate.setOk(k);
    if (k.config.SMP) yield* cpu_tlbstate.setActiveMm(k, next);
    yield* cpu_set(next);
    yield* load_pgd(k, next);
  } else if (!k.config.SMP) {
    if (k.after('flush-tlb/reload-after-lazy')) yield* load_cr3(next);
  } else {
    yield* cpu_tlbstate.resume(k, next);
    // A shootdown may have made this CPU leave the mm while it was lazy; then cr3 holds another one.
    if (!(yield* cpu_test_and_set(next))) yield* reload_pgd(k, next);
  }
});

/** activate_mm(). */
export const activate_mm = switch_mm;
