import { MMUEXT, UVMF_NONE } from '../../hypervisors/xen/public/xen';
import { PAGE_KERNEL, type XenKernel } from '../../kernel/xen/guest';
import { MMUEXT_OP_WORDS } from '../../kernel/xen/mc-buffer';
import { __xen_mc_entry, MULTI_mmuext_op, MULTI_update_va_mapping, xen_mc_batch, xen_mc_callback, xen_mc_flush, xen_mc_issue } from '../../kernel/xen/multicalls';
import type { HunkId } from '../../patches/types';
import { path, silently, type Path } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import { XenBackground } from './background';

// One CPU queues hypercalls, and no other runs: when are they made?

/** The contents of a queue and what happened to them. */
export interface Queue {
  /** The calls that were made, in order, one list for each batch. */
  readonly batches: readonly (readonly string[])[];
  readonly waiting: number;
  readonly callbacksWaiting: number;
  readonly callbacksRun: number;
  /** The BUG that it ended in. */
  readonly oops: string | null;
}

const nth = (k: XenKernel, i: number): string => `free${i % 2}`;

const queueMappings = path(function* queueMappings(k: XenKernel, count: number): Path {
  for (let i = 0; i < count; i++) {
    yield* __xen_mc_entry(k, 0);
    const page = k.page(nth(k, i));
    yield* MULTI_update_va_mapping(k, k.address(page), k.pte(page, PAGE_KERNEL), UVMF_NONE, page.name);
  }
});

const queueOps = path(function* queueOps(k: XenKernel, count: number, words: number): Path {
  for (let i = 0; i < count; i++) {
    yield* __xen_mc_entry(k, words);
    yield* MULTI_mmuext_op(k, { cmd: MMUEXT.TLB_FLUSH_LOCAL }, words);
  }
});

const queueCallbacks = path(function* queueCallbacks(k: XenKernel, count: number): Path {
  for (let i = 0; i < count; i++) yield* xen_mc_callback(k, 'set_current_cr3', k.swapper);
});

const enterLazyCpu = silently('arch_enter_lazy_cpu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_CPU'; });

const inLazyMode = path(function* inLazyMode(k: XenKernel, leaves: boolean): Path {
  yield* enterLazyCpu(k);
  const flags = yield* xen_mc_batch(k);
  yield* queueOps(k, 1, MMUEXT_OP_WORDS);
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_CPU', flags);
  if (leaves) yield* xen_mc_flush(k);
});

const oneRefused = path(function* oneRefused(k: XenKernel): Path {
  const flags = yield* xen_mc_batch(k);
  yield* queueMappings(k, 1);
  const page = k.page('free0');
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd: MMUEXT.UNPIN_TABLE, mfn: k.pfn_to_mfn(page), about: page.name });
  yield* queueOps(k, 1, MMUEXT_OP_WORDS);
  yield* queueCallbacks(k, 1);
  yield* xen_mc_issue(k, 0, flags);
});

/** What is queued, by the words of a scenario; `count` if the words leave the number open. */
const QUEUED = {
  mappings: (k: XenKernel, count: number) => queueMappings(k, count),
  operations: (k: XenKernel, count: number) => queueOps(k, count, MMUEXT_OP_WORDS),
  'large operations': (k: XenKernel, count: number) => queueOps(k, count, 4),
  callbacks: (k: XenKernel, count: number) => queueCallbacks(k, count),
  'one in lazy mode': (k: XenKernel) => inLazyMode(k, false),
  'one in lazy mode, which ends': (k: XenKernel) => inLazyMode(k, true),
  'one that Xen refuses, between two others': (k: XenKernel) => oneRefused(k),
} as const;

export type Queued = keyof typeof QUEUED;

/** Queues calls on a booted kernel, with the given hunks of the patch. */
export function queueCalls(what: Queued, count: number, hunks: ReadonlySet<HunkId> = new Set()): Queue {
  const background = new XenBackground({ release: '2.6.24', pae: true, cpus: 1, hunks, config: { NR_CPUS: 8 } });
  const { kernel, cpus } = background;
  background.freePages(['free0', 'free1']);
  const cpu = cpus[0]!;
  const buffer = kernel.mc_buffer(cpu);
  const batches: string[][] = [];
  let [begins, made, callbacksRun] = [true, buffer.flushes, 0];
  background.run(QUEUED[what](kernel, count), cpu, (text) => {
    if (text.startsWith('xen_current_cr3 = ')) callbacksRun++;
    if (!text.startsWith('multicall: ')) return;
    if (begins) batches.push([]);
    batches.at(-1)!.push(text.slice('multicall: '.length));
    // The last call of a batch is noticed when the queue has been emptied.
    begins = buffer.flushes !== made;
    made = buffer.flushes;
  });
  return { batches, waiting: buffer.entries.length, callbacksWaiting: buffer.callbacks.length, callbacksRun, oops: kernel.current(cpu).oops };
}
