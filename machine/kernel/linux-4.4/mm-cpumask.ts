import type { Cpu } from '../../hardware/cpu';
import { PAGE_SIZE } from '../../hardware/memory';
import { instruction } from '../../path';
import type { Mm } from '../task';

// mm_cpumask(), include/linux/mm_types.h: which CPUs may hold translations of
// an address space. A word of memory like any other: a store to it can wait in
// a store buffer, and a load of it can overtake an earlier store to elsewhere.

/** Where the masks lie: a cache line for each page directory. */
const MASKS = 0x00300000;

/** Physical address of the word. */
export const maskAddress = (mm: Mm): number => MASKS + 64 * (Math.floor(mm.pgd / PAGE_SIZE) & 0xfff);

const bit = (cpu: Cpu): number => 1 << cpu.id;

/** A bit operation with a LOCK prefix: every earlier store is in memory before it, and its own when it is done. */
function locked(cpu: Cpu, mm: Mm, change: (mask: number) => number): void {
  cpu.drain();
  cpu.memory.write32(maskAddress(mm), change(cpu.memory.read32(maskAddress(mm))));
  cpu.drain();
}

/** include/linux/cpumask.h, cpumask_set_cpu(): lock bts. */
export const cpumask_set_cpu = instruction((mm: Mm) => `cpumask_set_cpu(cpu, mm_cpumask(${mm.name}))`, (cpu: Cpu, mm: Mm) => {
  locked(cpu, mm, (mask) => mask | bit(cpu));
});

/** A bts without LOCK, which no kernel uses here: the bit may wait in the store buffer. */
export const __cpumask_set_cpu = instruction((mm: Mm) => `__cpumask_set_cpu(cpu, mm_cpumask(${mm.name}))`, (cpu: Cpu, mm: Mm) => {
  cpu.memory.write32(maskAddress(mm), cpu.memory.read32(maskAddress(mm)) | bit(cpu));
});

/** cpumask_clear_cpu(): lock btr. */
export const cpumask_clear_cpu = instruction((mm: Mm) => `cpumask_clear_cpu(cpu, mm_cpumask(${mm.name}))`, (cpu: Cpu, mm: Mm) => {
  locked(cpu, mm, (mask) => mask & ~bit(cpu));
});

/** cpumask_test_cpu(): a plain load. */
export const cpumask_test_cpu = instruction((mm: Mm) => `cpumask_test_cpu(cpu, mm_cpumask(${mm.name}))`, (cpu: Cpu, mm: Mm) => (cpu.memory.read32(maskAddress(mm)) & bit(cpu)) !== 0);

/** cpumask_any_but(): the other CPUs whose bits are set, as a bit set. A plain load. */
export const cpumask_any_but = instruction((mm: Mm) => `cpumask_any_but(mm_cpumask(${mm.name}), cpu)`, (cpu: Cpu, mm: Mm) => cpu.memory.read32(maskAddress(mm)) & ~bit(cpu));
