import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import type { Kernel } from '../kernel';

// The ends that a kernel can come to. The task keeps what it holds: its locks
// are never released.
//
// Model: the run ends here, on every CPU. That others would sooner or later
// wait for the dead task's locks is nothing new to find.

const die = instruction(
  (_k: Kernel, message: string) => message,
  (cpu: Cpu, k: Kernel, message: string) => {
    const task = k.current(cpu);
    if (task.oops === null) task.oops = message;
    for (const other of k.cpus) if (other !== cpu) other.context?.abandon();
  },
);

/** The task does not go on. */
const dead = instruction('the task is dead', () => undefined, { when: () => false, idle: true });

/** BUG(): prints where and why, and ends the task. */
export const BUG = path(function* BUG(k: Kernel, file: string, why: string): Path {
  yield* die(k, `kernel BUG at ${file}! ${why}`);
  yield* dead();
});

/** An oops, with `message` as the kernel prints it. */
export const oops = path(function* oops(k: Kernel, message: string): Path {
  yield* die(k, message);
  yield* dead();
});

const WRAPPERS = new Set(['page_fault', 'do_page_fault', 'BUG', 'oops']);

/** The function at whose instruction the fault came: what the oops calls EIP. Inlined accessors belong to their caller. */
export const faultingFunction = silently('regs->eip', (cpu: Cpu) => {
  const { paths } = cpu.describe();
  const below = paths.filter((name) => !WRAPPERS.has(name) && !/^(ptep?_|set_pte|xen_set_pte|native_)/.test(name));
  return below[below.length - 1] ?? 'an unknown function';
});
