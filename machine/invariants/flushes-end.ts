import type { Invariant } from '../explorer/system';
import type { Kernel } from '../kernel/kernel';
import { tlb_flush_pending } from '../kernel/linux-4.14/flush-pending';

/** When all tasks rest, no flush counts as pending: else every later path would flush for one that never ends. */
export const flushesEnd = (k: Kernel): Invariant => ({
  name: 'flushesEnd',
  check: () => {
    if (!k.tasks.every(({ isDone }) => isDone)) return null;
    for (const mm of k.mms) {
      const counts = k.cpus.map((cpu) => tlb_flush_pending(k, mm).get(cpu.memory)); // a store may still wait in the buffer of one CPU
      if (counts.every((count) => count !== 0)) return `${mm.name} counts ${counts[0]} flushes as pending, and no task is left that could end one`;
    }
    return null;
  },
});
