// Small parts of the modelled Xen and of its judge, for tables.

import { shrink } from '../../../machine/cli/fuzz/shrink';
import { formatTurn, parseTurn, type Turn } from '../../../machine/cli/fuzz/script';
import { hostileGround } from '../../../machine/cli/fuzz/fuzzer';
import { recordedTable, recordTable } from '../../../machine/cli/fuzz/table';
import { Umpire } from '../../../machine/cli/fuzz/judge/umpire';
import { guestStore } from '../../../machine/hypervisors/xen/events/trap';
import { errorName } from '../../../machine/hypervisors/xen/public/xen';
import { releaseNamed } from '../../../machine/hypervisors/xen/releases/release';
import { LAYOUTS, ruleNamed } from '../../../machine/hypervisors/xen/rules';
import { Cpu } from '../../../machine/hardware/cpu';
import { Memory } from '../../../machine/hardware/memory';
import { PATCHES } from '../../../machine/patches';
import { selectHunks } from '../../../machine/patches/selection';
import { SITUATIONS } from '../../../machine/situations';
import { parametersOf } from '../../../machine/situations/types';
import { isHarmless } from '../../../machine/invariants/xen/tables-harmless';
import { Eviction } from '../../../machine/situations/xen/eviction';
import { Playground } from '../../../machine/situations/xen/playground';
import type { Move } from '../../../machine/explorer/system';
import { Store } from '../../../machine/state/store';

const layoutNamed = (name: string) => LAYOUTS.find((layout) => layout.name === name)!;

/** How far the hypercall of a virtual CPU has got, after its code has entered and left handlers: `2 from 3` sets it at depth 2, `2` reads it. */
function continuations(...steps: readonly string[]): string {
  const vcpu = new Playground({ layout: layoutNamed('PAE') }).vcpu('A0');
  return steps.flatMap((step) => {
    const [, depth, from, rc] = /^(\d)(?: from (\d+)(?: with (-?\d+))?)?$/.exec(step)!;
    Object.defineProperty(vcpu.cpu, 'context', { value: { depth: Number(depth) }, configurable: true });
    if (from !== undefined) vcpu.continuation = { from: Number(from), rc: rc === undefined ? null : Number(rc), why: '' };
    const { continuation } = vcpu;
    return from === undefined ? [`${continuation.from}${continuation.rc === null ? '' : ` with ${errorName(continuation.rc)}`}`] : [];
  }).join(', ');
}

/** How a hypercall begins: whether others can interrupt it, and after how many checks it is interrupted. */
function begun(release: string, mode: string, patience: number, preemptible: boolean, inFlight = false): string {
  const { xen } = new Playground({ layout: layoutNamed(mode), release: releaseNamed(release), divided: true });
  const [vcpu] = xen.vcpus;
  xen.patience.value = patience;
  if (inFlight) vcpu!.in_flight = 0x105;
  xen.begin(vcpu!, preemptible);
  let looks = 1;
  while (looks < 20 && !xen.hypercall_preempt_check()) looks++;
  return `${xen.isDivided ? 'others can come in' : 'as one'}, ${looks === 20 ? 'never interrupted' : `interrupted at look ${looks}`}`;
}

/** How often the type of an upper table is found in use by another, out of four times. */
function contended(release: string, mode: string, times: number, preemptible: boolean): string {
  const { xen } = new Playground({ layout: layoutNamed(mode), release: releaseNamed(release) });
  xen.contended.value = times;
  xen.begin(xen.vcpus[0]!, preemptible);
  return `${[1, 2, 3, 4].map(() => (xen.isContended() ? 'in use' : 'free')).join(', ')}; ${xen.contended.value} left`;
}

const scriptOf = (lines: readonly string[]): Turn[] => lines.map(parseTurn);

/** A shortened script, if it breaks something as long as it contains all of these words; and how many scripts were tried. */
function shrunk(lines: readonly string[], ...needed: readonly string[]): string {
  let tried = 0;
  const umpire = {
    judgeScript: (script: readonly Turn[]) => {
      tried++;
      const text = script.map(formatTurn).join('\n');
      return needed.every((word) => text.includes(word)) ? { invariant: 'broken', message: '' } : null;
    },
  };
  const short = shrink(umpire as never, scriptOf(lines), { invariant: 'broken', message: '' });
  return `${short.map(formatTurn).join('; ')} (${tried} tried)`;
}

/** The results of the turns of a script, without a rule. */
function judged(mode: string, rule: string | null, ...lines: readonly string[]): string {
  const umpire = new Umpire(hostileGround({ layout: layoutNamed(mode), without: new Set(rule === null ? [] : [ruleNamed(rule)]) }));
  return scriptOf(lines).map((turn) => {
    const { outcome, violation } = umpire.play(turn);
    return violation === null ? outcome.said : `breaks ${violation.invariant}`;
  }).join(', ');
}

/** How many searches, of no calls each, are made for a record of a rule that already has this many scripts. */
function searchesFor(rule: string, mode: string, seeds: number, known: number): string {
  const rows = known === 0 ? [] : recordedTable()!.rows.filter((row) => row.rule === rule && row.tables === mode).map((row) => ({ ...row, calls: row.calls.slice(0, known) }));
  const { searches, missed } = recordTable({ seeds: [1, 2, 3].slice(0, seeds), limit: 1, rows }, 1, () => false, () => undefined, [ruleNamed(rule)], [layoutNamed(mode)]);
  return `${searches}, ${missed.length} in vain`;
}

/** What a store of the guest's kernel finds, and what it leaves, in two words; it adds one to the lower word of what it finds. */
function stored(mode: string, size: 4 | 8, low: number, high: number): string {
  const ground = new Playground({ layout: layoutNamed(mode) });
  const { xen, memory } = ground;
  const vcpu = ground.vcpu('A0');
  const va = 5 * 4096 + 0x10;
  const pa = ground.frame(ground.A, 5) * 4096 + 0x10;
  memory.writePair(pa, low, high);
  const old = guestStore(xen, vcpu.cpu, va, size, (found) => (Number(found) + 1) as never);
  return `found ${String(old)}; then ${memory.read32(pa)} ${memory.read32(pa + 4)}`;
}

/** The kinds of system descriptors that are harmless with these two words, each a hexadecimal digit. */
function harmless(low: number, high: number): string {
  return Array.from({ length: 16 }, (_, kind) => kind).filter((kind) => isHarmless(low, (high & ~0xf00) | (kind << 8))).map((kind) => kind.toString(16)).join('');
}

/** How many frames each domain of the playground has. */
function frames(mode: string, alone: boolean): string {
  const { xen } = new Playground({ layout: layoutNamed(mode), alone });
  const owners = new Map<string, number>();
  for (const { owner } of xen.pages) owners.set(owner?.name ?? 'free', (owners.get(owner?.name ?? 'free') ?? 0) + 1);
  return [...owners].map(([name, count]) => `${name}: ${count}`).join(', ');
}

/** How many times a filled TLB can be emptied. */
function evictions(times: number): number {
  const store = new Store();
  const cpu = new Cpu(store, 0, new Memory(store));
  const eviction = new Eviction(store, cpu, times);
  for (let taken = 0; ; taken++) {
    if (taken > times + 3) return taken;
    cpu.tlb.fill(0x1000, { out: 'ok', pa: 0x1000, pageSize: 4096, writable: true, user: true, noExecute: false, global: false, dirty: true, entries: [] }, false, false);
    const moves: Move[] = [];
    eviction.moves(moves);
    if (moves.length === 0) return taken;
    moves[0]!.perform();
  }
}

/** What an invariant of a situation says at the beginning, and after the first matching cell got another value. */
function objection(situation: string, invariant: string, cell: string, value: unknown): string {
  const one = SITUATIONS.find(({ id }) => id === situation)!;
  const system = one.build({ hunks: selectHunks(PATCHES, one.patch), parameters: parametersOf(one, {}), invariants: [invariant] });
  const [check] = system.invariants;
  const before = check!.check();
  const { store } = system;
  const found = Array.from({ length: store.size }, (_, loc) => loc).find((loc) => new RegExp(cell).test(store.nameOf(loc)));
  if (found === undefined) throw new Error(`no cell matches ${cell}`);
  store.set(found, value as never);
  return `${before ?? 'nothing'}; ${check!.check() ?? 'nothing'}`;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- as in words.ts */
export const XEN_PARTS: Readonly<Record<string, (...given: any[]) => unknown>> = { continuations, begun, contended, shrunk, judged, searchesFor, frames, stored, evictions, harmless, objection };
/* eslint-enable @typescript-eslint/no-explicit-any */
