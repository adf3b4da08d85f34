// One search for all invariants of a random program, compared with brute force for each alone.

import fc from 'fast-check';
import { Answers } from '../../../machine/explorer/answers';
import { explore, type Finding, type Verdict } from '../../../machine/explorer/explore';
import type { System } from '../../../machine/explorer/system';
import { plainTruth } from '../../../machine/programs/plain-search';
import type { ScriptedProgram } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import { richProgram } from '../random-programs';

/** Programs with more states are passed over, and counted. */
const STATES = 150;

/** Programs with several claims about what their processors write. */
const claiming = richProgram.filter(({ claims = [] }) => new Set(claims.map(({ claim }) => claim)).size > 1);

export interface AnswersComparison {
  /** How many invariants were compared, and how many of them are broken. */
  readonly asked: number;
  readonly broken: number;
  /** How many programs were too large. */
  readonly passedOver: number;
  /** The smallest program found on which an answer differs, in words; null if none does. */
  readonly difference: string | null;
}

/** Makes the one search that answers about each invariant. */
export type Answering = (build: (names: readonly string[]) => System, names: readonly string[]) => Pick<Answers, 'about'>;

const byAnswers: Answering = (build, names) => new Answers(build, names);

/** Compares the answers of one search with those of brute force. */
export function compareAnswers(programs: number, seed: number): AnswersComparison {
  let [asked, broken, passedOver] = [0, 0, 0];
  const property = fc.property(claiming, (script: ScriptedProgram) => {
    // Without its claims a program continues where one of them would have ended it, perhaps forever.
    if (plainTruth({ ...script, claims: [] }, STATES) === null) return void passedOver++;
    for (const { isBroken, difference } of answersAbout(script, byAnswers)) {
      if (difference !== null) throw new Error(difference);
      asked++;
      if (isBroken) broken++;
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  const difference = failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null;
  return { asked, broken, passedOver, difference };
}

/** Whether each invariant of a program is broken, and how the answer about it differs from that of brute force; null if it does not. */
export function answersAbout(script: ScriptedProgram, answering: Answering): readonly { readonly isBroken: boolean; readonly difference: string | null }[] {
  const made = scripted(script);
  const build = (names: readonly string[]): System => {
    const system = made();
    return { ...system, invariants: system.invariants.filter(({ name }) => names.includes(name)) };
  };
  const alone = (names: readonly string[]): Said => saidOf(explore(() => build(names), {}, undefined, { engine: 'brute-force', challenge: 0 }));
  const names = [...new Set(made().invariants.map(({ name }) => name))];
  const answers = answering(build, names);
  const { endings, outcomes } = alone([]);
  return names.map((name) => {
    const said = JSON.stringify(saidOf(answers.about([name])));
    const { violations } = alone([name]);
    const is = JSON.stringify({ violations, endings, outcomes } satisfies Said);
    return { isBroken: violations.length > 0, difference: said === is ? null : `about ${name}, one search says ${said}, and it is ${is}` };
  });
}

interface Said {
  /** Each with the cost of its smallest run: interrupts, changes of process, steps. */
  readonly violations: readonly string[];
  readonly endings: readonly string[];
  readonly outcomes: readonly string[];
}

function saidOf({ findings, outcomes }: Pick<Verdict, 'findings' | 'outcomes'>): Said {
  return { violations: costs(findings), endings: endingsOf(findings), outcomes };
}

function costs(findings: readonly Finding[]): string[] {
  return findings.filter(({ kind }) => kind === 'violation').map(({ invariant, message, witness: { trace: { events }, interrupts, steps } }) => {
    const switches = events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length;
    return `${invariant}: ${message} by ${interrupts}, ${switches}, ${steps}`;
  }).sort();
}

/** Of several deadlocks and loops, only one is shown. */
function endingsOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter(({ kind }) => kind !== 'violation').map(({ kind }) => kind))].sort();
}
