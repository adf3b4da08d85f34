import { movesOf, violationOf, type System } from '../../explorer/system';
import { randomFrom } from '../../explorer/oracle/sampling';
import { load } from '../../hardware/instructions';
import { taskOnOwnPageTables } from '../../invariants/page-tables';
import { remap_area_pages } from '../../kernel/linux-2.6/mm/ioremap';
import { remove_vm_area } from '../../kernel/linux-2.6/mm/vunmap';
import { Background, inTurn, Steps } from './background';
import type { Situation } from '../types';

// How likely the bug of thread 002 is: the same kernel thread with the same
// work, in a kernel with spinning locks and in one with sleeping locks.

/** A kernel thread that unmaps kernel memory again and again, as many do; one that serves hotplug maps a device as well. */
export const flushTlbLocks: Situation = {
  id: 'flush-tlb/locks',
  patch: 'flush-tlb',
  title: 'A kernel thread flushes the TLB several times, mostly under a lock, while two user tasks run.',
  parameters: {
    locks: { about: 'what the lock does around the flush: it spins (the released kernel) or sleeps (PREEMPT_RT)', legal: ['spin', 'sleep'], initially: 'spin' },
    unmaps: { about: 'how often the thread unmaps kernel memory', legal: [1, 2, 3, 4, 5, 6], initially: 3 },
    hotplug: { about: 'whether it then maps a device, which flushes after the lock is released', legal: [false, true], initially: false },
  },
  invariants: ['taskOnOwnPageTables'],
  bounds: {},
  leavesOut: ['priorities and time slices: any runnable task may be picked', 'softirqs', 'contention for the locks', 'more than one CPU'],
  build: ({ hunks, parameters, invariants }) => {
    const background = new Background({ release: '2.6.10-rc2', hunks });
    const { kernel } = background;
    const user = (name: string, va: number, content: number) =>
      background.task(name, background.addressSpace(`${name}.mm`, [{ va, content }]), () => inTurn(new Steps(name, 1, () => load(va))));
    const editor = user('editor', 0x08048000, 0xed170);
    user('browser', 0x08050000, 0xb20);
    const unmaps = parameters['unmaps'] as number;
    const work = new Steps('kthread', unmaps + (parameters['hotplug'] ? 1 : 0), (i) => (i < unmaps ? remove_vm_area(kernel, parameters['locks'] === 'sleep') : remap_area_pages(kernel)));
    background.task('kthread', null, () => inTurn(work));
    background.running(editor);
    background.timer();
    return background.system(invariants.map(() => taskOnOwnPageTables(kernel)));
  },
};

/** How many of `runs` random runs of `system` break an invariant. */
export interface Share {
  readonly broken: number;
  readonly runs: number;
}

/** A run that is longer than this counts as not broken. */
const LONGEST = 5000;

/**
 * Draws random runs from a seed: at each boundary an interrupt comes with the
 * probability `rate`, if one may; otherwise the work continues, with each
 * choice equally likely.
 */
export function shareOfRuns(system: System, runs: number, rate: number, seed: number): Share {
  const random = randomFrom(seed);
  const start = system.store.mark();
  let broken = 0;
  for (let run = 0; run < runs; run++) {
    if (breaks(system, random, rate)) broken++;
    system.store.undo(start);
  }
  return { broken, runs };
}

function breaks(system: System, random: () => number, rate: number): boolean {
  for (let step = 0; step < LONGEST; step++) {
    const moves = movesOf(system);
    const steps = moves.filter(({ kind }) => kind === 'step');
    if (steps.length === 0) return false;
    const interrupts = moves.filter(({ kind }) => kind === 'interrupt');
    const from = interrupts.length > 0 && random() < rate ? interrupts : steps;
    from[Math.floor(random() * from.length)]!.perform();
    if (violationOf(system) !== null) return true;
  }
  return false;
}
