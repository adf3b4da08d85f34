import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import { locked, read } from './access';
import { wordOn, type Place, type Word } from './layout';

// arch/x86/include/asm/bitops.h and include/linux/cpumask.h: locked, unless the
// name begins with two underscores. An instruction without LOCK reads and
// writes in two accesses, between which another CPU can come, but no interrupt.

const bit = (nr: number): number => 2 ** nr;
const has = (value: number, nr: number): boolean => Math.floor(value / bit(nr)) % 2 === 1;
const withBit = (value: number, nr: number): number => (has(value, nr) ? value : value + bit(nr));
const withoutBit = (value: number, nr: number): number => (has(value, nr) ? value - bit(nr) : value);

export const set_bit = instruction((nr: number, place: Place) => `set_bit(${nr}, &${place.name})`, (cpu: Cpu, nr: number, place: Place) => {
  locked(cpu, place, (value) => withBit(value, nr));
});

export const clear_bit = instruction((nr: number, place: Place) => `clear_bit(${nr}, &${place.name})`, (cpu: Cpu, nr: number, place: Place) => {
  locked(cpu, place, (value) => withoutBit(value, nr));
});

/** Whether the bit was set before. A full barrier either way. */
export const test_and_set_bit = instruction((nr: number, place: Place) => `test_and_set_bit(${nr}, &${place.name})`, (cpu: Cpu, nr: number, place: Place) =>
  has(locked(cpu, place, (value) => withBit(value, nr)), nr));

export const test_and_clear_bit = instruction((nr: number, place: Place) => `test_and_clear_bit(${nr}, &${place.name})`, (cpu: Cpu, nr: number, place: Place) =>
  has(locked(cpu, place, (value) => withoutBit(value, nr)), nr));

/** A plain load. */
export const test_bit = instruction((nr: number, place: Place) => `test_bit(${nr}, &${place.name})`, (cpu: Cpu, nr: number, place: Place) => has(wordOn(cpu, place).get(cpu.memory), nr));

/** The first access of an instruction that makes two: no interrupt comes before the second one. */
const readForUpdate = instruction((_place: Place, text: string) => `${text}   # reads`, (cpu: Cpu, place: Place, _text: string) => {
  cpu.interruptShadow = true;
  cpu.nmiShadow = true;
  return wordOn(cpu, place).get(cpu.memory);
});

const writeUpdate = instruction((_place: Place, _value: number, text: string) => `${text}   # writes`, (cpu: Cpu, place: Place, value: number, _text: string) => {
  wordOn(cpu, place).set(cpu.memory, value);
});

/** arch/x86/include/asm/bitops.h:82-85 (2.6.36), __set_bit(). */
export const __set_bit = path(function* __set_bit(nr: number, place: Place): Path {
  const value = yield* readForUpdate(place, `__set_bit(${nr}, &${place.name})`);
  yield* writeUpdate(place, withBit(value, nr), `__set_bit(${nr}, &${place.name})`);
});

/** arch/x86/include/asm/bitops.h:125-128 (2.6.36), __clear_bit(). */
export const __clear_bit = path(function* __clear_bit(nr: number, place: Place): Path {
  const value = yield* readForUpdate(place, `__clear_bit(${nr}, &${place.name})`);
  yield* writeUpdate(place, withoutBit(value, nr), `__clear_bit(${nr}, &${place.name})`);
});

// --- Masks of CPUs ------------------------------------------------------------
// `cpu` is the CPU that runs the path, as in `cpumask_set_cpu(smp_processor_id(), mask)`.

export const cpumask_set_cpu = instruction((mask: Word) => `cpumask_set_cpu(cpu, ${mask.name})`, (cpu: Cpu, mask: Word) => {
  locked(cpu, mask, (value) => withBit(value, cpu.id));
});

export const cpumask_clear_cpu = instruction((mask: Word) => `cpumask_clear_cpu(cpu, ${mask.name})`, (cpu: Cpu, mask: Word) => {
  locked(cpu, mask, (value) => withoutBit(value, cpu.id));
});

export const cpumask_test_cpu = instruction((mask: Word) => `cpumask_test_cpu(cpu, ${mask.name})`, (cpu: Cpu, mask: Word) => has(mask.get(cpu.memory), cpu.id));

/** cpumask_any_but(): the other CPUs whose bits are set, as a bit set. A plain load. */
export const cpumask_any_but = instruction((mask: Word) => `cpumask_any_but(${mask.name}, cpu)`, (cpu: Cpu, mask: Word) => withoutBit(mask.get(cpu.memory), cpu.id));

const smp_processor_id = instruction('smp_processor_id()', (cpu: Cpu) => cpu.id, { silent: true });

/** Ours: a bit of a mask set without LOCK, which no kernel does to a mask that others read. */
export const __cpumask_set_cpu = path(function* __cpumask_set_cpu(mask: Word): Path {
  yield* __set_bit(yield* smp_processor_id(), mask);
});

/** The mask itself: a plain load. */
export const cpumask_copy = read<number>;
