import { Rcu, rcu_do_batch } from '../../kernel/linux-4.14/rcu';
import { lockless_pages_from_mm, collapse_and_free_pmd, pte_free_now, PteTable, type Flushing } from '../../kernel/linux-6/gup';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { flush_tlb_func, type FlushTlbInfo } from '../../kernel/linux-6/tlb-flush';
import { switch_mm_irqs_off } from '../../kernel/linux-6/tlb-switch';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { u32 } from '../../kernel/words/widths';
import { path, type Path } from '../../path';
import { SmpScene } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 112: one CPU walks a page table with interrupts off, another one
// frees the table.

const VA = 0x08048000;
const PRESENT = 0x67;

/** Why other CPUs are interrupted: to flush, or to do nothing at all. */
const called = path(function* called(k: Kernel, info: FlushTlbInfo | string): Path {
  if (typeof info !== 'string') yield* flush_tlb_func(k, info);
});

/** Ours: khugepaged, and the softirq of its CPU, which runs the RCU callbacks. */
const khugepaged = path(function* khugepaged(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, table: PteTable, flushing: Flushing, rcu: Rcu): Path {
  yield* collapse_and_free_pmd(k, q, t, mm, table, VA, flushing, rcu);
  yield* rcu_do_batch(k, rcu);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { flushing, walkers } = parameters;
  const scene = new SmpScene({ cpus: 1 + (walkers as number), release: '6.0', hunks, config: { X86_64: true } });
  const { kernel, store, cpus } = scene;
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d);
  const tableFrame = scene.page('the frame of the table', page.frame | PRESENT).frame;
  const pmd = kernel.words.declare('pmd', u32, { initially: tableFrame });
  const table = new PteTable(store, 'the table', tableFrame, page.frame, pmd, kernel.words.declare('count of the page', u32, { initially: 1 }), kernel.words.declare('pmd lock', u32));
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: FlushTlbInfo | string) => called(k, info as FlushTlbInfo)) as never);
  installCallFunction(kernel, q);
  const rcu = new Rcu(kernel, store, ((k: Kernel, head: PteTable) => pte_free_now(k, head)) as never);
  for (const cpu of cpus) scene.before(cpu, switch_mm_irqs_off(kernel, t, mm));
  scene.task(cpus[0]!, 'khugepaged', () => khugepaged(kernel, q, t, mm, table, flushing as Flushing, rcu), { mm });
  cpus.slice(1).forEach((cpu, i) => scene.task(cpu, walkers === 1 ? 'walker' : `walker${i}`, () => lockless_pages_from_mm(kernel, table), { mm }));
  for (const cpu of cpus) Object.assign(cpu, { cpl: 0, IF: true });
  const all = [{ name: 'walksLiveTable', check: () => table.harm.value }];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `references to the page: ${table.count.get(scene.memory)}`);
}

export const gupFastSituations: readonly Situation[] = [{
  id: 'gup-fast/collapse',
  patch: 'gup-fast',
  title: 'A CPU walks a page table without a lock, with interrupts off, while khugepaged cuts the table off and frees it.',
  parameters: {
    flushing: { about: 'how khugepaged flushes the TLBs of other CPUs', legal: ['hypercall', 'interrupts'], initially: 'hypercall' },
    walkers: { about: 'CPUs that walk the table', legal: [1, 2], initially: 1 },
  },
  invariants: ['walksLiveTable'],
  reviewed: [{}, { flushing: 'interrupts' }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['more than one entry', 'mmap_lock and the locks of the reverse mapping, which the walk does not take', 'the pages that khugepaged collapses'],
  build,
}];
