// What each engine says of small programs, in lines: its verdict with every finding and its smallest run, and how it came to it.

import fc from 'fast-check';
import type { EngineOptions } from '../../../machine/explorer/engine';
import { engineFor } from '../../../machine/explorer/engines';
import { verdictOf } from '../../../machine/explorer/explore';
import type { Program } from '../../../machine/explorer/program';
import type { Bounds } from '../../../machine/explorer/stateful/search';
import { windowsOf } from '../../../machine/explorer/stateful/windows';
import { challenge } from '../../../machine/explorer/oracle/challenge';
import { showVerdict } from '../../../machine/explorer/verdict/evidence';
import { crewWithWork, growingTable, tableOfStates } from '../../../machine/programs/crew';
import * as faulty from '../../../machine/programs/faulty';
import { litmusNames } from '../../../machine/programs/litmus';
import { programNamed, programNames } from '../../../machine/programs/named';
import type { Act, Script } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import { prepare } from '../../../machine/situations/check';
import { richProgram } from '../../explorer/random-programs';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Programs by their part: each name with the program. */
type Programs = readonly (readonly [name: string, program: Program])[];

/** The sizes of published programs, if the usual ones are too large for the engines that try every execution. */
const SIZES: Readonly<Record<string, string>> = { indexer: '(11)', filesystem: '(13)', publish: '(3)', 'flush-tlb': '(1, 1, 0, 1)', 'flush-tlb-unfixed': '(1, 1, 1, 1)', xenpin: '(1, 1)', 'xenpin-unfixed': '(2, 1)', lockcount: '(2, 1)' };

/** Random programs in each part. */
const RANDOM = 8;

/** Kernels with interrupts: one of which runs do not end, and one of which they do. */
const KERNELS = ['flush-tlb/classic', 'vmi-lazy/kmap'];

/** Programs with thousands of states. */
const LARGER = ['lastzero(5)', 'filesystem(17)', 'philosophers(5)', 'flush-tlb(1, 1, 1, 2)', 'xenpin(2, 2)', 'casrot(4)'];

/** Programs of which the engines that run in turn are chosen more than once. */
const LONG = ['philosophers(8)', 'casrot(6)', 'lastzero(10)', 'filesystem(22)'];

/** Processors of which some wait or spin, perhaps forever, while an interrupt may come. */
const processors = (...scripts: readonly Partial<Script>[]): Program => scripted({ processors: scripts.map((script) => ({ acts: [], interrupts: [], onIpi: [], ...script })), isBuffered: false });
const [WAIT, SPIN] = [{ do: 'await', word: 0, value: 1 }, { do: 'spin', word: 0, value: 1 }] as const;
const set = (word: number): Act => ({ do: 'store', word, value: 1 });

/** Programs with a fault of their own, or that never end. */
export const FAULTY: Readonly<Record<string, () => Program>> = {
  leaky: faulty.leaky, fickle: () => faulty.fickle(() => 7), fickleFailure: () => faulty.fickleFailure(() => 7), decidedEarlier: () => faulty.decidedEarlier(true), 'decidedEarlier, not': () => faulty.decidedEarlier(false),
  'a table that forgets': () => scripted({ processors: [1, 2].map((key) => ({ acts: [{ do: 'put', key, value: 1 }, { do: 'count' }], interrupts: [], onIpi: [] })), isBuffered: false }, (store, name) => new faulty.ForgetfulTable(store, name, 0)),
  sly: faulty.sly, lopsided: faulty.lopsided, starving: faulty.starving, orphanedLock: faulty.orphanedLock, lockedTwice: faulty.lockedTwice,
  spinning: () => faulty.spinning(true), 'spinning forever': () => faulty.spinning(false), spinningUnderLock: faulty.spinningUnderLock, turnAbout: faulty.turnAbout,
  namesakes: faulty.namesakes, cellsOfOneName: faulty.cellsOfOneName, changedInPlace: faulty.changedInPlace, storing: () => faulty.storing(-1), putting: () => faulty.putting('a', [1, 2]),
  changedWithin: faulty.changedWithin, maskedTwice: faulty.maskedTwice, restless: faulty.restless, crowd: () => faulty.crowd(5), 'crowd of 31': () => faulty.crowd(31), 'crowd of 32': () => faulty.crowd(32),
  'tableOfStates': () => tableOfStates([[1, 2], [2, 1]]), 'tableOfStates, not swapped': () => tableOfStates([[1, 2], [2, 1]], false),
  growingTable: () => growingTable(2), 'growingTable, counted late': () => growingTable(2, false), crewWithWork: () => crewWithWork(2, 2), 'crewWithWork, counted late': () => crewWithWork(2, 2, false),
  'waiting for what no interrupt brings': () => processors({ acts: [WAIT], interrupts: [[set(1)]] }, { acts: [{ do: 'load', word: 1 }] }),
  'waiting for what an interrupt brings': () => processors({ acts: [WAIT], interrupts: [[set(1)], [set(0)]] }, { acts: [{ do: 'load', word: 1 }] }),
  'waiting for what one of two interrupts brings': () => processors({ acts: [WAIT, { do: 'forbid', word: 1, value: 1 }], interrupts: [[set(1)], [set(0)]] }),
  'spinning while an interrupt may come': () => processors({ acts: [SPIN], interrupts: [[set(1)]] }, { acts: [{ do: 'load', word: 1 }] }),
  'waiting in a loop of two steps, beside others': () => processors({ acts: [{ do: 'while', word: 0, value: 0, acts: [{ do: 'load', word: 1 }] }] }, { acts: [set(1), set(0)] }, { acts: [set(2)] }, { acts: [{ do: 'load', word: 2 }] }),
  'spinning in one loop of two': () => processors({ acts: [{ do: 'choose', word: 0 }, { do: 'spin', word: 0, value: 0 }] }, { acts: [set(1)], interrupts: [[set(1)]] }),
  'keeping a list': () => faulty.keeping('list'), 'keeping a map': () => faulty.keeping('map'), 'keeping a set': () => faulty.keeping('set'), 'keeping a record': () => faulty.keeping('record'),
};

export const PROGRAMS: Readonly<Record<string, () => Programs>> = {
  'published programs': () => programNames.map((name) => `${name}${SIZES[name] ?? ''}`).map((name) => [name, programNamed(name)] as const),
  'litmus programs': () => litmusNames.flatMap((name) => [`litmus ${name}`, `litmus ${name} under TSO`]).map((name) => [name, programNamed(name)] as const),
  ...Object.fromEntries([1, 2, 3, 5, 6, 7, 8, 9].map((seed) => [`random programs ${seed}`, () => fc.sample(richProgram, { seed, numRuns: RANDOM }).map((program, i) => [`program ${i + 1}`, scripted(program)] as const)])),
  'faulty programs': () => Object.entries(FAULTY).map(([name, make]) => [name, make()] as const),
  'larger programs': () => LARGER.map((name) => [name, programNamed(name)] as const),
  'long searches': () => LONG.map((name) => [name, programNamed(name)] as const),
  kernels: () => KERNELS.flatMap((situation) => ['none', 'all'].map((patches) => {
    const { situation: { build }, choice } = prepare({ situation, patches, parameters: {} });
    return [`${situation} with ${patches}`, () => build(choice)] as const;
  })),
};

/** How each program is searched: in words, the engine, its bounds. */
const SEARCHES: readonly (readonly [words: string, options: EngineOptions, bounds: Bounds])[] = [
  ['stateful', { engine: 'stateful' }, {}],
  ['reduced', { engine: 'reduced' }, {}],
  ['layered', { engine: 'layered' }, {}],
  ['layered up to an interrupt', { engine: 'layered' }, { interrupts: 1 }],
  ['layered up to two switches', { engine: 'layered' }, { switches: 2 }],
  ['layered up to an interrupt and two switches', { engine: 'layered' }, { interrupts: 1, switches: 2 }],
  ['optimal', { engine: 'optimal' }, {}],
  ['brute force', { engine: 'brute-force' }, { states: 150 }],
  ['random', { engine: 'random', seed: 3, runs: 8 }, {}],
  ['pct', { engine: 'pct', seed: 4, runs: 8 }, {}],
  ['auto', {}, { states: 400 }],
];

/** How kernels and larger programs are searched: samples of their runs are long. */
const OF_LARGE = SEARCHES.filter(([words]) => /^(stateful|reduced|layered)/.test(words));

/** Runs of programs that never end are long for engines that do not recognise states. */
const OF_FAULTY = SEARCHES.filter(([words]) => !['random', 'pct', 'optimal'].includes(words));

const IN_TURN: typeof SEARCHES = [['auto', {}, {}]];

/** How far a search goes: turns, and events of each. */
const FAR = { turns: 6, events: 100 } as const;

/** The same for larger programs, and for those that are searched by engines in turn. */
const FARTHER = { turns: 2, events: 1500 } as const;
const FARTHEST = { turns: 12, events: 6000 } as const;

/** Runs that challenge a complete verdict. */
const RUNS = 3;

export const engines: Recording = { name: 'engines', parts: Object.keys(PROGRAMS), linesOf };

function linesOf(part: string): Lines {
  const searches = part === 'long searches' ? IN_TURN : part === 'kernels' || part === 'larger programs' ? OF_LARGE : part === 'faulty programs' ? OF_FAULTY : SEARCHES;
  const far = part === 'long searches' ? FARTHEST : part === 'larger programs' ? FARTHER : FAR;
  return Object.fromEntries(PROGRAMS[part]!().flatMap(([name, program]) => searches.map((search) => [`${name}, ${search[0]}`, orRefusal(() => lineOf(program, search, far))])));
}

function lineOf(program: Program, [, options, bounds]: (typeof SEARCHES)[number], far: { readonly turns: number; readonly events: number }): string {
  const engine = engineFor(program, bounds, options);
  const progress = [];
  let standing = 'under way';
  for (let turn = 0; turn < far.turns && standing === 'under way'; turn++) {
    standing = engine.advance(far.events);
    progress.push({ ...engine.progress });
  }
  const report = engine.report();
  const verdict = verdictOf(program, bounds, report);
  const { complete, states, executions, events, depth, findings, outcomes, search } = verdict;
  const windows = complete && report.search !== null ? windowsOf(search, (to) => to < 0) : [];
  const challenged = challenge(program, verdict, RUNS);
  const rest = digest([showVerdict(verdict), verdict.engine, verdict.blocked, verdict.consulted, search.cyclic, search.endings, progress, windows, challenged, report.found]);
  return `${standing}, ${states} states, ${executions ?? 'no'} executions, ${events} events, depth ${depth}, ${findings.length} findings, ${outcomes.length} outcomes, ${windows.length} windows, ${rest}`;
}
