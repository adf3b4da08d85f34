import { MC_BATCH } from '../../kernel/xen/mc-buffer';
import { xen_activate_mm, xen_exit_mmap } from '../../kernel/xen/mmu';
import { HARDIRQ_MASK, PREEMPT_MASK, SOFTIRQ_MASK } from '../../kernel/linux-2.6/sched/preempt';
import type { HunkId } from '../../patches/types';
import type { Call } from '../../path';
import { mapFile, sharedFile } from './cast';
import { XenBackground } from './background';

// How many locks pinning holds at once, for address spaces of the largest size.
// One CPU, one task, the kernel's own paths: there is only one run, and every
// state of it is examined.

/** The maximum that was held and queued while one address space was pinned or unpinned. */
export interface Measured {
  readonly pages: number;
  /** The number of pte locks held at once. */
  readonly locks: number;
  /** Nested preempt_disable() and spinlocks, as the low byte of preempt_count shows them. */
  readonly preemptCount: number;
  /** Whether in_softirq() or in_irq() became true on the way, with no interrupt anywhere. */
  readonly looksLikeInterrupt: boolean;
  /** What CONFIG_DEBUG_PREEMPT has printed; null without it, or if it printed nothing. */
  readonly warning: string | null;
  /** preempt_count after all locks have been released. */
  readonly countAfterwards: number;
  readonly callbacks: number;
  readonly batches: number;
  readonly largestBatch: number;
  /** The calls of the batches, in the order in which Xen made them. */
  readonly calls: readonly string[];
  /** The BUG or oops that it ended in. */
  readonly oops: string | null;
}

export interface MeasureOptions {
  readonly pages: number;
  readonly pae: boolean;
  readonly hunks: ReadonlySet<HunkId>;
  readonly release?: string;
  /** CONFIG_PREEMPT, without which spinlocks are not counted. */
  readonly preempt?: boolean;
  /** CONFIG_DEBUG_PREEMPT */
  readonly debug?: boolean;
}

/** The most pte pages that a user address space can have: three gigabytes of them. */
export function mostPtePages(pae: boolean): number {
  return pae ? 1536 : 768;
}

/** Pins an address space of `pages` pte pages, then unpins it. */
export function measurePinning(options: MeasureOptions): { readonly pin: Measured; readonly unpin: Measured } {
  const background = new XenBackground({
    release: options.release ?? '2.6.24', pae: options.pae, cpus: 1, hunks: options.hunks,
    config: { PREEMPT: options.preempt ?? true, DEBUG_PREEMPT: options.debug ?? false, NR_CPUS: 8 }, lowmem: 2 * options.pages + 64,
  });
  const { kernel } = background;
  const mm = mapFile(background, 'big.mm', sharedFile(background, options.pages, { start: 0 }), false);
  return {
    pin: measure(background, options.pages, xen_activate_mm(kernel, kernel.init_mm, mm)),
    unpin: measure(background, options.pages, xen_exit_mmap(kernel, mm)),
  };
}

function measure(background: XenBackground, pages: number, call: Call<unknown>): Measured {
  const { kernel, cpus } = background;
  const cpu = cpus[0]!;
  const task = kernel.current(cpu);
  const buffer = kernel.mc_buffer(cpu);
  const before = buffer.flushes;
  let held = 0;
  let [locks, preemptCount, callbacks, largestBatch, looksLikeInterrupt] = [0, 0, 0, 0, false];
  const calls: string[] = [];
  background.run(call, cpu, (text) => {
    if (text.startsWith('multicall: ')) calls.push(text.slice('multicall: '.length));
    if (text.startsWith('spin_lock(') && text.endsWith('.ptl)')) held++;
    if (text.startsWith('spin_unlock(') && text.endsWith('.ptl)')) held--;
    locks = Math.max(locks, held);
    preemptCount = Math.max(preemptCount, task.preempt_count & PREEMPT_MASK);
    callbacks = Math.max(callbacks, buffer.callbacks.length);
    largestBatch = Math.max(largestBatch, Math.min(buffer.entries.length, MC_BATCH));
    looksLikeInterrupt ||= (task.preempt_count & (SOFTIRQ_MASK | HARDIRQ_MASK)) !== 0;
  });
  const [warning, countAfterwards] = [kernel.debugLocksWarning.value, task.preempt_count];
  return { pages, locks, preemptCount, looksLikeInterrupt, warning, countAfterwards, callbacks, batches: buffer.flushes - before, largestBatch, calls, oops: task.oops };
}

