import { Answers, type Searched } from '../explorer/answers';
import { showTrace, showVerdict, type ShownTrace, type ShownVerdict } from '../explorer/verdict/evidence';
import { explore, type Verdict } from '../explorer/explore';
import { challenge, type Challenged, type Claimed } from '../explorer/oracle/challenge';
import { replay } from '../explorer/verdict/replay';
import { parseSchedule } from '../explorer/verdict/schedule';
import type { Bounds, Watch } from '../explorer/stateful/search';
import { endOfRun, type RunEnd } from '../explorer/verdict/stuck';
import type { System } from '../explorer/system';
import { PATCHES } from '../patches';
import type { HunkId } from '../patches/types';
import { SelectionError, selectHunks, unknown } from '../patches/selection';
import { SITUATIONS, situationsOf } from './index';
import { knownFailuresOn, releaseOf, type KnownFailure } from './known-failures';
import { limitsOf, searchBounds } from './limits';
import { parametersOf, type Choice, type Situation } from './types';
import { WatchedHunks } from './watched-hunks';

// From words to a verdict: which situation, which hunks, which parameters. The
// command line, the steps and the page all use it.

/** What to explore, in words. */
export interface Request {
  /** A situation's id, or a patch's name for its first situation. */
  readonly situation: string;
  /** See `patches/selection`. */
  readonly patches: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Names of invariants; by default, the situation's requirements. */
  readonly invariants?: readonly string[];
  readonly bounds?: Bounds;
  /** The minimum number of random runs that challenge a verdict. */
  readonly challenge?: number;
}

/** A verdict together with what it is about. */
export interface Evidence {
  readonly request: Request;
  readonly situation: string;
  readonly title: string;
  /** Hunks that were applied. */
  readonly hunks: readonly string[];
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly invariants: readonly string[];
  readonly leavesOut: readonly string[];
  /** What bounds it: the search's own bounds, and the limits that the parameters set. */
  readonly boundedBy: readonly string[];
  /** Requirements that are known to fail on this release with every patch applied, whichever chapter found them. */
  readonly known: readonly KnownFailure[];
  readonly verdict: ShownVerdict;
}

/** What a search can be bounded by. */
const BOUNDS: readonly string[] = ['interrupts', 'switches', 'states'] satisfies readonly (keyof Bounds)[];

/** A parsed request. */
export interface Prepared {
  readonly situation: Situation;
  readonly choice: Choice;
  readonly bounds: Bounds;
  readonly challenge: number | undefined;
}

/**
 * Parses a request.
 *
 * @throws SelectionError naming the word that is not known, and the legal ones
 */
export function prepare(request: Request): Prepared {
  const situation = situationNamed(request.situation);
  const hunks = selectHunks(PATCHES, request.patches, situation.ownHunksOnly ? PATCHES.filter(({ id }) => id === situation.patch) : PATCHES);
  const parameters: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(request.parameters ?? {})) {
    const parameter = Object.hasOwn(situation.parameters, name) ? situation.parameters[name] : undefined;
    if (!parameter) throw unknown(`parameter "${name}" of ${situation.id}`, name, Object.keys(situation.parameters));
    // The value may be meant as text: on the command line 6.14 is a release, not a number.
    const legal = parameter.legal.find((each) => String(each) === String(value));
    if (legal === undefined) throw unknown(`value "${String(value)}" of ${name}`, String(value), parameter.legal.map(String));
    parameters[name] = legal;
  }
  const invariants = request.invariants ?? situation.requirements ?? situation.invariants;
  for (const name of invariants) {
    if (!situation.invariants.includes(name)) throw unknown(`invariant "${name}" of ${situation.id}`, name, situation.invariants);
  }
  for (const [name, bound] of Object.entries(request.bounds ?? {})) {
    if (!BOUNDS.includes(name)) throw unknown(`bound "${name}"`, name, BOUNDS);
    if (!Number.isSafeInteger(bound) || (bound as number) < 0) throw new SelectionError(`the bound on ${name} "${String(bound)}" is not a whole number; legal: 0, 1, 2, …`);
  }
  return {
    situation,
    choice: { hunks, invariants, parameters: parametersOf(situation, parameters) },
    bounds: { ...situation.bounds, ...request.bounds },
    challenge: request.challenge,
  };
}

function situationNamed(name: string): Situation {
  const situation = SITUATIONS.find(({ id }) => id === name) ?? situationsOf(name)[0];
  if (situation) return situation;
  const patch = PATCHES.find(({ thread, hunks }) => thread === name || hunks.some(({ id }) => id === name));
  if (patch) throw new SelectionError(`no situation or patch "${name}": it is a ${patch.thread === name ? 'thread' : 'hunk'}; did you mean ${patch.id}?`);
  throw unknown(`situation or patch "${name}"`, name, [...SITUATIONS.map(({ id }) => id), ...PATCHES.map(({ id }) => id)]);
}

/** Explores what was asked for; returns the verdict with its search, for steps that need more detail. */
export function checkPrepared(prepared: Prepared, watch?: Watch): Verdict {
  return answersTo(prepared, prepared.choice.invariants, watch).about(prepared.choice.invariants);
}

/** What answers questions about one kernel: one search for all of them, or, under a bound on the cost of runs, one for each. */
export interface Answering extends Pick<Answers, 'until'> {
  /** @param runs the minimum number of random runs that challenge the verdict, if it is not what was prepared */
  about(invariants: readonly string[], runs?: number): Verdict;
  /** What the one search found, of all that can be asked; null if there is no such search. */
  readonly claimed: Found | null;
}

/** What one search found about its kernel, and what it depends on. */
export interface Found extends Claimed {
  /** Hunks that some path asked for. */
  readonly consulted: readonly HunkId[];
  /** The state in which the set-up ended. */
  readonly start: string;
  /** Hunks that were asked for after the set-up; null if that is not known. */
  readonly later: readonly HunkId[] | null;
}

/** The state of a machine that was just built. */
export const startOf = ({ store: { a, b } }: System): string => `${a} ${b}`;

/**
 * Searches the requested kernel once for every question about `invariants`.
 *
 * @param searched the search, if it was made elsewhere, without a bound on interrupts or switches
 */
export function answersTo({ situation, choice, bounds, challenge: runs }: Prepared, invariants: readonly string[], watch?: Watch, searched?: Searched): Answering {
  const hunks = new WatchedHunks(choice.hunks);
  let start: string | null = null;
  const build = (names: readonly string[]): System => {
    const system = hunks.duringSetUp(() => situation.build({ ...choice, hunks, invariants: names }));
    start ??= startOf(system);
    return system;
  };
  if (bounds.interrupts === undefined && bounds.switches === undefined) {
    const answers = new Answers(build, invariants, bounds, watch, searched);
    // Another machine like the one that was searched, with everything that its invariants keep, asked about these only.
    let other: System | null = null;
    const asked = (names: readonly string[]): System => {
      other ??= build(invariants);
      return { ...other, invariants: other.invariants.filter(({ name }) => names.includes(name)) };
    };
    const given = new Map<string, Verdict>();
    const ofAll = new Map<number | undefined, Challenged>();
    /** If nothing is broken, no run ends early, and the same runs challenge every answer. */
    const challengedAbout = (names: readonly string[], verdict: Verdict, least: number | undefined): Challenged => {
      if (answers.claimed.findings.some(({ kind }) => kind === 'violation')) return challenge(() => asked(names), verdict, least);
      const challenged = ofAll.get(least) ?? challenge(() => asked(invariants), answers.about(invariants), least);
      ofAll.set(least, challenged);
      return challenged;
    };
    const about = (names: readonly string[], least = runs): Verdict => {
      const key = JSON.stringify([names, least]);
      const known = given.get(key);
      if (known !== undefined) return known;
      const verdict = answers.about(names);
      const challenged = { ...verdict, ...challengedAbout(names, verdict, least) };
      given.set(key, challenged);
      return challenged;
    };
    return { about, until: (name) => answers.until(name), get claimed() { return { ...answers.claimed, start: start!, later: hunks.later }; } };
  }
  const about = (names: readonly string[], least = runs): Verdict => explore(() => build(names), bounds, watch, least === undefined ? {} : { challenge: least });
  return { about, until: (name) => about([name]).search, claimed: null };
}

/** The hunks of the situation's own patch that are on. */
export function ownHunks({ situation, choice }: Prepared): HunkId[] {
  return [...choice.hunks].filter((hunk) => hunk.startsWith(`${situation.patch}/`));
}

/** A verdict as data, together with what it is about. */
export function evidenceOf(request: Request, prepared: Prepared, verdict: Verdict): Evidence {
  const { situation, choice } = prepared;
  return {
    request,
    situation: situation.id,
    title: situation.title,
    hunks: ownHunks(prepared),
    parameters: choice.parameters,
    invariants: choice.invariants,
    leavesOut: situation.leavesOut,
    boundedBy: [...searchBounds(prepared.bounds), ...limitsOf(situation, choice.parameters)],
    known: knownFailuresOn(releaseOf(situation, choice.parameters)),
    verdict: showVerdict(verdict),
  };
}

/** Explores every interleaving of the request. */
export function check(request: Request, watch?: Watch): Evidence {
  const prepared = prepare(request);
  return evidenceOf(request, prepared, checkPrepared(prepared, watch));
}

/** A run, and where it has led. */
export type ReplayedRun = ShownTrace & { readonly end: RunEnd | null };

/** Runs one schedule of the request, step by step. */
export function replayRequest(request: Request, schedule: string): ReplayedRun {
  const { situation, choice } = prepare(request);
  return replayed(situation.build(choice), schedule);
}

/** Runs one schedule of `system`. */
export function replayed(system: System, schedule: string): ReplayedRun {
  const trace = replay(system, parseSchedule(schedule));
  const endsBroken = trace.violation !== null && trace.violation.event === trace.events.length - 1;
  return { ...showTrace(trace), end: endsBroken ? null : endOfRun(system, trace) };
}
