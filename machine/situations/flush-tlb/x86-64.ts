import { load } from '../../hardware/instructions';
import { cr3IsActiveMm, cr3NotFreed, nobodyKilled, taskOnOwnPageTables, userReachesOwnMemory } from '../../invariants/page-tables';
import { givesWayWhenAsked, neverSchedulesAtomically } from '../../invariants/quiet-ends';
import type { Kernel } from '../../kernel/kernel';
import { __flush_tlb, __flush_tlb_global } from '../../kernel/linux-2.6/tlbflush';
import type { Call } from '../../path';
import { Background, inTurn, Steps } from './background';
import type { Situation } from '../types';

// Thread 002 on x86-64, before and after a task switch began to load cr3.

const EDITOR_PAGE = 0x08048000;
const BROWSER_PAGE = 0x08050000;

const FLUSHES: Readonly<Record<string, (k: Kernel) => Call<unknown>>> = { '__flush_tlb()': __flush_tlb, '__flush_tlb_global()': __flush_tlb_global };

const INVARIANTS = { taskOnOwnPageTables, cr3NotFreed, userReachesOwnMemory, nobodyKilled, cr3IsActiveMm, neverSchedulesAtomically, givesWayWhenAsked };

/** Editor, browser and a lazy kernel thread on one CPU, in long mode. */
export const flushTlb64: Situation = {
  id: 'flush-tlb/x86-64',
  patch: 'flush-tlb',
  title: 'On x86-64, a kernel thread that borrows an address space flushes the TLB while two user tasks run.',
  parameters: {
    release: { about: 'the kernel: 2.6.10-rc2 has a top-level page for each CPU, 2.6.11 one for each address space', legal: ['2.6.10-rc2', '2.6.11'], initially: '2.6.11' },
    flush: { about: 'what the kernel thread calls', legal: Object.keys(FLUSHES), initially: '__flush_tlb()' },
    flushes: { about: 'how often it calls it', legal: [0, 1, 2, 3], initially: 1 },
    accesses: { about: 'how often each user task touches its page', legal: [1, 2, 3], initially: 1 },
    pages: { about: 'where the two user tasks keep their pages', legal: ['apart', 'same address'], initially: 'apart' },
    preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
  },
  invariants: Object.keys(INVARIANTS),
  requirements: ['taskOnOwnPageTables', 'cr3NotFreed', 'userReachesOwnMemory', 'nobodyKilled', 'neverSchedulesAtomically', 'givesWayWhenAsked'],
  reviewed: [{ flush: '__flush_tlb()' }, { flush: '__flush_tlb_global()' }],
  bounds: {},
  leavesOut: ['priorities and time slices: any runnable task may be picked', 'softirqs', 'the kernel\'s half of the page tables', 'more than one CPU'],
  build: ({ hunks, parameters, invariants }) => {
    const background = new Background({ release: parameters['release'] as string, config: { PREEMPT: parameters['preempt'] as boolean, X86_64: true }, hunks });
    const { kernel } = background;
    const userTask = (name: string, va: number, content: number) => {
      const mm = background.addressSpace(`${name}.mm`, [{ va, content }]);
      return background.task(name, mm, () => inTurn(new Steps(name, parameters['accesses'] as number, () => load(va))));
    };
    const editor = userTask('editor', EDITOR_PAGE, 0xed170);
    userTask('browser', parameters['pages'] === 'apart' ? BROWSER_PAGE : EDITOR_PAGE, 0xb20);
    background.task('kthread', null, () => inTurn(new Steps('flushes', parameters['flushes'] as number, () => FLUSHES[parameters['flush'] as string]!(kernel))));
    background.running(editor);
    background.timer();
    return background.system(invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS](kernel)));
  },
};
