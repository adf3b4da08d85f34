// What engines refuse to explore, and how their verdicts are challenged.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { exitFor } from '../../machine/cli/refusal';
import { challengeInWords } from '../../machine/cli/search/bounds';
import { ENGINES, type EngineName } from '../../machine/explorer/engine';
import { explore, type Verdict } from '../../machine/explorer/explore';
import { challenge, SearchMissed } from '../../machine/explorer/oracle/challenge';
import type { Program } from '../../machine/explorer/program';
import type { Move, Process } from '../../machine/explorer/system';
import { auditSymmetry } from '../../machine/explorer/reduced/symmetry-audit';
import { replay } from '../../machine/explorer/verdict/replay';
import { parseSchedule } from '../../machine/explorer/verdict/schedule';
import { instruction, path } from '../../machine/path';
import { cellsOfOneName, changedInPlace, changedWithin, crowd, maskedTwice, namesakes, putting, restless, storing } from '../../machine/programs/faulty';
import { programNamed } from '../../machine/programs/named';
import type { Word} from '../../machine/programs/program';
import { program, write } from '../../machine/programs/program';
import type { ScriptedProgram } from '../../machine/programs/script';
import { scripted } from '../../machine/programs/scripted';
import { prepare } from '../../machine/situations/check';
import { Entity, type Value } from '../../machine/state/hash';
import { Store } from '../../machine/state/store';
import { Cell, tracked, TrackedMap } from '../../machine/state/tracked';
import { OLD_FAULTS } from './random/truth';
import type { MachineWorld } from '../support/world';

const WHOLE: readonly EngineName[] = ENGINES.filter((engine) => engine !== 'random' && engine !== 'pct');

const MODELS: Readonly<Record<string, () => Program>> = {
  'two moves of one name': namesakes,
  'two cells of one name': cellsOfOneName,
  'a value that is changed in place': changedInPlace,
  'a zero with a sign': () => storing(-0),
  'a value that is not a number': () => storing(NaN),
  'a zero with a sign in a list': () => putting([0], [-0]),
  'a record with a value that is not a number': () => putting({ x: NaN }),
  'a list with a gap': () => putting(new Array<Value>(2)),
  'a list with a name on it': () => putting(Object.assign([1], { owner: 'first' })),
  'a record with a computed field': () => putting({ get now() { return 1; } }),
  'a record that has a hash of its own': () => putting({ hashA: 1, hashB: 1, page: 1 }, { hashA: 1, hashB: 1, page: 2 }),
  'a set, which can grow in place': () => putting(new Set([1]) as unknown as Value),
  'a frozen list of lists that can grow': changedWithin,
  'two things of one name': () => putting(new Entity('page'), new Entity('page')),
  'a program that says it runs out': restless,
  'a program that says it is endless': () => () => ({ ...programNamed('ainc(2)')(), endless: true }),
};

interface Asked {
  messages?: ReadonlyMap<EngineName, string>;
  verdicts?: readonly Verdict[];
  states?: readonly { readonly fingerprint: readonly number[]; readonly text: string }[];
  missed?: { readonly error: unknown; readonly program: Program };
}
const asked = new WeakMap<MachineWorld, Asked>();

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

When('every engine is asked to explore {}', function (this: MachineWorld, model: string) {
  const build = MODELS[model];
  if (!build) throw new Error(`no model is called "${model}"; there are: ${Object.keys(MODELS).join(', ')}`);
  // The optimal engine does not stop where all work is done, so it cannot see that something continues there.
  const engines = model === 'a program that says it runs out' ? WHOLE.filter((engine) => engine !== 'optimal') : WHOLE;
  asked.set(this, { messages: new Map(engines.map((engine) => [engine, messageOf(() => explore(build(), {}, undefined, { engine }))])) });
});

When('the symmetries of a mask that two kinds share are audited', function (this: MachineWorld) {
  asked.set(this, { messages: new Map([['reduced', messageOf(() => auditSymmetry(maskedTwice()))]]) });
});

When('the reduced engine is asked to explore {int} threads', function (this: MachineWorld, threads: number) {
  asked.set(this, { messages: new Map([['reduced', messageOf(() => explore(crowd(threads), {}, undefined, { engine: 'reduced' }))]]) });
});

Then('each refuses, and says {}', refusesWith);
Then('that is refused with {string}', refusesWith);

function refusesWith(this: MachineWorld, words: string): void {
  for (const [engine, message] of asked.get(this)!.messages!) expect(message, engine).to.include(words).and.not.include('\n');
}

When('a cell that holds an empty list gets an item, and then another empty list', function (this: MachineWorld) {
  const store = new Store();
  const list = new Cell<readonly number[]>(store, 'list', []);
  const states = ([null, [1], []] as const).map((value) => {
    if (value !== null) list.value = value;
    return { fingerprint: [store.a, store.b], afresh: Object.values(store.recomputed()), text: store.exactState() };
  });
  asked.set(this, { states });
});

Then('its state is the first one again, by fingerprint and by text', function (this: MachineWorld) {
  const [first, filled, emptied] = asked.get(this)!.states!;
  expect(emptied).to.deep.equal(first);
  expect(filled).to.not.deep.equal(first);
});

When('two threads store {} and {}', function (this: MachineWorld, one: string, other: string) {
  const both = program((memory) => {
    const word = memory.word('x');
    const thread = path(function* thread(value: number) { yield* write(word, value); });
    return { one: thread(Number(one)), other: thread(Number(other)) };
  });
  asked.set(this, { verdicts: WHOLE.map((engine) => explore(both, {}, undefined, { engine })) });
});

Then('every engine finds both outcomes', function (this: MachineWorld) {
  for (const { engine, outcomes } of asked.get(this)!.verdicts!) expect(outcomes, engine).to.have.lengthOf(2);
});

When('every engine without a limit on processes explores {int} threads, of which one spins until another sets its flag', function (this: MachineWorld, threads: number) {
  const engines: EngineName[] = ['brute-force', 'stateful', 'layered', 'auto'];
  asked.set(this, { verdicts: engines.map((engine) => explore(crowd(threads), {}, undefined, { engine })) });
});

Then('none of them finds anything', function (this: MachineWorld) {
  for (const { engine, complete, findings } of asked.get(this)!.verdicts!) {
    expect(findings.map(({ message }) => message), engine).to.deep.equal([]);
    expect(complete, engine).to.equal(true);
  }
});

const alone = { interrupts: [], onIpi: [] };

/** Programs on which each fault loses something. */
const CHALLENGED: Readonly<Record<string, ScriptedProgram>> = {
  'forgets the order of observed writes': {
    processors: [
      { ...alone, acts: [{ do: 'load', word: 0 }] }, { ...alone, acts: [{ do: 'add', word: 1 }] },
      { ...alone, acts: [{ do: 'locked', lock: 0, acts: [] }] },
    ],
    claims: [{ claim: 'not while', word: 1, value: 1, lock: 0 }], isBuffered: false, isThreads: true,
  },
  'forgets which process an event moves': {
    processors: [
      { ...alone, acts: [{ do: 'load', word: 1 }, { do: 'start', target: 1 }] },
      { acts: [{ do: 'store', word: 0, value: 1 }], interrupts: [[{ do: 'load', word: 2 }]], onIpi: [], isLate: true },
    ],
    claims: [{ claim: 'never both', word: 0, value: 1, other: 0, otherValue: 1 }], isBuffered: false,
  },
  'has tables that forget their keys': {
    processors: [
      { ...alone, acts: [{ do: 'put', key: 0, value: 1 }] }, { ...alone, acts: [{ do: 'locked', lock: 0, acts: [] }] },
      { ...alone, acts: [{ do: 'await both', word: 0, other: 0, value: 0 }] },
    ],
    claims: [{ claim: 'at most', keys: 0 }], isBuffered: false,
  },
};

/** Takes two steps of a process for one, so it never stops between them. */
function inPairs(made: Program): Program {
  const movesOf = (process: Process): Move[] => {
    const moves: Move[] = [];
    process.moves(moves);
    return moves;
  };
  const paired = (process: Process): Process => {
    const pairing: Process = {
      name: process.name,
      busy: () => process.busy(),
      describe: () => process.describe(),
      moves: (into) => {
        for (const move of movesOf(process)) {
          into.push({ process: pairing, kind: move.kind, label: move.label, perform: () => {
            move.perform();
            movesOf(process)[0]?.perform();
          } });
        }
      },
    };
    return pairing;
  };
  return () => {
    const system = made();
    return { ...system, processes: system.processes.map(paired) };
  };
}

/** Searches with faults that the reduced engine has not had, each with a program that reveals the fault. */
const FAULTY: Readonly<Record<string, { readonly script: ScriptedProgram; readonly searched: (made: Program) => Program }>> = {
  'never stops between two steps': {
    script: { processors: [{ ...alone, acts: [{ do: 'store', word: 0, value: 1 }] }, { ...alone, acts: [{ do: 'store', word: 1, value: 1 }] }], isBuffered: false },
    searched: inPairs,
  },
  'takes every loop for intended': {
    script: { processors: [{ ...alone, acts: [{ do: 'spin', word: 0, value: 1 }] }, { ...alone, acts: [{ do: 'load', word: 1 }] }], isBuffered: false },
    searched: (made) => () => ({ ...made(), endless: true }),
  },
};

/** The verdict of a faulty search on a program. */
function faultyVerdict(fault: string): { readonly script: ScriptedProgram; readonly verdict: Verdict } {
  const other = FAULTY[fault];
  if (other !== undefined) return { script: other.script, verdict: explore(other.searched(scripted(other.script)), {}, undefined, { engine: 'stateful', challenge: 0 }) };
  const script = CHALLENGED[fault];
  if (script === undefined) throw new Error(`no fault is called "${fault}"; there are: ${[...Object.keys(CHALLENGED), ...Object.keys(FAULTY)].join(', ')}`);
  return { script, verdict: OLD_FAULTS[fault]!({ script, program: scripted(script), states: 0 }, 'reduced') };
}

When('a search that {} is challenged', function (this: MachineWorld, fault: string) {
  const { script, verdict } = faultyVerdict(fault);
  expect(verdict.complete).to.equal(true);
  let error: unknown;
  try {
    challenge(scripted(script), verdict);
  } catch (thrown) {
    error = thrown;
  }
  asked.set(this, { missed: { error, program: scripted(script) } });
});

Then('it is said that {string}, with a schedule that replays, and exit code 3', function (this: MachineWorld, words: string) {
  const { error, program: challenged } = asked.get(this)!.missed!;
  expect(error).to.be.instanceOf(SearchMissed);
  const said: string[] = [];
  expect(exitFor(error, { stdout: () => undefined, stderr: (text) => said.push(text) })).to.equal(3);
  expect(said.join('')).to.match(/^paravirt-spec: the search missed /).and.not.include('    at ');
  const { message } = error as SearchMissed;
  expect(message).to.include(words);
  const schedule = /comes to it: (.*)\n/.exec(message)![1]!;
  expect(replay(challenged(), parseSchedule(schedule)).events).not.to.deep.equal([]);
});

When('{string} is explored by every engine and challenged by {int} runs', function (this: MachineWorld, name: string, runs: number) {
  asked.set(this, { verdicts: WHOLE.map((engine) => explore(programNamed(name), {}, undefined, { engine, challenge: runs })) });
});

When('{int} threads that write {int} times each are explored and challenged by {int} runs', function (this: MachineWorld, threads: number, times: number, runs: number) {
  const writing = program((memory) => Object.fromEntries(Array.from({ length: threads }, (_, i) => {
    const word = memory.word(`word${i}`, 0);
    const writer = path(function* writer() {
      for (let value = 1; value <= times; value++) yield* write(word, value);
    });
    return [`writer${i}`, writer()];
  })));
  asked.set(this, { verdicts: [explore(writing, {}, undefined, { challenge: runs })] });
});

Then('the verdict says that {int} of these runs were given up as too long', function (this: MachineWorld, runs: number) {
  const [verdict] = asked.get(this)!.verdicts!;
  expect(challengeInWords(verdict!)).to.match(new RegExp(`; ${runs} of them were given up as too long$`));
});

Then('{int} runs challenged each verdict', function (this: MachineWorld, runs: number) {
  for (const { engine, challenged } of asked.get(this)!.verdicts!) expect(challenged, engine).to.equal(runs);
});

class Three extends tracked({ first: 0, second: 0, third: 0 }) {}

When('a store has a cell for readers and then one of the program, and each is written', function (this: MachineWorld) {
  const store = new Store();
  const [seen, value] = [new Cell<number>(store, 'seen', 0, true), new Cell<number>(store, 'value', 0)];
  const state = () => ({ fingerprint: [store.a, store.b], afresh: Object.values(store.recomputed()), text: store.exactState() });
  const states = [state()];
  for (const cell of [seen, value]) {
    cell.value = 7;
    states.push(state());
  }
  asked.set(this, { states });
});

Then("only the write to the program's cell changes the state", function (this: MachineWorld) {
  const [first, seen, written] = asked.get(this)!.states!;
  expect(seen).to.deep.equal(first);
  expect(written!.text).to.equal('value=7');
  expect(written!.fingerprint).to.not.deep.equal(first!.fingerprint);
});

When('a struct with the fields "first, second, third" is made with second = {int}', function (this: MachineWorld & { fields: readonly number[] }, second: number) {
  const { first, second: given, third } = new Three(new Store(), 'three', { second });
  this.fields = [first, given, third];
});

Then('its fields are {string}', function (this: MachineWorld & { fields: readonly number[] }, fields: string) {
  expect(this.fields.join(', ')).to.equal(fields);
});

const countKeys = instruction((_map: TrackedMap<number, number>, into: Word) => `${into.name} = the number of keys`, (_me: unknown, map: TrackedMap<number, number>, into: Word) => { into.value = map.keys().length; });
const addKey = instruction((_map: TrackedMap<number, number>) => 'add a key', (_me: unknown, map: TrackedMap<number, number>) => { map.set(4, 1); });

When(/^the (\w+) engine explores one thread that lists the keys of a map and one that adds a key$/, function (this: MachineWorld, engine: EngineName) {
  const keys = (): Program => program((memory) => {
    const map = new TrackedMap<number, number>(memory.store, 'map', 0);
    const found = memory.word('found');
    const reader = path(function* reader() { yield* countKeys(map, found); });
    const adder = path(function* adder() { yield* addKey(map); });
    return { reader: reader(), adder: adder() };
  });
  asked.set(this, { verdicts: [explore(keys(), {}, undefined, { engine })] });
});

Then('the list has 0 keys in one outcome and 1 in the other', function (this: MachineWorld) {
  const [{ complete, outcomes }] = asked.get(this)!.verdicts! as [Verdict];
  expect(complete).to.equal(true);
  expect([...outcomes].map((outcome) => /found=(\d)/.exec(outcome)?.[1] ?? '0').sort(), outcomes.join('; ')).to.deep.equal(['0', '1']);
});

When('{string} is asked about within the bound {string} of {int}', function (this: MachineWorld, situation: string, bound: string, value: number) {
  asked.set(this, { messages: new Map([['stateful', messageOf(() => prepare({ situation, patches: 'all', bounds: { [bound]: value } }))]]) });
});

When('{string} is searched by states within {int} MiB', function (this: MachineWorld, name: string, memory: number) {
  asked.set(this, { verdicts: [explore(programNamed(name), { memory }, undefined, { engine: 'stateful' })] });
});

Then('it is complete', function (this: MachineWorld) {
  expect(asked.get(this)!.verdicts!.map(({ complete }) => complete)).to.deep.equal([true]);
});
