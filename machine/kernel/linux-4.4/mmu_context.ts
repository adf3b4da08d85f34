import type { Cpu } from '../../hardware/cpu';
import { setCr } from '../../hardware/mmu';
import { instruction, path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { load_cr3 } from '../linux-2.6/mm/mmu_context';
import { cpu_tlbstate } from '../linux-2.6/irq/smp';
import type { Mm } from '../task';
import { smp_mb } from '../words/access';
import { __cpumask_set_cpu, cpumask_clear_cpu, cpumask_set_cpu, cpumask_test_cpu } from '../words/bitops';
import type { Word } from '../words/layout';

// arch/x86/include/asm/mmu_context.h, 4.4: switching to another address space.
// The bit in the mask tells others to send their flushes here, so it has to be
// set before the TLB can hold anything from the new tables.

/** include/linux/mm_types.h, mm_cpumask(): which CPUs may hold translations of an address space. */
export const mm_cpumask = (k: Kernel, mm: Mm): Word => k.words.word('mm_cpumask()', mm);

const looseCr3 = instruction((mm: Mm) => `movl ${mm.name}->pgd, %cr3   # stores wait`, (cpu: Cpu, mm: Mm) => {
  setCr(cpu, 'cr3', mm.pgd);
});

/** Ours: the line of switch_mm() that sets the bit in the mask, as in the kernel, and in a wrong form. */
const joinMask = path(function* joinMask(k: Kernel, mm: Mm): Path {
  if (k.before('switch-mm-barrier/plain-bit')) yield* cpumask_set_cpu(mm_cpumask(k, mm));
  if (k.after('switch-mm-barrier/plain-bit')) yield* __cpumask_set_cpu(mm_cpumask(k, mm));
  if (k.after('switch-mm-barrier/fence-in-switch')) yield* smp_mb();
});

/** Ours: the line of switch_mm() that loads cr3, as a serialising instruction, and as on the hypothetical processor of the hunk. */
const loadTables = path(function* loadTables(k: Kernel, mm: Mm): Path {
  if (k.before('switch-mm-barrier/loose-cr3')) yield* load_cr3(mm);
  if (k.after('switch-mm-barrier/loose-cr3')) yield* looseCr3(mm);
});

/**
 * arch/x86/include/asm/mmu_context.h:107-171 (4.4), switch_mm(). Model: CR4 and the LDT are left out. Interrupts are off.
 * Model: leaves out this_cpu_write, load_mm_cr4, load_mm_ldt: nothing here depends on them.
 */
export const switch_mm = path(function* switch_mm(k: Kernel, prev: Mm, next: Mm): Path {
  if (prev !== next) {
    yield* cpu_tlbstate.setOk(k);
    yield* cpu_tlbstate.setActiveMm(k, next);
    if (k.before('switch-mm-barrier/bit-after-load')) yield* joinMask(k, next);
    yield* loadTables(k, next);
    if (k.after('switch-mm-barrier/bit-after-load')) yield* joinMask(k, next);
    yield* cpumask_clear_cpu(mm_cpumask(k, prev));
  } else {
    yield* cpu_tlbstate.resume(k, next);
    // While this CPU was lazy, leave_mm() took it out of the mask, and off the tables.
    if (!(yield* cpumask_test_cpu(mm_cpumask(k, next)))) {
      if (k.before('switch-mm-barrier/bit-after-load')) yield* joinMask(k, next);
      yield* loadTables(k, next);
      if (k.after('switch-mm-barrier/bit-after-load')) yield* joinMask(k, next);
    }
  }
});
