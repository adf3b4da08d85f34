import type { Cpu } from '../../../hardware/cpu';
import { cli, popf, pushf, sti } from '../../../hardware/instructions';
import { instruction, path, type Path, type Step } from '../../../path';
import type { Struct } from '../../../state/tracked';
import type { Kernel } from '../../kernel';
import { Word } from '../../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../../words/spinlock';
import { preempt_disable, preempt_enable } from './preempt';

// include/linux/spinlock.h. A lock is a field that names the CPU holding it, or
// a word of memory (words/spinlock.ts). A waiter does not spin: its acquisition cannot be performed while another
// CPU holds the lock. On UP only the preempt count remains, as in Linux.

/** A struct with a lock in its field `field`. */
export interface Lock {
  readonly [key: string]: Struct | string;
  readonly of: Struct;
  readonly field: string;
}

/** A struct of which some fields are locks only at times. */
type Owner = Struct & { readonly lacks?: (field: string) => boolean };

/** Who holds a lock; null if it is free. */
export const holder = (lock: Lock): Cpu | null => (lock.of as unknown as Record<string, Cpu | null>)[lock.field]!;

const setHolder = (lock: Lock, cpu: Cpu | null): void => {
  (lock.of as unknown as Record<string, Cpu | null>)[lock.field] = cpu;
};

/** A lock's name in a trace. */
export const nameOf = (lock: Lock): string => `${lock.of.name}.${lock.field}`;

const acquire = instruction(
  (lock: Lock) => `spin_lock(${nameOf(lock)})`,
  (cpu: Cpu, lock: Lock) => {
    if ((lock.of as Owner).lacks?.(lock.field) === true) throw new Error(`machine bug: BUG: spinlock bad magic on CPU#${cpu.id}: nothing has initialised ${nameOf(lock)}`);
    setHolder(lock, cpu);
  },
  { locked: true, when: (_cpu, lock) => holder(lock) === null, awaits: (_cpu, lock) => ({ kind: 'lock', name: nameOf(lock), holder: holder(lock)!.name }) },
);

const release = instruction((lock: Lock) => `spin_unlock(${nameOf(lock)})`, (cpu: Cpu, lock: Lock) => {
  if (holder(lock) !== cpu) throw new Error(`machine bug: ${cpu.name} releases ${nameOf(lock)}, which ${holder(lock)?.name ?? 'nobody'} holds`);
  setHolder(lock, null);
});

const take = (lock: Lock | Word): Step => (lock instanceof Word ? arch_spin_lock(lock) : acquire(lock));

const give = (lock: Lock | Word): Step => (lock instanceof Word ? arch_spin_unlock(lock) : release(lock));

/**
 * kernel/spinlock.c:62-67 (2.6.10), _spin_lock(): preemption off, then the lock.
 * Model: leaves out __preempt_spin_lock: a waiter may be preempted there, just as it may right before.
 */
export const spin_lock = path(function* spin_lock(k: Kernel, lock: Lock | Word): Path {
  yield* preempt_disable(k);
  if (k.config.SMP) yield* take(lock);
});

/** kernel/spinlock.c:113-117 (2.6.10), _spin_unlock(). */
export const spin_unlock = path(function* spin_unlock(k: Kernel, lock: Lock | Word): Path {
  if (k.config.SMP) yield* give(lock);
  yield* preempt_enable(k);
});

/** kernel/spinlock.c:145-150 (2.6.10), _spin_lock_irq(). */
export const spin_lock_irq = path(function* spin_lock_irq(k: Kernel, lock: Lock | Word): Path {
  yield* cli();
  yield* spin_lock(k, lock);
});

/** kernel/spinlock.c:223-228 (2.6.10), _spin_unlock_irq(). */
export const spin_unlock_irq = path(function* spin_unlock_irq(k: Kernel, lock: Lock | Word): Path {
  if (k.config.SMP) yield* give(lock);
  yield* sti();
  yield* preempt_enable(k);
});

/** kernel/spinlock.c:134-142 (2.6.10), _spin_lock_irqsave(); returns the flags. */
export const spin_lock_irqsave = path(function* spin_lock_irqsave(k: Kernel, lock: Lock | Word): Path<boolean> {
  const flags = yield* pushf();
  yield* cli();
  yield* spin_lock(k, lock);
  return flags;
});

/** kernel/spinlock.c:215-220 (2.6.10), _spin_unlock_irqrestore(). */
export const spin_unlock_irqrestore = path(function* spin_unlock_irqrestore(k: Kernel, lock: Lock | Word, flags: boolean): Path {
  if (k.config.SMP) yield* give(lock);
  yield* popf(flags);
  yield* preempt_enable(k);
});
