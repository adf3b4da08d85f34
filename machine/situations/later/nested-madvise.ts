import { flushesEnd } from '../../invariants/flushes-end';
import { unmap_page_range, type MappedAt } from '../../kernel/linux-4.14/memory';
import { declareGathers, MmuGather, tlb_finish_mmu, tlb_gather_mmu } from '../../kernel/linux-4.14/mmu-gather';
import { declareBatched } from '../../kernel/linux-4.14/rmap';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import type { CallQueues } from '../../kernel/linux-6/smp';
import type { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { path, type Path } from '../../path';
import { returnsFrom, userRead, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 115: two threads discard the same page with madvise(); the second one finds nothing mapped.

const PAGE = 0x08048000;

/** mm/madvise.c (4.12), madvise_dontneed(). */
const madvise_dontneed = path(function* madvise_dontneed(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, range: readonly MappedAt[]): Path {
  yield* tlb_gather_mmu(k, tlb);
  yield* unmap_page_range(k, q, t, tlb, range);
  yield* tlb_finish_mmu(k, q, t, tlb);
});

const giveUp = path(function* giveUp(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, range: readonly MappedAt[], pages: Pages, reads: boolean): Path {
  yield* madvise_dontneed(k, q, t, tlb, range);
  if (!reads) return;
  yield* returnsFrom('madvise(MADV_DONTNEED)', 'nothing', [pages.rightsAt(PAGE)]);
  yield* toUserMode();
  yield* userRead(pages, PAGE);
});

const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, same } = parameters;
  const scene = new SmpScene({ cpus: 2, release: release as string, hunks, config: { X86_64: true } });
  const { kernel, pages, store } = scene;
  const [cpu0, cpu1] = scene.cpus as [never, never];
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d, { mm, va: PAGE });
  const { t, q } = scene.calls((k, info: FlushTlbInfo) => flush_tlb_func_remote(k, info));
  declareGathers(kernel);
  declareBatched(kernel);
  scene.killOnFault();
  pages.rightsAt(PAGE);
  for (const cpu of scene.cpus) scene.before(cpu, usedBefore(kernel, t, mm, pages));
  const range = [{ va: PAGE, ptl: scene.ptl(mm, PAGE), page }];
  const gather = (name: string): MmuGather => new MmuGather(store, `tlb of ${name}`, mm, { room: 8 });
  const [ofFirst, ofSecond] = [gather('first'), gather('second')];
  scene.task(cpu0, 'first', () => giveUp(kernel, q, t, ofFirst, same ? range : [], pages, false), { mm });
  scene.task(cpu1, 'second', () => giveUp(kernel, q, t, ofSecond, range, pages, true), { mm });
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { forbiddenAccessRefused: pages.forbiddenAccessRefused, freedPageUnreached: pages.freedPageUnreached, flushesEnd: flushesEnd(kernel) };
  return scene.system(invariants.map((one) => all[one as keyof typeof all]), () => `the page is ${page.state}`);
}

export const nestedMadviseSituations: readonly Situation[] = [{
  id: 'nested-madvise/dontneed',
  patch: 'nested-madvise',
  title: 'Two threads call madvise(MADV_DONTNEED) for one page, and the second one reads it afterwards.',
  parameters: {
    release: { about: 'the kernel: 4.14 has the patch', legal: ['4.12', '4.14'], initially: '4.12' },
    same: { about: 'whether both threads discard the same page, or the first one discards nothing', legal: [true, false], initially: true },
  },
  invariants: ['forbiddenAccessRefused', 'freedPageUnreached', 'flushesEnd'],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['mmap_sem, which both hold for reading'],
  build,
}];
