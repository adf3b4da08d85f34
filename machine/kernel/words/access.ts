import type { Cpu } from '../../hardware/cpu';
import { instruction, silently, type Step } from '../../path';
import type { Value } from '../../state/hash';
import { wordOn, type Place, type Word } from './layout';

// Loads, stores and barriers on the kernel's variables. On x86 all of these
// loads and stores are plain instructions: they differ only in what the
// compiler may do, and compilers are not modelled. A store waits in the store
// buffer of a TSO processor; a load can overtake it.

const loading = instruction((_place: Place<Value>, text: string) => text, (cpu: Cpu, place: Place<Value>, _text: string) => wordOn(cpu, place).get(cpu.memory));

const storing = instruction((_place: Place<Value>, _value: Value, text: string) => text, (cpu: Cpu, place: Place<Value>, value: Value, _text: string) => {
  wordOn(cpu, place).set(cpu.memory, value);
});

/** A value as a trace shows it. */
const told = (value: Value): string => (value === null ? 'NULL' : String(value));

const loadAs = (spell: (name: string) => string) => <V extends Value>(place: Place<V>): Step<V> => loading(place as unknown as Place<Value>, spell(place.name)) as Step<V>;

const storeAs = (spell: (name: string, value: string) => string) => <V extends Value>(place: Place<V>, value: V): Step =>
  storing(place as unknown as Place<Value>, value, spell(place.name, told(value)));

/** `x` in an expression. */
export const read = loadAs((name) => name);
/** `x = value;` */
export const write = storeAs((name, value) => `${name} = ${value}`);
/** include/linux/compiler.h */
export const READ_ONCE = loadAs((name) => `READ_ONCE(${name})`);
export const WRITE_ONCE = storeAs((name, value) => `WRITE_ONCE(${name}, ${value})`);
/** include/linux/percpu-defs.h: the variable of the CPU that runs this. */
export const this_cpu_read = loadAs((name) => `this_cpu_read(${name})`);
export const this_cpu_write = storeAs((name, value) => `this_cpu_write(${name}, ${value})`);
/** arch/x86/include/asm/barrier.h: plain instructions on x86, which does not reorder loads with loads, nor stores with earlier accesses. */
export const smp_load_acquire = loadAs((name) => `smp_load_acquire(&${name})`);
export const smp_store_release = storeAs((name, value) => `smp_store_release(&${name}, ${value})`);

/** smp_mb(): continues when every earlier store is in memory. */
export const smp_mb = instruction('smp_mb()', (cpu: Cpu) => cpu.drain());

/** Barriers that only restrict the compiler on x86. */
export const smp_rmb = silently('smp_rmb()', (_cpu: Cpu) => undefined);
export const smp_wmb = silently('smp_wmb()', (_cpu: Cpu) => undefined);
export const barrier = silently('barrier()', (_cpu: Cpu) => undefined);
export const smp_mb__before_atomic = silently('smp_mb__before_atomic()', (_cpu: Cpu) => undefined);
export const smp_mb__after_atomic = silently('smp_mb__after_atomic()', (_cpu: Cpu) => undefined);

/** What an instruction with a LOCK prefix does: every earlier store is in memory before it, and its own when it is done. */
export function locked<V extends Value>(cpu: Cpu, place: Place<V>, change: (value: V) => V): V {
  const word: Word<V> = wordOn(cpu, place);
  cpu.drain();
  const before = word.get(cpu.memory);
  word.set(cpu.memory, change(before));
  cpu.drain();
  return before;
}
