import { nothingIsLost } from '../../invariants/nothing-is-lost';
import type { Kernel } from '../../kernel/kernel';
import { change_pte_range, zap_pte_range } from '../../kernel/linux-2.6.25/mprotect';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../kernel/linux-4.14/tlb';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import { _PAGE_ACCESSED, _PAGE_DIRTY } from '../../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../../kernel/task';
import type { Word } from '../../kernel/words/layout';
import { path, type Path } from '../../path';
import { returnsFrom, userRead, userWrite, type Pages, type Rights } from '../scenes/pages';
import { SmpScene, toUserMode, USER_RW } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 113: one thread makes a page of a file read-only, another one writes to
// it, for the first time or again.

const PAGE = 0x08048000;
const BEFORE = 0x01d;

const mprotect = path(function* mprotect(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, ptl: Word, rights: Rights): Path {
  yield* change_pte_range(k, q, t, mm, PAGE, ptl);
  yield* returnsFrom('mprotect(PROT_READ)', 'read', [rights]);
});

const write = path(function* write(pages: Pages, readsFirst: boolean): Path {
  yield* toUserMode();
  if (readsFirst) yield* userRead(pages, PAGE);
  yield* userWrite(pages, PAGE, 0x77);
  yield* userWrite(pages, PAGE, 0x78);
});

/** mm/memory.c (2.6.26), vmtruncate() in part: makes the file empty, and then reads the page, which is beyond its end. */
const truncateAndRead = path(function* truncateAndRead(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, ptl: Word, rights: Rights, pages: Pages): Path {
  yield* zap_pte_range(k, q, t, mm, PAGE, ptl);
  yield* returnsFrom('truncate()', 'nothing', [rights]);
  yield* toUserMode();
  yield* userRead(pages, PAGE);
});

const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* toUserMode();
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { isDirty, isYoung, other } = parameters;
  const scene = new SmpScene({ cpus: 2, release: '2.6.26', hunks, config: { X86_64: true } });
  const { kernel, pages, store } = scene;
  const [changer, writer] = scene.cpus as [never, never];
  const mm = scene.mm('editor.mm');
  const { frame } = scene.page('the page', BEFORE, { mm, va: PAGE, flags: USER_RW & ~(isDirty ? 0 : _PAGE_DIRTY) & ~(isYoung ? 0 : _PAGE_ACCESSED) });
  const ptl = scene.ptl(mm, PAGE);
  const rights = pages.rightsAt(PAGE);
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func_remote(k, info)) as never);
  installCallFunction(kernel, q);
  scene.killOnFault();
  scene.before(changer, switch_mm_irqs_off(kernel, t, mm));
  scene.before(writer, isYoung ? usedBefore(kernel, t, mm, pages) : switch_mm_irqs_off(kernel, t, mm));
  scene.task(changer, 'changer', () => mprotect(kernel, q, t, mm, ptl, rights), { mm });
  if (other === 'writes') scene.task(writer, 'writer', () => write(pages, isYoung === false), { mm });
  else scene.task(writer, 'truncater', () => truncateAndRead(kernel, q, t, mm, ptl, rights, pages), { mm });
  for (const cpu of scene.cpus) Object.assign(cpu, { IF: true });
  const all = [
    nothingIsLost(kernel, { name: 'the page', frame, mm, va: PAGE, disk: () => BEFORE, isDirty: () => false }),
    pages.forbiddenAccessRefused,
  ];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `${kernel.current(writer).name} ${kernel.current(writer).signal ?? 'lives'}; the page has 0x${scene.memory.read32(frame).toString(16)}`);
}

export const modifyProtSituations: readonly Situation[] = [{
  id: 'modify-prot/mprotect',
  patch: 'modify-prot',
  title: 'A thread makes a page of a file read-only, while another thread writes to it.',
  parameters: {
    other: { about: 'what the other thread does: it writes to the page, or it makes the file empty and then reads beyond its end', legal: ['writes', 'truncates'], initially: 'writes' },
    isDirty: { about: 'whether the entry is dirty before', legal: [false, true], initially: false },
    isYoung: { about: 'whether the page has been read before; if not, the writer reads it first, which sets A in the entry', legal: [true, false], initially: true },
  },
  invariants: ['nothingIsLost', 'forbiddenAccessRefused'],
  reviewed: [{}, { other: 'truncates' }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['write-back, which comes later', 'a second mprotect() at once'],
  build,
}];
