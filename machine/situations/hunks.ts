import { unknown, wholeOf } from '../patches/selection';
import type { Progress, Watch } from '../explorer/stateful/search';
import type { HunkId, Patch } from '../patches/types';
import { situationsOf } from './index';
import { Kernels } from './kernels';
import { parametersOf, type Situation } from './types';

// Finds out by trying which hunks of a patch are needed, and for what: in each
// situation it tries every subset of the hunks that its paths ask for, if they are
// few, else none, all, each alone, and all but each. A hunk that no path asks for
// cannot matter there.

/** Random runs that challenge each of the many verdicts. */
const CHALLENGE = 20;

/** One choice of hunks in one situation. */
export interface HunkRow {
  readonly situation: string;
  /** The parameters that were varied, in words. */
  readonly varied: string;
  readonly hunks: readonly HunkId[];
  readonly holds: boolean;
  readonly complete: boolean;
  /** Invariants (then `deadlock`, `livelock`) that some interleaving breaks. */
  readonly violated: readonly string[];
}

/**
 * - `needed`: everything holds with all hunks, and no longer without this one.
 * - `harmful`: alone it breaks what holds without any hunk.
 * - `not asked for`: no path of the situation consults it.
 * - `whole fails here`: even with every hunk something breaks, so none can be shown to be needed.
 */
export type Role = 'needed' | 'harmful' | 'not shown to be needed' | 'not asked for' | 'whole fails here';

/** What a hunk means for one situation. */
export interface HunkRole {
  readonly hunk: HunkId;
  readonly situation: string;
  readonly varied: string;
  readonly role: Role;
}

export interface HunkTable {
  readonly patch: string;
  readonly rows: readonly HunkRow[];
  /** One for each situation in which everything was tried. */
  readonly roles: readonly HunkRole[];
  /** Whether it was stopped before everything was tried. */
  readonly stopped: boolean;
}

type Parameters = Readonly<Record<string, string | number | boolean>>;

const FEW = 4;

/**
 * Tries the hunks of `patch` in its situations. Hunks that the model leaves out are not tried.
 *
 * @param only the id of one situation; without it, all
 * @param kernels those that were searched before are not searched again
 */
export function hunkTable(patch: Patch, only?: string, watch?: Watch, kernels = new Kernels()): HunkTable {
  const situations = situationsOf(patch.id).filter(({ id }) => only === undefined || id === only);
  if (situations.length === 0) throw unknown(`situation "${only ?? ''}" of ${patch.id}`, only ?? '', situationsOf(patch.id).map(({ id }) => id));
  const hunks = wholeOf(patch).filter((id) => patch.hunks.find((hunk) => hunk.id === id)?.notModelled === undefined);
  const trials = situations.flatMap((situation) => (situation.reviewed ?? [{}]).map((varied) => new Trial(situation, varied, hunks, kernels, watch)));
  const done = trials.findIndex((trial) => !trial.run());
  return {
    patch: patch.id,
    rows: trials.flatMap((trial) => trial.rows()),
    roles: trials.slice(0, done < 0 ? undefined : done).flatMap((trial) => hunks.map((hunk) => trial.roleOf(hunk))),
    stopped: done >= 0,
  };
}

/** Thrown when a search was stopped, so that nothing else is tried. */
class Stopped extends Error {}

/** One situation with one choice of parameters, under different choices of hunks. */
class Trial {
  private readonly tried = new Map<string, HunkRow>();
  private readonly relevant: HunkId[] = [];
  private readonly varied: string;
  private isStopped = false;

  constructor(private readonly situation: Situation, private readonly parameters: Parameters, private readonly hunks: readonly HunkId[], private readonly kernels: Kernels, private readonly watch?: Watch) {
    this.varied = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`).join(', ');
  }

  /** Tries everything that may matter. Returns whether it got to the end. */
  run(): boolean {
    try {
      this.try([]);
      // A hunk may lead to paths that ask for others, so continue until nothing new is asked for.
      for (let known = -1; known < this.relevant.length;) {
        known = this.relevant.length;
        const choices = known <= FEW ? subsets(this.relevant) : edges(this.relevant);
        for (const choice of choices) this.try(choice);
      }
      return true;
    } catch (error) {
      if (error instanceof Stopped) return false;
      throw error;
    }
  }

  private try(chosen: readonly HunkId[]): HunkRow {
    const key = [...chosen].sort().join();
    let row = this.tried.get(key);
    if (row === undefined) this.tried.set(key, row = this.search(chosen));
    return row;
  }

  private search(chosen: readonly HunkId[]): HunkRow {
    const { situation } = this;
    const { id, bounds, requirements: invariants = situation.invariants } = situation;
    const choice = { hunks: new Set(chosen), parameters: parametersOf(situation, this.parameters), invariants };
    const { complete, broken, consulted } = this.kernels.about({ situation, choice, bounds, challenge: CHALLENGE }, this.watch && ((progress) => this.heed(progress)));
    if (this.isStopped && !complete && broken.length === 0) throw new Stopped();
    for (const hunk of this.hunks) if (consulted.includes(hunk) && !this.relevant.includes(hunk)) this.relevant.push(hunk);
    return { situation: id, varied: this.varied, hunks: chosen, holds: complete && broken.length === 0, complete, violated: broken };
  }

  private heed(progress: Progress): ReturnType<Watch> {
    const answer = this.watch!(progress);
    this.isStopped ||= answer === 'stop';
    return answer;
  }

  rows(): HunkRow[] {
    return [...this.tried.values()];
  }

  roleOf(hunk: HunkId): HunkRole {
    return { hunk, situation: this.situation.id, varied: this.varied, role: this.judge(hunk) };
  }

  private judge(hunk: HunkId): Role {
    if (!this.relevant.includes(hunk)) return 'not asked for';
    const none = this.try([]);
    const alone = this.try([hunk]);
    const whole = this.try(this.relevant);
    if (whole.holds && !this.try(this.relevant.filter((other) => other !== hunk)).holds) return 'needed';
    if (alone.violated.some((invariant) => !none.violated.includes(invariant))) return 'harmful';
    return whole.holds ? 'not shown to be needed' : 'whole fails here';
  }
}

function subsets(hunks: readonly HunkId[]): HunkId[][] {
  return Array.from({ length: 2 ** hunks.length }, (_, bits) => hunks.filter((_hunk, i) => (bits & (1 << i)) !== 0));
}

function edges(hunks: readonly HunkId[]): HunkId[][] {
  return [[], [...hunks], ...hunks.map((hunk) => [hunk]), ...hunks.map((hunk) => hunks.filter((other) => other !== hunk))];
}
