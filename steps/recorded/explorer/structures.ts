// What the data structures of the explorer answer to long series of questions that are drawn, in lines: much longer ones than small programs ask.

import { Alternating, type Worker } from '../../../machine/explorer/alternating';
import type { Report, Standing } from '../../../machine/explorer/engine';
import { skipsLoops } from '../../../machine/explorer/explore';
import { compareNeeds } from '../../../machine/explorer/layered/raised';
import { ALL, DONE, Frontier, INTERRUPT, QUEUED, QUEUED_WITH_CHANGE, Units } from '../../../machine/explorer/layered/frontier';
import { Heap } from '../../../machine/explorer/layered/heap';
import { Trail } from '../../../machine/explorer/layered/trail';
import { Bits } from '../../../machine/explorer/optimal/bits';
import { Execution } from '../../../machine/explorer/optimal/execution';
import { Touch } from '../../../machine/explorer/optimal/touch';
import { UntriedRuns } from '../../../machine/explorer/oracle/untried';
import type { Interchangeable } from '../../../machine/explorer/interchangeable';
import { mergeReports, type PartReport } from '../../../machine/explorer/parts/partition';
import { Labelling } from '../../../machine/explorer/reduced/labelling';
import { Symmetry } from '../../../machine/explorer/reduced/symmetry';
import { EachForItself, Unnoticed } from '../../../machine/explorer/reduced/unnoticed';
import { Crew } from '../../../machine/explorer/shared/crew';
import { OwnTable } from '../../../machine/explorer/shared/own-table';
import { SharedTable } from '../../../machine/explorer/shared/table';
import { loopsIn } from '../../../machine/explorer/stateful/components';
import { Column, Kinds } from '../../../machine/explorer/stateful/edges';
import { Fingerprints } from '../../../machine/explorer/stateful/fingerprints';
import { StateGraph } from '../../../machine/explorer/stateful/graph';
import { membersOf, type Ready } from '../../../machine/explorer/stateful/ready';
import { WideViews } from '../../../machine/explorer/stretch/wide-views';
import { show, showChange } from '../../../machine/explorer/verdict/show';
import { Entity, type Value } from '../../../machine/state/hash';
import { Footprint } from '../../../machine/state/footprint';
import { Store } from '../../../machine/state/store';
import { drawFrom, some, times, type Draw } from './draws';
import { bounded, crowds, dependence, executions, meantToLoop, plans, shards } from './learning';
import { audits, bounds, counts, endless, everything, fewChoices, idle, manyCells, memories, names, patience, pieces, stretches, waits } from './memories';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** What each answers, in order. */
const ASKED: Readonly<Record<string, Readonly<Record<string, (draw: Draw) => readonly unknown[]>>>> = {
  explorer: {
    heap, column, kinds, fingerprints, bits, 'own table': ownTable, 'shared table': sharedTable, crew, frontier, trail, labelling,
    'untried runs': untriedRuns, touch, execution, unnoticed, graph, 'graph of many processes': (draw) => graphOf(draw, 40), loops, 'wide views': wideViews, needs, turns, 'shown values': shownValues, 'merged reports': mergedReports, 'refused symmetries': refusedSymmetries,
  },
  'memories and limits': { pieces, memories, 'wide views of many cells': manyCells, stretches, endless, patience, audits, counts, names, bounds, waits, 'few choices kept': fewChoices, everything, idle },
  'what is learned': { dependence, plans, executions, shards, 'meant to loop': meantToLoop, bounded, crowds },
};

export const structures: Recording = {
  name: 'structures', isApart: true, parts: Object.keys(ASKED),
  linesOf: (part): Lines => Object.fromEntries(Object.entries(ASKED[part]!).map(([name, ask], i) => [name, orRefusal(() => {
    const answers = ask(drawFrom(i + 1));
    return `${answers.length} answers, ${digest(answers)}`;
  })])),
};

function heap(draw: Draw): unknown[] {
  const heap = new Heap();
  return times(1500, (i) => {
    if (i < 900 ? draw(3) > 0 : heap.size === 0) heap.push(draw(40), draw(50));
    return heap.size === 0 ? null : draw(3) === 0 || i >= 900 ? [heap.cost, heap.pop(), heap.size] : heap.cost;
  });
}

function column(draw: Draw): unknown[] {
  const column = new Column();
  const told = times(60, () => {
    column.push(draw(9));
    if (draw(8) === 0) column.reserve(draw(200));
    const first = draw(5) === 0 ? column.extend(draw(20), 7) : -1;
    column.set(draw(column.length), draw(5));
    return [first, column.length, column.at(draw(column.length))];
  });
  const copy = new Int32Array(column.length + 5);
  column.copyInto(copy, 3);
  return [...told, [...column.toArray()], [...copy]];
}

function kinds(draw: Draw): unknown[] {
  const kinds = new Kinds();
  const one = (): Parameters<Kinds['numberOf']>[0] => ({
    process: draw(2), label: draw(4), interrupt: draw(2), steps: draw(12), stayReady: draw(4) === 0 ? '3 40' : draw(3), place: draw(3) - 1, last: draw(2), switches: draw(2), breaks: draw(3) - 1,
  });
  return times(2500, () => kinds.numberOf(one()));
}

function fingerprints(draw: Draw): unknown[] {
  const table = new Fingerprints(8);
  const lane = (): number => draw(3) === 0 ? draw(2 ** 32) | 0 : draw(40) - 20;
  const told = times(1500, () => {
    const [a, b] = [lane(), lane()];
    return [table.has(a, b), table.findOrAdd(a, b), table.has(a, b), table.has(b, a), table.bytes];
  });
  const again = Fingerprints.restore(table.save());
  return [...told, table.count, table.collisionBound, [...again.save()], again.count, new Fingerprints().bytes];
}

function bits(draw: Draw): unknown[] {
  const bits = new Bits();
  return times(900, (i) => {
    const number = draw(40 + i * 8);
    if (draw(3) > 0) bits.add(number);
    else bits.clear(draw(40));
    if (i === 700) bits.empty();
    return [bits.has(number), bits.has(draw(9000))];
  });
}

function ownTable(draw: Draw): unknown[] {
  const table = new OwnTable();
  const told = times(2600, (i) => {
    const [a, b] = [draw(60) - 30, draw(60) - 2];
    return [table.find(a, b), table.findOrAdd(a, b, i), table.find(a, b)];
  });
  return [...told, table.tally()];
}

/** Two members, one of which finds the gate closed at times. */
function sharedTable(draw: Draw): unknown[] {
  const buffer = SharedTable.bufferFor(3, 16);
  const members = [new SharedTable(buffer, 16), new SharedTable(buffer, 16)] as const;
  const told = times(700, (i) => {
    const table = members[draw(2)]!;
    const enters = table.enter();
    if (!enters) return 'waits';
    const both = draw(9) === 0 && members[0] === table && members[1].enter();
    const found = table.findOrAdd(draw(20) - 3, draw(20) - 3, i);
    table.leave();
    if (both) members[1].leave();
    return [both, found];
  });
  for (const table of [...members, ...members]) if (table.enter()) table.leave();
  const each: unknown[] = [];
  members[0].each((...state) => each.push(state));
  return [buffer.byteLength, ...told, ...each, members[1].tally(), ...times(3, (share) => members[0].tally(share, 3))];
}

function crew(draw: Draw): unknown[] {
  const shared = Crew.found(4, SharedTable.bufferFor(1, 64));
  const there = (one: Crew): boolean[] => times(4, (member) => one.isThere(member));
  const first = new Crew(shared, 0, new SharedTable(shared.slots, 64));
  const told: unknown[] = [there(first), first.findIdle()];
  const all = [first, ...[1, 2].map((me) => new Crew(shared, me, new SharedTable(shared.slots, 64)))];
  for (let turn = 0; turn < 60; turn++) {
    const one = all[draw(3)]!;
    const idle = one.findIdle();
    if (idle >= 0 && draw(3) === 0) one.give(idle, null);
    else if (idle >= 0) one.give(idle, { state: draw(9), a: draw(9), b: -draw(9), next: draw(3), end: 3, path: some(draw, 5, 9) });
    const task = all[draw(3)]!.takeTask();
    one.tell(draw(50), draw(70));
    told.push([idle, task, one.states, one.events, times(4, (member) => one.givenTo(member)), one.isDone, one.stopped]);
  }
  all.forEach((one) => told.push([one.rest(), one.isDone]));
  all[1]!.stop('bounds');
  all[2]!.stop('failed');
  return [...told, there(first), first.stopped, first.members, [0, 1 << 14, (1 << 14) + 1].map((path) => Crew.canHandOver(path))];
}

function frontier(draw: Draw): unknown[] {
  return [{}, { interrupts: 1 }, { interrupts: 2, switches: 1 }, { switches: 3 }].flatMap((bounds) => {
    const units = new Units(3);
    const frontier = new Frontier(units, bounds);
    return times(900, (i) => {
      const unit = units.numberOf(i + draw(40), draw(4) + ALL, draw(2) === 0);
      units.extendTo(units.stateOf(unit));
      const before = units.standing(unit);
      if (draw(3) > 0) frontier.putOff(unit, [0, 1, INTERRUPT, INTERRUPT + 1][draw(4)]!, draw(2) === 0 ? QUEUED : QUEUED_WITH_CHANGE);
      else if (draw(3) === 0) units.put(unit, DONE);
      const taken = draw(2) === 0 ? frontier.take() : -1;
      return [units.stateOf(unit), units.processOf(unit), units.isInterrupt(unit), before, units.standing(unit), taken, taken === null && frontier.raise(), frontier.cost, frontier.cut.size, units.bytes];
    });
  });
}

/** States each of which is reached from an earlier one, and ways from one to another. */
function trail(draw: Draw): unknown[] {
  const store = new Store();
  const cells = times(6, (i) => store.cell(`cell${i}`, 0));
  store.keepFingerprint();
  const trail = new Trail(store);
  trail.note(0, store.mark());
  for (let state = 1; state < 2600; state++) {
    const parent = draw(4) === 0 ? draw(state) : state - 1 - draw(Math.min(3, state));
    const mark = trail.goTo(parent);
    for (const cell of some(draw, 3, 6)) store.set(cells[cell]!, draw(5));
    trail.note(parent, mark);
  }
  return times(200, () => {
    const { a, b, length } = trail.goTo(draw(2600));
    return [a, b, length, cells.map((cell) => store.peek(cell)), store.a === a, trail.depth, trail.repeated, trail.bytes];
  });
}

function labelling(draw: Draw): unknown[] {
  return times(150, () => {
    const kindOf = [0, 0, 0, 1, 1, 2, 2];
    const labelling = new Labelling(kindOf);
    labelling.clear();
    times(draw(4), () => labelling.addOwn(draw(8) - 1, draw(2), draw(2)));
    times(draw(9), () => labelling.addEdge(draw(8) - 1, draw(7), draw(2), draw(2)));
    const ranks = new Int32Array(7);
    labelling.rank(ranks);
    return [labelling.a, labelling.b, ...ranks];
  });
}

function untriedRuns(draw: Draw): unknown[] {
  const runs = new UntriedRuns();
  const told: unknown[] = [];
  for (let run = 0; run < 60 && !runs.none; run++) {
    runs.begin();
    for (let depth = 0, ways = 3; depth < 3; depth++) {
      const isNew = runs.choose(ways);
      const open = times(ways, (way) => way).filter(isNew);
      const way = open[draw(open.length)]!;
      told.push([runs.isKnown, open, way]);
      runs.take(way);
      told.push(runs.isKnown);
      ways = 2 + ((way + depth) % 2);
    }
    runs.end();
  }
  const only = new UntriedRuns();
  only.begin();
  only.end();
  return [...told, runs.none, only.none, only.isKnown, orRefusal(() => String((runs.begin(), runs.choose(5))))];
}

const touches = (draw: Draw): Touch[] => [
  ...times(24, (i) => new Touch(some(draw, 2, i % 3 === 0 ? 70 : 8), some(draw, 2, i % 3 === 0 ? 70 : 8))), new Touch([0, 31], [62]), new Touch([31], []), new Touch([], [0]), new Touch([], []), new Touch([], [], true),
];

function touch(draw: Draw): unknown[] {
  const all = touches(draw);
  return all.flatMap((one) => [one.accesses, ...all.map((other) => [one.conflictsWith(other), one.mayReadFrom(other)])]);
}

/** An execution whose events come and go, with every question that can be asked about it. */
function execution(draw: Draw): unknown[] {
  const execution = new Execution(4);
  const all = touches(draw);
  const any = (): Touch => all[draw(20) === 0 ? all.length - 1 : draw(all.length - 1)]!;
  const told: unknown[] = [];
  const overtaken = (answers: number[]) => (earlier: number, process: number, later: number, isDirect: boolean): boolean => {
    answers.push(earlier, process, later, isDirect ? 1 : 0);
    return (earlier + later) % 3 !== 0;
  };
  for (let i = 0; i < 260; i++) {
    if (draw(4) === 0) for (let gone = draw(4); gone > 0 && execution.length > 0; gone--) execution.pop();
    execution.push(draw(4), `event ${i}`, any(), null, any(), draw(2) === 0, i);
    const last = execution.length - 1;
    const [k, races, waiting] = [draw(execution.length), [] as number[], [] as number[]];
    execution.racesOf(last, overtaken(races));
    execution.racesOf(k, overtaken(races));
    execution.racesOfWaiting(draw(4), any(), overtaken(waiting));
    told.push([execution.happensBefore(k, last), execution.cause(last), execution.cause(k), execution.hasOthers(k, draw(execution.length)), execution.isAffected(k, any()), execution.isHindered(k, any()), races, waiting, execution.pretend(1, 'more', any())]);
  }
  return told;
}

function unnoticed(draw: Draw): unknown[] {
  const scope = new EachForItself();
  const unnoticed = new Unnoticed(scope, (cell) => cell === 11);
  const prints = times(14, () => new Footprint(draw(3), some(draw, 2, 12), some(draw, 2, 12)));
  const print = (): Footprint => prints[draw(prints.length)]!;
  return times(260, (i) => {
    const places = times(3, (process) => unnoticed.placeOf(process, draw(7)));
    const process = draw(3);
    if (draw(4) === 0) unnoticed.learnLook(process, places[process]!, print());
    else unnoticed.learn(process, places[process]!, print(), unnoticed.placeOf(process, draw(7)));
    if (i % 40 === 39) unnoticed.observe([draw(12)]);
    const asked = print();
    const answers = [unnoticed.isUnnoticed(process, asked, places), unnoticed.isObserved(asked.writes), ...places.map((place) => unnoticed.mayNotice(place, process, asked))];
    if (draw(5) === 0) unnoticed.rely(process, asked, places, draw(2) === 0 ? undefined : draw(8));
    const { isStale } = unnoticed;
    if (isStale && draw(2) === 0) unnoticed.refresh();
    return [...answers, isStale, places.map(({ keys }) => [...keys])];
  });
}

function graph(draw: Draw): unknown[] {
  return graphOf(draw, 3);
}

/** Graphs of a few states, with every question that can be asked about them. */
function graphOf(draw: Draw, processes: number): unknown[] {
  const ready = (): Ready => (processes > 31 ? some(draw, 3, processes).join(' ') : draw(2 ** processes));
  return times(25, () => {
    const graph = new StateGraph();
    const states = 5 + draw(12);
    times(2 * states, (i) => {
      const process = draw(processes);
      const [from, isEnd] = [i < states ? i : draw(states), draw(9) === 0];
      const broken = draw(6) === 0 ? [{ violation: draw(2), steps: 1 + draw(2), switches: draw(2), last: draw(processes) }] : [];
      graph.add({ from, to: isEnd ? -1 - draw(2) : draw(states), process, label: graph.word(`move ${draw(4)}`), interrupt: draw(5) === 0, steps: 1 + draw(3), ...(draw(3) === 0 ? { last: draw(processes), switches: 1 + draw(2) } : {}) }, ready(), draw(3) === 0 ? graph.word(`place ${draw(3)}`) : -1, broken);
    });
    const targets = some(draw, 3, states);
    const isTarget = (to: number): boolean => to === -2 || targets.includes(to);
    const again = StateGraph.restore(graph.save(), graph.allWords, graph.allKinds);
    const loops = graph.fairLoops(states, processes);
    return [
      graph.size, graph.bytes, graph.allWords, graph.allKinds, graph.allBreaks, [...graph.save()], [...again.save()], again.allKinds.length, again.wordAt(99),
      times(graph.size, (i) => [graph.edge(i), graph.fromOf(i), graph.placeOf(i), graph.breaksAt(i), membersOf(graph.stayReadyAlong(i))]),
      ...[false, true].map((moves) => graph.cheapestPath(states, processes, isTarget, moves)), ...times(states, (state) => graph.cheapestPath(states, processes, (to) => to === state, true)),
      // What was decided for one question is there for the next: a target may be an end or a state.
      ...times(states, (state) => [-1, -2].map((end) => graph.cheapestPath(states, processes, (to) => to === state || to === end, false))),
      loops, loops.map((members) => [...graph.movingAmong(members)]), [...graph.movingAmong(targets)],
      graph.isReachable(states, isTarget, (edge) => edge % 4 !== 0), [...graph.canReach(states, isTarget)], times(states, (state) => [...graph.leaving(states)(state)]),
    ];
  });
}

function loops(draw: Draw): unknown[] {
  return times(200, () => {
    const states = 1 + draw(9);
    const rows = times(states, () => times(draw(3), () => draw(states + 1) - 1));
    const starts = [0];
    for (const row of rows) starts.push(starts.at(-1)! + row.length);
    return loopsIn({ starts: Int32Array.from(starts), targets: Int32Array.from(rows.flat()) });
  });
}

/** Views of some cells each, while a run goes on and back. */
function wideViews(draw: Draw): unknown[] {
  const store = new Store();
  const cells = times(12, (i) => store.cell(`cell${i}`, 0));
  store.keepFingerprint();
  const views = new WideViews(store);
  const all = [1, 2, 4].map((bit) => {
    for (const cell of cells) if (draw(2) === 0) store.addOnlooker(cell, bit);
    return views.add(bit);
  });
  const marks = [store.mark()];
  return times(900, (i) => {
    if (i === 600 && store.addOnlooker(cells[3]!, 2)) views.beginAnew();
    if (draw(400) === 0 || (i > 500 && draw(12) === 0)) {
      marks.length = 1 + draw(marks.length);
      store.undo(marks.at(-1)!);
    }
    for (let writes = draw(4); writes > 0; writes--) store.set(cells[draw(12)]!, draw(4));
    marks.push(store.mark());
    if (draw(5) > 0) views.catchUp();
    const told = all.map((view) => [view.a, view.b, view.known?.message ?? String(view.known)]);
    const view = all[draw(3)]!;
    if (draw(3) === 0) view.keep(draw(2) === 0 ? null : { invariant: 'one', message: `seen ${draw(5)}` });
    if (draw(90) === 0) view.forget();
    return told;
  });
}

function needs(): unknown[] {
  const all = [null, 0, 1, 2].flatMap((interrupts) => [0, 1, 2].map((switches) => ({ interrupts, switches })));
  const skipped = [true, false].flatMap((complete) => [true, false].flatMap((cyclic) => [1, 1_000_000, 1_000_001].map((states) => skipsLoops({ complete, cyclic, states }))));
  return [...all.flatMap((one) => all.map((other) => Math.sign(compareNeeds(one, other)))), ...skipped];
}

/** Engines that take turns, with costs and estimates that are drawn, in every second case close together; some reach their bounds, and one ends. */
function turns(draw: Draw): unknown[] {
  return times(80, (i) => {
    const isClose = i % 2 === 0;
    const stub = (name: string, cost: number, end: Standing): Worker & { leftOut: number; goesRound: boolean; hasChoices: boolean; moves: number } => {
      const pace = 1 + draw(9);
      const last = 2000 * (1 + draw(40));
      const engine = {
        moves: 0, leftOut: [0.2, 0.3, 0.5, 0.68, 0.9][draw(5)]!, goesRound: draw(2) === 0, hasChoices: draw(isClose ? 9 : 3) === 0, height: isClose ? 1 / 2 : draw(5) / 8, work: 0,
        advance(events: number): Standing {
          engine.moves += events;
          engine.work += (events * cost) / pace;
          if (!isClose) engine.height = Math.min(1, engine.height + draw(3) / 100);
          return engine.moves > last ? end : 'under way';
        },
        get progress() { return { states: engine.moves, events: engine.moves, depth: pace }; },
        report: () => ({ engine: name }) as unknown as Report,
      };
      return engine;
    };
    const engines = { stateful: stub('stateful', 10, 'ended'), reduced: stub('reduced', 3, draw(2) === 0 ? 'out of bounds' : 'under way'), optimal: draw(4) === 0 ? null : stub('optimal', 4, draw(2) === 0 ? 'out of bounds' : 'under way') };
    if (draw(6) === 0) engines.stateful = stub('stateful', 10, 'out of bounds');
    const alternating = new Alternating(engines, i % 5 === 0);
    const told: unknown[] = [];
    let standing: Standing = 'under way';
    while (told.length < 70 && standing === 'under way') {
      standing = alternating.advance(1000 * (1 + draw(6)));
      told.push([standing, alternating.progress, engines.stateful.moves, engines.reduced.moves, engines.optimal?.moves]);
    }
    return [...told, alternating.report()];
  });
}

/** Values, and lists that grow and shrink, as a trace shows them. */
function shownValues(draw: Draw): unknown[] {
  const values: readonly Value[] = [0, 0xfff, 0x1000, -1, 1.5, 4096.5, true, false, 5n, undefined, null, 'text', new Entity('page'), [1, [0x2000]], { a: 1, b: null }];
  const lists = times(30, () => times(draw(5), () => draw(2)));
  return [...values.map(show), ...values.map((value) => showChange(value, [1])), ...lists.flatMap((one) => lists.map((other) => showChange(one, other)))];
}

/** Reports of parts, some of which have found the same. */
function mergedReports(draw: Draw): unknown[] {
  return times(40, () => mergeReports(times(draw(4), (): PartReport => ({
    engine: draw(3) === 0 ? 'optimal' : 'stateful', complete: draw(4) > 0, executions: draw(4) === 0 ? null : draw(9), blocked: draw(3), states: draw(9), events: draw(9), depth: draw(9), collisionBound: draw(3),
    outcomes: some(draw, 3, 5).map(String),
    found: times(draw(4), () => (draw(3) === 0
      ? { kind: 'deadlock', violation: null, labels: some(draw, 3, 5).map(String) }
      : { kind: 'violation', violation: { invariant: `invariant ${draw(2)}`, message: `message ${draw(2)}` }, labels: some(draw, 3, 5).map(String) })),
  }))));
}

/** Declarations of what is interchangeable, most of which are refused. */
function refusedSymmetries(): unknown[] {
  const cells = (names: readonly string[], initial: (i: number) => number = () => 0): Store => {
    const store = new Store();
    names.forEach((name, i) => store.cell(`${name}.x`, initial(i)));
    return store;
  };
  /** A first cell that mentions one of two pages, and then the other. */
  const mentioning = (first: string): Store => {
    const store = new Store();
    const pages = ['a', 'b'].map((name) => new Entity(name));
    store.cell('chosen', pages.find(({ name }) => name === first)!);
    for (const name of ['a', 'b']) store.cell(`${name}.x`, 0);
    return store;
  };
  const many = times(33, (i) => `page${i}`);
  const kind = (names: readonly string[], rest: Partial<Interchangeable> = {}): Interchangeable => ({ kind: 'pages', members: names.map((name) => [name]), ...rest });
  const declared: readonly (readonly [Store, readonly Interchangeable[]])[] = [
    ...[31, 32, 33].map((count) => [cells(many.slice(0, count)), [kind(many.slice(0, count), { masks: ['set'] })]] as const),
    ...[0, 1, 2].map((firstBit) => [cells(many.slice(0, 31)), [kind(many.slice(0, 31), { masks: ['set'], firstBit })]] as const),
    [cells(many), [kind(many)]],
    [mentioning('a'), [kind(['a', 'b'])]],
    [cells(['a', 'b'], (i) => i), [kind(['a', 'b'])]],
    [cells(['a', 'b']), [kind(['a', 'b']), kind(['b'])]],
    [cells(['a', 'b']), [{ kind: 'pairs', members: [['a', 'b'], ['c']] }]],
    [cells(['a', 'b']), [kind(['a'], { masks: ['set'] }), kind(['b'], { masks: ['set'] })]],
  ];
  return declared.map(([store, kinds]) => orRefusal(() => {
    const symmetry = new Symmetry(store, kinds, []);
    const [first] = [...store.snapshot().values()];
    if (first instanceof Entity) store.set(0, new Entity('b'));
    symmetry.look(null);
    return `${symmetry.a} ${symmetry.b}`;
  }));
}
