import type { Cpu } from '../../hardware/cpu';
import { instruction } from '../../path';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';

// A page of a file in the page cache, 3.14, as write-back sees it: whether it
// is dirty, how often it is mapped, and what the disk has.

interface FilePageFields {
  PG_dirty: boolean;
  /** page_mapped() while it is above 0. */
  mapcount: number;
  /** Its first word, as it is on the disk. */
  disk: number;
}

export class FilePage extends tracked<FilePageFields>({ PG_dirty: false, mapcount: 1, disk: 0 }) {
  /** @param frame its physical address */
  constructor(store: Store, name: string, readonly frame: number) {
    super(store, name);
  }
}

export const PageDirty = instruction((page: FilePage) => `PageDirty(${page.name})`, (_cpu: Cpu, page: FilePage) => page.PG_dirty);

/** A locked instruction, as TestClearPageDirty() is. */
export const set_page_dirty = instruction((page: FilePage) => `set_page_dirty(${page.name})`, (cpu: Cpu, page: FilePage) => {
  page.PG_dirty = true;
}, { locked: true });

export const TestClearPageDirty = instruction((page: FilePage) => `TestClearPageDirty(${page.name})`, (cpu: Cpu, page: FilePage) => {
  const was = page.PG_dirty;
  page.PG_dirty = false;
  return was;
}, { locked: true });

export const page_mapped = instruction((page: FilePage) => `page_mapped(${page.name})`, (_cpu: Cpu, page: FilePage) => page.mapcount > 0);

export const page_remove_rmap = instruction((page: FilePage) => `page_remove_rmap(${page.name})`, (cpu: Cpu, page: FilePage) => {
  page.mapcount--;
}, { locked: true });

/** The device reads the page. Model: at one moment. */
export const writepage = instruction((page: FilePage) => `writepage(${page.name})`, (cpu: Cpu, page: FilePage) => {
  page.disk = cpu.memory.read32(page.frame);
}, { locked: true });
