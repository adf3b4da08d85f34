import type { Invariant } from '../explorer/system';
import type { Kernel } from '../kernel/kernel';
import { pgdInUse } from '../kernel/linux-2.6/mm/pgtable';

// What a shootdown relies on: the record of which CPUs it must interrupt.

/** With interrupts on, a CPU that uses the tables of an mm is in the mm's cpu_vm_mask, or no flush of that mm would reach it. */
export const cpuInVmMask = (k: Kernel): Invariant => ({
  name: 'cpuInVmMask',
  check: () => {
    for (const cpu of k.cpus) {
      if (!cpu.IF) continue;
      const mm = k.mmOf(pgdInUse(k, cpu));
      if (mm === null || mm === k.init_mm || (mm.cpu_vm_mask & (1 << cpu.id)) !== 0) continue;
      return `${cpu.name} runs ${k.current(cpu).name} with cr3 = ${mm.name}.pgd but is not in ${mm.name}->cpu_vm_mask, so no flush of ${mm.name} would reach it`;
    }
    return null;
  },
});

/** On x86-64 until 2.6.10, cr3 of each CPU is that CPU's own top-level page forever. */
export const cpuOnOwnTopLevel = (k: Kernel): Invariant => ({
  name: 'cpuOnOwnTopLevel',
  check: () => {
    for (const [cpu, level4] of k.level4_pgt) {
      if (cpu.cr3 === level4) continue;
      const owner = [...k.level4_pgt].find(([, page]) => page === cpu.cr3)?.[0];
      return `${cpu.name} runs ${k.current(cpu).name} on the top-level page of ${owner?.name ?? 'nobody'}, not its own`;
    }
    return null;
  },
});
