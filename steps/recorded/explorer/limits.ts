// What searches of small programs come to that are limited, stopped, asked for one thing or doubted, in lines.

import { Answers, searchForAll } from '../../../machine/explorer/answers';
import { type EngineName } from '../../../machine/explorer/engine';
import { engineFor } from '../../../machine/explorer/engines';
import { explore } from '../../../machine/explorer/explore';
import { SmallestRuns, smallestRun, type WayToEnd } from '../../../machine/explorer/layered/smallest';
import { Optimal } from '../../../machine/explorer/optimal/engine';
import { challenge, type Claimed } from '../../../machine/explorer/oracle/challenge';
import { sampleRun, randomFrom } from '../../../machine/explorer/oracle/sampling';
import { explorePart } from '../../../machine/explorer/parts/partition';
import type { Program } from '../../../machine/explorer/program';
import { Reduced } from '../../../machine/explorer/reduced/engine';
import { auditSymmetry } from '../../../machine/explorer/reduced/symmetry-audit';
import type { System } from '../../../machine/explorer/system';
import { searchStates, StatefulSearch, type Bounds, type Progress, type Watch } from '../../../machine/explorer/stateful/search';
import { audit } from '../../../machine/explorer/verdict/audit';
import { showTrace, showVerdict } from '../../../machine/explorer/verdict/evidence';
import { replay } from '../../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../../machine/explorer/verdict/schedule';
import { endOfRun, readyIn } from '../../../machine/explorer/verdict/stuck';
import { programNamed } from '../../../machine/programs/named';
import { toldOf } from '../../explorer/together';
import { PROGRAMS } from './engines';
import { drawn } from '../machine/runs';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

type Ways = Readonly<Record<string, (program: Program) => string>>;

const SMALL = ['philosophers(3)', 'ab-ba', 'xenpin-unfixed(2, 1)', 'lockcount(2, 1)', 'fib(1)', 'litmus SB under TSO'];

/** A program of which a search takes more events than lie between two looks of its watch, and more memory than it begins with. */
const LARGER = ['xenpin-unfixed(3, 2)'];

const named = (names: readonly string[]): ReturnType<(typeof PROGRAMS)[string]> => names.map((name) => [name, programNamed(name)] as const);

const PARTS: Readonly<Record<string, { readonly programs: () => ReturnType<(typeof PROGRAMS)[string]>; readonly ways: Ways }>> = {
  ...Object.fromEntries(['faulty programs', 'random programs 6', 'random programs 7'].map((part) => [part, { programs: () => PROGRAMS[part]!().filter(([name]) => name !== 'tableOfStates, not swapped'), get ways() { return OF_SMALL; } }])),
  'published programs': { programs: () => named(SMALL), get ways() { return OF_SMALL; } },
  'larger programs': { programs: () => named(LARGER), get ways() { return OF_LARGER; } },
};

export const limits: Recording = { name: 'limits', parts: Object.keys(PARTS), linesOf };

function linesOf(part: string): Lines {
  const { programs, ways } = PARTS[part]!;
  return Object.fromEntries(programs().flatMap(([name, program]) => Object.entries(ways).map(([words, way]) => [`${name}, ${words}`, orRefusal(() => way(program))])));
}

const OF_SMALL: Ways = {
  'within few states': (program) => limited(program, [{ states: 1 }, { states: 7 }]),
  'with estimates': estimated,
  'saved and continued': saved,
  'the smallest runs': smallest,
  doubted,
  'run by run': runByRun,
  'with objections': objections,
  'asked for all': claimed,
};

const OF_LARGER: Ways = {
  'within little memory': (program) => limited(program, [0.002, 0.02, 0.05, 0.1].map((memory) => ({ memory }))),
  'stopped by its watch': stopped,
};

const ENGINES: readonly EngineName[] = ['stateful', 'reduced', 'layered', 'brute-force', 'auto'];

/** Searches within bounds: how far each engine comes, and with what verdict. */
function limited(program: Program, bounds: readonly Bounds[]): string {
  const reached = ENGINES.flatMap((engine) => bounds.map((bound) => {
    const search = engineFor(program, bound, { engine });
    let standing = search.advance(40);
    for (let turn = 0; turn < 10 && standing === 'under way'; turn++) standing = search.advance(40);
    const { found, complete } = search.report();
    return { standing, progress: search.progress, found, complete };
  }));
  return `${reached.map(({ progress: { states, events } }) => `${states} states, ${events} events`).join('; ')}, ${digest(reached)}`;
}

/** What the engines that take turns say of their cost and of how far they are, after every few events. */
function estimated(program: Program): string {
  const told: unknown[] = [];
  const reduced = new Reduced(program, {}, []);
  for (let turn = 0; turn < 8 && reduced.advance(12) === 'under way'; turn++) told.push(reduced.work, reduced.height, reduced.leftOut, reduced.goesRound, reduced.progress);
  const optimal = new Optimal(program, [], undefined, 300);
  for (let turn = 0; turn < 8 && optimal.advance(12) === 'under way'; turn++) told.push(optimal.work, optimal.height, optimal.hasChoices, optimal.progress);
  const search = new StatefulSearch(program());
  for (let turn = 0; turn < 8 && search.advance(6) === 'under way'; turn++) told.push(search.work, search.height, search.remembered, search.rememberedWhole, search.progress);
  return `after ${told.length} numbers ${reduced.leftOut.toFixed(3)} left out, ${reduced.work.toFixed(1)}, ${optimal.work} and ${search.work.toFixed(1)} spent, ${digest([told, reduced.goesRound, optimal.hasChoices, reduced.height, optimal.height, search.height])}`;
}

/** The search with the whole graph, saved after every few moves and continued by another. */
function saved(program: Program): string {
  let search = new StatefulSearch(program());
  const kept: unknown[] = [];
  while (kept.length < 8 && search.advance(3) === 'under way') {
    const save = search.save();
    kept.push([save.notes, [...save.fingerprints], [...save.edges]]);
    search = new StatefulSearch(program(), {}, save);
  }
  while (search.advance(1000) === 'under way') continue;
  const result = search.result();
  return `saved ${kept.length} times, ${result.states} states, ${result.events} events, ${digest([kept, toldOf(result)])}`;
}

const keyOf = (end: WayToEnd): string => (end.kind === 'deadlock' ? 'deadlock' : `${end.violation.invariant}: ${end.violation.message}`);

/** The program with two more invariants, which are broken from the beginning. */
const brokenAtOnce = (program: Program): Program => () => {
  const system = program();
  return { ...system, invariants: [...system.invariants, ...['early', 'as early'].map((name) => ({ name, check: () => 'it is broken before anything happens' }))] };
};

/** The smallest run to each end, alone and together, if more or fewer states may be visited for it. */
function smallest(program: Program): string {
  return [program, brokenAtOnce(program)].map(smallestOf).join('; broken at once: ');
}

function smallestOf(program: Program): string {
  const keys = new Set<string>();
  smallestRun(program(), (end) => (keys.add(keyOf(end)), false), 200);
  const alone = [...keys].map((key) => [4, 40, 200].map((states) => smallestRun(program(), (end) => keyOf(end) === key, states)));
  const together = [4, 40, 200].map((states) => {
    const runs = new SmallestRuns(program(), keyOf, new Set([...keys].slice(states === 40 ? 1 : 0)), states);
    let turns = 1;
    while (!runs.advance(5)) turns++;
    return { turns, found: [...runs.found] };
  });
  return `${keys.size} ends, ${together.map(({ turns, found }) => `${found.length} found in ${turns} turns`).join(', ')}, ${digest([alone, together])}`;
}

/** Verdicts that do not know everything, and the runs that show it. */
function doubted(program: Program): string {
  const verdict = explore(program, { states: 200 }, undefined, { engine: 'stateful', challenge: 0 });
  const { findings, outcomes, knows } = verdict;
  const claims: readonly Partial<Claimed>[] = [
    {}, { engine: 'optimal' }, { events: 40_000 }, { knows: null }, { bounds: { interrupts: 0 } }, { bounds: { switches: 1 } },
    ...findings.map((left) => ({ findings: findings.filter((one) => one !== left) })),
    ...outcomes.map((left) => ({ outcomes: outcomes.filter((one) => one !== left) })),
    { knows: (system) => (system.store.a & 3) !== 0 && knows!(system) },
  ];
  const answers = claims.map((claim) => orRefusal(() => JSON.stringify(challenge(program, { ...verdict, ...claim }, 12))));
  return `${verdict.complete ? answers.filter((answer) => answer.startsWith('refused')).length : 'none'} of ${answers.length} refuted, ${digest(answers)}`;
}

/** Some runs that are drawn, how each ends, and what is said if the schedule goes on with a word that does not fit. */
function runByRun(program: Program): string {
  const random = randomFrom(5);
  const runs = [4, 15, 40].map((events, seed) => {
    const { schedule } = drawn(program(), seed, events);
    const system = program();
    const trace = replay(system, parseSchedule(schedule));
    const further = orRefusal(() => String(replay(program(), [...parseSchedule(schedule), { label: 'nothing', times: 1 }])));
    return { trace: showTrace(trace), end: endOfRun(system, trace), further, ready: [...readyIn(system)] };
  });
  const samples = (['random', 'pct'] as const).flatMap((kind) => [4, 30].map((limit) => sampleRun(program(), kind, random, 8, limit, 2)));
  return `${runs.map(({ end }) => end.kind).join(', ')}; ${samples.map(({ end }) => end).join(', ')}; ${digest([runs, samples.map(({ labels, ...rest }) => [formatSchedule(labels), rest])])}`;
}

function objections(program: Program): string {
  const objections = [orRefusal(() => String(audit(program, 3, 2))), ...[3, 9, 40].map((limit) => orRefusal(() => String(auditSymmetry(program, limit))))];
  return `${objections.filter((one) => one === 'null').length} times nothing, ${digest(objections)}`;
}

/** What one search claims of all that can be asked, before and after any of it is looked for. */
function claimed(program: Program): string {
  const invariants = brokenAtOnce(program)().invariants.map(({ name }) => name);
  const build = (names: readonly string[]): System => ({ ...program(), invariants: brokenAtOnce(program)().invariants.filter(({ name }) => names.includes(name)) });
  const [fresh, asked] = [new Answers(build, invariants), new Answers(build, invariants.slice(0, 1), { states: 150 })];
  const verdict = asked.about(invariants.slice(0, 1));
  const claims = [fresh, asked].map(({ claimed: { knows: _knows, ...claim } }) => claim);
  const refused = orRefusal(() => String(asked.until('nothing').states));
  return `${claims.map(({ findings, outcomes }) => `${findings.length} findings, ${outcomes.length} outcomes`).join('; ')}, ${digest([claims, showVerdict(verdict), refused])}`;
}

/** Searches that are stopped when they are looked at for the second time. */
function stopped(program: Program): string {
  const seen: Progress[] = [];
  const watch: Watch = (progress) => (seen.push({ ...progress }) % 2 === 0 ? 'stop' : 'go on');
  const verdicts = (['stateful', 'optimal'] as const).map((engine) => showVerdict(explore(program, {}, watch, { engine, challenge: 2 })));
  const searches = [searchStates(program(), {}, watch), searchForAll(program(), {}, watch).search].map(({ complete, states, events }) => ({ complete, states, events }));
  const part = explorePart(program, {}, [], { engine: 'stateful' }, watch);
  return `${seen.length} looks, ${[...verdicts, ...searches, part].map(({ complete, states, events }) => `${complete ? '' : 'the first '}${states} states, ${events} events`).join('; ')}, ${digest([seen, verdicts, searches, part])}`;
}
