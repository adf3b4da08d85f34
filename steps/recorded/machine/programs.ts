// What the programs do that are no kernels: the beginning of the graph of each, and a run of it, as for kernels.

import fc from 'fast-check';
import type { Program } from '../../../machine/explorer/program';
import { COMPAT, LONG } from '../../../machine/hypervisors/xen/public/layout';
import { RULES, type RuleName } from '../../../machine/hypervisors/xen/rules';
import { litmusNames } from '../../../machine/programs/litmus';
import { programNamed, programNames } from '../../../machine/programs/named';
import { plainTruth } from '../../../machine/programs/plain-search';
import { IPI_LINE, type Act, type Claim, type Script, type ScriptedProgram } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import { ballooning } from '../../../machine/situations/xen/balloon';
import { faulting, ringing, SILENCES } from '../../../machine/situations/xen/events';
import { interrupted } from '../../../machine/situations/xen/interrupted';
import { interruptedPairs, TREES } from '../../../machine/situations/xen/interrupted-pairs';
import { differences } from '../../../machine/situations/xen/pairs/compared';
import { ALL_STATES, ANY, kindsIn, pair } from '../../../machine/situations/xen/pairs/pairs';
import { pinProgram } from '../../../machine/situations/xen/pin-bench';
import { richProgram } from '../../explorer/random-programs';
import { FAULTY } from '../explorer/engines';
import { graphAndRun } from './runs';
import { lineOf, textOf } from '../plain';
import { orRefusal, type Lines, type Recording } from '../recording';

/** How far a program is searched, in states. */
const STATES = 50;
const SIZES = ['', '(0)', '(1)', '(3)', '(2, 2)', '(1, 2, 2)', '(1, 2, 1, 2)'];
const DRAWN = { seed: 1, numRuns: 40 };

const asRecorded = (make: () => Program): string => orRefusal(() => graphAndRun(make()(), STATES));

const lines = (programs: Readonly<Record<string, () => Program>>): Lines => Object.fromEntries(Object.entries(programs).map(([name, make]) => [name, asRecorded(make)]));

const named = (names: readonly string[]): Lines => lines(Object.fromEntries(names.map((name) => [name, () => programNamed(name)])));

/** Guests of Xen that ring bells, give frames back, and call Xen from two processors at once. */
const GUESTS: Readonly<Record<string, () => Program>> = {
  ...Object.fromEntries(SILENCES.flatMap((silence) => [true, false].map((looks) => [`ringing, ${silence}, ${looks ? 'looks' : 'does not look'}`, () => ringing({ silence, letters: 2, looks })]))),
  ...Object.fromEntries([true, false].flatMap((has) => [
    [`faulting, ${has ? 'with' : 'without'} a handler`, () => faulting(has)],
    [`ballooning, ${has ? 'table first' : 'table last'}`, () => ballooning({ tableFirst: has, refills: true })],
    [`ballooning, ${has ? 'table first' : 'table last'}, for good`, () => ballooning({ tableFirst: has, refills: false })],
    [`interrupted, ${has ? 'bad' : 'good'}`, () => interrupted({ deeds: [['pin root', 'unpin root'], ['pin lower', 'unpin lower']], bad: has })],
    [`interrupted, ${has ? 'bad' : 'good'}, with a handler`, () => interrupted({ deeds: [['load root', 'load first'], ['pin lower']], bad: has, handler: ['map data writable', 'write to data'] })],
  ])),
  ...Object.fromEntries(Object.keys(TREES).map((tree, i) => [`interrupted pairs, ${tree}`, () => interruptedPairs([COMPAT, LONG][i % 2]!, tree)])),
  ...Object.fromEntries(ALL_STATES.map((state) => [`pair, ${state}`, () => pair({ deeds: [[ANY], [ANY]], state })])),
  ...Object.fromEntries(['pin 2x1 before', 'pin 2x1 after', 'pin 3x2 after'].map((name) => [name, () => pinProgram(name)!])),
};

/** A drawn program, as the machine runs it, what it says of its threads, and as it is meant. */
const drawn = (script: ScriptedProgram, states = 300): string => orRefusal(() => [textOf(script), asRecorded(() => scripted(script)), textOf(scripted(script)().interchangeable), textOf(plainTruth(script, states))].map(lineOf).join('; '));

/** For each state of a frame one call by each processor, in one piece and step by step: by a Xen that keeps every rule, and by one that keeps none. */
function onePiece(): Lines {
  const none = new Set(Object.keys(RULES) as RuleName[]);
  return Object.fromEntries(ALL_STATES.flatMap((state, i) => kindsIn(state).map((kinds, id): [string, string] => {
    const kind = Object.keys(kinds)[(i + id) % Object.keys(kinds).length]!;
    return [`${state}: ${kind}, by processor ${id}`, lineOf([undefined, none].map((without) => orRefusal(() => textOf(differences(state, kind, id, without)))).join('; '))];
  })));
}

/** Every kind of act, with words, locks and processors that exist. */
const ACTS: readonly Act[] = [
  { do: 'load', word: 1 }, { do: 'store', word: 1, value: 2 }, { do: 'copy', word: 0, to: 2 }, { do: 'add', word: 1 }, { do: 'swap', word: 0, expected: 0, value: 2 }, { do: 'await', word: 0, value: 1 },
  { do: 'await both', word: 0, other: 1, value: 1 }, { do: 'locked', lock: 0, acts: [{ do: 'add', word: 1 }, { do: 'load', word: 0 }] }, { do: 'forbid', word: 1, value: 1 }, { do: 'choose', word: 1 }, { do: 'pick', word: 0 },
  { do: 'cli' }, { do: 'sti' }, { do: 'mfence' }, { do: 'ipi', target: 1 }, { do: 'call', target: 1 }, { do: 'hlt' }, { do: 'wake', target: 1 }, { do: 'start', target: 1 }, { do: 'abandon', target: 1 }, { do: 'put', key: 1, value: 1 },
  { do: 'put', key: 1, value: 0 }, { do: 'count' }, { do: 'alloc' }, { do: 'spin', word: 0, value: 1 }, { do: 'while', word: 0, value: 0, acts: [{ do: 'load', word: 1 }] }, { do: 'while', word: 0, value: 0, acts: [{ do: 'quiet', word: 1 }] }, { do: 'access', word: 0 }, { do: 'trap', word: 0 },
  { do: 'mask', target: 1, line: 0 }, { do: 'mask', target: 1, line: IPI_LINE }, { do: 'unmask', target: 1, line: 0 }, { do: 'rearm', line: 0 }, { do: 'switch' }, { do: 'look' }, { do: 'flush' }, { do: 'quiet', word: 0 }, { do: 'pair', word: 0, other: 1 },
];

const CLAIMS: readonly Claim[] = [{ claim: 'never both', word: 0, value: 1, other: 1, otherValue: 1 }, { claim: 'at most', keys: 1 }, { claim: 'not while', word: 1, value: 1, lock: 0 }];

const set = (word: number): Act => ({ do: 'store', word, value: 1 });

/** Acts that threads can do, and one that they cannot. */
const OF_THREADS = ['load', 'store', 'copy', 'add', 'swap', 'await', 'locked', 'forbid', 'hlt'];

/** Small programs about one act: beside a processor that stores, with all that can come from outside, by two processors alike, and by threads. */
function about(act: Act): readonly (readonly [words: string, script: ScriptedProgram])[] {
  const one = (acts: readonly Act[], rest: Partial<Script> = {}): Script => ({ acts, interrupts: [], onIpi: [], onFault: [set(0)], ...rest });
  return [
    ['beside stores', { processors: [one([act, { do: 'load', word: 1 }]), one([set(0), { do: 'ipi', target: 0 }, set(1)], { onIpi: [{ do: 'add', word: 2 }] })], isBuffered: true, claims: CLAIMS }],
    ['with interrupts', { processors: [one([act, ...(act.do === 'rearm' ? [act] : [])], { interrupts: [[set(1)]], onIpi: [act], ...(act.do === 'switch' ? { second: [set(0), act] } : {}) }), one([{ do: 'ipi', target: 0 }], { onIpi: [set(0)] })], isBuffered: false, comesAtRest: true, hasCertainIpis: true }],
    ['twice', { processors: [one([act]), one([act]), one([set(0), { do: 'start', target: 3 }]), one([{ do: 'copy', word: 0, to: 1 }], { isLate: true })], isBuffered: false }],
    ...(OF_THREADS.includes(act.do) ? [['by threads', { processors: [one([act, { do: 'load', word: 1 }]), one([act, { do: 'load', word: 1 }]), one([set(0)])], isBuffered: false, isThreads: true, claims: CLAIMS }] as const] : []),
  ];
}

/** What a program says of itself. */
const declared = (name: string): string => orRefusal(() => {
  const { runsOut, endless, isKernel, interchangeable, processes, invariants } = programNamed(name)();
  return lineOf(textOf([runsOut, endless, isKernel, processes.map((process) => process.name), invariants.map((invariant) => invariant.name), interchangeable]));
});

const PARTS: Readonly<Record<string, () => Lines>> = {
  acts: () => Object.fromEntries(ACTS.flatMap((act) => about(act).map(([words, script]) => [`${textOf(act)}, ${words}`, drawn(script, 90)]))),
  declared: () => Object.fromEntries(programNames.flatMap((name) => SIZES.map((size) => [`${name}${size}`, declared(`${name}${size}`)]))),
  named: () => named(programNames.flatMap((name) => SIZES.map((size) => `${name}${size}`)).concat('lockcount(2, 1000)', 'lockcount(2, 1001)', 'none')),
  litmus: () => named(litmusNames.flatMap((name) => [`litmus ${name}`, `litmus ${name} under TSO`])),
  faulty: () => lines(FAULTY),
  guests: () => lines(GUESTS),
  'one piece': onePiece,
  drawn: () => Object.fromEntries(fc.sample(richProgram, DRAWN).map((script, i) => [`program ${i + 1}`, drawn(script)])),
};

/** By kind of program. */
export const programs: Recording = { name: 'programs', parts: Object.keys(PARTS), linesOf: (part) => PARTS[part]!() };
