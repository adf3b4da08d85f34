import type { Cpu } from '../hardware/cpu';
import { nothingIsLost } from '../invariants/nothing-is-lost';
import type { Kernel } from '../kernel/kernel';
import { change_pte_range } from '../kernel/linux-2.6.25/mprotect';
import { CallQueues, installCallFunction } from '../kernel/linux-6/smp';
import { flush_tlb_func, type FlushTlbInfo } from '../kernel/linux-6/tlb-flush';
import { switch_mm_irqs_off } from '../kernel/linux-6/tlb-switch';
import { TlbStates } from '../kernel/linux-6/tlbstate';
import { _PAGE_DIRTY } from '../kernel/linux-2.6/pgtable';
import type { Mm } from '../kernel/task';
import type { Word } from '../kernel/words/layout';
import { instruction, path, RESTART, type Path } from '../path';
import { Cell } from '../state/tracked';
import { userRead, type Pages } from './scenes/pages';
import { SmpScene, toUserMode, USER_RW } from './scenes/smp';
import type { Choice, Situation } from './types';

// Thread 113: one thread makes a page of a file read-only, another one writes to
// it, for the first time or once more.

const PAGE = 0x08048000;
const BEFORE = 0x01d;

const returned = instruction('mprotect() returns', (_cpu: Cpu, isReadOnly: Cell<boolean>) => { isReadOnly.value = true; });

const mprotect = path(function* mprotect(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, ptl: Word, isReadOnly: Cell<boolean>): Path {
  yield* change_pte_range(k, q, t, mm, PAGE, ptl);
  yield* returned(isReadOnly);
});

/** A write by the task, held against what mprotect() has promised. */
const writeWord = instruction((value: number) => `write 0x${value.toString(16)} to 0x${PAGE.toString(16)}`, (cpu: Cpu, value: number, isReadOnly: Cell<boolean>, harm: Cell<string | null>) => {
  const pa = cpu.translate('write', PAGE);
  if (pa === RESTART) return RESTART;
  if (isReadOnly.value) harm.value ??= `${cpu.context?.name ?? cpu.name} writes to a page after mprotect() has returned that makes it read-only`;
  cpu.memory.write32(pa, value);
  return undefined;
});

const write = path(function* write(isReadOnly: Cell<boolean>, harm: Cell<string | null>): Path {
  yield* toUserMode();
  yield* writeWord(0x77, isReadOnly, harm);
  yield* writeWord(0x78, isReadOnly, harm);
});

const usedBefore = path(function* usedBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* toUserMode();
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { isDirty } = parameters;
  const scene = new SmpScene({ cpus: 2, release: '2.6.26', hunks, config: { X86_64: true } });
  const { kernel, pages, store } = scene;
  const [changer, writer] = scene.cpus as [never, never];
  const mm = scene.mm('editor.mm');
  const { frame } = scene.page('the page', BEFORE, { mm, va: PAGE, flags: isDirty ? USER_RW : USER_RW & ~_PAGE_DIRTY });
  const isReadOnly = new Cell<boolean>(store, 'mprotect() has returned', false);
  const harm = new Cell<string | null>(store, 'a write to a read-only page', null, true);
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo) => flush_tlb_func(k, info)) as never);
  installCallFunction(kernel, q);
  scene.killOnFault();
  scene.before(changer, switch_mm_irqs_off(kernel, t, mm));
  scene.before(writer, usedBefore(kernel, t, mm, pages));
  scene.task(changer, 'changer', () => mprotect(kernel, q, t, mm, scene.ptl(mm, PAGE), isReadOnly), { mm });
  scene.task(writer, 'writer', () => write(isReadOnly, harm), { mm });
  for (const cpu of scene.cpus) Object.assign(cpu, { IF: true });
  const all = [
    nothingIsLost(kernel, { name: 'the page', frame, mm, va: PAGE, disk: () => BEFORE, isDirty: () => false }),
    { name: 'readOnlyHolds', check: () => harm.value },
  ];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `writer ${kernel.current(writer).signal ?? 'lives'}; the page has 0x${scene.memory.read32(frame).toString(16)}`);
}

export const modifyProtSituations: readonly Situation[] = [{
  id: 'modify-prot/mprotect',
  patch: 'modify-prot',
  title: 'A thread makes a page of a file read-only, while another thread writes to it.',
  parameters: {
    isDirty: { about: 'whether the entry is dirty before', legal: [false, true], initially: false },
  },
  invariants: ['nothingIsLost', 'readOnlyHolds'],
  bounds: {},
  leavesOut: ['write-back, which comes later', 'a second mprotect() at once'],
  build,
}];
