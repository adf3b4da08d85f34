import type { Cpu } from '../../hardware/cpu';
import { exit_mm, exitUntilUnpinned, unmap_region } from '../../kernel/linux-2.6/mm/exit-mmap';
import { __do_fault } from '../../kernel/linux-2.6/mm/memory';
import { link_vma, type MappedRange, type ReverseMap } from '../../kernel/linux-2.6/mm/reverse-map';
import type { Mm } from '../../kernel/task';
import { xen_boot } from '../../kernel/xen/boot';
import type { XenKernel } from '../../kernel/xen/guest';
import { kmap_atomic_pte } from '../../kernel/xen/highmem';
import { path, silently, type Path } from '../../path';
import { fileFlags, sharedFile, visitors } from './cast';
import { MACHINE, REQUIREMENTS, situation, VISIT, young } from './situation';
import type { Situation } from '../types';

// Tables that are added to, or removed from, a page table which Xen already
// has; and the page table of boot.

/** A page of the address space outside of the file, which is never accessed. */
const HEAP = 0x10000000;

const ptePages = silently((_k, mm: Mm) => `pte pages of ${mm.name}`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.userPtePages(k.pgdPage(mm)).map(({ page }) => page));

/** kernel/exit.c (2.6.23), exit_mm(), until the page table is ordinary memory again and the pte pages are mapped to be emptied. */
const exitUntilMapped = path(function* exitUntilMapped(k: XenKernel, mm: Mm): Path {
  yield* exitUntilUnpinned(k);
  for (const page of yield* ptePages(k, mm)) if (page.highmem) yield* kmap_atomic_pte(k, page);
});

const growAndShrink = path(function* growAndShrink(k: XenKernel, mm: Mm, address: number, entry: number, map: ReverseMap, ending: string): Path {
  yield* __do_fault(k, mm, address, entry);
  if (ending === 'munmap, then exit') {
    yield* __do_fault(k, mm, HEAP, entry);
    yield* unmap_region(k, mm, [], HEAP);
  }
  if (ending === 'exit, until it is mapped') yield* exitUntilMapped(k, mm);
  if (ending.endsWith('exit')) yield* exit_mm(k, [map]);
  if (ending === 'munmap') yield* unmap_region(k, mm, [map], 0);
});

/** A task touches a page for the first time, and later unmaps it or exits. */
const grow = situation('grow', 'An editor touches a page for the first time, which adds a pte page to its pinned page table, and later unmaps it or exits.', {
  release: MACHINE['release']!, pae: MACHINE['pae']!, NR_CPUS: MACHINE['NR_CPUS']!, visitors: { ...MACHINE['visitors']!, initially: 0 }, ...VISIT,
  ending: { about: 'how the new pte page leaves; a high one stays, or is followed until it is mapped to be emptied, because the model has no kmap_atomic() for its entries', legal: ['munmap', 'exit', 'munmap, then exit', 'exit, until it is mapped', 'never'], initially: 'munmap' },
  highmem: { about: 'whether the new pte page is in highmem with a stray kernel mapping; then no CPU uses the reverse mapping, since it would need kmap_atomic()', legal: [false, true], initially: false },
}, (background, choice) => {
  const { kernel } = background;
  const file = sharedFile(background, 1);
  const mm = background.pinned(background.addressSpace('editor.mm', []));
  file.map.vmas = [{ mm, start: file.start, end: file.end, mapping: 'private' }];
  const highmem = choice.parameters['highmem'] === true;
  background.freePages(['editor.pte0', 'editor.pte1'], { highmem });
  const entry = kernel.pte(file.pages[0]!.page, fileFlags('private', young(choice)));
  background.task('editor', background.cpus[0]!, mm, () => growAndShrink(kernel, mm, file.populated[0]!, entry, file.map, String(choice.parameters['ending'])));
  if (!highmem) visitors(background, choice, file);
  return [mm];
}, { reviewed: [{ ending: 'munmap' }, { ending: 'exit' }, { ending: 'munmap, then exit', release: '2.6.23-rc9', visitors: 1 }] });

const mapAndUnmap = path(function* mapAndUnmap(k: XenKernel, vma: MappedRange, map: ReverseMap, entry: number, times: number, exits: boolean): Path {
  for (let time = 0; time < times; time++) {
    yield* link_vma(k, map, vma);
    yield* __do_fault(k, vma.mm, vma.start, entry);
    yield* unmap_region(k, vma.mm, [map], 0);
  }
  if (exits) yield* exit_mm(k, [map]);
});

/** An address where nothing else is mapped: its gigabyte has its own middle table. */
const LONELY = 0x40000000;

/** From 2.6.25 on, the middle table of PAE is freed with the last mapping below it, and made again with the next. */
const mmap = situation('mmap', 'An editor maps one page at 0x40000000, where nothing else is mapped, touches it, and unmaps it again.', {
  release: { ...MACHINE['release']!, initially: '2.6.25' }, pae: MACHINE['pae']!, NR_CPUS: MACHINE['NR_CPUS']!, visitors: { ...MACHINE['visitors']!, initially: 0 }, ...VISIT,
  times: { about: 'how often', legal: [1, 2], initially: 1 },
  exits: { about: 'whether it exits then', legal: [false, true], initially: false },
}, (background, choice) => {
  const { kernel } = background;
  const file = sharedFile(background, 1, { start: LONELY });
  const mm = background.pinned(background.addressSpace('editor.mm', []));
  background.freePages(['free0', 'free1']);
  const vma: MappedRange = { mm, start: file.start, end: file.end, mapping: 'private' };
  const entry = kernel.pte(file.pages[0]!.page, fileFlags('private', young(choice)));
  background.task('editor', background.cpus[0]!, mm, () => mapAndUnmap(kernel, vma, file.map, entry, Number(choice.parameters['times']), choice.parameters['exits'] === true));
  visitors(background, choice, file);
  return [mm];
}, { reviewed: [{ times: 2, exits: true }] });

/** The kernel leaves the page table of Xen's domain builder for its own. */
const boot = situation('boot', 'The kernel boots on the page table that Xen has built for it, and moves to its own.', {
  release: MACHINE['release']!, pae: { ...MACHINE['pae']!, initially: false },
}, (background) => {
  background.task('swapper', background.cpus[0]!, null, () => xen_boot(background.kernel));
  return [];
}, { boots: false, invariants: [...REQUIREMENTS, 'bootTablePinned'], requirements: [...REQUIREMENTS, 'bootTablePinned'], reviewed: [{ pae: false }, { pae: true }] });

export const xenTableSituations: readonly Situation[] = [grow, mmap, boot];
