import type { Cpu } from '../../hardware/cpu';
import { load } from '../../hardware/instructions';
import { neverSchedulesAtomically } from '../../invariants/quiet-ends';
import { oneTranslationOfEachAddress } from '../../invariants/one-translation';
import { __change_page_attr_set_clr, change_page_attr_set_clr, type CpaLocks } from '../../kernel/linux-2.6.25/pageattr';
import { __native_flush_tlb_global } from '../../kernel/linux-2.6.25/tlbflush';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { PAGE_OFFSET, type Kernel } from '../../kernel/kernel';
import { pgdEntry } from '../../kernel/linux-2.6/mm/pgtable';
import { u32 } from '../../kernel/words/widths';
import { path, type Path } from '../../path';
import { SmpScene } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 110: one CPU makes a kernel page in a large mapping read-only, while
// another one reads it, or does the same to the page next to it.

/** Two pages of the last large mapping of lowmem. */
const PAGE = PAGE_OFFSET + 3 * 0x400000 + 0x1000;
const BESIDE = PAGE + 0x1000;

const read = path(function* read(): Path {
  yield* load(PAGE);
  yield* load(PAGE);
});

/** With CONFIG_DEBUG_PAGEALLOC all of lowmem is mapped in small pages from the start. */
function mapInSmallPages(k: Kernel): void {
  const table = k.frames.alloc();
  const pde = k.memory.read32(pgdEntry(k.init_mm, PAGE));
  for (let i = 0; i < 1024; i++) k.memory.write32(table + 4 * i, ((pde & -0x400000) >>> 0) + 0x1000 * i | 0x163);
  k.memory.write32(pgdEntry(k.init_mm, PAGE), table | 0x63);
}

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { other, sizes, until, debugPagealloc } = parameters;
  const scene = new SmpScene({
    cpus: 2, release: '2.6.27', hunks,
    processor: { severalSizes: sizes as boolean, earlyFills: [other === 'reads it' ? PAGE : BESIDE] },
  });
  const { kernel, store } = scene;
  const [cpu0, cpu1] = scene.cpus as [Cpu, Cpu];
  if (debugPagealloc) mapInSmallPages(kernel);
  const locks: CpaLocks = { cpa_lock: kernel.words.declare('cpa_lock', u32), pgd_lock: kernel.words.declare('pgd_lock', u32) };
  const q = new CallQueues(kernel, store, ((k: Kernel) => __native_flush_tlb_global(k)) as never);
  installCallFunction(kernel, q);
  const change = (address: number) => (until === 'flushed' ? change_page_attr_set_clr : __change_page_attr_set_clr)(kernel, q, locks, address);
  const none = { mm: null, active: kernel.init_mm };
  scene.task(cpu0, 'changer', () => change(PAGE), none);
  if (other === 'reads it') scene.task(cpu1, 'reader', () => read(), none);
  else scene.task(cpu1, 'other changer', () => change(BESIDE), none);
  for (const cpu of scene.cpus) Object.assign(cpu, { cpl: 0, IF: true });
  const all = [oneTranslationOfEachAddress(scene.cpus, [PAGE, BESIDE]), neverSchedulesAtomically(kernel)];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => 'changed');
}

export const largePageSplitSituations: readonly Situation[] = [{
  id: 'large-page-split/change',
  patch: 'large-page-split',
  title: 'A CPU makes a page of a large kernel mapping read-only, while another one reads it or changes the page beside it.',
  parameters: {
    other: { about: 'what the other CPU does meanwhile', legal: ['reads it', 'changes the page beside'], initially: 'reads it' },
    sizes: { about: 'whether a TLB can have a small and a large translation of one address at once', legal: [true, false], initially: true },
    until: { about: 'how far the changes are followed: until the entry has changed, or until all CPUs have flushed after it', legal: ['changed', 'flushed'], initially: 'changed' },
    debugPagealloc: { about: 'CONFIG_DEBUG_PAGEALLOC: all small pages from the start', legal: [false, true], initially: false },
  },
  invariants: ['oneTranslationOfEachAddress', 'neverSchedulesAtomically'],
  reviewed: [{}, { other: 'changes the page beside' }],
  bounds: {},
  leavesOut: ['other page directories, which get the same entry', 'aliases of the page', 'memory types and the caches'],
  build,
}];
