import { __flush_tlb, __flush_tlb_global, flush_tlb_mm } from '../kernel/tlbflush';
import { cr3IsActiveMm, cr3NotFreed, nobodyKilled, taskOnOwnPageTables, userReachesOwnMemory } from '../invariants/page-tables';
import { load, store } from '../hardware/instructions';
import { path, type Call, type Path } from '../path';
import { Background, inTurn, Steps } from './background';
import type { Kernel } from '../kernel/kernel';
import type { Choice, Situation } from './types';

// Thread 002: a kernel thread flushes the TLB while user tasks come and go.

/** Where the tasks of this cast keep their page. */
export const EDITOR_PAGE = 0x08048000;
export const BROWSER_PAGE = 0x08050000;

/** What the pages hold, so that a reader of a trace sees whose they are. */
export const EDITOR_WORD = 0xed170;
export const BROWSER_WORD = 0xb20;

const access = path(function* access(va: number, write: boolean, value: number): Path {
  if (write) yield* store(va, value);
  else yield* load(va);
});

/** The flushes that a kernel thread may be told to make. */
export const FLUSHES: Readonly<Record<string, (k: Kernel) => Call<unknown>>> = {
  __flush_tlb: (k) => __flush_tlb(k),
  __flush_tlb_global: (k) => __flush_tlb_global(k),
  flush_tlb_mm: (k) => flush_tlb_mm(k, k.init_mm),
};

const INVARIANTS = { taskOnOwnPageTables, cr3IsActiveMm, cr3NotFreed, userReachesOwnMemory, nobodyKilled };

/** Editor, browser and a lazy kernel thread on one CPU, under a timer that may tick at every boundary. */
const flushTlbClassic: Situation = {
  id: 'flush-tlb/classic',
  patch: 'flush-tlb',
  title: 'A kernel thread that borrows an address space flushes the TLB while two user tasks run.',
  parameters: {
    flush: { about: 'what the kernel thread calls', legal: Object.keys(FLUSHES), initially: '__flush_tlb' },
    flushes: { about: 'how often it calls it', legal: [0, 1, 2, 3, 4], initially: 1 },
    accesses: { about: 'how often each user task touches its page', legal: [1, 2, 3, 4, 5, 6], initially: 1 },
    write: { about: 'whether the user tasks write', legal: [false, true], initially: false },
    pages: { about: 'where the tasks keep their pages', legal: ['apart', 'same address'], initially: 'apart' },
    preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
    flusher: { about: 'who flushes', legal: ['kernel thread', 'editor'], initially: 'kernel thread' },
    users: { about: 'how many user tasks there are', legal: [1, 2], initially: 2 },
  },
  invariants: Object.keys(INVARIANTS),
  bounds: {},
  leavesOut: ['priorities and time slices: any runnable task may be picked', 'softirqs', 'the LDT', 'more than one CPU'],
  build: buildClassic,
};

function buildClassic(choice: Choice) {
  const { parameters } = choice;
  const flush = FLUSHES[parameters['flush'] as string]!;
  const background = new Background({ release: '2.6.10-rc2', config: { PREEMPT: parameters['preempt'] as boolean }, hunks: choice.hunks });
  const { kernel } = background;
  const write = parameters['write'] as boolean;
  const accesses = parameters['accesses'] as number;
  const flushes = parameters['flushes'] as number;
  const browserPage = parameters['pages'] === 'same address' ? EDITOR_PAGE : BROWSER_PAGE;
  const touch = (va: number, word: number) => () => inTurn(new Steps(accesses, () => access(va, write, word)));
  const flushing = () => inTurn(new Steps(flushes, () => flush(kernel)));

  const ownFlush = parameters['flusher'] === 'editor';
  const editorMm = background.addressSpace('editor.mm', [{ va: EDITOR_PAGE, content: EDITOR_WORD }]);
  const editor = background.task('editor', editorMm, ownFlush ? flushing : touch(EDITOR_PAGE, EDITOR_WORD));
  if (parameters['users'] === 2) {
    background.task('browser', background.addressSpace('browser.mm', [{ va: browserPage, content: BROWSER_WORD }]), touch(browserPage, BROWSER_WORD));
  }
  if (!ownFlush) background.task('kthread', null, flushing);
  background.running(editor);
  background.timer();
  return background.system(choice.invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS](kernel)));
}

export const flushTlbSituations: readonly Situation[] = [flushTlbClassic];
