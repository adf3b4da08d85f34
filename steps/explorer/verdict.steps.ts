// What the explorer concludes about small programs, and about models that are themselves at fault.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { audit, type Objection } from '../../machine/explorer/verdict/audit';
import type { EngineName, EngineOptions } from '../../machine/explorer/engine';
import { explore, type Finding, type Verdict } from '../../machine/explorer/explore';
import type { Program } from '../../machine/explorer/program';
import { replay } from '../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../machine/explorer/verdict/schedule';
import { smallestRun, type SmallestRun } from '../../machine/explorer/layered/smallest';
import { fickle, fickleFailure, leaky, lockedTwice, orphanedLock, spinning, spinningUnderLock, starving, turnAbout } from '../../machine/programs/faulty';
import { programNamed } from '../../machine/programs/named';
import { fail, program, read, write } from '../../machine/programs/program';
import { path } from '../../machine/path';
import { replayed } from '../../machine/situations/check';
import type { MachineWorld } from '../support/world';

/** What the steps of one scenario have concluded. */
class Concluded {
  program: Program | undefined;
  options: EngineOptions = {};
  verdict: Verdict | undefined;
  smallest: SmallestRun | undefined;
  objection: Objection = null;
  complaint = '';
}

const concluded = new WeakMap<MachineWorld, Concluded>();

function concludedBy(world: MachineWorld): Concluded {
  const known = concluded.get(world) ?? new Concluded();
  concluded.set(world, known);
  return known;
}

function exploreFor(world: MachineWorld, program: Program, options: EngineOptions = {}): void {
  Object.assign(concludedBy(world), { program, options, verdict: explore(program, {}, undefined, options) });
}

function firstFinding(world: MachineWorld): Finding {
  const finding = concludedBy(world).verdict?.findings[0];
  if (!finding) throw new Error('the explorer found nothing wrong');
  return finding;
}

/** A different answer each time. */
function counter(): () => number {
  let asked = 0;
  return () => asked++;
}

When('{string} is explored', function (this: MachineWorld, name: string) {
  exploreFor(this, programNamed(name));
});

When('{string} is explored by the {string} engine', function (this: MachineWorld, name: string, engine: EngineName) {
  exploreFor(this, programNamed(name), { engine });
});

When('{string} is sampled by {int} runs of the {string} engine with seed {int}', function (this: MachineWorld, name: string, runs: number, engine: EngineName, seed: number) {
  exploreFor(this, programNamed(name), { engine, runs, seed });
});

When('the smallest failing run of {string} is looked for', function (this: MachineWorld, name: string) {
  const program = programNamed(name);
  const found = smallestRun(program(), () => true);
  if (typeof found === 'string') throw new Error(`no failing run: ${found}`);
  Object.assign(concludedBy(this), { program, smallest: found });
});

When('a thread waits for a value that is never written', function (this: MachineWorld) {
  exploreFor(this, starving());
});

When('a thread spins on a flag that is never set', function (this: MachineWorld) {
  exploreFor(this, spinning(false));
});

When('a thread spins on a flag that another will set', function (this: MachineWorld) {
  exploreFor(this, spinning(true));
});

When('a thread ends without releasing a lock that another one wants', function (this: MachineWorld) {
  exploreFor(this, orphanedLock());
});

When('a thread takes a lock that it already holds', function (this: MachineWorld) {
  exploreFor(this, lockedTwice());
});

When('a thread spins under the lock that another one needs to let it go on', function (this: MachineWorld) {
  exploreFor(this, spinningUnderLock());
});

When('two threads pass a turn back and forth forever', function (this: MachineWorld) {
  exploreFor(this, turnAbout());
});

When('a program is explored that is broken before anything happens', function (this: MachineWorld) {
  exploreFor(this, () => ({ ...programNamed('ab-ba')(), invariants: [{ name: 'early', check: () => 'it is broken' }] }));
});

When('a thread called {string} fails after another', function (this: MachineWorld, name: string) {
  exploreFor(this, program((p) => {
    const word = p.word('word');
    const first = path(function* first() { yield* write(word, 1); });
    const second = path(function* second() { if ((yield* read(word)) === 1) yield* fail(p.failure, 'it comes after the other'); });
    return { other: first(), [name]: second() };
  }));
});

When('{string} is replayed by {string}', function (this: MachineWorld, name: string, schedule: string) {
  try {
    replay(programNamed(name)(), parseSchedule(schedule));
  } catch (error) {
    concludedBy(this).complaint = (error as Error).message;
  }
});

When('{string} is audited', function (this: MachineWorld, name: string) {
  concludedBy(this).objection = audit(programNamed(name));
});

When('a model that counts in a plain field is audited', function (this: MachineWorld) {
  concludedBy(this).objection = audit(leaky());
});

When('a model that asks something outside is audited', function (this: MachineWorld) {
  concludedBy(this).objection = audit(fickle(counter()));
});

When('a model that asks something outside fails', function (this: MachineWorld) {
  try {
    explore(fickleFailure(counter()));
  } catch (error) {
    concludedBy(this).complaint = (error as Error).message;
  }
});

Then('nothing can continue after {string}', function (this: MachineWorld, schedule: string) {
  expect(firstFinding(this).kind).to.equal('deadlock');
  expect(firstFinding(this).witness.schedule).to.equal(schedule);
});

Then('the same state repeats forever after {string}', function (this: MachineWorld, schedule: string) {
  expect(firstFinding(this).kind).to.equal('livelock');
  expect(firstFinding(this).witness.schedule).to.equal(schedule);
});

Then('the search was complete over the program', function (this: MachineWorld) {
  expect(concludedBy(this).verdict?.complete).to.equal(true);
});

Then('the search was not complete over the program', function (this: MachineWorld) {
  expect(concludedBy(this).verdict).to.include({ complete: false, holds: false });
});

Then('the {string} engine decided', function (this: MachineWorld, engine: string) {
  expect(concludedBy(this).verdict?.engine).to.equal(engine);
});

Then('nothing is wrong with the program', function (this: MachineWorld) {
  expect(concludedBy(this).verdict).to.include({ complete: true, holds: true });
});

Then('nothing is wrong with the program so far', function (this: MachineWorld) {
  expect(concludedBy(this).verdict?.findings).to.deep.equal([]);
});

Then('it fails when it is replayed', function (this: MachineWorld) {
  const finding = firstFinding(this);
  const { violation } = replay(concludedBy(this).program!(), parseSchedule(finding.witness.schedule));
  expect(violation?.message).to.equal(finding.message);
});

Then('the replay says that it was broken before the first event', function (this: MachineWorld) {
  const run = replayed(concludedBy(this).program!(), firstFinding(this).witness.schedule);
  expect(run).to.deep.include({ events: [], violation: { invariant: 'early', message: 'it is broken', event: -1 }, end: null });
});

Then('the failing run is {string}', function (this: MachineWorld, schedule: string) {
  expect(firstFinding(this).kind).to.equal('violation');
  expect(firstFinding(this).witness.schedule).to.equal(schedule);
});

Then('it says {}', function (this: MachineWorld, message: string) {
  expect(firstFinding(this).message).to.contain(message.slice(1, -1));
});

Then('sampling again from the same seed gives the same verdict', function (this: MachineWorld) {
  const { program, options, verdict } = concludedBy(this);
  const again = explore(program!, {}, undefined, options);
  expect({ ...again, search: null }).to.deep.equal({ ...verdict, search: null });
});

Then('it is {string}, with {int} change(s) of process', function (this: MachineWorld, schedule: string, switches: number) {
  const { smallest } = concludedBy(this);
  expect(formatSchedule(smallest!.labels)).to.equal(schedule);
  expect(smallest!.switches).to.equal(switches);
});

Then('it fails when it is replayed, and not before its last event', function (this: MachineWorld) {
  const { program, smallest } = concludedBy(this);
  const trace = replay(program!(), parseSchedule(formatSchedule(smallest!.labels)));
  expect(trace.violation?.event).to.equal(smallest!.labels.length - 1);
});

Then('the replay stops with {}', function (this: MachineWorld, message: string) {
  expect(`"${concludedBy(this).complaint}"`).to.equal(message);
});

Then('the audit has no objection', function (this: MachineWorld) {
  expect(concludedBy(this).objection).to.equal(null);
});

Then('the audit objects that {}', function (this: MachineWorld, objection: string) {
  expect(concludedBy(this).objection).to.contain(objection.slice(1, -1));
});

Then('the explorer reports that the program is not deterministic', function (this: MachineWorld) {
  expect(concludedBy(this).complaint).to.contain('not deterministic');
});
