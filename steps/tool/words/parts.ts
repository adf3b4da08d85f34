// Small parts of the explorer and of the state, for tables: the result of each for a few inputs.

import { counted } from '../../../machine/cli/search/bounds';
import { awaitedBy, instruction, path, type Path, type Step } from '../../../machine/path';
import { Answers } from '../../../machine/explorer/answers';
import { explore } from '../../../machine/explorer/explore';
import { Heap } from '../../../machine/explorer/layered/heap';
import { Dependence } from '../../../machine/explorer/optimal/dependence';
import { Point } from '../../../machine/explorer/optimal/point';
import { restorePlans, savePlans } from '../../../machine/explorer/optimal/saved-plans';
import { Touch } from '../../../machine/explorer/optimal/touch';
import { Branch, Plan } from '../../../machine/explorer/optimal/wakeup-tree';
import { bruteForce } from '../../../machine/explorer/oracle/brute-force';
import { challenge } from '../../../machine/explorer/oracle/challenge';
import { Symmetry } from '../../../machine/explorer/reduced/symmetry';
import { joinPortions } from '../../../machine/explorer/shared/join';
import { NO_PORTION, type Portion } from '../../../machine/explorer/shared/search';
import { Kinds, type Kind } from '../../../machine/explorer/stateful/edges';
import { StatefulSearch, type Bounds } from '../../../machine/explorer/stateful/search';
import type { System } from '../../../machine/explorer/system';
import type { Thread } from '../../../machine/explorer/thread';
import { Cpu } from '../../../machine/hardware/cpu';
import { iret } from '../../../machine/hardware/instructions';
import { Memory } from '../../../machine/hardware/memory';
import { parseRecording, RecordingPlayer } from '../../../machine/hardware/recorded';
import { TlbEntry } from '../../../machine/hardware/tlb';
import * as faulty from '../../../machine/programs/faulty';
import { program as faultless } from '../../../machine/programs/program';
import { programNamed } from '../../../machine/programs/named';
import type { Act, ScriptedProgram } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import { digestOf, Entity, type Hashed, type Value } from '../../../machine/state/hash';
import { Store } from '../../../machine/state/store';
import { Cell, sameValue, tracked, TrackedMap } from '../../../machine/state/tracked';

/** The costs and numbers that leave a heap, in this order. */
function heap(...pushed: readonly (readonly [cost: number, node: number])[]): string {
  const one = new Heap();
  for (const [cost, node] of pushed) one.push(cost, node);
  const left: string[] = [];
  while (one.size > 0) left.push(`${one.cost}:${one.pop()}`);
  return left.join(' ');
}

/** Words for values that JSON cannot express. */
const OTHERS: Readonly<Record<string, Value>> = { '5n': 5n, '-5n': -5n, nothing: undefined, 'half': 0.5, 'all bits': 0xffffffff, 'infinite': Infinity };

/** The pairs among values that one lane of the hash, or `sameValue`, takes for equal. */
function takenForEqual(...given: readonly Value[]): string[] {
  const values = given.map((value) => (typeof value === 'string' && value in OTHERS ? OTHERS[value]! : value));
  const alike: readonly ((one: Value, other: Value) => boolean)[] = [
    (one, other) => digestOf(one).hashA === digestOf(other).hashA,
    (one, other) => digestOf(one).hashB === digestOf(other).hashB,
    sameValue,
  ];
  return given.flatMap((one, i) => given.slice(0, i).flatMap((other, k) => (alike.some((same) => same(values[k]!, values[i]!)) ? [`${JSON.stringify(other)} and ${JSON.stringify(one)}`] : [])));
}

/** The two lanes of a value made of parts, computed by adding the parts with `then`. */
const isMadeOfParts = (...parts: readonly Value[]): boolean => sameValue(digestOf(parts), parts.reduce<{ then(value: Value): Hashed }>((sofar, part) => sofar.then(part) as never, digestOf([]) as never) as unknown as Hashed);

const Pair = tracked<{ left: Value; right: Value }>({ left: 1, right: 2 });
class PairOfCells extends Pair {}

const pairOf = (initial: object): string => {
  const store = new Store();
  const pair = new PairOfCells(store, 'pair', initial);
  return `${String(pair.left)} ${String(pair.right)}: ${store.exactState().trim().replaceAll('\n', '; ')}`;
};

/** The keys of a table after these were set, some to their first value. */
function keysOf(entries: readonly (readonly [string | number, number])[], isCleared = false): (string | number)[] {
  const table = new TrackedMap<string | number, number>(new Store(), 'table', 0);
  for (const [key, value] of entries) table.set(key, value);
  if (isCleared) table.clear();
  return table.keys();
}

/** A branch in words: `1a`, followed by its subtree in brackets, with siblings side by side. */
const branches = (first: Branch | null): string => (first === null ? '' : [`${first.process}${first.label}${first.child === null ? '' : `(${branches(first.child)})`}`, ...(first.sibling === null ? [] : [branches(first.sibling)])].join(' '));

/** The reverse; the move is one digit and one letter. */
function branchesFrom(text: string, dependence: Dependence): Branch | null {
  const plan = new Plan();
  const rest = [...text.replace(/ /g, '')];
  const read = (into: (branch: Branch) => void): void => {
    while (rest.length > 0 && rest[0] !== ')') {
      const branch = new Branch(Number(rest.shift()), rest.shift()!, dependence.touchOf([1], [2]));
      into(branch);
      if (rest[0] !== '(') continue;
      rest.shift();
      const below = new Plan();
      read((child) => below.add(child));
      branch.child = below.first;
      rest.shift();
    }
  };
  read((branch) => plan.add(branch));
  return plan.first;
}

/** The branches that begin with a move, and the others. */
function splitOff(planned: string, process: number, label: string): string {
  const plan = new Plan();
  plan.first = branchesFrom(planned, new Dependence(new Store(), undefined));
  return `${branches(plan.take(process, label))} | ${branches(plan.first)}`;
}

interface Points {
  readonly planned: string;
  readonly current: string;
  readonly asleep: readonly (readonly [process: number, label: string])[];
}

const plansOf = (points: readonly Point[]): string => points.map(({ planned, current, sleepers, sleeping }) => `${branches(planned.first)} | ${branches(current)} | ${sleepers.map((first, p) => {
  const labels: string[] = [];
  for (let sleeper: typeof first | null = (sleeping & (1 << p)) === 0 ? null : first; sleeper !== null; sleeper = sleeper.next) labels.push(`${p}${sleeper.label}`);
  return labels.join(' ');
}).join(' ').trim()}`).join(' / ');

/** The plans of points, saved and put back into others. */
function savedAndRestored(...points: readonly Points[]): string {
  const dependence = new Dependence(new Store(), undefined);
  const made = points.map(({ planned, current, asleep }) => {
    const point = new Point();
    point.planned.first = branchesFrom(planned, dependence);
    point.current = branchesFrom(current, dependence);
    for (const [process, label] of asleep) point.putToSleep(process, label, dependence.nothing, 3);
    return point;
  });
  const others = points.map(() => new Point());
  restorePlans(JSON.parse(JSON.stringify(savePlans(made))) as ReturnType<typeof savePlans>, others, dependence);
  return plansOf(others);
}

/** Whether events that touch these may not change places: `[reads, writes]` of either. */
const conflicts = (one: readonly [number[], number[]], other: readonly [number[], number[]]): string => {
  const [here, there] = [new Touch(...one), new Touch(...other)];
  return `${here.conflictsWith(there)} ${there.conflictsWith(here)} ${here.mayReadFrom(there)}`;
};

/** This many things declared interchangeable, with or without a mask whose bits they are. */
function interchangeable(count: number, mask?: string, firstBit?: number): string {
  const members = Array.from({ length: count }, (_, i) => [`thing${i}`]);
  new Symmetry(new Store(), [{ kind: 'things', members, ...(mask === undefined ? {} : { masks: [mask] }), ...(firstBit === undefined ? {} : { firstBit }) }], []);
  return 'accepted';
}

/** The contents of the cells, by name, and which process is set apart; `@thing0` stands for the thing. */
type Given = Readonly<Record<string, Value>> & { readonly apart?: number };

/** Replaces the name of a thing by the thing itself; each thing is made once. */
function entitiesIn(value: Value, made: Map<string, Entity>): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map((part) => entitiesIn(part, made));
  if (typeof value !== 'string' || !value.startsWith('@')) return value;
  if (!made.has(value)) made.set(value, new Entity(value.slice(1)));
  return made.get(value)!;
}

/**
 * Which of these states have the same fingerprint if thing0, thing1 and thing2 are interchangeable and are bits of the mask: one letter for each state,
 * equal for equal fingerprints; given twice if the two lanes of the fingerprint differ in that. `number` is the number of a thing.
 */
function alike(firstBit: number, ...states: readonly Given[]): string {
  const things = [0, 1, 2].map((i) => `thing${i}`);
  const store = new Store();
  store.keepFingerprint();
  const numbers = things.map((name, i) => new Cell<Value>(store, `${name}.number`, i));
  const cells = new Map<string, Cell<Value>>([...things.flatMap((name) => [`${name}.n`, `${name}.to`]), 'last', 'mask', 'free'].map((name) => [name, new Cell<Value>(store, name, 0)]));
  numbers.forEach((cell) => cells.set(cell.name, cell));
  const processes = [...things, 'another', 'a third'].map((name) => ({ name, moves: () => undefined, busy: () => false, describe: () => ({ context: name, paths: [], text: '' }) }));
  const symmetry = new Symmetry(store, [{ kind: 'things', members: things.map((name) => [name]), masks: ['mask'], firstBit, numbers: ['number'] }], processes);
  const start = store.mark();
  const made = new Map<string, Entity>();
  const seen = states.map(({ apart, ...values }) => {
    store.undo(start);
    for (const [name, value] of Object.entries(values)) cells.get(name)!.value = entitiesIn(value as Value, made);
    symmetry.look(start, apart ?? -1);
    return [symmetry.a, symmetry.b];
  });
  const lanes = [0, 1].map((lane) => seen.map((pair) => String.fromCharCode(65 + seen.findIndex((other) => other[lane] === pair[lane]))).join(''));
  return [...new Set(lanes)].join(' ');
}

const PROGRAMS: Readonly<Record<string, () => ReturnType<typeof faulty.leaky>>> = { orphanedLock: faulty.orphanedLock, lockedTwice: faulty.lockedTwice, starving: faulty.starving, turnAbout: faulty.turnAbout };

const program = (given: string | ScriptedProgram) => (typeof given === 'string' ? PROGRAMS[given]?.() ?? programNamed(given) : scripted(given));

/** What brute force says about a program, and whether it leaves the system as it was. */
function byBruteForce(given: string | ScriptedProgram): string {
  const system = program(given)();
  const before = system.store.exactState();
  const { successors, outcomes, deadlocks, violations } = bruteForce(system);
  return `${counted(successors.length, 'state')}, ${counted(outcomes.size, 'outcome')}, ${counted(deadlocks, 'deadlock')}, ${counted(violations.length, 'failure')}${system.store.exactState() === before ? '' : ', left elsewhere'}`;
}

/** One processor with these acts, beside others. */
const processors = (...lists: readonly (readonly Act[])[]): ScriptedProgram => ({ processors: lists.map((acts) => ({ acts, interrupts: [], onIpi: [] })), isBuffered: false });

const found = (given: string | ScriptedProgram): string[] => explore(program(given), {}, undefined, { engine: 'stateful', challenge: 0 }).findings.map(({ message }) => message);

/** How often a processor empties its buffer for an instruction with this many operands, locked or not, and which operands the instruction and its wait get. */
function performed(isLocked: boolean, ...operands: readonly number[]): string {
  let drained = 0;
  const seen: string[] = [];
  const me = { drain: () => { drained++; } };
  const one = instruction<typeof me, readonly Value[], number>('one', (_me: unknown, ...given: readonly Value[]) => { seen.push(`acts on ${given.join(' ')}`); return drained; }, {
    ...(isLocked ? { locked: true } : {}),
    when: (_me: unknown, ...given: readonly Value[]) => { seen.push(`waits for ${given.join(' ')}`); return given[0] !== 0; },
    awaits: (_me: unknown, ...given: readonly Value[]) => ({ kind: 'condition', text: given.join(' ') }),
  });
  const step = one(...operands) as unknown as Step;
  const isReady = step.isReady(me);
  const awaited = awaitedBy(step, me);
  const result = step.act(me);
  return `${isReady ? 'ready' : 'waits'}, ${awaited === null ? 'awaits nothing' : JSON.stringify(awaited)}; drained ${counted(result as number, 'time')} before and ${counted(drained - (result as number), 'time')} after; ${[...new Set(seen)].join(', ')}`;
}

/** Bounds, and the states and events that each layer adds. */
const layersOf = (given: string | ScriptedProgram, bounds: Bounds): string => explore(program(given), bounds, undefined, { engine: 'layered', challenge: 0 }).layers.map(({ states, events }) => `${counted(states, 'state')} and ${counted(events, 'event')}`).join(', ');

/** The share of a search that is done after each of these numbers of moves, in percent. */
function shares(given: string | ScriptedProgram, ...moves: readonly number[]): string {
  const search = new StatefulSearch(program(given)(), {});
  return moves.map((count) => {
    search.advance(count);
    return (100 * search.progress.share!).toFixed(1);
  }).join(' ');
}

/** What one search says about each claim, compared with a search for that claim alone: states, events and edges. */
function untilEach(given: ScriptedProgram): string {
  const made = scripted(given);
  const build = (names: readonly string[]): System => {
    const system = made();
    return { ...system, invariants: system.invariants.filter(({ name }) => names.includes(name)) };
  };
  const names = [...new Set(made().invariants.map(({ name }) => name))];
  const answers = new Answers(build, names);
  return names.map((name) => {
    const { states, events, graph } = answers.until(name);
    const alone = explore(() => build([name]), {}, undefined, { engine: 'stateful', challenge: 0 });
    return `${name}: ${states} ${events} ${graph.size}${alone.states === states && alone.events === events && alone.transitions === graph.size ? '' : `, alone ${alone.states} ${alone.events} ${alone.transitions}`}`;
  }).join('; ');
}

/** How many random runs challenge a program whose verdict has this many events. */
const challengedBy = (given: string | ScriptedProgram, events: number, runs: number): number => {
  const made = program(given);
  return challenge(made, { ...explore(made, {}, undefined, { engine: 'stateful', challenge: 0 }), events }, runs).challenged;
};

/** Joins what two members of a search have seen, given the targets of the moves of each state. */
function joined(isComplete: boolean, ...moves: readonly (readonly (readonly number[])[])[]): string {
  const kind: Kind = { process: 0, label: 0, interrupt: 0, steps: 1, stayReady: 0 as never, place: -1, last: 0, switches: 0, breaks: -1 };
  const portions = moves.map((states): Portion => {
    const starts = Int32Array.from([0, ...states.map((_, i) => states.slice(0, i + 1).flat().length)]);
    return { ...NO_PORTION, starts, moves: Int32Array.from(states.flat().flatMap((to) => [to, 0])), words: ['go'], kindsOf: [kind], breaks: [[]] } as Portion;
  });
  const { states, complete, graph } = joinPortions(portions, { complete: isComplete, bounds: {}, goesOn: false, table: { find: () => 0, tally: () => NO_PORTION.tally } });
  return `${counted(states, 'state')}, ${counted(graph.size, 'edge')}, ${complete ? 'complete' : 'incomplete'}`;
}

/** This many kinds of edges, which differ in one thing each: whether all keep their numbers when the table grows. */
function kindsKnown(count: number): string {
  const kinds = new Kinds();
  const kindOf = (i: number): Kind => ({ process: i % 3, label: i >> 3, interrupt: i & 1, steps: 1, stayReady: 0 as never, place: -1, last: (i >> 1) & 1, switches: (i >> 2) & 1, breaks: -1 });
  const all = new Map(Array.from({ length: count }, (_, i) => [JSON.stringify(kindOf(i)), kindOf(i)]));
  const numbers = [...all.values()].map((kind) => kinds.numberOf(kind));
  const again = [...all.values()].map((kind) => kinds.numberOf({ ...kind }));
  return `${counted(all.size, 'kind')}, numbers ${numbers[0]!} to ${numbers.at(-1)!}, ${again.every((number, i) => number === numbers[i]) && new Set(numbers).size === all.size ? 'the same again' : 'others again'}; ${kinds.all.length} kept`;
}

/** A line of a recording of a processor, made from a good one by replacing these fields; `null` removes a field. Gives the result of its replay, if it can be read. */
function recording(operation: object, changed: object = {}): string {
  const whole: Record<string, unknown> = { id: 'a', set: 'S', mode: 'legacy', cr0: '0x80010001', cr3: '0x1000', cr4: '0x0', efer: '0x0', mem: [['0x1000', '0x2027'], ['0x2000', '0x3027']], ...operation, ...changed };
  const line = JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null)));
  return new RecordingPlayer().play(parseRecording(line)).map(({ differences }) => differences.join('; ') || 'agrees').join(' | ') || 'nothing to compare';
}

/** The state of a processor after an IRET from one privilege to another: privilege, I/O privilege, interrupts. */
function returned(at: { cpl: number; iopl: number; IF: boolean }, frame: { cpl: number; iopl: number; IF: boolean }): string {
  const store = new Store();
  const cpu = new Cpu(store, 0, new Memory(store));
  const refused: number[] = [];
  Object.assign(cpu, at, { nmiBlocked: true, raise: (vector: number) => { refused.push(vector); } });
  (iret({ ...frame, ac: false } as never) as unknown as Step).act(cpu);
  return refused.length > 0 ? `exception ${refused.join()}` : `at ${cpu.cpl}, I/O privilege ${cpu.iopl}, interrupts ${cpu.IF ? 'on' : 'off'}${cpu.nmiBlocked ? ', NMIs wait' : ''}`;
}

/** The outcomes of a thread that may choose. */
function choices(...names: readonly string[]): string {
  const choosing = faultless((memory) => {
    const x = memory.word('x');
    const pick = instruction('pick', (me: Thread) => { x.value = 1 + me.chosen; }, { choices: () => names });
    return { thread: path(function* thread(): Path { yield* pick(); })() };
  });
  return [...explore(choosing, {}, undefined, { engine: 'stateful', challenge: 0 }).outcomes].sort().join('; ');
}

/** Pairs of TLB entries, each in numbers and flags, that have the same hash in either lane. */
function entriesTakenForEqual(...given: readonly (readonly [base: number, frame: number, size: number, flags: string, pcid: number, source: number])[]): string[] {
  const entries = given.map(([base, frame, size, flags, pcid, source]) => new TlbEntry(base, frame, size, flags.includes('w'), flags.includes('u'), flags.includes('x'), flags.includes('g'), flags.includes('d'), pcid, source));
  return entries.flatMap((one, i) => entries.slice(0, i).flatMap((other, k) => (one.hashA === other.hashA || one.hashB === other.hashB ? [`${k} and ${i}`] : [])));
}

/* eslint-disable @typescript-eslint/no-explicit-any -- as in words.ts */
export const PARTS: Readonly<Record<string, (...given: any[]) => unknown>> = {
  alike, layersOf, shares, untilEach, challengedBy, joined, entriesTakenForEqual, kindsKnown, recording, returned, choices, heap, takenForEqual, isMadeOfParts, pairOf, keysOf, splitOff, savedAndRestored, conflicts, interchangeable, byBruteForce, found, performed,
  foundOf: (...lists: readonly (readonly Act[])[]) => found(processors(...lists)),
  bruteForceOf: (...lists: readonly (readonly Act[])[]) => byBruteForce(processors(...lists)),
};
/* eslint-enable @typescript-eslint/no-explicit-any */
