import { CR4_PGE } from '../../hardware/cpu';
import { movFromCr3, movToCr3, movToCr4 } from '../../hardware/instructions';
import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { preempt_disable, preempt_enable } from './sched/preempt';

// include/asm-x86_64/tlbflush.h, 2.6.9 to 2.6.12: the same pair as on i386. The
// names differ from those of i386, since paths are distinguished by name.

/** include/asm-x86_64/tlbflush.h:8-17 (2.6.9), __flush_tlb() */
export const flushTlb64 = path(function* flushTlb64(k: Kernel): Path {
  if (k.after('flush-tlb/x86-64')) yield* preempt_disable(k);

  const tmpreg = yield* movFromCr3();
  yield* movToCr3(tmpreg);

  if (k.after('flush-tlb/x86-64')) yield* preempt_enable(k);
});

/** include/asm-x86_64/tlbflush.h:23-36 (2.6.9), __flush_tlb_global() */
export const flushTlbGlobal64 = path(function* flushTlbGlobal64(k: Kernel): Path {
  if (k.after('flush-tlb/x86-64-global')) yield* preempt_disable(k);

  yield* movToCr4(k.mmu_cr4_features & ~CR4_PGE); // drops global translations
  const tmpreg = yield* movFromCr3();
  yield* movToCr3(tmpreg);
  yield* movToCr4(k.mmu_cr4_features);

  if (k.after('flush-tlb/x86-64-global')) yield* preempt_enable(k);
});
