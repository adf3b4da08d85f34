import { flushReachesEveryTlb, freedPageUnreached } from '../../invariants/switch-mm-barrier';
import { FLUSHES, Scene } from './scene';
import type { Situation } from '../types';

// Thread 100: the only instance in which its claims are decided, and its
// parameters. What each CPU does is in scene.ts.

const INVARIANTS = { flushReachesEveryTlb, freedPageUnreached };

const flushAndSwitch: Situation = {
  id: 'switch-mm-barrier/flush-and-switch',
  patch: 'switch-mm-barrier',
  title: 'A CPU maps another page for "editor", flushes and frees the old one, while another CPU switches to "editor" and reads.',
  parameters: {
    flush: { about: 'what the flusher calls; "nothing", to see that it matters', legal: [...Object.keys(FLUSHES), 'nothing'], initially: 'flush_tlb_mm_range() of one page' },
    flusher: { about: 'how the flusher uses the address space', legal: ['stranger', 'lazy', 'lazy, left already', 'owner'], initially: 'stranger' },
    change: { about: 'how the entry is changed', legal: ['plain store', 'locked exchange'], initially: 'plain store' },
    reader: { about: 'where the other CPU comes from', legal: ['from another address space', 'back from lazy', 'back from lazy, left already'], initially: 'from another address space' },
    order: { about: 'whether stores can wait in a buffer', legal: ['TSO', 'SC'], initially: 'TSO' },
    fills: { about: 'whether a CPU may fill its TLB at any time', legal: [false, true], initially: false },
    accesses: { about: 'how often the reader reads its page', legal: [1, 2, 3], initially: 2 },
    cpus: { about: 'with one CPU, the switch comes as an interrupt; on a third one, a thread of "editor" flushes another page', legal: [2, 1, 3], initially: 2 },
  },
  invariants: Object.keys(INVARIANTS),
  reviewed: [
    { flusher: 'stranger' },
    { flusher: 'lazy' },
    { flusher: 'lazy, left already' },
    { flush: 'flush_tlb_page()', flusher: 'lazy, left already' },
    { flush: 'flush_tlb_page()', flusher: 'stranger', change: 'locked exchange' },
  ],
  bounds: {},
  leavesOut: [
    'more than one flush, and more than one reader',
    'the scheduler: the reader begins inside context_switch(), before its address space is loaded',
    'paging-structure caches, and page tables that are freed: only a page is',
    'speculation other than early TLB fills',
  ],
  build: (choice) => {
    const scene = new Scene(choice);
    const [first, second, third] = scene.kernel.cpus;
    scene.flusher(first!);
    if (second) scene.reader(second);
    else scene.readerInBetween(first!);
    if (third) scene.thread(third);
    return scene.system(choice.invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS]));
  },
};

export const switchMmBarrierSituations: readonly Situation[] = [flushAndSwitch];
