import { Answers } from '../explorer/answers';
import { challenge, SearchMissed, type Claimed } from '../explorer/oracle/challenge';
import type { Bounds, Watch } from '../explorer/stateful/search';
import type { System } from '../explorer/system';
import type { HunkId } from '../patches/types';
import { checkPrepared, type Prepared } from './check';
import { WatchedHunks } from './watched-hunks';

// What has been found out about whole kernels, without the runs that show it. A kernel is not searched again if its
// search is known to be the same as one that was made before, perhaps by another process:
//
// - Two choices that agree on every hunk that a search has asked for make the same search.
// - So do two that agree on what was asked for after the set-up, if their set-ups end in the same state: then the same
//   code continues from there. This kernel's own random runs challenge the other's search.

export interface InBrief {
  readonly complete: boolean;
  /** Invariants that some run breaks, in their order, then `deadlock` and `livelock`. */
  readonly broken: readonly string[];
  /** Hunks that some path asked for. */
  readonly consulted: readonly string[];
}

/** A kernel that was searched completely: a situation with its parameters and hunks, and what is known about it. */
export interface SearchedKernel extends InBrief {
  /** The id of the situation. */
  readonly situation: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly bounds: Bounds;
  /** Hunks that were on. */
  readonly hunks: readonly HunkId[];
  /** Invariants that were asked about; deadlocks and endless loops always are. */
  readonly invariants: readonly string[];
}

/** A search that was made here. */
interface Search {
  readonly kernel: SearchedKernel;
  /** The state in which the set-up ended. */
  readonly start: string;
  /** Hunks that were asked for after the set-up; null if that is not known. */
  readonly later: ReadonlySet<HunkId> | null;
  readonly claimed: Claimed;
}

export class Kernels {
  /** By everything but the hunks. */
  private readonly known = new Map<string, SearchedKernel[]>();
  /** Searches of the last situation with the last parameters. */
  private recent: Search[] = [];
  private recentKey = '';
  /** How many kernels had to be searched. */
  made = 0;

  constructor(known: readonly SearchedKernel[] = []) {
    for (const kernel of known) this.add(keyOf(kernel), kernel);
  }

  /** Every kernel about which something is known, to be told to another process. */
  get searched(): readonly SearchedKernel[] {
    return [...this.known.values()].flat();
  }

  /**
   * What can be said about the kernel that was asked for.
   *
   * @throws SearchMissed if random runs reach something that a new search does not know
   */
  about(prepared: Prepared, watch?: Watch): InBrief {
    const { situation, choice: { hunks, parameters, invariants }, bounds } = prepared;
    if (bounds.interrupts !== undefined || bounds.switches !== undefined) return inBrief(checkPrepared(prepared, watch), invariants);
    const key = keyOf({ situation: situation.id, parameters, bounds });
    if (key !== this.recentKey) this.recent = [];
    this.recentKey = key;
    const known = this.known.get(key)?.find((kernel) => invariants.every((name) => kernel.invariants.includes(name)) && agree(kernel.consulted, kernel.hunks, hunks))
      ?? this.sameFromTheStart(prepared) ?? this.search(prepared, watch);
    if (!this.known.get(key)?.includes(known) && known.complete) this.add(key, known);
    return { ...known, broken: [...invariants, 'deadlock', 'livelock'].filter((name) => known.broken.includes(name)) };
  }

  private sameFromTheStart({ situation, choice, bounds, challenge: runs }: Prepared): SearchedKernel | undefined {
    if (this.recent.length === 0) return undefined;
    const system = situation.build(choice);
    const start = startOf(system);
    const same = this.recent.find(({ kernel, later, ...other }) => later !== null && other.start === start && kernel.invariants.join() === choice.invariants.join() && agree([...later], kernel.hunks, choice.hunks));
    if (same === undefined) return undefined;
    try {
      challenge(() => system, same.claimed, runs);
    } catch (error) {
      if (error instanceof SearchMissed) return undefined;
      throw error;
    }
    const consulted = [...new Set([...system.consulted?.() ?? [], ...same.kernel.consulted.filter((hunk) => same.later!.has(hunk))])];
    return { ...same.kernel, situation: situation.id, parameters: choice.parameters, bounds, hunks: [...choice.hunks], consulted };
  }

  private search({ situation, choice, bounds, challenge: runs }: Prepared, watch?: Watch): SearchedKernel {
    this.made++;
    const hunks = new WatchedHunks(choice.hunks);
    let start = '';
    const build = (invariants: readonly string[]): System => hunks.duringSetUp(() => {
      const system = situation.build({ ...choice, hunks, invariants });
      start = startOf(system);
      return system;
    });
    const { claimed } = new Answers(build, choice.invariants, bounds, watch);
    challenge(() => build(choice.invariants), claimed, runs);
    const kernel = { situation: situation.id, parameters: choice.parameters, bounds, hunks: [...choice.hunks], invariants: choice.invariants, ...inBrief(claimed, choice.invariants) };
    if (kernel.complete) this.recent.push({ kernel, start, later: hunks.later, claimed });
    return kernel;
  }

  private add(key: string, kernel: SearchedKernel): void {
    this.known.set(key, [...(this.known.get(key) ?? []), kernel]);
  }
}

/** What was found about all of `invariants`. */
export function inBrief({ complete, findings, consulted }: Pick<Claimed, 'complete' | 'findings'> & { readonly consulted: readonly string[] }, invariants: readonly string[]): InBrief {
  const broken = new Set(findings.map(({ invariant }) => invariant));
  return { complete, consulted, broken: [...invariants, 'deadlock', 'livelock'].filter((name) => broken.has(name)) };
}

function agree(asked: readonly HunkId[], one: readonly HunkId[], other: ReadonlySet<HunkId>): boolean {
  return asked.every((hunk) => one.includes(hunk) === other.has(hunk));
}

const keyOf = ({ situation, parameters, bounds }: Pick<SearchedKernel, 'situation' | 'parameters' | 'bounds'>): string => JSON.stringify([situation, parameters, bounds]);

const startOf = ({ store: { a, b } }: System): string => `${a} ${b}`;
