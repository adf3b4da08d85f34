import type { MemoryOrder } from '../../hardware/store-buffer';
import { PAGE_FAULT } from '../../hardware/cpu';
import type { Kernel } from '../../kernel/kernel';
import { declareFlushPending } from '../../kernel/linux-4.14/flush-pending';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { writeFault } from '../../kernel/linux-5.11/memory';
import { mwriteprotect_range } from '../../kernel/linux-5.11/userfaultfd';
import { declareMmapLocks } from '../../kernel/linux-6/mmap-lock';
import type { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Mm } from '../../kernel/task';
import { path, type Path } from '../../path';
import { userWrite, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 116: a monitor write-protects a page and flushes later; in between one
// thread triggers a copy of the page, and another one writes to it.

const PAGE = 0x08048000;

/** A thread in user mode. */
const use = path(function* use(pages: Pages, word: number): Path {
  yield* userWrite(pages, PAGE, word);
});

/** What happened before: the thread has written to the page. */
const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* toUserMode();
  yield* use(pages, 0x11);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { order, asks, held } = parameters;
  const scene = new SmpScene({ cpus: 3, release: '5.11', hunks, config: { X86_64: true }, processor: { order: order as MemoryOrder } });
  const { kernel, pages } = scene;
  const [copier, writer, monitor] = scene.cpus as [never, never, never];
  const [mm, monitors_mm] = [scene.mm('editor.mm'), scene.mm('monitor.mm')];
  const page = scene.page('the old page', 0x01d, { mm, va: PAGE });
  const fresh = scene.page('the new page', 0);
  const at = { va: PAGE, ptl: scene.ptl(mm, PAGE) };
  const { t, q } = scene.calls((k, info: FlushTlbInfo) => flush_tlb_func_remote(k, info));
  declareMmapLocks(kernel);
  declareFlushPending(kernel);
  scene.killOnFault();
  scene.before(copier, switch_mm_irqs_off(kernel, t, mm));
  scene.before(writer, usedBefore(kernel, t, mm, pages));
  scene.cpus[0]!.idt.set(PAGE_FAULT, { kind: 'trap', handler: () => writeFault(kernel, q, t, { mm, at, page, fresh, isHeld: held as boolean }) });
  scene.task(copier, 'copier', () => use(pages, 0x22), { mm, inUserMode: true });
  scene.task(writer, 'writer', () => use(pages, 0x33), { mm, inUserMode: true });
  scene.before(monitor, switch_mm_irqs_off(kernel, t, monitors_mm));
  scene.task(monitor, 'monitor', () => mwriteprotect_range(kernel, q, t, mm, at, asks === 'protect'), { mm: monitors_mm });
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { freedPageUnreached: pages.freedPageUnreached };
  return scene.system(invariants.map((one) => all[one as keyof typeof all]), () => `the old page is ${page.state}; writer ${kernel.current(writer).signal ?? 'lives'}`);
}

export const uffdWpSituations: readonly Situation[] = [{
  id: 'uffd-wp/copy',
  patch: 'uffd-wp',
  title: 'A monitor write-protects a page and flushes later; in between one thread causes the page to be copied, and another one writes to it.',
  parameters: {
    order: { about: 'whether stores can wait in a buffer', legal: ['SC', 'TSO'], initially: 'SC' },
    asks: { about: 'whether the monitor removes a protection, which the page does not have, or protects the page', legal: ['unprotect', 'protect'], initially: 'unprotect' },
    held: { about: 'whether there is another reference to the page, so that a write copies it', legal: [true, false], initially: true },
  },
  invariants: ['freedPageUnreached'],
  reviewed: [{}],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['a second thread of the monitor', 'the repair of a fault of the other thread: one that faults is killed', 'who wakes a thread whose fault went to the monitor', 'areas that userfaultfd does not watch'],
  build,
}];
