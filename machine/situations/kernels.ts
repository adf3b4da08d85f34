import { challenge, SearchMissed, type Claimed } from '../explorer/oracle/challenge';
import type { Bounds, Watch } from '../explorer/stateful/search';
import type { HunkId } from '../patches/types';
import { answersTo, checkPrepared, startOf, type Found, type Prepared } from './check';

// What has been found out about whole kernels, without the runs that show it. A kernel is not searched again if its
// search is known to be the same as one that was made before, perhaps by another process:
//
// - Two choices that agree on every hunk that a search has asked for make the same search.
// - So do two that agree on what was asked for after the set-up, if their set-ups end in the same state: then the same
//   code continues from there. Random runs of this kernel challenge what the other's search has found.

/** What is known about a kernel. */
export interface InBrief {
  readonly complete: boolean;
  /** Invariants that some run breaks, in their order, then `deadlock` and `livelock`. */
  readonly broken: readonly string[];
  /** Hunks that some path asked for. */
  readonly consulted: readonly HunkId[];
}

/** A kernel that was searched completely: a situation with its parameters and hunks, and what was found. */
export interface SearchedKernel {
  /** The id of the situation. */
  readonly situation: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly bounds: Bounds;
  /** Hunks that were on. */
  readonly hunks: readonly HunkId[];
  /** Invariants that were asked about; deadlocks and endless loops always are. */
  readonly invariants: readonly string[];
  readonly found: Found;
}

export class Kernels {
  /** By everything but the hunks and the invariants. */
  private readonly known = new Map<string, SearchedKernel[]>();
  private lastKey = '';
  /** How many kernels had to be searched. */
  made = 0;

  constructor(known: readonly SearchedKernel[] = []) {
    for (const kernel of known) this.add(kernel);
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
    const key = keyOf({ situation: situation.id, parameters, bounds });
    this.turnTo(key);
    const others = this.known.get(key)?.filter((kernel) => invariants.every((name) => kernel.invariants.includes(name))) ?? [];
    const found = others.find((kernel) => agree(kernel.found.consulted, kernel.hunks, hunks))?.found ?? sameFromTheStart(prepared, others) ?? this.search(prepared, watch);
    return inBrief(found, invariants);
  }

  /** The tables of states of other situations take memory, and are no longer needed. */
  private turnTo(key: string): void {
    const last = this.known.get(this.lastKey);
    if (key !== this.lastKey && last !== undefined) this.known.set(this.lastKey, last.map((kernel) => ({ ...kernel, found: { ...kernel.found, knows: null } })));
    this.lastKey = key;
  }

  private search(prepared: Prepared, watch?: Watch): Pick<Found, 'complete' | 'findings' | 'consulted'> {
    const { situation, choice, bounds, challenge: runs } = prepared;
    const { invariants } = choice;
    this.made++;
    const found = answersTo(prepared, invariants, watch).claimed;
    if (found === null) return checkPrepared(prepared, watch);
    challenge(() => situation.build(choice), found, runs);
    if (found.complete) this.add({ situation: situation.id, parameters: choice.parameters, bounds, hunks: [...choice.hunks], invariants, found });
    return found;
  }

  private add(kernel: SearchedKernel): void {
    const key = keyOf(kernel);
    this.known.set(key, [...(this.known.get(key) ?? []), kernel]);
  }
}

/** What the search of this kernel would find, if one of the others ends its set-up in the same state and continues like it. */
function sameFromTheStart({ situation, choice, challenge: runs }: Prepared, others: readonly SearchedKernel[]): Found | null {
  if (others.length === 0) return null;
  const system = situation.build(choice);
  const start = startOf(system);
  const same = others.find(({ found, hunks }) => found.later !== null && found.start === start && agree(found.later, hunks, choice.hunks))?.found;
  if (same === undefined) return null;
  try {
    challenge(() => system, same, runs);
  } catch (error) {
    if (error instanceof SearchMissed) return null;
    throw error;
  }
  return { ...same, consulted: [...new Set([...system.consulted?.() ?? [], ...same.consulted.filter((hunk) => same.later!.includes(hunk))])] };
}

/** What a search has found about `invariants`. */
export function inBrief({ complete, findings, consulted }: Pick<Claimed, 'complete' | 'findings'> & Pick<Found, 'consulted'>, invariants: readonly string[]): InBrief {
  const broken = new Set(findings.map(({ invariant }) => invariant));
  return { complete, consulted, broken: [...invariants, 'deadlock', 'livelock'].filter((name) => broken.has(name)) };
}

function agree(asked: readonly HunkId[], one: readonly HunkId[], other: ReadonlySet<HunkId>): boolean {
  return asked.every((hunk) => one.includes(hunk) === other.has(hunk));
}

const keyOf = ({ situation, parameters, bounds }: Pick<SearchedKernel, 'situation' | 'parameters' | 'bounds'>): string => JSON.stringify([situation, parameters, bounds]);
