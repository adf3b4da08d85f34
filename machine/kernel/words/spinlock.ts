import type { Cpu } from '../../hardware/cpu';
import { instruction } from '../../path';
import { locked } from './access';
import type { Word } from './layout';

// arch/x86/include/asm/spinlock.h, with a lock that is a word: 0 when it is
// free, else the CPU that holds it, plus one. Taking it is a locked
// instruction; releasing it is a plain store, which can wait in the store
// buffer. A waiter does not spin: its acquisition cannot be performed while the
// word, as this CPU sees it, says that the lock is held.

const holderOf = (cpu: Cpu, lock: Word): number => lock.get(cpu.memory);

export const arch_spin_lock = instruction((lock: Word) => `arch_spin_lock(&${lock.name})`, (cpu: Cpu, lock: Word) => {
  locked(cpu, lock, () => cpu.id + 1);
}, {
  when: (cpu: Cpu, lock: Word) => holderOf(cpu, lock) === 0,
  awaits: (cpu: Cpu, lock: Word) => ({ kind: 'lock', name: lock.name, holder: `cpu${holderOf(cpu, lock) - 1}` }),
});

/** Whether it took the lock. */
export const arch_spin_trylock = instruction((lock: Word) => `arch_spin_trylock(&${lock.name})`, (cpu: Cpu, lock: Word) => locked(cpu, lock, (holder) => (holder === 0 ? cpu.id + 1 : holder)) === 0);

export const arch_spin_is_locked = instruction((lock: Word) => `arch_spin_is_locked(&${lock.name})`, (cpu: Cpu, lock: Word) => holderOf(cpu, lock) !== 0);

export const arch_spin_unlock = instruction((lock: Word) => `arch_spin_unlock(&${lock.name})`, (cpu: Cpu, lock: Word) => {
  if (holderOf(cpu, lock) !== cpu.id + 1) throw new Error(`machine bug: ${cpu.name} releases ${lock.name}, which it does not hold`);
  lock.set(cpu.memory, 0);
});
