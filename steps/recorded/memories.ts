// What the memories of stretches answer, and what is done at limits that small programs do not reach: for structures.ts.

import { SmallestRuns } from '../../machine/explorer/layered/smallest';
import { countTraces } from '../../machine/explorer/optimal/traces';
import type { Program } from '../../machine/explorer/program';
import { auditSymmetry } from '../../machine/explorer/reduced/symmetry-audit';
import { followForced } from '../../machine/explorer/stateful/forced';
import { Accesses } from '../../machine/explorer/stretch/accesses';
import { Notes } from '../../machine/explorer/stretch/notes';
import { Pieces } from '../../machine/explorer/stretch/pieces';
import { Trial } from '../../machine/explorer/stretch/recall';
import { Stretches } from '../../machine/explorer/stretch/stretches';
import { WideViews } from '../../machine/explorer/stretch/wide-views';
import { movesOf, type Move, type Process, type System } from '../../machine/explorer/system';
import { audit } from '../../machine/explorer/verdict/audit';
import { programNamed } from '../../machine/programs/named';
import { Store } from '../../machine/state/store';
import type { Value } from '../../machine/state/hash';
import { searchByOne, searchInTurns, toldOf } from '../explorer/together';
import { times, type Draw } from './draws';
import { orRefusal } from './recording';

/** Cells, each of which says by its value which one is read next. */
class Trail {
  readonly store = new Store();
  readonly cells: number[];

  constructor(count: number) {
    this.cells = times(count, (i) => this.store.cell(`cell${i}`, 0));
    this.store.keepFingerprint();
  }

  valueOf(cell: number): number {
    return Number(this.store.get(this.cells[cell]!));
  }

  /** Reads so many of them, and returns where it comes to. */
  follow(first: number, length: number): number {
    let at = first;
    for (let i = 0; i < length; i++) at = (at + 1 + this.valueOf(at)) % this.cells.length;
    return at;
  }
}

/** Events and questions, each of which reads some cells that depend on what others hold. At times there is a new cell, or more is remembered than may be. */
export function pieces(draw: Draw): unknown[] {
  const trail = new Trail(7);
  const { store, cells } = trail;
  const [notes, joined] = [new Notes(store), new Accesses(store)];
  const all = new Pieces(store, notes, joined, true, 120);
  const moves = times(6, (i): Move => ({
    process: { name: 'one' } as Process, kind: 'step', label: `move ${i}`,
    perform: () => {
      const at = trail.follow(i, i % 3);
      store.set(cells[at]!, (trail.valueOf(at) + 1) % 3);
      if (i % 2 === 0) store.set(cells[(at + 2) % 7]!, i % 3);
      if (i === 5) store.set(cells[0]!, [trail.valueOf(1)]);
    },
  }));
  const observers = times(3, (i) => all.observer(1 << i, () => `comes to ${trail.follow(i, 2)}`));
  const marks = [store.mark()];
  return times(800, (i) => {
    if (draw(4) === 0) {
      marks.length = 1 + draw(marks.length);
      store.undo(marks.at(-1)!);
    }
    if (i % 300 === 299) cells.push(store.cell(`cell${cells.length}`, 0));
    const joins = draw(2) === 0;
    joined.begin();
    const touched = all.act(moves[draw(draw(4) === 0 ? 6 : 5)]!, joins);
    const looks = store.isLookedOut;
    const answers = observers.map((one) => all.answer(one, joins));
    marks.push(store.mark());
    return [touched, looks, store.isLookedOut, answers, store.a, all.executed, all.repeated, [...joined.cells, 'held', ...joined.held, 'before', ...joined.before], joined.writes()];
  });
}

/** A memory on trial, first with few different states and then with many, and what it refuses to learn. */
export function memories(draw: Draw): unknown[] {
  const trail = new Trail(6);
  const { store, cells } = trail;
  const notes = new Notes(store);
  const trial = new Trial<string>(1 / 4);
  const told = times(2300, (i) => {
    for (let writes = draw(3); writes > 0; writes--) store.set(cells[draw(6)]!, draw(i < 1100 ? 2 : 90));
    const known = trial.find(store);
    const isKept = trial.isKept;
    if (known !== null) return [known, isKept];
    notes.lookAs(1, true);
    store.lookOut(notes);
    const answer = `comes to ${trail.follow(0, 1 + (trail.valueOf(3) % 3))}`;
    store.stopLooking();
    trial.recall.learn(notes.cells, notes.held, answer);
    return [isKept, answer];
  });
  const learned = (cells: readonly number[], held: readonly Value[]): string => orRefusal(() => String(trial.recall.learn(cells, held, 'more')));
  return [...told, learned([], []), learned([3], [trail.valueOf(3)]), learned([4, 3], [0, 0]), learned([3, 4], [1000, 1]), learned([3, 5], [1000, 1]), learned([3, 4, 5], [1000, 1, 1]), learned([3, 4, 2], [1000, 1, 1])];
}

/** A process that counts to a number by itself, and returns to `again` when it is there; another one makes a single move when it may. */
function counting(to: number, again = -1, isAlone = true): System {
  const store = new Store();
  const [count, other] = [store.cell('count', 0), store.cell('other', 0)];
  const process = (name: string, isReady: () => boolean, act: () => void): Process => {
    const move: Move = { process: null as unknown as Process, kind: 'step', label: name, perform: act };
    const own: Process = { name, moves: (into) => { if (isReady()) into.push(move); }, busy: isReady, describe: () => ({ context: name, paths: [], text: 'goes on' }) };
    return Object.assign(move, { process: own }).process;
  };
  const now = (): number => Number(store.get(count));
  const counts = process('counts', () => now() < to || again >= 0, () => store.set(count, now() < to ? now() + 1 : again));
  const moves = process('moves', () => store.get(other) === 0, () => store.set(other, 1));
  store.keepFingerprint();
  return { store, processes: isAlone ? [counts] : [counts, moves], invariants: [{ name: 'low', check: () => (now() === 30 ? 'the count is 30' : null) }], outcome: () => `${now()}` };
}

/** Stretches of one process, which are longer than what may be remembered in one piece, or longer than any may be. */
export function stretches(): unknown[] {
  return [[25, -1], [29, 3], [29, 29], [29, 0], [40, -1], [41, -1], [45, 20]].flatMap(([to, again]) => [true, false].flatMap((endsWhenBroken) => [{ steps: 40, part: 6, remembered: 1000 }, { steps: 40, part: 41, remembered: 20 }].map((limits) => {
    const system = counting(to!, again);
    const all = new Stretches(system, { endsWhenBroken, limits });
    const start = system.store.mark();
    return times(3, () => orRefusal(() => {
      const here = all.here();
      const { steps, switches, looped, broken, spot } = all.follow(here.moves[0]!, here);
      const told = JSON.stringify([steps, switches, looped, broken, spot.moves.length, system.store.a, all.remembered, all.rememberedWhole, all.work]);
      system.store.undo(start);
      return told;
    }));
  })));
}

/** Forced steps up to a limit; and runs whose only loop begins where they begin. */
export function endless(): unknown[] {
  const forced = [9, 10, 11].map((to) => orRefusal(() => {
    const system = counting(to);
    const { steps, looped } = followForced(system, movesOf(system)[0]!, 10);
    return `${steps} ${looped}`;
  }));
  const programs: readonly Program[] = [() => counting(3, 0), () => counting(3, 0, false), () => counting(3, 1, false), () => counting(0, 0, false)];
  return [...forced, ...programs.flatMap((program) => [toldOf(searchByOne(program)), ...[1, 2].map((seed) => toldOf(searchInTurns(program, { members: 2, seed, moves: 2 }).search))])];
}

/** Deadlocks that are looked for with much or little patience. */
export function patience(): unknown[] {
  return ['philosophers(3)', 'ab-ba'].flatMap((name) => [0, 10, 1000].map((patience) => {
    const runs = new SmallestRuns(programNamed(name)(), (end) => end.kind, new Set(['deadlock']), 500, patience);
    let turns = 1;
    while (!runs.advance(2)) turns++;
    return [turns, ...runs.found];
  }));
}

/** Views of some of many cells, each written several times. */
export function manyCells(draw: Draw): unknown[] {
  const store = new Store();
  const cells = times(262, (i) => store.cell(`cell${i}`, 0)).slice(250);
  store.keepFingerprint();
  const views = new WideViews(store);
  const all = [1, 2].map((bit) => {
    for (const cell of cells) if (draw(2) === 0) store.addOnlooker(cell, bit);
    return views.add(bit);
  });
  return times(40, () => {
    for (let writes = draw(9); writes > 0; writes--) store.set(cells[draw(12)]!, draw(4));
    views.catchUp();
    return all.map(({ a, b }) => [a, b]);
  });
}

/** Programs whose store or whose outcome is not what a search relies on. */
export function audits(): unknown[] {
  const changed = (change: (system: System) => Partial<System>): Program => () => {
    const system = counting(2, -1, false);
    return Object.assign(system, change(system));
  };
  const withoutLane = (lane: 'a' | 'b'): Program => changed(({ store }) => {
    const recomputed = store.recomputed.bind(store);
    store.recomputed = () => ({ ...recomputed(), [lane]: store[lane] ^ 1 });
    return {};
  });
  const onlyAtTheEnd = changed((system) => ({ outcome: () => { if (movesOf(system).length > 0) throw new Error('asked for its outcome while it still runs'); return 'it has ended'; } }));
  return [withoutLane('a'), withoutLane('b'), onlyAtTheEnd].flatMap((program) => [orRefusal(() => String(audit(program, 2))), orRefusal(() => String(auditSymmetry(program, 40)))]);
}

/** Executions counted with each of the options alone. */
export function counts(): unknown[] {
  return [{}, { switches: true }, { classes: true }, { schedules: true }].map((options) => countTraces(programNamed('litmus SB'), options));
}
