import type { Cpu } from '../../hardware/cpu';
import type { MemoryOrder } from '../../hardware/store-buffer';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { flush_batch_of_one, flush_tlb_func, flush_tlb_mm_range, type FlushTlbInfo } from '../../kernel/linux-6/tlb-flush';
import { switch_mm_irqs_off } from '../../kernel/linux-6/tlb-switch';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { instruction, path, type Path } from '../../path';
import { Cell } from '../../state/tracked';
import { put_page, reuse, userRead, type Page, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode, USER_RW, xchg_pte } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 101: one thread maps another page, flushes and frees the old one, while
// another CPU is switching to the address space, whose translations it has kept.

const PAGE = 0x08048000;

const note = instruction((_seen: Cell<string>, word: string) => `read ${word}`, (_cpu: Cpu, seen: Cell<string>, word: string) => { seen.value = word; });

const readPage = path(function* readPage(pages: Pages, seen: Cell<string>): Path {
  const word = yield* userRead(pages, PAGE);
  yield* note(seen, word === 0x01d ? 'the old page' : word === 0x2e3 ? 'the new page' : 'another owner\'s page');
});

/** kernel/sched/core.c (6.14), context_switch(), from where it loads the address space until the task reads a page. */
const switchAndRead = path(function* switchAndRead(k: Kernel, t: TlbStates, mm: Mm, pages: Pages, seen: Cell<string>, accesses: number): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* toUserMode();
  for (let i = 0; i < accesses; i++) yield* readPage(pages, seen);
});

/** What the CPU of the reader did before: it ran a thread of the editor, and then another task. */
const ranBefore = path(function* ranBefore(k: Kernel, t: TlbStates, mm: Mm, other: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, PAGE);
  yield* switch_mm_irqs_off(k, t, other);
});

const changeFlushFree = path(function* changeFlushFree(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, old: Page, fresh: Page): Path {
  yield* xchg_pte(k, mm, PAGE, fresh.frame | USER_RW);
  yield* flush_tlb_mm_range(k, q, t, mm, PAGE, PAGE + 0x1000, false);
  yield* put_page(old);
  yield* reuse(old, 0x5ec7e7);
});

/** mm/vmscan.c (6.14), shrink_folio_list() in part: one page, flushed as a batch before it is freed. */
const reclaim = path(function* reclaim(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, old: Page): Path {
  yield* xchg_pte(k, mm, PAGE, 0);
  yield* flush_batch_of_one(k, q, t, mm);
  yield* put_page(old);
  yield* reuse(old, 0x5ec7e7);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, order, pcids, fills, ran, accesses, readers, flusher } = parameters;
  const scene = new SmpScene({
    cpus: 1 + (readers as number), release: release as string, hunks, config: { X86_64: true },
    processor: { order: order as MemoryOrder, pcids: pcids as boolean, earlyFills: fills ? [PAGE] : [] },
  });
  const { kernel, pages, store } = scene;
  const mm = scene.mm('editor.mm');
  const other = scene.mm('browser.mm');
  const old = scene.page('the old page', 0x01d, { mm, va: PAGE });
  const fresh = scene.page('the new page', 0x2e3);
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func(k, info)) as never);
  installCallFunction(kernel, q);
  const [writer, ...others] = scene.cpus;
  scene.killOnFault();
  if (flusher === 'a thread') {
    scene.before(writer!, switch_mm_irqs_off(kernel, t, mm));
    scene.task(writer!, 'writer', () => changeFlushFree(kernel, q, t, mm, old, fresh), { mm });
  } else {
    scene.task(writer!, 'kswapd', () => reclaim(kernel, q, t, mm, old), { mm: null, active: kernel.init_mm });
  }
  writer!.IF = true;
  const seen = others.map((cpu, i) => {
    const cell = new Cell<string>(store, `what reader${i} has read`, 'nothing');
    scene.before(cpu, ran ? ranBefore(kernel, t, mm, other, pages) : switch_mm_irqs_off(kernel, t, other));
    scene.task(cpu, others.length > 1 ? `reader${i}` : 'reader', () => switchAndRead(kernel, t, mm, pages, cell, accesses as number), { mm });
    return cell;
  });
  const all = { freedPageUnreached: pages.freedPageUnreached };
  return scene.system(invariants.map((name) => all[name as keyof typeof all]), () => `read: ${seen.map(({ value }) => value).join(', ')}`);
}

export const skippedFlushSituations: readonly Situation[] = [{
  id: 'skipped-flush/switch',
  patch: 'skipped-flush',
  title: 'A thread of "editor" maps another page, flushes and frees the old one, while another CPU switches back to "editor" and reads.',
  parameters: {
    release: { about: 'the kernel: 6.12 interrupts every CPU in the mask; 6.12.14 has the filter; 6.14 also updates the mask lazily', legal: ['6.14', '6.12.14', '6.12'], initially: '6.14' },
    order: { about: 'whether stores can wait in a buffer', legal: ['TSO', 'SC'], initially: 'TSO' },
    pcids: { about: 'whether the processor tags its translations', legal: [true, false], initially: true },
    fills: { about: 'whether a CPU may fill its TLB at any time', legal: [false, true], initially: false },
    ran: { about: 'whether the reader\'s CPU has run "editor" before', legal: [true, false], initially: true },
    accesses: { about: 'how often the reader reads its page', legal: [2, 1, 3], initially: 2 },
    flusher: { about: 'who flushes: a thread of "editor" that maps another page, or reclaim, whose batch names no address space', legal: ['a thread', 'reclaim'], initially: 'a thread' },
    readers: { about: 'CPUs that switch to "editor"', legal: [1, 2], initially: 1 },
  },
  invariants: ['freedPageUnreached'],
  reviewed: [{ release: '6.14' }, { release: '6.12.14' }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['the scheduler: each reader begins inside context_switch()', 'trimming of the mask, which only sends more interrupts', 'global identifiers and INVLPGB', 'instructions with LOCK on the way to user mode'],
  build,
}];
