import type { Invariant } from '../explorer/system';
import type { Cpu } from '../hardware/cpu';
import type { Kernel } from '../kernel/kernel';
import { pgdInUse, pteEntry } from '../kernel/linux-2.6/mm/pgtable';

// What must be true of cr3 and of the tables it points to. One claim each;
// every one is checked after every event.

const perCpu = (k: Kernel, check: (cpu: Cpu) => string | null): string | null => {
  for (const cpu of k.cpus) {
    const message = cpu.seeing(() => check(cpu));
    if (message !== null) return message;
  }
  return null;
};

const nameOfTables = (k: Kernel, cr3: number): string => {
  const mm = k.mmOf(cr3);
  return mm ? `${mm.name}.pgd` : `0x${cr3.toString(16)}, which is no page directory any more`;
};

/** In user mode, cr3 is the page directory of the task's own mm. */
export const taskOnOwnPageTables = (k: Kernel): Invariant => ({
  name: 'taskOnOwnPageTables',
  check: () => perCpu(k, (cpu) => {
    if (cpu.cpl !== 3) return null;
    const task = k.current(cpu);
    if (task.mm === null || pgdInUse(k, cpu) === task.mm.pgd) return null;
    return `${task.name} runs with cr3 = ${nameOfTables(k, pgdInUse(k, cpu))} but its mm is ${task.mm.name}`;
  }),
});

/** Whenever interrupts are on, so outside of a task switch, cr3 is the page directory of current->active_mm. */
export const cr3IsActiveMm = (k: Kernel): Invariant => ({
  name: 'cr3IsActiveMm',
  check: () => perCpu(k, (cpu) => {
    if (!cpu.IF) return null;
    const task = k.current(cpu);
    const { active_mm } = task;
    if (active_mm === null || pgdInUse(k, cpu) === active_mm.pgd) return null;
    return `${task.name} runs with cr3 = ${nameOfTables(k, pgdInUse(k, cpu))} but its active_mm is ${active_mm.name}`;
  }),
});

/** cr3 never points to a page directory that was freed. */
export const cr3NotFreed = (k: Kernel): Invariant => ({
  name: 'cr3NotFreed',
  check: () => perCpu(k, (cpu) => {
    if (!k.pgdCache.isFree(pgdInUse(k, cpu))) return null;
    const owner = k.mms.find((mm) => mm.pgd === pgdInUse(k, cpu));
    return `${k.current(cpu).name} runs with cr3 = 0x${pgdInUse(k, cpu).toString(16)}, the page directory of ${owner?.name ?? 'an mm'}, which was freed`;
  }),
});

/** A user access that completes reaches the page that the task's own tables map there. */
export const userReachesOwnMemory = (k: Kernel): Invariant => ({
  name: 'userReachesOwnMemory',
  check: () => perCpu(k, (cpu) => {
    const done = cpu.lastAccess;
    const task = k.current(cpu);
    if (done === null || cpu.cpl !== 3 || task.mm === null) return null;
    const at = pteEntry(k, task.mm, done.la);
    const own = at === null ? 0 : (k.memory.read32(at) & ~0xfff) >>> 0;
    const reached = (done.pa & ~0xfff) >>> 0;
    if (own === reached) return null;
    const word = k.memory.read32(done.pa).toString(16);
    return `${task.name} ${done.kind === 'read' ? `reads 0x${word}` : 'writes'} at 0x${done.la.toString(16)} in a page that ${k.mmOf(pgdInUse(k, cpu))?.name ?? 'another address space'} maps there, not its own`;
  }),
});

/** No task gets an undeserved signal, and the kernel never oopses. */
export const nobodyKilled = (k: Kernel): Invariant => ({
  name: 'nobodyKilled',
  check: () => {
    const victim = k.tasks.find((task) => task.signal !== null || task.oops !== null);
    return victim ? `${victim.name} gets ${victim.signal ?? `an oops: ${victim.oops ?? ''}`} although it only touched its own pages` : null;
  },
});

/** Once flush_tlb_mm() has returned, no CPU on that mm holds a translation that its tables no longer contain. */
export const noStaleEntry = (k: Kernel): Invariant => ({
  name: 'noStaleEntry',
  check: () => {
    const since = k.flushedSince.value;
    if (since === null) return null;
    const { mm, va } = since;
    const at = pteEntry(k, mm, va);
    const own = at === null ? 0 : (k.memory.read32(at) & ~0xfff) >>> 0;
    return perCpu(k, (cpu) => {
      const entry = mm === k.init_mm || pgdInUse(k, cpu) === mm.pgd ? cpu.tlb.lookup(va) : undefined;
      if (!entry || entry.frame === own) return null;
      return `${cpu.name} still translates 0x${va.toString(16)} of ${mm.name} to 0x${entry.frame.toString(16)} after ${mm === k.init_mm ? 'flush_tlb_all()' : 'flush_tlb_mm()'} has returned; its tables say 0x${own.toString(16)}`;
    });
  },
});
