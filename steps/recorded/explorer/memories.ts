// What the memories of stretches answer, and what is done at limits that small programs do not reach: for structures.ts.

import { explore } from '../../../machine/explorer/explore';
import { SmallestRuns } from '../../../machine/explorer/layered/smallest';
import { Execution } from '../../../machine/explorer/optimal/execution';
import { Touch } from '../../../machine/explorer/optimal/touch';
import { countTraces } from '../../../machine/explorer/optimal/traces';
import { UntriedRuns } from '../../../machine/explorer/oracle/untried';
import type { Program } from '../../../machine/explorer/program';
import { auditSymmetry } from '../../../machine/explorer/reduced/symmetry-audit';
import { Crew } from '../../../machine/explorer/shared/crew';
import { SharedTable } from '../../../machine/explorer/shared/table';
import { followForced } from '../../../machine/explorer/stateful/forced';
import { Accesses } from '../../../machine/explorer/stretch/accesses';
import { Notes } from '../../../machine/explorer/stretch/notes';
import { Pieces } from '../../../machine/explorer/stretch/pieces';
import { Trial } from '../../../machine/explorer/stretch/recall';
import { Stretches } from '../../../machine/explorer/stretch/stretches';
import { WideViews } from '../../../machine/explorer/stretch/wide-views';
import { movesOf, type Move, type Process, type System } from '../../../machine/explorer/system';
import { audit } from '../../../machine/explorer/verdict/audit';
import type { Trace } from '../../../machine/explorer/verdict/replay';
import { deadlockMessage, endOfRun, livelockMessage, turningByForce } from '../../../machine/explorer/verdict/stuck';
import type { Awaited } from '../../../machine/path';
import { programNamed } from '../../../machine/programs/named';
import { Store } from '../../../machine/state/store';
import type { Value } from '../../../machine/state/hash';
import { searchByOne, searchInTurns, toldOf } from '../../explorer/together';
import { some, times, type Draw } from './draws';
import { orRefusal } from '../recording';

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
  return [...piecesOf(draw, 800, true), ...piecesOf(draw, 40, false)];
}

function piecesOf(draw: Draw, count: number, remembers: boolean): unknown[] {
  const trail = new Trail(7);
  const { store, cells } = trail;
  const [notes, joined] = [new Notes(store), new Accesses(store)];
  const all = new Pieces(store, notes, joined, remembers, 120);
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
  return times(count, (i) => {
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

/** A process with one move, which it makes whenever it is ready. */
function process(name: string, isReady: () => boolean, act: () => void): Process {
  const move: Move = { process: null as unknown as Process, kind: 'step', label: name, perform: act };
  const own: Process = { name, moves: (into) => { if (isReady()) into.push(move); }, busy: isReady, describe: () => ({ context: name, paths: [], text: 'goes on' }) };
  return Object.assign(move, { process: own }).process;
}

/** A process that counts to a number by itself, and returns to `again` when it is there; another one makes a single move when it may. */
export function counting(to: number, again = -1, isAlone = true): System {
  const store = new Store();
  const [count, other] = [store.cell('count', 0), store.cell('other', 0)];
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
  const turning = [...programs, () => counting(3)].map((program) => [...turningByForce(program())]);
  return [...forced, ...turning, ...programs.flatMap((program) => [toldOf(searchByOne(program)), ...[1, 2].map((seed) => toldOf(searchInTurns(program, { members: 2, seed, moves: 2 }).search))])];
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

/** Two processes whose members have cells of just their names; each keeps its bit where a stack does, where a statistic does, and in two masks. */
function namesakes(): System {
  const store = new Store();
  const bit = [1, 2] as const;
  const own = ['a', 'b'].map((name) => ({ name, cell: store.cell(name, 0), place: store.cell(`${name}.place`, 0), stack: store.cell(`${name}.stack`, 0) }));
  const [ghost, ...masks] = [store.cell('seen', 0, true), store.cell('set', 0), store.cell('page.set', 0), store.cell('one.stack', 0)];
  store.keepFingerprint();
  const processes = own.map(({ name, cell, place, stack }, i) => process(name, () => Number(store.get(place)) < 3, () => {
    const at = Number(store.get(place));
    if (at === 0) store.set(cell, 1);
    else if (at === 1) store.set(stack, bit[i]!);
    else for (const mask of masks.slice(0, 2)) store.set(mask, Number(store.get(mask)) | bit[i]!);
    store.set(ghost, bit[i]!);
    store.set(place, at + 1);
  }));
  return { store, processes, invariants: [], interchangeable: [{ kind: 'pages', members: [['a'], ['b']], masks: ['set'] }] };
}

/** Two processes that set their bits in a mask, and a third one that copies the mask: to its stack, where it may be any number; to a mask that is declared with its whole name; to other cells. */
function copying(copies: readonly string[]): System {
  const store = new Store();
  const mask = store.cell('set', 0);
  const places = ['a', 'b', 'one'].map((name) => store.cell(`${name}.place`, 0));
  const to = copies.map((name) => store.cell(name, 0));
  store.keepFingerprint();
  const processes = places.map((place, i) => process(['a', 'b', 'one'][i]!, () => store.get(place) === 0 && (i < 2 || store.get(mask) !== 0), () => {
    if (i < 2) store.set(mask, Number(store.get(mask)) | (1 << i));
    else for (const copy of to) store.set(copy, store.get(mask));
    store.set(place, 1);
  }));
  return { store, processes, invariants: [], interchangeable: [{ kind: 'pages', members: [['a'], ['b']], masks: ['set', 'page.copy'] }] };
}

/** Whether such members are interchangeable, and how many states are left. */
export function names(): unknown[] {
  return [namesakes, ...[['one.stack'], ['one.stack', 'page.copy'], ['one.stack', 'copy'], ['page.kept']].map((copies) => () => copying(copies))].flatMap((program) => [orRefusal(() => String(auditSymmetry(program, 60))), ...(['stateful', 'reduced'] as const).map((engine) => explore(program, {}, undefined, { engine, challenge: 0 }).states)]);
}

/** A state that is reached by an interrupt, or by two changes of process: within both bounds, only after the interrupt can it go on to what is broken. */
function twoWays(): System {
  const store = new Store();
  const at = store.cell('at', 0);
  store.keepFingerprint();
  const moving = (name: string, ways: Readonly<Record<number, number>>, interrupts: Readonly<Record<number, number>> = {}): Process => {
    const moves = (kind: Move['kind'], of: typeof ways): (readonly [number, Move])[] => Object.entries(of).map(([from, to]) => [Number(from), { process: null as unknown as Process, kind, label: `${name} ${kind}`, perform: () => store.set(at, to) }]);
    const all = [...moves('step', ways), ...moves('interrupt', interrupts)];
    const own: Process = { name, moves: (into) => { for (const [from, move] of all) if (store.get(at) === from) into.push(move); }, busy: () => false, describe: () => ({ context: name, paths: [], text: 'goes on' }) };
    for (const [, move] of all) Object.assign(move, { process: own });
    return own;
  };
  return { store, processes: [moving('one', { 0: 1, 1: 5, 2: 3, 3: 5 }, { 0: 3 }), moving('other', { 0: 5, 1: 2, 2: 5, 3: 4 })], invariants: [{ name: 'short', check: () => (store.get(at) === 4 ? 'it went on' : null) }] };
}

/** What is found within one bound, and within two. */
export function bounds(): unknown[] {
  return [{ interrupts: 1 }, { switches: 2 }, { interrupts: 1, switches: 2 }, { interrupts: 0, switches: 2 }, { interrupts: 0, switches: 3 }, { interrupts: 1, switches: 0 }].map((within) => {
    const { states, complete, findings } = explore(twoWays, within, undefined, { engine: 'layered', challenge: 0 });
    return [states, complete, findings.map(({ witness }) => witness.schedule)];
  });
}

/** What is said of processes that wait for each other, for what no process does, or for nothing; one may have ended, and one may run something else. */
export function waits(draw: Draw): unknown[] {
  const names = times(6, (i) => `p${i}`);
  return times(120, () => {
    const store = new Store();
    const processes = names.map((name, i): Process => {
      const of = some(draw, 3, 6).map((one) => ({ process: names[one]!, ...(draw(4) === 0 ? { unless: 'interrupts are off' } : {}) }));
      const waits: readonly Awaited[] = [{ kind: 'lock', name: 'lock', ...(draw(2) === 0 ? { holder: names[draw(6)]! } : {}) }, { kind: 'condition', text: 'a flag' }];
      const awaited = draw(3) > 0 ? { kind: 'answers' as const, of } : [...waits, null][draw(3)]!;
      const [isBusy, context, text] = [draw(7) > 0, draw(5) === 0 ? `task of ${name}` : name, draw(2) === 0 ? 'ended' : 'idle'];
      return { name, moves: () => undefined, busy: () => isBusy, describe: () => ({ context, paths: i === 0 ? [] : ['path'], text }), awaited: () => awaited };
    });
    const trace = { events: times(draw(3), () => ({ process: names[draw(6)], changes: [{ cell: ['lock', 'other'][draw(2)] }] })) } as unknown as Trace;
    const system: System = { store, processes, invariants: [] };
    return [deadlockMessage(system, trace), livelockMessage(system, trace, new Set(some(draw, 3, 6))), endOfRun(system, trace)];
  });
}

/** Runs of which fewer choices are kept than they have: which ways are untried, and whether an earlier run came there. */
export function fewChoices(draw: Draw): unknown[] {
  return [3, 4, 9].flatMap((most) => {
    const runs = new UntriedRuns(most);
    return times(24, () => {
      runs.begin();
      const told = times(3, () => {
        const isNew = runs.choose(2);
        const open = [isNew(0), isNew(1)];
        runs.take(draw(2));
        return [...open, runs.isKnown];
      });
      runs.end();
      return [told, runs.none];
    });
  });
}

/** Short executions, half of whose events may touch everything. */
export function everything(draw: Draw): unknown[] {
  const [all, one, other] = [new Touch([], [], true), new Touch([1], [2]), new Touch([2], [])];
  return times(60, () => {
    const execution = new Execution(3);
    times(2 + draw(4), (i) => execution.push(draw(3), `event ${i}`, [all, all, one, other][draw(4)]!, null, one, false, i));
    const events = times(execution.length, (i) => i);
    return events.map((i) => {
      const races: number[] = [];
      execution.racesOf(i, (earlier, process, later, isDirect) => (races.push(earlier, process, later, isDirect ? 1 : 0), false));
      return [races, events.map((k) => execution.happensBefore(k, i))];
    });
  });
}

/** Members that wait for work, as another finds them one after the other: each once, until it may wait again. */
export function idle(): unknown[] {
  const shared = Crew.found(4, SharedTable.bufferFor(1, 64));
  const all = times(4, (me) => new Crew(shared, me, new SharedTable(shared.slots, 64)));
  for (const one of all.slice(1)) one.rest();
  const first = all[0]!;
  const found = times(5, () => first.findIdle());
  first.give(found[1]!, null);
  first.give(found[0]!, { state: 1, a: 2, b: 3, next: 4, end: 5, path: [6, 7] });
  return [...found, ...times(3, () => first.findIdle()), all.map((one) => one.takeTask()), all.map((one) => one.isDone), times(4, (me) => first.givenTo(me))];
}

/** Executions counted with each of the options alone. */
export function counts(): unknown[] {
  return [{}, { switches: true }, { classes: true }, { schedules: true }].map((options) => countTraces(programNamed('litmus SB'), options));
}
