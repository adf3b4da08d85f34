import type { Cpu } from '../../hardware/cpu';
import { instruction } from '../../path';
import { locked } from './access';
import type { Word } from './layout';

// kernel/locking/rwsem.c, 5.2 to 6.18, with a semaphore that is a word: its
// count, in which bit 0 is the writer and the bits from 8 on count the readers.
// Each operation is one locked instruction. Waiters do not spin: an acquisition
// cannot be performed while the word, as this CPU sees it, forbids it. Model:
// leaves out the queue of waiters, so a reader can overtake a waiting writer.
// All orders of a fair lock are among those that are explored, but a reader that
// holds the lock and takes it again never gets stuck behind a writer.

const RWSEM_WRITER_LOCKED = 1;
const RWSEM_READER_BIAS = 1 << 8;

const count = (cpu: Cpu, sem: Word): number => sem.get(cpu.memory);

/** What is waited for: the count does not say which CPU holds a semaphore, so the last one that wrote it is named. */
const awaits = (_cpu: Cpu, sem: Word) => ({ kind: 'lock', name: sem.name }) as const;

/** Subtracts from the count, if what this path claims to hold is in it. */
function release(cpu: Cpu, sem: Word, held: 'for reading' | 'for writing', by: number): void {
  const is = count(cpu, sem);
  const isHeld = held === 'for writing' ? (is & RWSEM_WRITER_LOCKED) !== 0 : is >= RWSEM_READER_BIAS;
  if (!isHeld) throw new Error(`machine bug: ${cpu.name} releases ${sem.name}, which is not held ${held}`);
  locked(cpu, sem, (value) => value + by);
}

export const down_read = instruction((sem: Word) => `down_read(&${sem.name})`, (cpu: Cpu, sem: Word) => {
  locked(cpu, sem, (value) => value + RWSEM_READER_BIAS);
}, { when: (cpu: Cpu, sem: Word) => (count(cpu, sem) & RWSEM_WRITER_LOCKED) === 0, awaits });

export const down_write = instruction((sem: Word) => `down_write(&${sem.name})`, (cpu: Cpu, sem: Word) => {
  locked(cpu, sem, () => RWSEM_WRITER_LOCKED);
}, { when: (cpu: Cpu, sem: Word) => count(cpu, sem) === 0, awaits });

/** Whether it took the semaphore. */
export const down_read_trylock = instruction((sem: Word) => `down_read_trylock(&${sem.name})`, (cpu: Cpu, sem: Word) =>
  (locked(cpu, sem, (value) => ((value & RWSEM_WRITER_LOCKED) === 0 ? value + RWSEM_READER_BIAS : value)) & RWSEM_WRITER_LOCKED) === 0);

/** Whether it took the semaphore. */
export const down_write_trylock = instruction((sem: Word) => `down_write_trylock(&${sem.name})`, (cpu: Cpu, sem: Word) =>
  locked(cpu, sem, (value) => (value === 0 ? RWSEM_WRITER_LOCKED : value)) === 0);

export const up_read = instruction((sem: Word) => `up_read(&${sem.name})`, (cpu: Cpu, sem: Word) => release(cpu, sem, 'for reading', -RWSEM_READER_BIAS));

export const up_write = instruction((sem: Word) => `up_write(&${sem.name})`, (cpu: Cpu, sem: Word) => release(cpu, sem, 'for writing', -RWSEM_WRITER_LOCKED));

/** The writer becomes a reader, and no other CPU gets it in between. */
export const downgrade_write = instruction((sem: Word) => `downgrade_write(&${sem.name})`, (cpu: Cpu, sem: Word) => release(cpu, sem, 'for writing', RWSEM_READER_BIAS - RWSEM_WRITER_LOCKED));

