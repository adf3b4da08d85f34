import { cli, load, store, sti } from '../../hardware/instructions';
import { cr3IsActiveMm, cr3NotFreed, nobodyKilled, noStaleEntry, taskOnOwnPageTables, userReachesOwnMemory } from '../../invariants/page-tables';
import { givesWayWhenAsked, neverSchedulesAtomically } from '../../invariants/quiet-ends';
import { sys_exit } from '../../kernel/linux-2.6/mm/exit';
import { do_initcalls, remap_area_pages } from '../../kernel/linux-2.6/mm/ioremap';
import type { Kernel } from '../../kernel/kernel';
import { preempt_disable, preempt_enable } from '../../kernel/linux-2.6/sched/preempt';
import { __flush_tlb, __flush_tlb_global, flush_tlb_mm } from '../../kernel/linux-2.6/tlbflush';
import { current } from '../../kernel/linux-2.6/sched/preempt';
import { path, silently, type Call, type Path } from '../../path';
import type { Task } from '../../kernel/task';
import { Background, inTurn, Steps, system_call } from './background';
import { flushTlbMm } from './mm';
import type { Choice, Situation } from '../types';

// Thread 002: a task flushes the TLB while user tasks come and go, on one CPU.

/** Where the tasks of this cast have their page. */
export const EDITOR_PAGE = 0x08048000;
export const BROWSER_PAGE = 0x08050000;

/** The contents of the pages, so that a reader of a trace sees whose they are. */
const EDITOR_WORD = 0xed170;
const BROWSER_WORD = 0xb20;

const access = path(function* access(va: number, write: boolean, value: number): Path {
  if (write) yield* store(va, value);
  else yield* load(va);
});

const underPreemptDisable = path(function* underPreemptDisable(k: Kernel): Path {
  yield* preempt_disable(k);
  yield* __flush_tlb(k);
  yield* preempt_enable(k);
});

const underCli = path(function* underCli(k: Kernel): Path {
  yield* cli();
  yield* __flush_tlb(k);
  yield* sti();
});

const ownMm = silently('current->mm', (_me: unknown, task: Task) => task.mm);

/** kernel/fork.c, dup_mmap(), at its end: the parent flushes its own address space. */
const copy_mm = path(function* copy_mm(k: Kernel): Path {
  const mm = yield* ownMm(yield* current(k));
  if (mm !== null) yield* flush_tlb_mm(k, mm);
});

/** The paths that may flush, by the value of the parameter. */
const FLUSHES: Readonly<Record<string, (k: Kernel) => Call<unknown>>> = {
  '__flush_tlb()': (k) => __flush_tlb(k),
  '__flush_tlb_global()': (k) => __flush_tlb_global(k),
  'ioremap()': (k) => remap_area_pages(k),
  'ioremap() under a spinning BKL': (k) => do_initcalls(k, false),
  'ioremap() under a sleeping BKL': (k) => do_initcalls(k, true),
  'copy_mm()': (k) => copy_mm(k),
  '__flush_tlb() under preempt_disable()': (k) => underPreemptDisable(k),
  '__flush_tlb() with interrupts off': (k) => underCli(k),
};

const INVARIANTS = { taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, cr3IsActiveMm, noStaleEntry, neverSchedulesAtomically, givesWayWhenAsked };

const common = {
  patch: 'flush-tlb',
  invariants: Object.keys(INVARIANTS).filter((name) => name !== 'noStaleEntry'),
  requirements: ['taskOnOwnPageTables', 'cr3NotFreed', 'userReachesOwnMemory', 'nobodyKilled', 'neverSchedulesAtomically', 'givesWayWhenAsked'],
  bounds: {},
  leavesOut: ['priorities and time slices: any runnable task may be picked', 'softirqs', 'the local descriptor table', 'more than one CPU'],
} as const;

const parameters = {
  flush: { about: 'what the flusher calls', legal: Object.keys(FLUSHES), initially: '__flush_tlb()' },
  flushes: { about: 'how often it calls it', legal: [0, 1, 2, 3, 4], initially: 1 },
  accesses: { about: 'how often each user task touches its page', legal: [1, 2, 3, 4, 5, 6], initially: 1 },
  write: { about: 'whether the user tasks write', legal: [false, true], initially: false },
  pages: { about: 'where the two user tasks keep their pages', legal: ['apart', 'same address'], initially: 'apart' },
  preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
  flusher: { about: 'who flushes', legal: ['kernel thread', 'editor'], initially: 'kernel thread' },
  browser: { about: 'whether there is a second user task', legal: [true, false], initially: true },
  interrupts: { about: 'whether the timer may interrupt', legal: [true, false], initially: true },
} as const;

/** The cast of the thread: an editor that runs first, a browser, and a lazy kernel thread. */
const classic: Situation = {
  ...common,
  id: 'flush-tlb/classic',
  title: 'A kernel thread that borrows an address space flushes the TLB while two user tasks run.',
  parameters,
  reviewed: [{ flush: '__flush_tlb()' }, { flush: '__flush_tlb_global()' }],
  build: (choice) => {
    const background = begin(choice);
    const { kernel } = background;
    const flushes = new Steps('flushes', choice.parameters['flushes'] as number, () => FLUSHES[choice.parameters['flush'] as string]!(kernel));
    const ownFlush = choice.parameters['flusher'] === 'editor';
    const editor = userTask(background, 'editor', EDITOR_PAGE, EDITOR_WORD, choice, ownFlush ? () => system_call(kernel, flushes) : undefined);
    if (choice.parameters['browser']) userTask(background, 'browser', choice.parameters['pages'] === 'apart' ? BROWSER_PAGE : EDITOR_PAGE, BROWSER_WORD, choice);
    if (!ownFlush) background.task('kthread', null, () => inTurn(flushes));
    background.running(editor);
    return finish(background, choice);
  },
};

/** The smallest cast: the kernel thread has borrowed boot's page tables, which map no user page at all. */
const afterBoot: Situation = {
  ...common,
  id: 'flush-tlb/after-boot',
  title: 'A kernel thread that borrows the kernel\'s own page tables flushes the TLB while one user task runs.',
  reviewed: [{ flush: '__flush_tlb()' }, { flush: '__flush_tlb_global()' }],
  parameters: { flush: parameters.flush, flushes: parameters.flushes, accesses: parameters.accesses, write: parameters.write, preempt: parameters.preempt },
  build: (choice) => {
    const background = begin(choice);
    const { kernel } = background;
    userTask(background, 'browser', BROWSER_PAGE, BROWSER_WORD, choice);
    const kthread = background.task('kthread', null, () => inTurn(new Steps('flushes', choice.parameters['flushes'] as number, () => FLUSHES[choice.parameters['flush'] as string]!(kernel))));
    background.running(kthread);
    return finish(background, choice);
  },
};

/** The editor exits while the kernel thread holds on to its page directory. */
const exit: Situation = {
  ...common,
  id: 'flush-tlb/exit',
  title: 'A kernel thread flushes the TLB while the task whose address space it borrowed exits.',
  parameters: { flush: parameters.flush, flushes: parameters.flushes, accesses: parameters.accesses, write: parameters.write, preempt: parameters.preempt },
  build: (choice) => {
    const background = begin(choice);
    const { kernel } = background;
    const editor = userTask(background, 'editor', EDITOR_PAGE, EDITOR_WORD, choice, () => sys_exit(kernel));
    userTask(background, 'browser', BROWSER_PAGE, BROWSER_WORD, choice);
    background.task('kthread', null, () => inTurn(new Steps('flushes', choice.parameters['flushes'] as number, () => FLUSHES[choice.parameters['flush'] as string]!(kernel))));
    background.running(editor);
    return finish(background, choice);
  },
};

function begin(choice: Choice): Background {
  return new Background({ release: '2.6.10-rc2', config: { PREEMPT: choice.parameters['preempt'] as boolean }, hunks: choice.hunks });
}

/** A task that accesses its only page as often as the parameters say, unless it has another `program`. */
function userTask(background: Background, name: string, va: number, word: number, choice: Choice, program?: () => Call<unknown>): Task {
  const { accesses, write } = choice.parameters;
  const mm = background.addressSpace(`${name}.mm`, [{ va, content: word }]);
  return background.task(name, mm, program ?? (() => inTurn(new Steps(name, accesses as number, () => access(va, write as boolean, word)))));
}

function finish(background: Background, choice: Choice) {
  if (choice.parameters['interrupts'] !== false) background.timer();
  return background.system(choice.invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS](background.kernel)));
}

export const flushTlbSituations: readonly Situation[] = [classic, afterBoot, exit, flushTlbMm];
