import type { Cpu } from '../../../hardware/cpu';
import type { Memory } from '../../../hardware/memory';
import { PAGE_SIZE } from '../../../hardware/memory';
import { instruction, path, RESTART, type Call, type Path } from '../../../path';
import type { Store } from '../../../state/store';
import { hex, isTable, typeInfo, type FrameType, type page_info } from './frames';
import { get_page_and_type, put_page_and_type } from './page-type';
import { callResult, describeCall, type CallResult } from '../public/calls';
import { isPresent, mfnOf, slotOf, writeEntry } from '../public/layout';
import { __HYPERVISOR, EINVAL, MMUEXT, type Mfn, type MulticallEntry } from '../public/xen';
import { parseVersion, type Version } from '../releases/version';
import { Xen, type XenOptions } from '../xen';

// Xen of 2010, 4.0: the hypercalls that change page tables no longer take the
// domain's lock. A frame takes a type first and is checked afterwards; in
// between, its type is in flux: counted, but not validated. A caller that wants
// another use in the meantime is refused (arch/x86/mm.c since 2d0557c5cb).
//
// Model: only calls in a multicall; and of the tables that a pin or an unpin
// converts, others can see only the one with the kernel's entries in flux. The
// rest change in one event.

export interface FluxOptions extends XenOptions {
  /** How often do_mmu_update() tries again when it finds a type in flux: 5 in 89acd8b4d602, which was reverted two days later. */
  readonly retries: number;
}

const VERSION = parseVersion('4.0.0')!;

/** The kernel's half begins here. */
const PAGE_OFFSET = 0xc0000000;

export class XenInFlux extends Xen {
  readonly retries: number;

  constructor(store: Store, memory: Memory, options: FluxOptions) {
    super(store, memory, options);
    this.retries = options.retries;
  }

  protected override get era(): Version {
    return VERSION;
  }

  override multicall(entries: readonly MulticallEntry[]): Call<readonly CallResult[]> {
    return calls(this, entries);
  }

  /** The table below (or at) the root `mfn` that holds the kernel's entries. */
  kernelTable(mfn: Mfn): page_info | null {
    if (this.layout.levels === 2) return this.pageOf(mfn) ?? null;
    const entry = this.entryAt(mfn, slotOf(this.layout, 3, PAGE_OFFSET));
    return isPresent(entry) ? this.pageOf(mfnOf(entry)) ?? null : null;
  }
}

/**
 * xen/common/multicall.c:24-92 (Xen 4.0.0), do_multicall() in part.
 * Model: adds do_mmu_update, beginType, beginFree, endOf: the calls that do_multicall_call() makes.
 */
const calls = path(function* do_multicall(xen: XenInFlux, entries: readonly MulticallEntry[]): Path<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const entry of entries) results.push(yield* oneCall(xen, entry));
  return results;
});

/** Ours: one entry of the multicall. */
const oneCall = path(function* oneCall(xen: XenInFlux, entry: MulticallEntry): Path<CallResult> {
  const op = entry.ops?.[0];
  if (entry.op === __HYPERVISOR.mmu_update) return yield* do_mmu_update(xen, entry);
  const isRoot = op?.cmd === MMUEXT.PIN_L3_TABLE || op?.cmd === MMUEXT.PIN_L2_TABLE;
  if (op && isRoot) yield* beginType(xen, entry, op.mfn ?? -1);
  if (op?.cmd === MMUEXT.UNPIN_TABLE) yield* beginFree(xen, entry, op.mfn ?? -1);
  return yield* endOf(xen, entry);
});

/** arch/x86/mm.c, _get_page_type(): takes the type and the first count at once; validation comes later. */
const beginType = instruction(
  (_xen, entry) => `multicall: ${describeCall(entry)}, begun: the kernel's table takes its type and is not validated yet`,
  (_cpu: Cpu, xen: XenInFlux, _entry: MulticallEntry, mfn: Mfn) => {
    const page = xen.kernelTable(mfn);
    if (!page || page.type_count !== 0) return;
    xen.flushFor(page);
    Object.assign(page, { type: xen.layout.levels === 3 ? 'l2x' : 'l2', type_count: 1, validated: false });
  },
);

/** arch/x86/mm.c, __put_page_type() with its last count: no longer validated, but still counted until every entry has been released. */
const beginFree = instruction(
  (_xen, entry) => `multicall: ${describeCall(entry)}, begun: the kernel's table is no longer validated, but keeps its type`,
  (_cpu: Cpu, xen: XenInFlux, _entry: MulticallEntry, mfn: Mfn) => {
    const root = xen.pageOf(mfn);
    const page = root?.pinned === true && root.type_count === 1 ? xen.kernelTable(mfn) : null;
    if (page && isTable(page.type) && page.type_count === 1) page.validated = false;
  },
);

/** The rest of the call, after which nothing is in flux. */
const endOf = instruction((_xen, entry) => `multicall: ${describeCall(entry)}`, (cpu: Cpu, xen: XenInFlux, entry: MulticallEntry) => {
  const { cmd, mfn = -1 } = entry.ops?.[0] ?? {};
  const page = xen.kernelTable(mfn);
  const saw = page === null ? '' : typeInfo(page);
  if (page && isTable(page.type) && page.type_count === 1 && !page.validated) {
    if (cmd === MMUEXT.UNPIN_TABLE) page.validated = true;
    else page.type_count = 0;
  }
  const result = xen.call(cpu, entry);
  if (result === RESTART) return RESTART;
  const { rc, why } = result;
  return { rc, why: rc < 0 && page ? `${why}; the kernel's part, mfn ${hex(page.mfn)}, was ${saw}` : why };
});

const targetOf = (xen: XenInFlux, entry: MulticallEntry): page_info => xen.pageOf(Math.floor(entry.requests![0]!.ptr / PAGE_SIZE))!;

/**
 * xen/arch/x86/mm.c:3019-3364 (Xen 4.0.0), do_mmu_update() in part, one request. A validated table is locked and
 * updated; any other frame is taken as writable for the duration of a plain store.
 * Model: adds take, storeWord, letGo: get_page_type(), the store, and put_page_type().
 */
const do_mmu_update = path(function* do_mmu_update(xen: XenInFlux, entry: MulticallEntry): Path<CallResult> {
  for (let tried = 0; ; tried++) {
    const got = yield* take(xen, entry, tried);
    if (typeof got !== 'string') return got;
    if (got === 'writable') break;
    if (tried === xen.retries) return { rc: EINVAL, why: got };
  }
  yield* storeWord(xen, entry);
  return yield* letGo(xen, entry);
});

/** page_lock() and the update, or get_page_type(PGT_writable_page). Returns the result, or that the frame is writable now, or why neither was possible. */
const take = instruction((_xen, entry, tried) => `multicall: ${describeCall(entry)}${tried === 0 ? '' : `, tried again (${tried})`}`, (cpu: Cpu, xen: XenInFlux, entry: MulticallEntry, _tried: number): CallResult | string | typeof RESTART => {
  const page = targetOf(xen, entry);
  xen.begin(xen.vcpuOn(cpu));
  if (isTable(page.type) && page.validated && page.type_count > 0) return xen.call(cpu, entry);
  const type: FrameType = 'writable';
  if (get_page_and_type(page, xen.vcpuOn(cpu).domain, type)) return type;
  return `${callResult(entry, EINVAL, xen.because('do_mmu_update')).why}; the type of mfn ${hex(page.mfn)} (${typeInfo(page)}) is in flux`;
});

const storeWord = instruction((_xen, entry) => `multicall: ${describeCall(entry)}, as a store to a frame that is writable for that long`, (_cpu: Cpu, xen: XenInFlux, entry: MulticallEntry) => {
  const { ptr, val } = entry.requests![0]!;
  writeEntry(xen.memory, xen.layout, ptr, val);
});

const letGo = instruction((_xen, entry) => `multicall: ${describeCall(entry)}, done: the frame is released`, (_cpu: Cpu, xen: XenInFlux, entry: MulticallEntry): CallResult => {
  put_page_and_type(targetOf(xen, entry));
  return { rc: 0, why: '' };
});
