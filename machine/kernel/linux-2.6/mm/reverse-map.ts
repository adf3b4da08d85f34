import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import { Entity } from '../../../state/hash';
import type { Store } from '../../../state/store';
import { inMemory } from '../../../state/tracked';
import { spin_lock, spin_unlock, type Lock } from '../sched/spinlock';
import type { Mm } from '../../task';
import type { Page, XenKernel } from '../../xen/guest';

// What the reverse mapping is made of: the vmas that map a file or share an
// anonymous region, its pages, and how many entries map each.

/** What kind of mapping a vma is. `private` has an anon_vma, since some of its pages were copied on write, so fork copies its entries. */
export type Mapping = 'private' | 'shared' | 'nonlinear' | 'anonymous';

/** A vma as the reverse mapping knows it: where `mm` maps the file (or the anonymous region) from its beginning. */
export interface MappedRange {
  readonly [key: string]: Mm | number | Mapping;
  readonly mm: Mm;
  readonly start: number;
  readonly end: number;
  readonly mapping: Mapping;
}

interface ReverseMapFields {
  /** The vmas in the tree (i_mmap), on the list of nonlinear ones, or on that of an anon_vma, in the order in which they were added. */
  vmas: readonly MappedRange[];
  lock: Cpu | null;
}

/** struct address_space with i_mmap_lock, or struct anon_vma with its lock. */
export class ReverseMap extends inMemory<ReverseMapFields>({ vmas: [], lock: null }) {
  /**
   * @param mapping how its pages are mapped, everywhere alike
   * @param offsets where in it the pages in memory are, in bytes
   */
  constructor(store: Store, name: string, readonly mapping: Mapping, readonly offsets: readonly number[]) {
    super(store, name);
  }

  /** Whether the pages have no file, and go to swap. */
  get anonymous(): boolean {
    return this.mapping === 'anonymous';
  }
}

/** A page of a file or of an anonymous region, with its place in it. */
export class MappedPage extends Entity {
  /** @param offset bytes from the beginning of what is mapped */
  constructor(name: string, readonly page: Page, readonly map: ReverseMap, readonly offset: number) {
    super(name);
  }
}

/** i_mmap_lock, or the lock of the anon_vma. */
export const lockOf = (map: ReverseMap): Lock => ({ of: map, field: 'lock' });

/** The vmas in the tree or on the list of an anon_vma. The caller holds the lock, so they stay. */
export const vmasOf = silently((map: ReverseMap) => `vmas of ${map.name}`, (_cpu: Cpu, map: ReverseMap) => map.vmas.filter(({ mapping }) => mapping !== 'nonlinear'));

/** Those on the list of nonlinear ones. */
export const nonlinearVmasOf = silently((map: ReverseMap) => `${map.name}_nonlinear`, (_cpu: Cpu, map: ReverseMap) => map.vmas.filter(({ mapping }) => mapping === 'nonlinear'));

const addVma = instruction((map: ReverseMap, vma: MappedRange) => `vma_prio_tree_add(${vma.mm.name}, ${map.name})`, (_cpu: Cpu, map: ReverseMap, vma: MappedRange) => {
  map.vmas = [...map.vmas, vma];
});

const removeVma = instruction((map: ReverseMap, mm: Mm) => `vma_prio_tree_remove(${mm.name}, ${map.name})`, (_cpu: Cpu, map: ReverseMap, mm: Mm) => {
  map.vmas = map.vmas.filter((vma) => vma.mm !== mm);
});

/**
 * mm/mmap.c:396-416 (2.6.23), __vma_link_file(); mm/rmap.c:110-119 (2.6.23), anon_vma_link(). Makes a vma visible to paths that look for the users of its pages.
 * Model: leaves out atomic_dec, i_mmap_writable, flush_dcache_mmap_lock, vma_nonlinear_insert, vma_prio_tree_insert, i_mmap, flush_dcache_mmap_unlock, anon_vma, lock, list_add_tail,
 * anon_vma_node, head: the tree and the lists are one list.
 */
export const link_vma = path(function* link_vma(k: XenKernel, map: ReverseMap, vma: MappedRange): Path {
  yield* spin_lock(k, lockOf(map));
  yield* addVma(map, vma);
  yield* spin_unlock(k, lockOf(map));
});

/**
 * mm/mmap.c:208-218 (2.6.23), unlink_file_vma(), and mm/rmap.c, anon_vma_unlink().
 * Model: leaves out i_mmap_lock, __remove_shared_vm_struct: the tree and the lists are one list.
 */
export const unlink_vma = path(function* unlink_vma(k: XenKernel, map: ReverseMap, mm: Mm): Path {
  yield* spin_lock(k, lockOf(map));
  yield* removeVma(map, mm);
  yield* spin_unlock(k, lockOf(map));
});

/** page_mapcount() */
export const page_mapcount = instruction((page: Page) => `page_mapcount(${page.name})`, (_cpu: Cpu, page: Page) => page._mapcount);

/** mm/rmap.c:614-649 (2.6.23), page_remove_rmap(): a locked instruction. The caller holds the lock of the entry. */
export const page_remove_rmap = instruction((page: Page) => `atomic_add_negative(-1, &${page.name}->_mapcount)`, (_cpu: Cpu, page: Page) => { page._mapcount--; }, { locked: true });

/** include/linux/rmap.h:82-85 (2.6.23), page_dup_rmap(); page_add_file_rmap() for a page that is mapped for the first time. */
export const page_dup_rmap = instruction((page: Page) => `atomic_inc(&${page.name}->_mapcount)`, (_cpu: Cpu, page: Page) => { page._mapcount++; }, { locked: true });
