// What searches of small programs come to that are divided, saved or counted in another way, in lines.

import { Optimal } from '../../../machine/explorer/optimal/engine';
import { countTraces } from '../../../machine/explorer/optimal/traces';
import { OptimalSearch } from '../../../machine/explorer/optimal/search';
import { bruteForce } from '../../../machine/explorer/oracle/brute-force';
import { classesOf } from '../../../machine/explorer/oracle/classes';
import { countSchedules, listSchedules } from '../../../machine/explorer/oracle/schedules';
import { movesOf, type System } from '../../../machine/explorer/system';
import { Answers } from '../../../machine/explorer/answers';
import { showVerdict } from '../../../machine/explorer/verdict/evidence';
import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import { explorePart, mergeReports, partsOf } from '../../../machine/explorer/parts/partition';
import type { Program } from '../../../machine/explorer/program';
import { Symmetry } from '../../../machine/explorer/reduced/symmetry';
import { auditSymmetry } from '../../../machine/explorer/reduced/symmetry-audit';
import { assemble, type DoneRound } from '../../../machine/explorer/shared/assemble';
import { ownersAmong } from '../../../machine/explorer/shared/owners';
import { ShardRound } from '../../../machine/explorer/shared/round';
import { cutAt } from '../../../machine/explorer/stateful/cut';
import { audit } from '../../../machine/explorer/verdict/audit';
import { compareOutcomes } from '../../../machine/explorer/verdict/equivalence';
import { SITUATIONS } from '../../../machine/situations';
import { answersTo, prepare } from '../../../machine/situations/check';
import { searchByOne, searchInTurns, toldOf } from '../../explorer/together';
import { PROGRAMS } from './engines';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Programs that are divided: those of the same parts as the recording of the engines, but for the large ones. */
export const divisions: Recording = { name: 'divisions', parts: ['published programs', 'litmus programs', 'random programs 1', 'random programs 2', 'random programs 3', 'kernels', 'what is interchangeable'], linesOf };

/** More states than these are too many for what is done with each of them. */
const MOST = 400;

/** Programs with more schedules than this are counted, not listed. */
const LISTED = 60n;

/** Kernels with several findings that are searched to their end. */
const KERNELS = ['vmi-lazy/kmap', 'torn-pmd/mincore', 'gup-fast/collapse', 'modify-prot/mprotect', 'freed-tables/munmap'];

function linesOf(part: string): Lines {
  if (part === 'what is interchangeable') return Object.fromEntries(SITUATIONS.flatMap(({ id }) => namesIn(id)));
  if (part === 'kernels') return Object.fromEntries(KERNELS.map((id) => [id, answersOf(id)]));
  const all = PROGRAMS[part]!();
  return Object.fromEntries(all.flatMap(([name, program], i) => {
    const other = all[(i + 1) % all.length]!;
    const size = bruteForce(program(), MOST);
    if (!size.complete) return [];
    return Object.entries({ ...WAYS, 'beside the next': (one: Program) => beside(one, other[1]) }).map(([words, way]) => [`${name}, ${words}`, orRefusal(() => way(program))]);
  }));
}

const WAYS: Readonly<Record<string, (program: Program) => string>> = {
  'in parts': inParts,
  'among shards': amongShards,
  'by members in turn': inTurns,
  'saved and continued': saved,
  counted,
  'cut and audited': audited,
  'up to names': upToNames,
};

function inParts(program: Program): string {
  const parts = partsOf(program, {}, 3);
  const reports = (['stateful', 'optimal', 'reduced'] as const).map((engine) => parts.map((prefix) => explorePart(program, { states: MOST }, prefix, { engine })));
  const bounded = partsOf(program, { interrupts: 1 }, 3).map((prefix) => explorePart(program, { interrupts: 1 }, prefix, { engine: 'layered' }));
  // Parts that end in what is wrong, and beyond it nothing.
  const broken = reports.flat().flatMap(({ found }) => found.slice(0, 1)).map(({ labels }) => explorePart(program, {}, labels, { engine: 'optimal' }));
  const merged = [...reports, bounded].map((some) => mergeReports(some));
  return `${parts.length} parts, ${merged.map(({ states, events, outcomes, found }) => `${states} states, ${events} events, ${outcomes.length} outcomes, ${found.length} found`).join('; ')}, ${digest([parts, reports, bounded, merged, broken, mergeReports(broken)])}`;
}

function amongShards(program: Program): string {
  const count = 3;
  const owners = Array.from({ length: count }, () => ownersAmong(count, program));
  const rounds: DoneRound[] = [];
  const told: unknown[] = [];
  let handed = 0;
  for (let last: readonly DoneRound[] = []; ;) {
    const now = owners.map((ownerOf, me): DoneRound => {
      const earlier = rounds.filter(({ shard }) => shard === me);
      const round = new ShardRound(program(), ownerOf, { me, shards: count, earlier, handed: last.filter(({ shard }) => shard !== me).map((one) => one.handed[me]!) });
      while (round.advance(50)) told.push(round.progress);
      told.push(round.progress);
      return { ...round.result(), shard: me };
    });
    rounds.push(...now);
    handed += now.reduce((sum, one) => sum + one.handed.reduce((words, list) => words + list.length, 0), 0);
    if (now.every((one) => one.handed.every(({ length }) => length === 0))) break;
    last = now;
  }
  const search = assemble(rounds, true);
  return `${rounds.length} rounds, ${handed} words handed over, ${search.states} states, ${search.events} events, ${digest([toldOf(search), rounds.map(({ lanes, elsewhere, begins }) => [[...lanes], [...elsewhere], begins]), told])}`;
}

function inTurns(program: Program): string {
  const searches = [{ members: 2, seed: 1, moves: 3, goesOn: false }, { members: 3, seed: 2, moves: 7, goesOn: true }].map((turns) => searchInTurns(program, turns));
  const bounded = searchInTurns(program, { members: 2, seed: 3, moves: 4, bounds: { states: 20 } });
  return `${searches.map(({ search: { states, events }, handed }) => `${states} states, ${events} events, ${handed} handed over`).join('; ')}, ${bounded.stopped ?? 'not stopped'}, ${digest([...searches, bounded].map(({ search, handed, stopped, depths }) => [toldOf(search), handed, stopped, depths]))}`;
}

/** The optimal reduction, saved after every few events and continued by another. */
function saved(program: Program): string {
  let engine = new Optimal(program, [], undefined, 500);
  const kept: string[] = [];
  while (kept.length < 12 && engine.advance(15) === 'under way') {
    const save = JSON.stringify(engine.save());
    kept.push(save);
    engine = new Optimal(program, [], JSON.parse(save) as ReturnType<Optimal['save']>, 500);
  }
  const { complete, executions, blocked, events } = engine.report();
  return `saved ${kept.length} times, ${complete ? 'complete' : 'not complete'}, ${executions} executions, ${blocked} blocked, ${events} events, ${digest([kept, engine.report(), engine.height, engine.work, engine.hasChoices])}`;
}

function counted(program: Program): string {
  const graph = bruteForce(program(), MOST);
  const { all, failing } = countSchedules(graph);
  const switches = [0, 1, 2].map((most) => Object.values(countSchedules(graph, most, -1)).map(String));
  const listed = all <= LISTED ? listSchedules(program()) : [];
  const traces = countTraces(program, { switches: true, classes: true, schedules: true });
  const search = new OptimalSearch(program(), () => undefined);
  search.run(Infinity, () => undefined);
  const classes = classesOf(program, search.save().sharing, MOST);
  return `${all} schedules, ${failing} fail, ${traces.executions} executions, ${traces.graphs} graphs, ${classes?.complete ?? 'too many'} classes, ${digest([switches, listed, traces, classes, { ...graph, states: undefined }])}`;
}

function audited(program: Program): string {
  const search = searchByOne(program, true);
  const cuts = search.violations.map(({ invariant }) => toldOf(cutAt(search, [invariant])));
  const invariants = program().invariants.map(({ name }) => name);
  const answers = new Answers((names) => withInvariants(program(), names), invariants);
  const verdicts = [invariants, ...invariants.map((name) => [name])].map((names) => showVerdict(answers.about(names)));
  const objections = [audit(program, 2, 5), auditSymmetry(program, 60)];
  return `${search.states} states, ${cuts.length} cuts, ${objections.filter((one) => one !== null).length} objections, ${digest([toldOf(search), cuts, verdicts, objections])}`;
}

/** What one search of a kernel without its patch answers about all invariants at once and about each. */
function answersOf(id: string): string {
  const { invariants } = SITUATIONS.find((one) => one.id === id)!;
  const prepared = prepare({ situation: id, patches: 'none', invariants, challenge: 3 });
  const answers = answersTo(prepared, invariants);
  const verdicts = [invariants, ...invariants.map((name) => [name])].map((names) => answers.about(names));
  const [{ states, findings }] = verdicts as [(typeof verdicts)[number]];
  return `${states} states, ${findings.length} findings, ${digest(verdicts.map(showVerdict))}`;
}

/** The line of a situation that declares something interchangeable. */
function namesIn(id: string): readonly (readonly [string, string])[] {
  const { situation: { build }, choice } = prepare({ situation: id, patches: 'all' });
  return (build(choice).interchangeable ?? []).length === 0 ? [] : [[id, upToNames(() => build(choice))]];
}

function withInvariants(system: System, names: readonly string[]): System {
  return { ...system, invariants: system.invariants.filter(({ name }) => names.includes(name)) };
}

/** A few runs, with the fingerprint of each state up to the names of what is interchangeable. */
function upToNames(program: Program): string {
  const system = program();
  const { store, processes, interchangeable = [] } = system;
  const symmetry = new Symmetry(store, interchangeable, processes);
  const random = randomFrom(interchangeable.length + 2);
  const start = store.mark();
  const told: number[] = [];
  for (let run = 0; run < 4; run++) {
    for (let moves = movesOf(system), events = 0; moves.length > 0 && events < 40; moves = movesOf(system), events++) {
      const move = moves[Math.floor(random() * moves.length)]!;
      const mark = store.mark();
      move.perform();
      symmetry.look(mark, events % 3 === 0 ? processes.indexOf(move.process) : -1);
      told.push(symmetry.a, symmetry.b, symmetry.canonical(1), symmetry.actual(2), store.a, store.b);
    }
    store.undo(start);
  }
  return `${interchangeable.length} kinds of what is interchangeable, ${told.length / 6} states, ${digest(told)}`;
}

function beside(program: Program, other: Program): string {
  const { verdict, shared, onlyFirst, onlySecond } = compareOutcomes(program, other, { states: MOST }, undefined, 2);
  return `${verdict}, ${shared} shared, ${onlyFirst.length} and ${onlySecond.length} not, ${digest([onlyFirst, onlySecond])}`;
}
