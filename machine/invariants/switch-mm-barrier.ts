import type { Invariant } from '../explorer/system';
import type { Cpu } from '../hardware/cpu';
import type { Kernel } from '../kernel/kernel';
import { pteEntry } from '../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../kernel/task';

// What a flush is for: once it has returned, the page can no longer be reached.

/** What the checkers know about the page whose entry was changed. */
export interface FlushedPage {
  readonly mm: Mm;
  readonly va: number;
  /** Physical address of the page that was mapped before. */
  readonly frame: number;
  /** Whether the flush has returned, and the page is free. */
  isFreed(): boolean;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Once the flush has returned, no CPU on these page tables has a translation that they no longer contain. */
export const flushReachesEveryTlb = (k: Kernel, { mm, va, isFreed }: FlushedPage): Invariant => ({
  name: 'flushReachesEveryTlb',
  check: () => {
    if (!isFreed()) return null;
    const now = (k.memory.read32(pteEntry(k, mm, va)!) & ~0xfff) >>> 0;
    const stale = (cpu: Cpu): boolean => cpu.cr3 === mm.pgd && (cpu.tlb.lookup(va)?.frame ?? now) !== now;
    const cpu = k.cpus.find(stale);
    return cpu ? `${cpu.name} still translates ${hex(va)} of ${mm.name} to ${hex(cpu.tlb.lookup(va)!.frame)} after the flush has returned; the tables say ${hex(now)}` : null;
  },
});

/** A page that was freed after the flush is never reached by the task that had it mapped. */
export const freedPageUnreached = (k: Kernel, { mm, va, frame, isFreed }: FlushedPage): Invariant => ({
  name: 'freedPageUnreached',
  check: () => {
    if (!isFreed()) return null;
    const cpu = k.cpus.find(({ lastAccess, cr3 }) => cr3 === mm.pgd && lastAccess?.la === va && (lastAccess.pa & ~0xfff) >>> 0 === frame);
    return cpu ? `${k.current(cpu).name} reads ${hex(k.memory.read32(frame))} at ${hex(va)}, from a page that was unmapped, flushed and freed before` : null;
  },
});
