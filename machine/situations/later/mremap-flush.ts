import { move_ptes, type Move } from '../../kernel/linux-4.14/mremap';
import { pte_none, ptep_get_and_clear } from '../../kernel/linux-4.14/pgtable';
import { flush_tlb_func_remote, flush_tlb_mm_range, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { arch_spin_lock, arch_spin_unlock } from '../../kernel/words/spinlock';
import { path, type Path } from '../../path';
import { put_page, reuse, userRead, userWrite, type Page, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode, USER_RW } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 102: one thread moves a page to another address, another unmaps the page
// at its new address and frees it, and a third thread still uses the old address.

const OLD = 0x08048000;
const NEAR = 0x08050000;
const FAR = 0x0a048000;

/** mm/memory.c (4.14), zap_pte_range(), as truncation calls it for a page of a file: it holds no lock of the address space. */
const truncate = path(function* truncate(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, move: Move, page: Page): Path {
  yield* arch_spin_lock(move.newPtl);
  const pte = yield* ptep_get_and_clear(k, mm, move.to);
  if (!pte_none(pte)) yield* flush_tlb_mm_range(k, q, t, mm, move.to, move.to + 0x1000, false);
  yield* arch_spin_unlock(move.newPtl);
  if (pte_none(pte)) return;
  yield* put_page(page);
  yield* reuse(page, 0x5ec7e7);
});

const use = path(function* use(pages: Pages, access: string, times: number): Path {
  yield* toUserMode();
  for (let i = 0; i < times; i++) {
    if (access === 'reads') yield* userRead(pages, OLD);
    else yield* userWrite(pages, OLD, 0x77);
  }
});

/** What the third thread did before: it has used the old address. */
const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, OLD);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, access, accesses, dirty, tables } = parameters;
  const scene = new SmpScene({ cpus: 3, release: release as string, hunks, config: { X86_64: true } });
  const { kernel, pages, store } = scene;
  const [mover, other, user] = scene.cpus as [never, never, never];
  const mm = scene.mm('editor.mm');
  const to = tables === 2 ? FAR : NEAR;
  const D = 0x40;
  const page = scene.page('the page', 0x01d, { mm, va: OLD, flags: dirty ? USER_RW : USER_RW & ~D });
  scene.table(mm, to);
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func_remote(k, info)) as never);
  installCallFunction(kernel, q);
  scene.killOnFault();
  const move: Move = { from: OLD, to, oldPtl: scene.ptl(mm, OLD), newPtl: scene.ptl(mm, to) };
  scene.before(mover, switch_mm_irqs_off(kernel, t, mm));
  scene.before(user, usedBefore(kernel, t, mm, pages));
  scene.task(mover, 'mover', () => move_ptes(kernel, q, t, mm, move), { mm });
  scene.task(other, 'truncate', () => truncate(kernel, q, t, mm, move, page), { mm: kernel.init_mm });
  scene.task(user, 'user', () => use(pages, access as string, accesses as number), { mm });
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { freedPageUnreached: pages.freedPageUnreached };
  return scene.system(invariants.map((name) => all[name as keyof typeof all]), () => `the page is ${page.state}; user ${kernel.current(user).signal ?? 'lives'}`);
}

export const mremapFlushSituations: readonly Situation[] = [{
  id: 'mremap-flush/move',
  patch: 'mremap-flush',
  title: 'A thread of "editor" moves a page by mremap(), truncation removes it at its new address, and a third thread uses the old address.',
  parameters: {
    release: { about: 'the kernel: 4.8 flushes at the very end, 4.9 flushes dirty pages under the lock of the old table', legal: ['4.14', '4.8'], initially: '4.14' },
    access: { about: 'what the third thread does', legal: ['reads', 'writes'], initially: 'reads' },
    accesses: { about: 'how often it does so: the second access can use what the first has put into the TLB', legal: [1, 2], initially: 2 },
    dirty: { about: 'whether the entry is dirty when the page moves', legal: [false, true], initially: false },
    tables: { about: 'whether the addresses go through one page table or two', legal: [2, 1], initially: 2 },
  },
  invariants: ['freedPageUnreached'],
  reviewed: [{ dirty: false }, { dirty: true }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['more than one page, and the batches of 512', 'mmap_sem and the locks of the reverse mapping, which truncation does not share with mremap() for such a page', 'large pages, which had the same bug'],
  build,
}];
