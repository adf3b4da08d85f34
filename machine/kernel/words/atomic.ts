import type { Cpu } from '../../hardware/cpu';
import { instruction, type Step } from '../../path';
import type { Value } from '../../state/hash';
import { locked, READ_ONCE, WRITE_ONCE } from './access';
import { wordOn, type Place } from './layout';

// arch/x86/include/asm/atomic.h and cmpxchg.h: instructions with a LOCK prefix
// (XCHG has it always), each a full barrier. atomic64_* are the same on a
// variable of 64 bits.

/** The number as in atomic_t: signed. */
function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

const adding = instruction((_place: Place, _by: number, text: string) => text, (cpu: Cpu, place: Place, by: number, _text: string) => {
  const { bits } = wordOn(cpu, place).width;
  const wrapped = (value: number): number => (bits < 64 ? (value + by) % 2 ** bits : value + by);
  return signed(wrapped(locked(cpu, place, wrapped)), bits);
});

const exchanging = instruction((_place: Place<Value>, _value: Value, text: string) => text, (cpu: Cpu, place: Place<Value>, value: Value, _text: string) => locked(cpu, place, () => value));

const comparing = instruction((_place: Place<Value>, _old: Value, _value: Value, text: string) => text, (cpu: Cpu, place: Place<Value>, old: Value, value: Value, _text: string) =>
  locked(cpu, place, (is) => (is === old ? value : is)));

/** A plain load. */
export const atomic_read = READ_ONCE<number>;
/** A plain store. */
export const atomic_set = WRITE_ONCE<number>;

export const atomic_add = (by: number, place: Place): Step<number> => adding(place, by, `atomic_add(${by}, &${place.name})`);
export const atomic_sub = (by: number, place: Place): Step<number> => adding(place, -by, `atomic_sub(${by}, &${place.name})`);
export const atomic_inc = (place: Place): Step<number> => adding(place, 1, `atomic_inc(&${place.name})`);
export const atomic_dec = (place: Place): Step<number> => adding(place, -1, `atomic_dec(&${place.name})`);
/** These return what it holds afterwards. */
export const atomic_add_return = (by: number, place: Place): Step<number> => adding(place, by, `atomic_add_return(${by}, &${place.name})`);
export const atomic_inc_return = (place: Place): Step<number> => adding(place, 1, `atomic_inc_return(&${place.name})`);
export const atomic_dec_return = (place: Place): Step<number> => adding(place, -1, `atomic_dec_return(&${place.name})`);

/** Subtracts one; whether the result is zero. */
export const atomic_dec_and_test = instruction((place: Place) => `atomic_dec_and_test(&${place.name})`, (cpu: Cpu, place: Place) => locked(cpu, place, (value) => value - 1) === 1);

/** Adds one unless it is 0; whether it did. A loop of cmpxchg, of which only the last round is visible. */
export const atomic_inc_not_zero = instruction((place: Place) => `atomic_inc_not_zero(&${place.name})`, (cpu: Cpu, place: Place) => locked(cpu, place, (value) => (value === 0 ? 0 : value + 1)) !== 0);

/** Returns what it held before. */
export const xchg = <V extends Value>(place: Place<V>, value: V): Step<V> => exchanging(place as unknown as Place<Value>, value, `xchg(&${place.name}, ${String(value)})`) as Step<V>;

/** Stores `value` if it holds `old`; returns what it held before. A full barrier either way. */
export const cmpxchg = <V extends Value>(place: Place<V>, old: V, value: V): Step<V> =>
  comparing(place as unknown as Place<Value>, old, value, `cmpxchg(&${place.name}, ${String(old)}, ${String(value)})`) as Step<V>;
