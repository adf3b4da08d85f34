import type { Cpu } from '../../hardware/cpu';
import { CR4_PGE } from '../../hardware/cpu';
import { cli, invlpg, movFromCr3, movToCr3, movToCr4, popf, pushf } from '../../hardware/instructions';
import { instruction, path, type Call, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { preempt_disable, preempt_enable, preempt_enable_no_resched } from './sched/preempt';
import { flushTlbAllSmp } from './irq/smp-call';
import { flushTlbMmSmp, flushTlbPageSmp } from './smp-flush';
import { flushTlb64, flushTlbGlobal64 } from './tlbflush-64';
import type { Mm } from '../task';

// include/asm-i386/tlbflush.h, 2.6.9 to 2.6.12: the flushes of a uniprocessor.
// A flush is a pair of instructions, and the value that travels between them
// is an ordinary local variable.

/** include/asm-i386/tlbflush.h:8-17 (2.6.10), __flush_tlb(): the pair itself. */
export const __flush_tlb = path(function* __flush_tlb(k: Kernel): Path {
  if (k.config.X86_64) return yield* flushTlb64(k);
  if (k.after('flush-tlb/i386')) yield* preempt_disable(k);
  if (k.after('flush-tlb/guard-read-only')) yield* preempt_disable(k);
  let flags = true;
  if (k.after('flush-tlb/irqs-off')) flags = yield* local_irq_save();

  let tmpreg = 0;
  if (k.before('flush-tlb/active-mm')) tmpreg = yield* movFromCr3();
  if (k.after('flush-tlb/active-mm')) tmpreg = yield* active_mm_pgd(k);
  // A task that loses the CPU here may come back with a different mm than before,
  // if it has none of its own; the local variable does not follow.
  if (k.after('flush-tlb/guard-read-only')) yield* preempt_enable(k);
  if (k.after('flush-tlb/guard-after-read')) yield* preempt_disable(k);
  if (k.after('flush-tlb/irqs-off-late')) flags = yield* local_irq_save();
  yield* movToCr3(tmpreg);

  if (k.after('flush-tlb/irqs-off-late')) yield* popf(flags);
  if (k.after('flush-tlb/guard-after-read')) yield* preempt_enable(k);
  if (k.after('flush-tlb/irqs-off')) yield* popf(flags);
  if (k.after('flush-tlb/i386') && k.before('flush-tlb/no-resched')) yield* preempt_enable(k);
  if (k.after('flush-tlb/no-resched')) yield* preempt_enable_no_resched(k);
});

/** What the wrong fix "active-mm" reads instead of the register. */
const active_mm_pgd = instruction('movl current->active_mm->pgd, reg', (cpu: Cpu, k: Kernel) => k.current(cpu).active_mm!.pgd);

/** include/asm-i386/system.h:459-459 (2.6.10), local_irq_save(): a shootdown calls this with interrupts off, and they must stay off. Returns the flags. */
const local_irq_save = path(function* local_irq_save(): Path<boolean> {
  const flags = yield* pushf();
  yield* cli();
  return flags;
});

/** include/asm-i386/tlbflush.h:23-36 (2.6.9), __flush_tlb_global() */
export const __flush_tlb_global = path(function* __flush_tlb_global(k: Kernel): Path {
  if (k.config.X86_64) return yield* flushTlbGlobal64(k);
  if (k.after('flush-tlb/i386-global')) yield* preempt_disable(k);

  if (k.before('flush-tlb/pge-stays')) yield* movToCr4(k.mmu_cr4_features & ~CR4_PGE); // drops global translations
  const tmpreg = yield* movFromCr3();
  yield* movToCr3(tmpreg);
  if (k.before('flush-tlb/pge-stays')) yield* movToCr4(k.mmu_cr4_features);

  if (k.after('flush-tlb/i386-global')) yield* preempt_enable(k);
});

/** include/asm-i386/tlbflush.h:50-51 (2.6.9), __flush_tlb_single(): one instruction, so nothing can come in between. */
export const __flush_tlb_single = path(function* __flush_tlb_single(address: number): Path {
  yield* invlpg(address);
});

/** include/asm-i386/tlbflush.h, __flush_tlb_all(): with global pages, since cpu_has_pge. */
export const __flush_tlb_all = __flush_tlb_global;

/** include/asm-i386/tlbflush.h, flush_tlb_all(): on every CPU; without CONFIG_SMP, __flush_tlb_all(). */
export const flush_tlb_all = (k: Kernel): Call<void> => (k.config.SMP ? flushTlbAllSmp(k) : __flush_tlb_all(k));

const activeMmIs = instruction((_k, mm) => `if (${mm.name} == current->active_mm)`, (cpu: Cpu, k: Kernel, mm: Mm) => k.current(cpu).active_mm === mm);

/** include/asm-i386/tlbflush.h:86-90 (2.6.9), flush_tlb_mm() */
export const flush_tlb_mm = path(function* flush_tlb_mm(k: Kernel, mm: Mm): Path {
  if (k.config.SMP) return yield* flushTlbMmSmp(k, mm);
  if (yield* activeMmIs(k, mm)) yield* __flush_tlb(k);
});

/** include/asm-i386/tlbflush.h:92-97 (2.6.9), flush_tlb_page() */
export const flush_tlb_page = path(function* flush_tlb_page(k: Kernel, mm: Mm, address: number): Path {
  if (k.config.SMP) return yield* flushTlbPageSmp(k, mm, address);
  if (yield* activeMmIs(k, mm)) yield* __flush_tlb_single(address);
});
