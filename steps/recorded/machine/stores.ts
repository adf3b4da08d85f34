// What the state of a machine is made of, in lines: the digest and the text of values of every kind, which of them are refused, and random
// accesses to a store with everything that it tells about them.

import { Random } from '../../../machine/cli/fuzz/random';
import { Digest, digestOf, Entity, exactText, frozen, isHashed, type Things, type Value } from '../../../machine/state/hash';
import { Store, type Mark } from '../../../machine/state/store';
import { Cell, inMemory, sameValue, tracked, TrackedMap, TrackedTable } from '../../../machine/state/tracked';
import { linesOf } from '../plain';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Stores of different shapes, and accesses to each. */
const STORES = 12;
const ACCESSES = 160;

const textsOf = (part: string): Lines => (part === 'values' ? values() : Object.fromEntries(Array.from({ length: STORES }, (_, i) => [`store ${i + 1}`, accesses(i + 1)])));

export const stores: Recording = { name: 'stores', isApart: true, parts: ['values', 'accesses'], linesOf: (part) => linesOf(textsOf(part)), textsOf };

class Page extends Entity {}
class Task extends Entity {}

/** Each made anew, since a value is frozen once it is in a store. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  '0': () => 0, '-0': () => -0, '1': () => 1, '-1': () => -1, 'NaN': () => NaN, '2^31': () => 2 ** 31, '-2^31': () => -(2 ** 31), '2^32': () => 2 ** 32, '2^32 + 1': () => 2 ** 32 + 1, '-2^32 - 1': () => -(2 ** 32) - 1,
  '2^40 + 7': () => 2 ** 40 + 7, '2^53 - 1': () => 2 ** 53 - 1, '2^53': () => 2 ** 53, 'a half': () => 0.5, 'infinity': () => Infinity, '1n': () => 1n,
  'no text': () => '', 'text': () => 'text', 'text with quotes': () => '"a" b', 'the text 1': () => '1', 'true': () => true, 'false': () => false, 'null': () => null, 'undefined': () => undefined,
  'no items': () => [], 'one item': () => [1], 'two items': () => [1, 2], 'two others': () => [2, 1], 'a list in a list': () => [[1], 2], 'a list with -0': () => [1, -0], 'a list with NaN': () => [NaN], 'a list with 0': () => [0],
  'a list with a gap': () => { const list = [1, 2, 3]; delete list[1]; return list; }, 'a list with more': () => Object.assign([1], { more: 2 }), 'a frozen list': () => Object.freeze([1, [2]]),
  'no fields': () => ({}), 'two fields': () => ({ a: 1, b: 'x' }), 'the same fields': () => ({ b: 'x', a: 1 }), 'a record in a record': () => ({ a: { b: [null] } }), 'a record with -0': () => ({ a: -0 }),
  'without a prototype': () => Object.assign(Object.create(null) as object, { a: 1 }), 'a field hashA': () => ({ hashA: 1, hashB: 2 }), 'a computed field': () => ({ get a() { return 1; } }), 'a symbol': () => ({ [Symbol('s')]: 1 }),
  'a hidden field': () => Object.defineProperty({}, 'a', { value: 1, enumerable: false }), 'a frozen record with a hidden field': () => Object.freeze(Object.defineProperty({}, 'a', { value: 1, enumerable: false })),
  'a map': () => new Map(), 'a date in a list': () => [new Date(0)], 'a function': () => () => 1, 'a thing': () => new Page('page'), 'another thing': () => new Page('paging'), 'its name': () => 'page', 'a list of things': () => [new Page('page'), new Task('page')],
  'a digest': () => new Digest(1, 2), 'with another half': () => new Digest(1, 3), 'with the other half': () => new Digest(4, 2), 'what follows it': () => new Digest(1, 2).then('x').then(3), 'in another order': () => new Digest(1, 2).then(3).then('x'), 'as in a list': () => (digestOf([]) as Digest).then(1).then(2),
};

function values(): Lines {
  const all = Object.entries(VALUES);
  const lines = all.map(([name, make]): readonly [string, string] => {
    const lanes = orRefusal(() => { const { hashA, hashB } = digestOf(make() as Value); return `${hashA}:${hashB}`; });
    const text = orRefusal(() => exactText(make() as Value));
    const kept = orRefusal(() => { const value = make() as Value; return `${frozen(value) === value ? 'kept' : 'replaced'}${Object.isFrozen(value) ? ', frozen' : ''}${Array.isArray(value) && value.every((part) => Object.isFrozen(part)) ? ' with its items' : ''}`; });
    const stored = orRefusal(() => { const store = new Store(); const cell = store.cell('cell', null); store.set(cell, make() as Value); return `${store.a}:${store.b} ${store.exactState()}`; });
    const initial = orRefusal(() => { const store = new Store(); const cell = store.cell('cell', make() as Value); store.set(cell, 5); store.set(cell, make() as Value); return `${store.a}:${store.b} ${store.exactState()}`; });
    return [name, `${lanes}; ${text}; ${kept}; in a cell: ${stored}; from the beginning: ${initial}; ${orRefusal(() => String(isHashed(make() as Value)))}`];
  });
  const comparable = all.filter(([, make]) => !orRefusal(() => { digestOf(make() as Value); return ''; }).startsWith('refused'));
  const same = comparable.map(([name, make]) => `${name} = ${comparable.filter(([, other]) => sameValue(make() as Value, other() as Value)).map(([other]) => other).join(', ')}`);
  const twins = (['Page', 'Task'] as const).map((kind) => orRefusal(() => {
    const named: Things = new Map();
    const thing = new Page('a');
    for (const value of [thing, new Task('a'), thing, [new Page('b')], kind === 'Page' ? new Page('a') : new Task('b')]) frozen(value, named);
    return [...named].map(([name, things]) => `${name}: ${things.length}`).join(', ');
  }));
  const halves = [new Digest(1, 3), new Digest(4, 2), new Digest(1, 2)].map((other) => {
    const store = new Store();
    store.set(store.cell('cell', new Digest(1, 2)), other);
    return `${store.a}:${store.b}`;
  });
  return { ...Object.fromEntries(lines), 'instead of a digest with one half of it': halves.join('; '), 'which are the same': digest(same), 'things of one name': twins.join('; ') };
}

/** The kinds of cells. */
class Registers extends tracked({ a: 0, b: 'x', c: null as Value, seen: 0 }, ['seen']) {}
class Words extends inMemory({ w: 0, v: 0 as Value, mine: 0, seen: 0 }, ['mine'], ['seen']) {}

class Ground {
  readonly store = new Store();
  readonly told: unknown[] = [];
  readonly registers = new Registers(this.store, 'r', { b: 'y', c: [1] });
  readonly words = new Words(this.store, 'm', { v: 3 });
  readonly cell = new Cell<Value>(this.store, 'cell', 7);
  readonly ghost = new Cell<number>(this.store, 'ghost', 0, true);
  readonly table = new TrackedTable<number, Value>(this.store, 'table', 0, (key) => `0x${key.toString(16)}`);
  readonly map = new TrackedMap<string, Value>(this.store, 'map', null);
  private readonly marks: Mark[] = [];

  constructor(private readonly random: Random) {
    this.store.showAs('cell', (value) => [value]);
    if (random.percent(40)) this.store.settle();
  }

  private value(): Value {
    return this.random.pick<() => Value>([() => this.random.below(4), () => this.random.below(2) * 2 ** 33, () => 'x', () => null, () => [this.random.below(3)], () => ({ a: this.random.below(2) }), () => true])();
  }

  /** Reads or writes something. */
  access(): unknown {
    const { random, registers, words, cell, ghost, table, map } = this;
    const key = random.below(4);
    switch (random.below(15)) {
      case 0: registers.a = random.below(3); return 'a';
      case 1: registers.c = this.value(); return 'c';
      case 2: registers.seen++; return 'seen';
      case 3: words.w = random.below(3); return 'w';
      case 4: words.v = this.value(); return 'v';
      case 5: words.mine++; words.seen++; return 'mine';
      case 6: cell.value = this.value(); return 'cell';
      case 7: ghost.value = random.below(9); return 'ghost';
      case 8: table.set(key, this.value()); return 'table';
      case 9:
        if (random.percent(80)) map.set(`k${key}`, this.value());
        else if (random.percent(70)) map.delete(`k${key}`);
        else map.clear();
        return 'map';
      case 10: return [registers.a, registers.b, registers.c];
      case 11: return [words.w, words.v, words.mine, words.seen];
      case 12: return [cell.value, ghost.value, table.get(key), table.peek(key)];
      case 13: return [table.lookAt(key), map.keys()];
      default: return [map.get(`k${key}`), map.lookAt(`k${key}`)];
    }
  }

  private accesses(): unknown {
    return Array.from({ length: 1 + this.random.below(4) }, () => orRefusal(() => exactText(this.access() as Value)));
  }

  /** Does something else with the store. */
  act(): unknown {
    const { store, random, words, registers } = this;
    const loc = random.below(store.size + (random.percent(3) ? 1 : 0));
    switch (random.below(22)) {
      case 0: this.marks.push(store.mark()); return 'mark';
      case 1: { const mark = this.marks.pop(); if (mark !== undefined && mark.length <= store.writes) store.undo(mark); return 'undo'; }
      case 2: { const mark = this.marks.at(-1); return mark === undefined || mark.length > store.writes ? 'no mark' : [store.changesSince(mark), store.writtenSince(mark)]; }
      case 3: { const from = random.below(store.writes + 1); const seen: unknown[] = []; store.eachWriteSince(from, (at, old) => seen.push([at, old])); store.changesAfter(from, (at, old, now) => seen.push([at, old, now])); return [seen, store.writtenAfter(from)]; }
      case 4: store.record(random.below(3)); return [this.accesses(), [store.footprintSoFar.process, store.footprintSoFar.reads, store.footprintSoFar.writes], store.takeFootprint() === store.footprintSoFar];
      case 5: return store.watch(() => [registers.a, words.v, registers.a, this.map.keys(), store.peek(loc)]);
      case 6: {
        const seen: unknown[] = [];
        store.lookOut({ read: (at, value) => { seen.push([at, value]); }, write: (at, old, value) => { seen.push([at, old, value]); return value; } });
        const done = this.accesses();
        const isLookedOut = store.isLookedOut;
        store.stopLooking();
        return [done, seen, isLookedOut, store.isLookedOut];
      }
      case 7: { const waiting: unknown[] = []; store.view = { read: (at) => (waiting.push(at), store.get(at)), write: (at, value, of, field) => { waiting.push([at, value, String(of), field]); } }; const done = this.accesses(); store.view = null; return [done, waiting]; }
      case 8: return [store.difference(loc % store.size, store.peek(loc % store.size), this.value())];
      case 9: return [store.addOnlooker(loc, 1 + random.below(3)), store.onlookersOf(loc), store.touched];
      case 10: store.touched = 0; return 'untouched';
      case 11: store.forgetOnlookers(); return 'forgotten';
      case 12: return [store.takeLowest()];
      case 13: return orRefusal(() => store.outsideInstructions(() => exactText(this.access() as Value)));
      case 14: return [store.nameOf(loc), store.isGhost(loc), store.initialOf(loc), store.has('r.a'), store.has('r.d'), (registers as unknown as { cellOf: (field: string) => number }).cellOf('b')];
      case 15: { const before = store.mark(); const cells: number[] = []; const held: Value[] = []; const done = this.accesses(); store.copyWrites(before, cells, held); const { a, b } = store; store.undo(before); if (random.percent(50)) store.rewrite(cells, held, 0, cells.length, a, b); else store.rewriteTo(cells, held, a, b); return [done, cells, held]; }
      case 16: {
        const from = store.writes;
        const done = this.accesses();
        const kept = store.writes;
        store.set(store.cell(`kept ${store.size}`, 0), 1);
        const more = [kept + 1, this.accesses()];
        return [done, more, store.without([from, kept, kept + 1, store.writes, from, from + 1], 4, () => store.exactState()), store.writes - from];
      }
      case 17: if (random.percent(30)) { store.forgoFingerprint(); const done = this.accesses(); store.keepFingerprint(); this.marks.length = 0; return done; } return 'fingerprint';
      case 18: if (random.percent(10)) { store.settle(); this.marks.length = 0; } return 'settle';
      case 19: return orRefusal(() => String(store.cell(random.percent(50) ? 'r.a' : `new ${store.size}`, this.value(), random.percent(30))));
      case 20: return [...store.snapshot()];
      default: return this.accesses();
    }
  }

  /** What one action and the store say. */
  step(): void {
    const { store } = this;
    const did = orRefusal(() => told(this.random.percent(50) ? this.access() : this.act()));
    this.told.push(did, store.a, store.b, store.recomputed(), store.writes, store.size, store.exactState());
  }
}

const told = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? exactText(part as Value) : part === undefined ? 'undefined' : part));

function accesses(seed: number): string {
  const ground = new Ground(new Random(seed));
  for (let i = 0; i < ACCESSES; i++) ground.step();
  const { store } = ground;
  return `${store.size} cells, ${store.writes} writes, ${digest(ground.told)}`;
}
