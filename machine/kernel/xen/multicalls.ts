import type { Cpu } from '../../hardware/cpu';
import type { CallResult } from '../../hypervisors/xen/public/calls';
import { __HYPERVISOR, type MmuextOp, type MmuUpdate, type MulticallEntry } from '../../hypervisors/xen/public/xen';
import { instruction, path, silently, type Path } from '../../path';
import { BUG } from './bug';
import { xen_restore_fl, xen_save_fl_irq_disable } from './irq';
import { MC_ARGS, MC_BATCH, MMU_UPDATE_WORDS, MMUEXT_OP_WORDS, Queued, type Callback } from './mc-buffer';
import { spin_unlock } from '../linux-2.6/sched/spinlock';
import type { Page, XenKernel } from './guest';

// arch/x86/xen/multicalls.c (arch/i386/xen until 2.6.23): hypercalls are
// queued and made together. A full queue is flushed at once, in the middle of
// whatever its user is doing.

/** arch/x86/xen/multicalls.h:20-24 (2.6.24), xen_mc_batch(): no interrupt until xen_mc_issue(). Returns the flags that the C keeps per CPU. */
export const xen_mc_batch = path(function* xen_mc_batch(k: XenKernel): Path<boolean> {
  return yield* xen_save_fl_irq_disable(k.xen);
});

const isFull = silently('mcidx == MC_BATCH || argidx + args > MC_ARGS', (cpu: Cpu, k: XenKernel, words: number) => {
  const { entries, argidx } = k.mc_buffer(cpu);
  return entries.length === MC_BATCH || argidx + words > MC_ARGS;
});

const append = silently('fill the slot', (cpu: Cpu, k: XenKernel, entry: MulticallEntry, words: number) => {
  const buffer = k.mc_buffer(cpu);
  buffer.entries = [...buffer.entries, new Queued(entry)];
  buffer.argidx += words;
});

/**
 * arch/x86/xen/multicalls.c:106-125 (2.6.24), __xen_mc_entry(): room for one call with `words`
 * of arguments. Model: the slot is taken when it is filled, by the MULTI_
 * functions, before which nothing else is queued.
 * Model: leaves out BUG_ON, mc: the slot is taken where it is filled.
 */
export const __xen_mc_entry = path(function* __xen_mc_entry(k: XenKernel, words: number): Path {
  if (yield* isFull(k, words)) yield* xen_mc_flush(k);
});

/** MULTI_update_va_mapping(), into the slot that __xen_mc_entry() found. */
export const MULTI_update_va_mapping = (k: XenKernel, va: number, pte: number, flags: number, about?: string) =>
  append(k, { op: __HYPERVISOR.update_va_mapping, args: [va, pte, flags], ...(about === undefined ? {} : { about }) }, 0);

/** MULTI_mmuext_op(); `words` is the room for arguments that was asked for. */
export const MULTI_mmuext_op = (k: XenKernel, op: MmuextOp, words = MMUEXT_OP_WORDS) => append(k, { op: __HYPERVISOR.mmuext_op, ops: [op] }, words);

/** MULTI_mmu_update() */
export const MULTI_mmu_update = (k: XenKernel, request: MmuUpdate, about: string) => append(k, { op: __HYPERVISOR.mmu_update, requests: [request], about }, MMU_UPDATE_WORDS);

const callbacksFull = silently('cbidx == MC_BATCH', (cpu: Cpu, k: XenKernel) => k.mc_buffer(cpu).callbacks.length === MC_BATCH);

const appendCallback = silently('queue the callback', (cpu: Cpu, k: XenKernel, callback: Callback) => {
  const buffer = k.mc_buffer(cpu);
  buffer.callbacks = [...buffer.callbacks, callback];
});

/** arch/x86/xen/multicalls.c:127-138 (2.6.24), xen_mc_callback() (2.6.24): `fn` is called once the batch has been made. */
export const xen_mc_callback = path(function* xen_mc_callback(k: XenKernel, fn: Callback['fn'], data: Page): Path {
  if (yield* callbacksFull(k)) yield* xen_mc_flush(k);
  yield* appendCallback(k, { fn, data });
});

const queued = silently('b->entries', (cpu: Cpu, k: XenKernel) => k.mc_buffer(cpu).entries.map(({ entry }) => entry));

const reset = silently('b->mcidx = b->argidx = 0', (cpu: Cpu, k: XenKernel) => {
  const buffer = k.mc_buffer(cpu);
  buffer.entries = [];
  buffer.argidx = 0;
  buffer.flushes++;
});

const queuedCallbacks = silently('b->callbacks', (cpu: Cpu, k: XenKernel) => k.mc_buffer(cpu).callbacks);

const forgetCallbacks = silently('b->cbidx = 0', (cpu: Cpu, k: XenKernel) => {
  const buffer = k.mc_buffer(cpu);
  if (buffer.callbacks.length > 0) buffer.callbacks = [];
});

/**
 * arch/x86/xen/multicalls.c:50-104 (2.6.24), xen_mc_flush(): makes the batch, then runs the callbacks, then reports what failed.
 * Model: leaves out memcpy, debug, HYPERVISOR_multicall, result, op, args, fn: the hypercall's results come back as a value, and the copy for MC_DEBUG is kept by it.
 */
export const xen_mc_flush = path(function* xen_mc_flush(k: XenKernel): Path {
  const flags = yield* xen_save_fl_irq_disable(k.xen); // local_irq_save(flags)
  const entries = yield* queued(k);
  let results: readonly CallResult[] = [];
  if (k.after('xen-pte-lock/callback-first')) yield* callBack(k);
  if (entries.length > 0) {
    results = yield* k.xen.multicall(entries);
    yield* reset(k);
  }
  yield* xen_restore_fl(k.xen, flags); // local_irq_restore(flags)
  yield* callBack(k);
  const refused = results.filter(({ rc }) => rc < 0);
  if (refused.length > 0) yield* BUG(k, 'multicalls.c', refused[0]!.why, k.since('2.6.24') ? `${failures(entries, results, yield* thisCpu())}; ` : ''); // BUG_ON(ret)
});

const thisCpu = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/** What MC_DEBUG prints from 2.6.24 on. Model: lists the refused calls only, and the arguments only of update_va_mapping. */
function failures(entries: readonly MulticallEntry[], results: readonly CallResult[], cpu: number): string {
  const lines = results.flatMap(({ rc }, i) => (rc >= 0 ? [] : [
    `call ${i + 1}/${entries.length}: op=${entries[i]!.op}${entries[i]!.args ? ` arg=[${entries[i]!.args![0]!.toString(16)}]` : ''} result=${rc}`,
  ]));
  return [`${lines.length} multicall(s) failed: cpu ${cpu}`, ...lines].join('; ');
}

/** arch/x86/xen/multicalls.c:50-104 (2.6.24), xen_mc_flush(). */
const callBack = path(function* callBack(k: XenKernel): Path {
  for (const { fn, data } of yield* queuedCallbacks(k)) {
    if (fn === 'do_unlock') yield* do_unlock(k, data as Page);
    else yield* set_current_cr3(k, data as Page);
  }
  yield* forgetCallbacks(k);
});

/** arch/x86/xen/mmu.c:405-409 (2.6.24), do_unlock() */
const do_unlock = path(function* do_unlock(k: XenKernel, page: Page): Path {
  yield* spin_unlock(k, { of: page, field: 'ptl' });
});

/** arch/x86/xen/enlighten.c, set_current_cr3(): Xen has now really loaded it. */
const set_current_cr3 = instruction((_k: XenKernel, pgd: Page) => `xen_current_cr3 = ${pgd.name}`, (cpu: Cpu, k: XenKernel, pgd: Page) => {
  k.percpu(cpu).xen_current_cr3 = pgd;
});

const lazyMode = silently('paravirt_get_lazy_mode()', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).lazy_mode);

/**
 * arch/x86/xen/multicalls.h:36-43 (2.6.24), xen_mc_issue(): makes the batch, unless the CPU
 * is in the lazy mode `mode`, whose end will make it.
 * Model: leaves out local_irq_restore: the flag of a Xen guest.
 * Model: adds xen_restore_fl: that.
 */
export const xen_mc_issue = path(function* xen_mc_issue(k: XenKernel, mode: 0 | 'PARAVIRT_LAZY_MMU' | 'PARAVIRT_LAZY_CPU', flags: boolean): Path {
  const lazy = yield* lazyMode(k);
  if (mode === 0 || lazy !== mode) yield* xen_mc_flush(k);
  yield* xen_restore_fl(k.xen, flags);
});
