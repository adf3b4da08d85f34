// What invariants say of states that are wrong, in lines: in a few states of each kernel, one after the other of the cells is changed that an
// invariant reads; and if it reads others then, these are changed as well.

import { hostileGround } from '../../../machine/cli/fuzz/fuzzer';
import { nextTurns } from '../../../machine/cli/fuzz/guest';
import { Umpire } from '../../../machine/cli/fuzz/judge/umpire';
import { Random } from '../../../machine/cli/fuzz/random';
import type { Program } from '../../../machine/explorer/program';
import type { Invariant } from '../../../machine/explorer/system';
import { LAYOUTS } from '../../../machine/hypervisors/xen/rules';
import { xenEventsAnnounced } from '../../../machine/invariants/xen/events-announced';
import { xenKeepsItsRules } from '../../../machine/invariants/xen/keeps-its-rules';
import { SITUATIONS } from '../../../machine/situations';
import { ballooning } from '../../../machine/situations/xen/balloon';
import { interrupted } from '../../../machine/situations/xen/interrupted';
import { prepare } from '../../../machine/situations/check';
import { Entity, type Value } from '../../../machine/state/hash';
import type { Store } from '../../../machine/state/store';
import { drawn } from './runs';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** After how many events of a run the cells of a kernel are changed. */
const EVENTS = [0, 12, 40, 100, 400] as const;

/** How many of the cells that an invariant reads are changed in each state, and how many of those that it reads only then. */
const CELLS = 24;
const MORE = 4;

/** How many words or things, which cells of the same field have elsewhere, are put into a cell. */
const ELSEWHERE = 2;

const XEN = 'Xen on ';

/** Programs that are no situations, but have invariants of their own. */
const PROGRAMS: Readonly<Record<string, readonly Program[]>> = {
  'a balloon': [true, false].map((tableFirst) => ballooning({ tableFirst, refills: true })),
  'calls that are interrupted': [interrupted({ deeds: [['pin root', 'unpin root'], ['pin lower', 'unpin lower']] })],
};

/** The invariants of each situation, and those of Xen after some calls of a random guest. */
export const breaks: Recording = { name: 'breaks', parts: [...SITUATIONS.map(({ id }) => id), ...Object.keys(PROGRAMS), ...LAYOUTS.map(({ name }) => `${XEN}${name}`)], linesOf: (part) => (part in PROGRAMS ? ofPrograms(PROGRAMS[part]!) : part.startsWith(XEN) ? ofXen(part.slice(XEN.length)) : ofSituation(part)) };

function ofSituation(id: string): Lines {
  const lines = new Said();
  for (const patches of ['none', 'all']) {
    const { invariants } = SITUATIONS.find((situation) => situation.id === id)!;
    const { situation: { build }, choice } = prepare({ situation: id, patches, parameters: {}, invariants });
    for (const [seed, events] of EVENTS.entries()) {
      const system = build(choice);
      drawn(system, seed + 1, events);
      lines.add(system.store, system.invariants);
    }
  }
  return lines.all;
}

function ofPrograms(programs: readonly Program[]): Lines {
  const lines = new Said();
  for (const program of programs) {
    for (const [seed, events] of EVENTS.entries()) {
      const system = program();
      drawn(system, seed + 1, events);
      lines.add(system.store, system.invariants);
    }
  }
  return lines.all;
}

function ofXen(tables: string): Lines {
  const lines = new Said();
  const ground = hostileGround({ layout: LAYOUTS.find(({ name }) => name === tables)! });
  const umpire = new Umpire(ground);
  const random = new Random(11);
  umpire.reset();
  for (let portion = 0; portion < 4; portion++) {
    lines.add(ground.store, [...xenKeepsItsRules(ground.xen), xenEventsAnnounced(ground.xen)]);
    for (let turn = 0; turn < 12; turn++) for (const next of nextTurns(ground, random)) umpire.play(next);
  }
  return lines.all;
}

/** What each invariant has said. */
class Said {
  private states = 0;
  /** Which bit of a number is changed next. */
  private bit = 0;
  private readonly of = new Map<string, { asked: number; readonly messages: string[] }>();

  /** Changes the cells that each invariant reads, one after the other, and asks it each time. */
  add(store: Store, invariants: readonly Invariant[]): void {
    const elsewhere = wordsAndThings(store);
    const start = this.states++;
    for (const { name, check } of invariants) {
      const { message, reads } = asked(store, check);
      this.note(name, message, 'nothing');
      const known = new Set(reads);
      this.change(store, elsewhere, spread(reads, CELLS, start), (cell) => {
        const said = asked(store, check);
        this.note(name, said.message, cell);
        const more = said.reads.filter((loc) => !known.has(loc));
        this.change(store, elsewhere, spread(more, MORE, start), (other) => this.note(name, asked(store, check).message, `${cell}, ${other}`));
      });
    }
  }

  /** Calls `look` with each of these cells changed in each way. */
  private change(store: Store, elsewhere: ReturnType<typeof wordsAndThings>, cells: readonly number[], look: (cell: string) => void): void {
    for (const loc of cells) {
      const held = store.peek(loc);
      const others = typeof held === 'string' || typeof held === 'object' ? (elsewhere.get(fieldOf(store.nameOf(loc))) ?? []).filter((value) => value !== held).slice(0, ELSEWHERE) : [];
      for (const value of [...othersThan(held, this.bit++), ...others]) {
        const { length } = store.mark();
        if (orRefusal(() => (store.set(loc, value), '')) === '') look(store.nameOf(loc));
        store.undoTo(length);
      }
    }
  }

  private note(name: string, message: string, cell: string): void {
    let said = this.of.get(name);
    if (!said) this.of.set(name, said = { asked: 0, messages: [] });
    said.asked++;
    if (message !== '') said.messages.push(`${cell}: ${message}`);
  }

  get all(): Lines {
    return Object.fromEntries([...this.of].map(([name, { asked, messages }]) => [name, `${messages.length} of ${asked} changes break it${messages.length === 0 ? '' : `, with ${new Set(messages).size} messages, ${digest(messages)}; one is ${JSON.stringify(messages[0]!.slice(0, 160))}`}`]));
  }
}

/** What an invariant says, and what it reads for that. */
function asked(store: Store, check: Invariant['check']): { readonly message: string; readonly reads: readonly number[] } {
  const reads = new Set<number>();
  store.lookOut({ read: (loc) => { reads.add(loc); }, write: (_loc, _old, value) => value });
  const message = orRefusal(() => check() ?? '');
  store.stopLooking();
  return { message, reads: [...reads] };
}

/** So many of them, evenly, beginning with another one each time. */
function spread(locs: readonly number[], count: number, start: number): readonly number[] {
  const stride = Math.max(1, locs.length / count);
  const first = Math.floor((start % 5) * stride / 5);
  return Array.from({ length: Math.min(count, locs.length) }, (_, i) => locs[Math.min(locs.length - 1, first + Math.floor(i * stride))]!);
}

/** The last part of a cell's name: `owner`. */
const fieldOf = (name: string): string => name.replace(/.*[.\]]/, '');

/** By the last part of their names: the words and things that the cells of a store hold, such as each owner that some frame has. */
function wordsAndThings(store: Store): ReadonlyMap<string, readonly Value[]> {
  const found = new Map<string, Set<Value>>();
  for (let loc = 0; loc < store.size; loc++) {
    const value = store.peek(loc);
    if (typeof value === 'string' || value === null || value instanceof Entity) found.set(fieldOf(store.nameOf(loc)), (found.get(fieldOf(store.nameOf(loc))) ?? new Set()).add(value));
  }
  return new Map([...found].map(([field, values]) => [field, [...values]]));
}

/** Some other values of the same kind: of a list, those without its first item and those in which that is another; of a record, those in which one field is another. */
function othersThan(value: Value, bit: number): readonly Value[] {
  switch (typeof value) {
    case 'boolean': return [!value];
    case 'number': return [value + 1, value ^ 2, value === 0 ? 3 : 0, (value ^ (1 << (3 + bit % 13))) >>> 0];
    case 'string': return [value === '' ? 'another' : ''];
    case 'object': {
      if (value === null) return [1];
      if (Array.isArray(value)) return value.length === 0 ? [[1]] : [value.slice(1), ...othersThan((value as readonly Value[])[0]!, bit).map((first) => [first, ...value.slice(1) as readonly Value[]])];
      if (Object.getPrototypeOf(value) !== Object.prototype) return [null];
      return Object.entries(value as Readonly<Record<string, Value>>).flatMap(([key, field]) => othersThan(field, bit).map((other) => ({ ...value, [key]: other })));
    }
    default: return [];
  }
}
