import { unmap_page_range } from '../../kernel/linux-4.14/memory';
import { MmuGather, tlb_finish_mmu, tlb_gather_mmu } from '../../kernel/linux-4.14/mmu-gather';
import { change_protection_range, type Address } from '../../kernel/linux-4.14/mprotect';
import { declareBatched, try_to_unmap_flush, try_to_unmap_one, type Mapped } from '../../kernel/linux-4.14/rmap';
import { enter_lazy_tlb, flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { MemoryOrder } from '../../hardware/store-buffer';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { path, type Path } from '../../path';
import type { Value } from '../../state/hash';
import { put_page, returnsFrom, reuse, userRead, userWrite, type Page, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 103: kswapd unmaps a page and flushes later; in between a thread changes
// the rights of the address, and another one continues to use it.

const PAGE = 0x08048000;
/** Below it, mapped by another page table. */
const BELOW = 0x07e00000;
/** What an earlier round of reclaim has taken. */
const EARLIER = 0x0a000000;

/** mm/vmscan.c (4.14), shrink_page_list() in part: one page, flushed before it is freed. */
const shrink_page_list = path(function* shrink_page_list(k: Kernel, q: CallQueues, t: TlbStates, mapped: Mapped, page: Page): Path {
  const batch = yield* try_to_unmap_one(k, q, t, 0, mapped);
  if (batch === null) return;
  yield* try_to_unmap_flush(k, q, t, batch);
  yield* put_page(page);
  yield* reuse(page, 0x5ec7e7);
});

/** Ours: kswapd has unmapped the page and goes on to collect others: the flush, and with it the release of the page, comes after everything here. */
const keepsTheBatch = path(function* keepsTheBatch(): Path {});

/** What the threads of "editor" do. */
interface Cast {
  readonly [key: string]: Value;
  readonly mm: Mm;
  readonly page: Page;
  readonly pages: Pages;
  readonly tlb: MmuGather;
  readonly call: 'mprotect' | 'munmap' | 'madvise';
  readonly access: string;
  readonly accesses: number;
}

const CALLED = { mprotect: 'mprotect(PROT_READ)', munmap: 'munmap()', madvise: 'madvise(MADV_DONTNEED)' } as const;

/** Ours: a system call that changes the rights of a range, until it has returned. */
const systemCall = path(function* systemCall(k: Kernel, q: CallQueues, t: TlbStates, { mm, call, page, pages, tlb }: Cast, range: readonly Address[]): Path {
  const rights = range.filter(({ va }) => va === PAGE).map(({ va }) => pages.rightsAt(va));
  if (call === 'mprotect') {
    yield* change_protection_range(k, q, t, mm, range);
  } else {
    yield* tlb_gather_mmu(k, tlb);
    yield* unmap_page_range(k, q, t, tlb, range.map(({ va, ptl }) => ({ va, ptl, page: va === PAGE ? page : null })));
    yield* tlb_finish_mmu(k, q, t, tlb);
  }
  yield* returnsFrom(CALLED[call], call === 'mprotect' ? 'read' : 'nothing', rights);
});

/** Ours: a thread that uses the page, in user mode. */
const use = path(function* use({ pages, access, accesses }: Cast): Path {
  yield* toUserMode();
  for (let i = 0; i < accesses; i++) {
    if (access === 'reads') yield* userRead(pages, PAGE);
    else yield* userWrite(pages, PAGE, 0x77);
  }
});

/** Ours: a thread that changes the rights of its page and then uses it. */
const callAndUse = path(function* callAndUse(k: Kernel, q: CallQueues, t: TlbStates, cast: Cast, range: readonly Address[]): Path {
  yield* systemCall(k, q, t, cast, range);
  yield* use(cast);
});

/** Ours: what happened before: the user's CPU has the address space, and borrows it while idle. */
const isThereLazily = path(function* isThereLazily(k: Kernel, t: TlbStates, mm: Mm): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* enter_lazy_tlb(k, t);
});

/** Ours: what happened before: a thread has come back, and has used the page. */
const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, order, fills, call, access, accesses, tables, earlier, threads, room, unmapped } = parameters;
  const scene = new SmpScene({
    cpus: 1 + (threads as number), release: release as string, hunks, config: { X86_64: true },
    processor: { order: order as MemoryOrder, earlyFills: fills ? [PAGE] : [] },
  });
  const { kernel, pages, store } = scene;
  const [reclaimer, user, other] = scene.cpus as [never, never, never];
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d, { mm, va: PAGE });
  const taken = scene.page('the earlier page', 0x02d, { mm, va: EARLIER });
  if (tables === 2) scene.table(mm, BELOW);
  const t = new TlbStates(kernel);
  declareBatched(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func_remote(k, info)) as never);
  installCallFunction(kernel, q);
  scene.killOnFault();
  const mapped = (va: number, swap: number): Mapped => ({ mm, va, ptl: scene.ptl(mm, va), swap });
  scene.before(user, isThereLazily(kernel, t, mm));
  if (earlier) scene.before(reclaimer, shrink_page_list(kernel, q, t, mapped(EARLIER, 1), taken));
  scene.before(user, usedBefore(kernel, t, mm, pages));
  if (threads === 2) scene.before(other, switch_mm_irqs_off(kernel, t, mm));
  if (unmapped) scene.before(reclaimer, try_to_unmap_one(kernel, q, t, 0, mapped(PAGE, 2)));
  pages.rightsAt(PAGE);
  const gather = (name: string): MmuGather => new MmuGather(store, `tlb of ${name}`, mm, { room: room as number });
  const cast: Cast = { mm, page, pages, tlb: gather('user'), call: call as Cast['call'], access: access as string, accesses: accesses as number };
  const gatherOfOther = gather('other');
  const at = (va: number): Address => ({ va, ptl: scene.ptl(mm, va) });
  const below = tables === 2 ? [at(BELOW)] : [];
  scene.task(reclaimer, 'kswapd', () => (unmapped ? keepsTheBatch() : shrink_page_list(kernel, q, t, mapped(PAGE, 2), page)), { mm: null, active: kernel.init_mm });
  scene.task(user, 'user', () => callAndUse(kernel, q, t, cast, threads === 1 ? [...below, at(PAGE)] : [at(PAGE)]), { mm });
  if (threads === 2) scene.task(other, 'other', () => systemCall(kernel, q, t, { ...cast, tlb: gatherOfOther }, below), { mm });
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { forbiddenAccessRefused: pages.forbiddenAccessRefused, freedPageUnreached: pages.freedPageUnreached };
  const system = scene.system(invariants.map((name) => all[name as keyof typeof all]), () => `the page is ${page.state}; user ${kernel.current(user).signal ?? 'lives'}`);
  // Once kswapd is done, nothing maps the page, and there is no translation left that a CPU could load early.
  return { ...system, runsOut: true };
}

export const batchedFlushSituations: readonly Situation[] = [{
  id: 'batched-flush/reclaim',
  patch: 'batched-flush',
  title: 'kswapd unmaps a page of "editor" and flushes later; in between a thread changes the permissions of the address, and uses it.',
  parameters: {
    release: { about: 'the kernel: 4.2 flushes under the lock of the page table, 4.12 later', legal: ['4.12', '4.2'], initially: '4.12' },
    order: { about: 'whether stores can wait in a buffer', legal: ['SC', 'TSO'], initially: 'SC' },
    call: { about: 'what the thread calls', legal: ['mprotect', 'munmap', 'madvise'], initially: 'mprotect' },
    access: { about: 'what is done to the page afterwards', legal: ['writes', 'reads'], initially: 'writes' },
    accesses: { about: 'how often', legal: [1, 2], initially: 1 },
    tables: { about: 'whether the range lies in one page table or two', legal: [1, 2], initially: 1 },
    fills: { about: 'whether a CPU may fill its TLB at any time', legal: [true, false], initially: true },
    earlier: { about: 'whether an earlier round of reclaim has unmapped a page of "editor" before', legal: [false, true], initially: false },
    unmapped: { about: 'whether kswapd has unmapped the page already, and flushes only after everything else', legal: [false, true], initially: false },
    room: { about: 'how many pages munmap() can gather before it has to flush', legal: [8, 1], initially: 8 },
    threads: { about: 'whether one thread calls for the whole range, or two threads for one table each, which mmap_sem allows only for madvise', legal: [1, 2], initially: 1 },
  },
  invariants: ['forbiddenAccessRefused', 'freedPageUnreached'],
  reviewed: [{}, { call: 'munmap' }, { tables: 2, earlier: true }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['more than one page in a batch', 'mmap_sem, which reclaim does not take', 'page locks and reference counts', 'swapping a page in again: a thread that faults is killed'],
  build,
}];
