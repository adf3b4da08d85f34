import type { Step } from '../../path';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import type { Word } from '../words/layout';
import { down_read, down_read_trylock, down_write, down_write_trylock, downgrade_write, up_read, up_write } from '../words/rwsem';
import { u32 } from '../words/widths';

// include/linux/mmap_lock.h, 5.8 to 6.18: the semaphore of an address space.
// A path that changes its vmas holds it for writing; faults, and calls that only
// change entries, hold it for reading. Until 5.7 it was called mmap_sem.
// Model: leaves out per-vma locks (6.4), and lock tracing.

/** Declares mm->mmap_lock of all address spaces. Part of the boot. */
export function declareMmapLocks(k: Kernel): void {
  for (const mm of k.mms) k.words.declareField(mm, 'mmap_lock', u32, 0);
}

const mmap_lock = (k: Kernel, mm: Mm): Word => k.words.word('mmap_lock', mm);

export const mmap_read_lock = (k: Kernel, mm: Mm): Step => down_read(mmap_lock(k, mm));
export const mmap_read_unlock = (k: Kernel, mm: Mm): Step => up_read(mmap_lock(k, mm));
export const mmap_write_lock = (k: Kernel, mm: Mm): Step => down_write(mmap_lock(k, mm));
export const mmap_write_unlock = (k: Kernel, mm: Mm): Step => up_write(mmap_lock(k, mm));
export const mmap_write_downgrade = (k: Kernel, mm: Mm): Step => downgrade_write(mmap_lock(k, mm));
/** Whether it was taken. */
export const mmap_read_trylock = (k: Kernel, mm: Mm): Step<boolean> => down_read_trylock(mmap_lock(k, mm));
export const mmap_write_trylock = (k: Kernel, mm: Mm): Step<boolean> => down_write_trylock(mmap_lock(k, mm));
