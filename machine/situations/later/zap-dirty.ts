import type { Invariant } from '../../explorer/system';
import { nothingIsLost } from '../../invariants/nothing-is-lost';
import type { Kernel } from '../../kernel/kernel';
import { write_cache_page, zap_pte_range, type Mapped } from '../../kernel/linux-3.14/memory';
import { FilePage } from '../../kernel/linux-3.14/page';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import { _PAGE_ACCESSED, _PAGE_DIRTY, pteEntry } from '../../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../../kernel/task';
import { path, type Path } from '../../path';
import { returnsFrom, userRead, userWrite, type Pages, type Rights } from '../scenes/pages';
import { SmpScene, toUserMode, USER_RW } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 111: one thread unmaps a page of a file, another one still writes to
// it, while write-back runs.

const PAGE = 0x08048000;
const BEFORE = 0x01d;
const WRITTEN = 0x77;

const munmap = path(function* munmap(k: Kernel, q: CallQueues, t: TlbStates, mapped: Mapped, rights: Rights): Path {
  yield* zap_pte_range(k, q, t, mapped);
  yield* returnsFrom('munmap()', 'nothing', [rights]);
});

const use = path(function* use(pages: Pages, hasWritten: boolean): Path {
  yield* toUserMode();
  if (!hasWritten) yield* userRead(pages, PAGE);
  yield* userWrite(pages, PAGE, WRITTEN);
});

/** What the third thread did before: it has used the page, so its TLB has the translation of that time. */
const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages, hasWritten: boolean): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* toUserMode();
  if (hasWritten) yield* userWrite(pages, PAGE, BEFORE);
  else yield* userRead(pages, PAGE);
});

/** When all tasks rest, a page without an entry is not counted as mapped. */
function countAgrees(k: Kernel, { mm, va, page }: Mapped): Invariant {
  return {
    name: 'countAgrees',
    check: () => {
      const isAtRest = k.tasks.every(({ isDone }) => isDone);
      const isMapped = k.memory.read32(pteEntry(k, mm, va)!) !== 0;
      return !isAtRest || page.mapcount === (isMapped ? 1 : 0) ? null : `${page.name} counts as mapped ${page.mapcount} times, and ${isMapped ? 'an' : 'no'} entry leads to it`;
    },
  };
}

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { hasWritten, found } = parameters;
  const scene = new SmpScene({ cpus: 3, release: '3.14', hunks, config: { X86_64: true } });
  const { kernel, pages, store } = scene;
  const [unmapper, flusher, writer] = scene.cpus as [never, never, never];
  const mm = scene.mm('editor.mm');
  const { frame } = scene.page('the page', BEFORE, { mm, va: PAGE, flags: hasWritten ? USER_RW : USER_RW & ~_PAGE_DIRTY });
  const page = new FilePage(store, 'page cache of the page', frame);
  const isMapped = found !== 'no entry';
  if (!isMapped) page.mapcount = 0;
  page.disk = hasWritten && isMapped ? 0 : BEFORE;
  page.PG_dirty = !hasWritten;
  const mapped: Mapped = { mm, va: PAGE, ptl: scene.ptl(mm, PAGE), page };
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func_remote(k, info)) as never);
  installCallFunction(kernel, q);
  const rights = pages.rightsAt(PAGE);
  scene.killOnFault();
  scene.before(unmapper, switch_mm_irqs_off(kernel, t, mm));
  scene.before(writer, isMapped ? usedBefore(kernel, t, mm, pages, hasWritten as boolean) : switch_mm_irqs_off(kernel, t, mm));
  // Reclaim does not flush when it clears A.
  const entry = pteEntry(kernel, mm, PAGE)!;
  if (found === 'an old entry') scene.memory.write32(entry, scene.memory.read32(entry) & ~_PAGE_ACCESSED);
  if (!isMapped) scene.memory.write32(entry, 0);
  scene.task(unmapper, 'unmapper', () => munmap(kernel, q, t, mapped, rights), { mm });
  scene.task(flusher, 'flusher', () => write_cache_page(kernel, q, t, mapped), { mm: null, active: kernel.init_mm });
  scene.task(writer, 'writer', () => use(pages, hasWritten as boolean), { mm });
  for (const cpu of scene.cpus) Object.assign(cpu, { IF: true });
  const all = [nothingIsLost(kernel, { name: page.name, frame, mm, va: PAGE, disk: () => page.disk, isDirty: () => page.PG_dirty }), pages.forbiddenAccessRefused, countAgrees(kernel, mapped)];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `${page.PG_dirty ? 'dirty' : 'clean'}; writer ${kernel.current(writer).signal ?? 'lives'}`);
}

export const zapDirtySituations: readonly Situation[] = [{
  id: 'zap-dirty/munmap',
  patch: 'zap-dirty',
  title: 'A thread unmaps a page of a file to which another thread still writes, while write-back runs.',
  parameters: {
    found: { about: 'what munmap() finds: an entry that was used recently, one that reclaim has marked as old, or none', legal: ['a young entry', 'an old entry', 'no entry'], initially: 'a young entry' },
    hasWritten: { about: 'whether the other thread has written to the page before, so that its TLB has the translation as dirty', legal: [true, false], initially: true },
  },
  invariants: ['nothingIsLost', 'forbiddenAccessRefused', 'countAgrees'],
  reviewed: [{}, { hasWritten: false }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['other mappings of the page', 'the page lock', 'how the clean page is dropped'],
  build,
}];
