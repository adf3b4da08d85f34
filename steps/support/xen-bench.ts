// A hypervisor with two booted domains, and calls to it in words. What the scenarios about
// isolation use: `map table writable at data`, `pin data as L1`, `put data writable into slot 0 of data`.

import { Playground, RO, RW } from '../../machine/situations/xen/playground';
import { xenKeepsItsRules } from '../../machine/invariants/xen/keeps-its-rules';
import { INVALID_P2M_ENTRY } from '../../machine/kernel/xen/p2m';
import type { page_info } from '../../machine/hypervisors/xen/frames/frames';
import { do_memory_op } from '../../machine/hypervisors/xen/calls/memory-op';
import { do_mmuext_op, do_vm_assist } from '../../machine/hypervisors/xen/calls/mmuext';
import { dispatch } from '../../machine/hypervisors/xen/calls/multicall';
import {
  _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_PWT, entryAddress, entryOf, slotOf, type Entry, type Layout,
} from '../../machine/hypervisors/xen/public/layout';
import { LAYOUTS, type RuleName } from '../../machine/hypervisors/xen/rules';
import { __HYPERVISOR, errorName, MMUEXT, UVMF_INVLPG, UVMF_TLB_FLUSH, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_increase_reservation, type Mfn } from '../../machine/hypervisors/xen/public/xen';
import { do_mmu_update, do_update_va_mapping } from '../../machine/hypervisors/xen/calls/update';
import { do_set_gdt } from '../../machine/hypervisors/xen/calls/descriptors';
import type { Vcpu } from '../../machine/hypervisors/xen/xen';
import type { Mark } from '../../machine/state/store';
import { releaseNamed } from '../../machine/hypervisors/xen/releases/release';
import { PLAIN_CALLS } from './xen-plain-calls';
import { SIDE_CALLS } from './xen-side-calls';

const OWN_FRAMES: Readonly<Record<string, readonly [number, number]>> = {
  // As two-level and as PAE tables have them.
  root: [0, 0], middle: [0, 1], 'kernel middle': [0, 2], table: [1, 3], data: [4, 5], other: [5, 6], third: [6, 7], fourth: [7, 8],
};

const RIGHTS: Readonly<Record<string, number>> = {
  'read-only': RO, writable: RW, present: _PAGE_PRESENT, 'large': RW | _PAGE_PSE, 'write-combining': RW | _PAGE_PSE, global: RO | _PAGE_GLOBAL, uncached: RO | _PAGE_PCD, 'write-through': RO | _PAGE_PWT,
};

/** The result of a call: a result of Xen, a fault, `null` for a store that was carried out, or words. */
export type Came = number | string | null | { readonly said: string };

type Act = (words: RegExpExecArray) => Came;

interface BenchOptions {
  readonly maximumCount?: number;
  readonly maximumTypeCount?: number;
  readonly without?: ReadonlySet<RuleName>;
  readonly release?: string;
}

export class XenBench {
  readonly ground: Playground;
  readonly layout: Layout;
  /** The result of the last call: `0`, `-EINVAL`, `done` or `fault: why`. */
  answer = '';
  private before: Mark;
  who: Vcpu;

  constructor(mode: string, { maximumCount = 1000, maximumTypeCount = maximumCount, without, release }: BenchOptions = {}) {
    const layout = LAYOUTS.find(({ name }) => name === mode);
    if (!layout) throw new Error(`no page tables "${mode}"; there are ${LAYOUTS.map(({ name }) => name).join(', ')}`);
    this.layout = layout;
    this.ground = new Playground({ layout, maximumCount, maximumTypeCount, ...(without ? { without } : {}), ...(release === undefined ? {} : { release: releaseNamed(release) }) });
    this.before = this.ground.store.mark();
    this.who = this.ground.vcpu('A0');
  }

  /** A frame by name. */
  frame(name: string): Mfn {
    const special: Readonly<Record<string, Mfn>> = { "B's": this.ground.frame(this.ground.B, 6), "Xen's": this.ground.xen.ownTable, 'no': 0x999, 'a free': 0x300, 'the new': 0x300, 'invalid': INVALID_P2M_ENTRY, "B's root": this.ground.frame(this.ground.B, 0), 'status': this.ground.A.status ?? -1 };
    if (name in special) return special[name]!;
    const own = OWN_FRAMES[name];
    if (!own) throw new Error(`no frame is called "${name}"; there are ${[...Object.keys(OWN_FRAMES), ...Object.keys(special)].join(', ')}`);
    return this.ground.frame(this.ground.A, own[this.layout.levels - 2]!);
  }

  page(name: string): page_info {
    return this.ground.xen.pageOf(this.frame(name))!;
  }

  va(name: string): number {
    return (this.frame(name) - this.ground.frame(this.ground.A, 0)) * 4096;
  }

  entry(frame: string, rights: string): Entry {
    const flags = RIGHTS[rights];
    if (flags === undefined) throw new Error(`no mapping is "${rights}"; there are ${Object.keys(RIGHTS).join(', ')}`);
    return entryOf(this.frame(frame), flags);
  }

  private slot(words: string): number {
    return words === "Xen's slot" ? slotOf(this.layout, 2, this.layout.HYPERVISOR_VIRT_START) : Number(words.replace('slot ', ''));
  }

  private words(entry: Entry): readonly number[] {
    return this.layout.entryBytes === 8 ? [entry % 2 ** 32, Math.floor(entry / 2 ** 32)] : [entry];
  }

  private readonly grammar: readonly (readonly [RegExp, Act])[] = [
    [/^map (.+) (\S+) at Xen's address$/, ([, frame, rights]) => do_update_va_mapping(this.ground.xen, this.who, this.layout.HYPERVISOR_VIRT_START, this.entry(frame!, rights!), UVMF_TLB_FLUSH)],
    [/^map (.+) (\S+) at Xen's address with an invlpg$/, ([, frame, rights]) => do_update_va_mapping(this.ground.xen, this.who, this.layout.HYPERVISOR_VIRT_START, this.entry(frame!, rights!), UVMF_INVLPG)],
    [/^map (.+) (\S+) at (slot \d+) of the stretch behind$/, ([, frame, rights, slot]) => do_update_va_mapping(this.ground.xen, this.who, 2 ** this.layout.shift[2] + this.slot(slot!) * 4096, this.entry(frame!, rights!), 0)],
    [/^map (.+) (\S+) at (.+?)( with a flush)?$/, ([, frame, rights, at, flush]) => do_update_va_mapping(this.ground.xen, this.who, this.va(at!), this.entry(frame!, rights!), flush ? UVMF_TLB_FLUSH : 0)],
    [/^make (.+) (\S+)$/, ([, frame, rights]) => do_update_va_mapping(this.ground.xen, this.who, this.va(frame!), this.entry(frame!, rights!), 0)],
    [/^put the upper half of (.+) into (slot \d+) of (.+)$/, ([, frame, slot, table]) => this.store(this.va(table!) + this.slot(slot!) * 8 + 4, [Math.floor(this.frame(frame!) / 0x100000) + 1])],
    [/^put (.+) (\S+) into (slot \d+) of (.+)$/, ([, frame, rights, slot, table]) => this.store(this.va(table!) + this.slot(slot!) * this.layout.entryBytes, this.words(this.entry(frame!, rights!)))],
    [/^from user mode put (.+) (\S+) into (slot \d+) of (.+)$/, ([, frame, rights, slot, table]) => this.store(this.va(table!) + this.slot(slot!) * this.layout.entryBytes, this.words(this.entry(frame!, rights!)), 'user')],
    [/^put a word at byte (\d+) of (.+)$/, ([, byte, table]) => this.store(this.va(table!) + Number(byte), [0])],
    [/^set (slot \d+|Xen's slot) of (.+) to (.+) (\S+)$/, ([, slot, table, frame, rights]) => this.update(table!, this.slot(slot!), this.entry(frame!, rights!), 0)],
    [/^send an unknown kind of update to (.+)$/, ([, table]) => this.update(table!, 0, 0, 2)],
    [/^pin (.+) as L(\d)$/, ([, frame, level]) => this.ext(MMUEXT.PIN_L1_TABLE + Number(level) - 1, this.frame(frame!))],
    [/^unpin (.+)$/, ([, frame]) => this.ext(MMUEXT.UNPIN_TABLE, this.frame(frame!))],
    [/^load (.+)$/, ([, frame]) => this.ext(MMUEXT.NEW_BASEPTR, this.frame(frame!))],
    [/^send an unknown command$/, () => this.ext(99, 0)],
    [/^nest a multicall$/, () => dispatch(this.ground.xen, this.who, { op: __HYPERVISOR.multicall })],
    [/^use (.+) as GDT$/, ([, frame]) => do_set_gdt(this.ground.xen, this.who, [this.frame(frame!)])],
    [/^use (.+) as nothing$/, () => do_set_gdt(this.ground.xen, this.who, [])],
    [/^give (.+) back$/, ([, frame]) => do_memory_op(this.ground.xen, this.who, XENMEM_decrease_reservation, this.frame(frame!))],
    [/^ask for a frame$/, () => Math.min(0, do_memory_op(this.ground.xen, this.who, XENMEM_increase_reservation, 0))],
    [/^turn writable page tables off$/, () => do_vm_assist(this.who, false, VMASST_TYPE_writable_pagetables)],
    [/^write to (.+)$/, ([, frame]) => this.store(this.va(frame!) + 0xff8, this.words(0))],
    [/^read (.+)$/, ([, frame]) => this.ground.read(this.who, this.va(frame!))],
  ];

  private readonly sideCalls: readonly (readonly [RegExp, Act])[] = [...PLAIN_CALLS, ...SIDE_CALLS].map(([form, act]) => [form, (words) => act(this, words)]);

  private store(va: number, words: readonly number[], mode: 'kernel' | 'user' = 'kernel'): string | null {
    return this.ground.write(this.who, va, words, mode);
  }

  private ext(cmd: number, mfn: Mfn): number {
    return do_mmuext_op(this.ground.xen, this.who, [{ cmd, mfn }]);
  }

  private update(table: string, slot: number, entry: Entry, kind: number): number {
    return do_mmu_update(this.ground.xen, this.who, [{ ptr: entryAddress(this.layout, this.frame(table), slot) + kind, val: entry }]);
  }

  /** One call, or several separated by "then"; the answer of the last one is kept. `A1:` or `B0:` in front names the virtual CPU. */
  call(phrase: string): void {
    for (const part of phrase.split(/,? then /)) {
      const [, who = 'A0', words = ''] = /^(?:([ABH]\d): )?(.*)$/.exec(part.trim())!;
      this.who = this.ground.vcpu(who);
      this.before = this.ground.store.mark();
      this.ground.xen.console.value = '';
      this.ground.xen.refusedBy = null;
      const rule = [...this.sideCalls, ...this.grammar].map(([form, act]) => ({ found: form.exec(words), act })).find(({ found }) => found !== null);
      if (!rule) throw new Error(`no guest can "${words}"; the forms are in steps/support/xen-bench.ts, xen-side-calls.ts and xen-plain-calls.ts`);
      this.answer = this.inWords(rule.act(rule.found!));
    }
  }

  private inWords(came: Came): string {
    if (came === null) return 'done';
    if (typeof came === 'number') return errorName(came);
    return typeof came === 'string' ? `fault: ${came}` : came.said;
  }

  /** What the last call changed, except TLBs and what Xen notes about them. */
  changes(): readonly string[] {
    return this.ground.store.changesSince(this.before)
      .filter(({ cell }) => !/\.tlb$|\.notFlushed$|\.linear$|\.stack$|\.context$|^xen\.unflushed$|^xen\.console$|\.cr2$/.test(cell))
      .filter(({ cell }) => !(/^mfn 0x[0-9a-f]+\.(type|validated|nr_validated_ptes|partial_set)$/.test(cell) && this.ground.xen.pageOf(Number(/0x[0-9a-f]+/.exec(cell)![0]))!.type_count === 0))
      .map(({ cell, before, after }) => `${cell}: ${String(before)} -> ${String(after)}`);
  }

  /** Whether a TLB lost something in the last call. */
  flushed(): boolean {
    return this.ground.store.changesSince(this.before).some(({ cell }) => cell.endsWith('.tlb'));
  }

  /** The virtual CPUs whose TLBs lost something in the last call. */
  losers(): string {
    const changed = new Set(this.ground.store.changesSince(this.before).map(({ cell }) => cell));
    return this.ground.xen.vcpus.filter(({ cpu }) => changed.has(`${cpu.name}.tlb`)).map(({ domain, id }) => `${domain.name}${id}`).join(', ') || 'none';
  }

  /** The broken invariants by name, with their messages. */
  broken(): readonly (readonly [string, string])[] {
    return xenKeepsItsRules(this.ground.xen).flatMap((invariant) => {
      const message = invariant.check();
      return message === null ? [] : [[invariant.name, message] as const];
    });
  }

  /** The function that refused the last call. */
  get refuser(): string | null {
    return this.ground.xen.refuser();
  }

  get why(): string {
    return this.ground.xen.console.value;
  }
}
