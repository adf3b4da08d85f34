import type { Invariant } from '../explorer/system';
import type { Kernel } from '../kernel/kernel';

/** No task meets a fault that the kernel cannot handle, and none a BUG. */
export function xenNobodyOopses(kernel: Kernel): Invariant {
  return {
    name: 'xenNobodyOopses',
    check() {
      for (const task of kernel.tasks) if (task.oops !== null) return `${task.name} on ${task.onCpu?.name ?? 'no CPU'}: ${task.oops}`;
      return null;
    },
  };
}
