import { flushesEnd } from '../../invariants/flushes-end';
import type { MemoryOrder } from '../../hardware/store-buffer';
import { remove_migration_pte, try_to_unmap_one } from '../../kernel/linux-3.13/migrate';
import { change_protection_range, declarePending } from '../../kernel/linux-3.13/mprotect';
import type { Address } from '../../kernel/linux-4.14/mprotect';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { path, type Path } from '../../path';
import { copy_page, put_page, reuse, userRead, userWrite, type Page, type Pages } from '../scenes/pages';
import { SmpScene, toUserMode } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 104: one thread makes a page inaccessible and flushes later; in between
// another one migrates the page, and writes through its old translation.

const PAGE = 0x08048000;
/** Where nothing is mapped, in another page table. */
const ELSEWHERE = 0x0a000000;

/** mm/migrate.c (3.12), unmap_and_move() in part: unmaps, copies and maps again one page, and frees the old one. */
const unmap_and_move = path(function* unmap_and_move(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, at: Address, old: Page, fresh: Page, held: boolean): Path {
  const pte = yield* try_to_unmap_one(k, q, t, mm, at);
  if (pte === 0) return;
  yield* copy_page(old, fresh);
  yield* remove_migration_pte(k, mm, at, fresh.frame | (pte & 0xfff));
  if (held) return;
  yield* put_page(old);
  yield* reuse(old, 0x5ec7e7);
});

/** Ours: a thread that needs memory, moves a page of its own by compaction, goes back to user mode, and writes. */
const moveAndWrite = path(function* moveAndWrite(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, at: Address, old: Page, fresh: Page, pages: Pages, moves: boolean, held: boolean, accesses: number): Path {
  if (moves) yield* unmap_and_move(k, q, t, mm, at, old, fresh, held);
  yield* toUserMode();
  for (let i = 0; i < accesses; i++) yield* userWrite(pages, PAGE, 0x77);
});

/** Ours: what happened before: the thread has used the page. */
const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { order, moves, held, accesses, scanners } = parameters;
  const scene = new SmpScene({ cpus: 1 + (scanners as number), release: '3.12', hunks, config: { X86_64: true }, processor: { order: order as MemoryOrder } });
  const { kernel, pages, store } = scene;
  const [scanner, user, second] = scene.cpus as [never, never, never];
  const mm = scene.mm('editor.mm');
  const old = scene.page('the old page', 0x01d, { mm, va: PAGE });
  const fresh = scene.page('the new page', 0);
  scene.table(mm, ELSEWHERE);
  const t = new TlbStates(kernel);
  declarePending(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func_remote(k, info)) as never);
  installCallFunction(kernel, q);
  scene.killOnFault();
  const at = (va: number): Address => ({ va, ptl: scene.ptl(mm, va) });
  scene.before(scanner, switch_mm_irqs_off(kernel, t, mm));
  scene.before(user, usedBefore(kernel, t, mm, pages));
  scene.task(scanner, 'scanner', () => change_protection_range(kernel, q, t, mm, at(PAGE)), { mm });
  scene.task(user, 'user', () => moveAndWrite(kernel, q, t, mm, at(PAGE), old, fresh, pages, moves as boolean, held as boolean, accesses as number), { mm });
  if (scanners === 2) {
    scene.before(second, switch_mm_irqs_off(kernel, t, mm));
    scene.task(second, 'second', () => change_protection_range(kernel, q, t, mm, at(ELSEWHERE)), { mm });
  }
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { freedPageUnreached: pages.freedPageUnreached, flushesEnd: flushesEnd(kernel) };
  return scene.system(invariants.map((name) => all[name as keyof typeof all]), () => `the old page is ${old.state}; user ${kernel.current(user).signal ?? 'lives'}`);
}

export const flushPendingSituations: readonly Situation[] = [{
  id: 'flush-pending/migrate',
  patch: 'flush-pending',
  title: 'A thread of "editor" makes a page inaccessible and flushes later; in between another one moves the page, and writes to it.',
  parameters: {
    order: { about: 'whether stores can wait in a buffer', legal: ['SC', 'TSO'], initially: 'SC' },
    moves: { about: 'whether the page is moved at all', legal: [true, false], initially: true },
    held: { about: 'whether another reference keeps the old page from being freed', legal: [false, true], initially: false },
    accesses: { about: 'how often the thread writes to it', legal: [1, 2], initially: 1 },
    scanners: { about: 'threads that make pages inaccessible; the second one finds nothing in its range', legal: [1, 2], initially: 1 },
  },
  invariants: ['freedPageUnreached', 'flushesEnd'],
  reviewed: [{}],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['mmap_sem: task_numa_work() holds it for reading', 'the repair of a NUMA hinting fault: a thread that faults is killed', 'page locks and reference counts'],
  build,
}];
