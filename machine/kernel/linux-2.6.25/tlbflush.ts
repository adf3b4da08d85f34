import { cli, movFromCr4, movToCr4, popf, pushf, sti } from '../../hardware/instructions';
import { CR4 } from '../../hardware/paging';
import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { preempt_disable, preempt_enable } from '../linux-2.6/sched/preempt';
import { __flush_tlb_global } from '../linux-2.6/tlbflush';

// include/asm-x86/tlbflush.h, 2.6.25: the flush that drops global translations
// too, by switching them off and on again. It reads CR4, where kernels before
// 2.6.21 used a copy of what CR4 should hold.

/** include/asm-x86/tlbflush.h:23-31 (2.6.25), __native_flush_tlb_global(); before 2.6.21 __flush_tlb_global(). Model: adds __flush_tlb_global(): what those kernels have. */
export const __native_flush_tlb_global = path(function* __native_flush_tlb_global(k: Kernel): Path {
  if (!k.since('2.6.21')) return yield* __flush_tlb_global(k);
  let flags = true;
  if (k.after('cr4-pge/irqs-off')) flags = yield* pushf();
  if (k.after('cr4-pge/irqs-off')) yield* cli();
  if (k.after('cr4-pge/disable-enable')) yield* cli();
  if (k.after('cr4-pge/preempt-off')) yield* preempt_disable(k);
  let cr4 = yield* movFromCr4();
  if (k.after('cr4-pge/irqs-off-late')) flags = yield* pushf();
  if (k.after('cr4-pge/irqs-off-late')) yield* cli();
  if (k.before('cr4-pge/toggle')) yield* movToCr4(cr4 & ~CR4.PGE); // drops every translation
  if (k.after('cr4-pge/toggle')) yield* movToCr4(cr4 ^ CR4.PGE);
  if (k.after('cr4-pge/read-again')) cr4 = yield* movFromCr4();
  if (k.after('cr4-pge/read-again')) yield* movToCr4(cr4 | CR4.PGE);
  if (k.before('cr4-pge/read-again')) yield* movToCr4(cr4); // PGE as it was when cr4 was read
  if (k.after('cr4-pge/irqs-off-late')) yield* popf(flags);
  if (k.after('cr4-pge/preempt-off')) yield* preempt_enable(k);
  if (k.after('cr4-pge/disable-enable')) yield* sti();
  if (k.after('cr4-pge/irqs-off')) yield* popf(flags);
});
