import type { Invariant } from '../explorer/system';
import type { Kernel } from '../kernel/kernel';
import { _PAGE_DIRTY, pteEntry } from '../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../kernel/task';

/** A page of a file: where it lies and is mapped, and what the kernel records about it. */
export interface MappedFilePage {
  readonly name: string;
  readonly frame: number;
  readonly mm: Mm;
  readonly va: number;
  /** Its first word on the disk. */
  readonly disk: () => number;
  /** Whether the page is marked as not yet on the disk. */
  readonly isDirty: () => boolean;
}

/** When all tasks rest, the page's content is on the disk, or the page or its entry is marked dirty. */
export function nothingIsLost(k: Kernel, { name, frame, mm, va, disk, isDirty }: MappedFilePage): Invariant {
  return {
    name: 'nothingIsLost',
    check: () => {
      if (isDirty() || !k.tasks.every(({ isDone }) => isDone)) return null;
      const content = k.memory.read32(frame);
      const isDirtyInTable = (k.memory.read32(pteEntry(k, mm, va)!) & _PAGE_DIRTY) !== 0;
      return content === disk() || isDirtyInTable ? null : `${name} has 0x${content.toString(16)} and the disk 0x${disk().toString(16)}, and the page is clean: what was written last is lost when it is dropped`;
    },
  };
}
