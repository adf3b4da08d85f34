import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import { pgd_free } from './pgtable';
import type { Mm } from '../../task';

// kernel/fork.c and include/linux/sched.h: the two counts of an mm. mm_users
// counts the tasks that own it; mm_count, everything else that holds a reference,
// such as a lazy kernel thread. All users together count as one in mm_count.

const atomic_dec_and_test_count = instruction((mm: Mm) => `atomic_dec_and_test(&${mm.name}->mm_count)`, (_cpu: Cpu, mm: Mm) => {
  if (mm.mm_count === 0) throw new Error(`machine bug: ${mm.name} is dropped once too often`);
  mm.mm_count--;
  return mm.mm_count === 0;
}, { locked: true });

/** include/linux/sched.h:888-892 (2.6.10), mmdrop(): dropping the last reference frees the page directory. */
export const mmdrop = path(function* mmdrop(k: Kernel, mm: Mm): Path {
  if (yield* atomic_dec_and_test_count(mm)) yield* __mmdrop(k, mm);
});

const free_mm = instruction((mm: Mm) => `free_mm(${mm.name})`, (_cpu: Cpu, mm: Mm) => {
  mm.freed = true;
});

/**
 * kernel/fork.c:331-337 (2.6.10), __mmdrop().
 * Model: leaves out BUG_ON, destroy_context: no task has a descriptor table.
 */
export const __mmdrop = path(function* __mmdrop(k: Kernel, mm: Mm): Path {
  yield* pgd_free(k, mm);
  yield* free_mm(mm);
});
