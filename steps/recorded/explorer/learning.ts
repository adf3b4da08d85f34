// What the optimal reduction learns about cells, what it plans, and which process of a program decides about shards: for structures.ts.

import fc from 'fast-check';
import { explore } from '../../../machine/explorer/explore';
import { challenge } from '../../../machine/explorer/oracle/challenge';
import { fewestSwitches, graphOf, readsFrom } from '../../../machine/explorer/optimal/classes';
import { Dependence } from '../../../machine/explorer/optimal/dependence';
import { Execution } from '../../../machine/explorer/optimal/execution';
import { OptimalSearch } from '../../../machine/explorer/optimal/search';
import { Touch } from '../../../machine/explorer/optimal/touch';
import { Plan, Sequence, type Branch } from '../../../machine/explorer/optimal/wakeup-tree';
import { ownersAmong } from '../../../machine/explorer/shared/owners';
import { movesOf, type System } from '../../../machine/explorer/system';
import { crowd } from '../../../machine/programs/faulty';
import { programNamed } from '../../../machine/programs/named';
import { scripted } from '../../../machine/programs/scripted';
import { Footprint } from '../../../machine/state/footprint';
import { Store } from '../../../machine/state/store';
import { richProgram } from '../../explorer/random-programs';
import { some, times, type Draw } from './draws';
import { counting } from './memories';
import { digest, orRefusal } from '../recording';

/** What is learned from footprints, in any order, with some cells that do not exist from the beginning; and what another search makes of it that has its cells in another order. */
export function dependence(draw: Draw): unknown[] {
  return times(12, () => {
    const names = times(10, (i) => `cell${i}`);
    const leftOut = draw(3) === 0 ? 'cell3' : undefined;
    const first = asked(draw, new Dependence(storeOf(names), leftOut), 60);
    const { sharing } = first.dependence;
    const again = asked(draw, new Dependence(storeOf([...names].reverse()), leftOut, sharing), 25);
    return [first.told, sharing, again.told, again.dependence.sharing];
  });
}

function storeOf(names: readonly string[]): Store {
  const store = new Store();
  for (const name of names) store.cell(name, 0);
  return store;
}

function asked(draw: Draw, dependence: Dependence, count: number): { readonly dependence: Dependence; readonly told: unknown[] } {
  const print = (process = draw(3)): Footprint => new Footprint(process, some(draw, 3, 10), some(draw, 2, 10));
  const prints = times(8, () => print());
  const told = times(count, (i) => {
    const { touch, isObserved } = dependence.meaningOf(draw(2) === 0 ? prints[draw(8)]! : print());
    const mayBreak = dependence.mayBreak(touch);
    if (i % 9 === 8) dependence.observe(some(draw, 2, 10));
    if (i % 7 === 6) dependence.awaitTogether(print());
    const { isStale } = dependence;
    if (isStale && draw(2) === 0) dependence.refresh();
    return [touch.reads, touch.writes, isObserved, mayBreak, isStale, dependence.touch(prints[0]!) === dependence.nothing];
  });
  return { dependence, told };
}

/** Reversals that are planned one after the other, in the order in which they come, and taken from the plan again. */
export function plans(draw: Draw): unknown[] {
  return times(60, () => {
    const touches = [...times(5, () => new Touch(some(draw, 1, 4), some(draw, 1, 4))), new Touch([], [], true)];
    const execution = new Execution(4);
    times(4 + draw(4), (i) => execution.push(draw(4), `move ${draw(2)}`, touches[draw(5)]!, null, touches[draw(5)]!, false, i));
    const sequence = new Sequence(execution);
    const plan = new Plan();
    const told = times(9, () => {
      sequence.become(draw(3), draw(4), `move ${draw(2)}`, touches[draw(6)]!);
      sequence.insertInto(plan);
      return planned(plan.first, touches);
    });
    return [told, planned(plan.take(draw(4), `move ${draw(2)}`), touches), planned(plan.first, touches)];
  });
}

function planned(first: Branch | null, touches: readonly Touch[]): string {
  const told: string[] = [];
  for (let branch = first; branch !== null; branch = branch.sibling) told.push(`${branch.process} ${branch.label} ${touches.indexOf(branch.touch)} (${planned(branch.child, touches)})`);
  return told.join(', ');
}

/** How far each program is followed, and how long one of its executions may be. */
const EVENTS = 250;
const DEPTH = 60;

/** The executions of many small programs, up to some events, each with how it ends, and what the classes of the first ones are. */
export function executions(): unknown[] {
  return fc.sample(richProgram, { seed: 21, numRuns: 70 }).map((program) => orRefusal(() => {
    const build = scripted(program);
    let told: unknown[] = [];
    const twin = build();
    const search = new OptimalSearch(build(), (end, execution) => {
      const labels = execution.label.slice(0, execution.length);
      told.push([end, labels, told.length < 3 && labels.length < 9 ? [readsFrom(execution), graphOf(execution), fewestSwitches(twin, execution)] : null]);
    }, { depth: DEPTH });
    const isWhole = search.run(EVENTS, () => { told = []; });
    return digest([isWhole, search.counts, search.height, search.hasChoices, told]);
  }));
}

const PROGRAMS = ['casrot(2)', 'cas(2)', 'casrot-c11(2)', 'philosophers(3)', 'lastzero(3)', 'xenpin-unfixed(2, 1)', 'flush-tlb(1, 1, 0, 1)', 'litmus SB under TSO'];

/** Along some moves of each program: which of them are steady, and which shard explores each state. */
export function shards(draw: Draw): unknown[] {
  return PROGRAMS.map((name) => orRefusal(() => {
    const program = programNamed(name);
    const system = program();
    const owners = [2, 7].map((count) => ownersAmong(count, program));
    return JSON.stringify(times(40, () => {
      const moves = movesOf(system);
      if (moves.length > 0) moves[draw(moves.length)]!.perform();
      return [moves.map(({ isSteady }) => isSteady === true), owners.map((ownerOf) => ownerOf(system))];
    }));
  }));
}

/** Verdicts within bounds on interrupts and switches, each challenged by runs that must keep to them. */
export function bounded(): unknown[] {
  return fc.sample(richProgram, { seed: 22, numRuns: 14 }).flatMap((program) => [{ interrupts: 1 }, { switches: 1 }, { interrupts: 1, switches: 2 }].map((bounds) => orRefusal(() => {
    const { complete, states, findings, outcomes, challenged, unended } = explore(scripted(program), { ...bounds, states: 200 }, undefined, { engine: 'layered', challenge: 25 });
    return JSON.stringify([complete, states, findings.map(({ invariant, need, witness: { schedule } }) => [invariant, need, schedule]), outcomes, challenged, unended]);
  })));
}

/** As many processes as the optimal reduction can tell apart, and one more. */
export function crowds(): unknown[] {
  return [31, 32].map((count) => orRefusal(() => {
    const search = new OptimalSearch(crowd(count)(), () => undefined, { depth: DEPTH });
    return JSON.stringify([search.run(150, () => undefined), search.counts]);
  }));
}

/** Programs that loop forever, as they are meant to or not; of some all work can be done. */
export function meantToLoop(): unknown[] {
  return [counting(3, 0), counting(3, 0, false), counting(3, 3, false), counting(3)].flatMap((_, i) => [true, false].map((endless) => orRefusal(() => {
    const program = (): System => ({ ...[counting(3, 0), counting(3, 0, false), counting(3, 3, false), counting(3)][i]!, endless });
    const verdict = explore(program, {}, undefined, { engine: 'stateful', challenge: 0 });
    return JSON.stringify([verdict.findings, verdict.states, challenge(program, verdict, 5), challenge(program, { ...verdict, findings: [] }, 5)]);
  })));
}
