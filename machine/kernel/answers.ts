import type { Cpu } from '../hardware/cpu';
import type { Awaited } from '../path';

// Waiting for other CPUs: the CPU that interrupted them continues when each has answered.

/** The wait for those of `cpus` whose bits are in `pending`. A CPU that has interrupts off does not answer. */
export function answersOf(cpus: readonly Cpu[], pending: number): Awaited {
  const silent = cpus.filter(({ id }) => (pending & (1 << id)) !== 0);
  return { kind: 'answers', of: silent.map(({ name, IF }) => ({ process: name, unless: IF ? undefined : 'interrupts off' })) };
}
