// Which version of a patch keeps or breaks which property, release by release: a table
// made only from the searches on which the ledger's verdicts are based.

import { wholeOf } from '../machine/patches/selection';
import type { HunkId, Patch } from '../machine/patches/types';
import { ownHunks, prepare, type Evidence, type Request } from '../machine/situations/check';
import type { Kernels } from '../machine/situations/kernels';
import { situationsOf } from '../machine/situations';
import { sideOf } from '../machine/patches/ledger';
import type { RunScenario } from './messages';

/** One kernel: a release with no patch, the patch, or another version of it. */
export interface Version {
  /** `2.6.24`; empty if the situations have no release to choose. */
  readonly release: string;
  readonly name: string;
  readonly kind: 'kernel' | 'take' | 'alternative' | 'near-miss';
  readonly about: string;
  readonly hunks: readonly HunkId[];
}

/**
 * Whose fault a failure is, by the same search with the whole patch and with none:
 * `this bug` fails without the patch and no longer with it, `another bug` fails with
 * the whole patch too, `its own bug` fails with neither.
 */
export type Bug = 'this bug' | 'another bug' | 'its own bug' | 'not compared';

/** One conclusion of a cell, and the search that it is based on. */
export type Mark =
  | { readonly word: 'holds' | 'undecided'; readonly found: Found }
  | { readonly word: 'fails'; readonly found: Found; readonly bug: Bug; readonly claims: readonly string[] };

/** Empty if no search checked it. Several if it holds in one setting and fails in another. */
export type Cell = readonly Mark[];

/** What is needed of a search that no scenario shows. */
export type Counterpart = Pick<Evidence, 'situation' | 'hunks' | 'parameters' | 'invariants'> & {
  readonly verdict: Pick<Evidence['verdict'], 'complete' | 'bounds'> & { readonly findings: readonly Pick<Evidence['verdict']['findings'][number], 'kind' | 'invariant'>[] };
};

/** A search and the scenario that made it. */
export interface Found {
  readonly scenario: RunScenario;
  readonly evidence: Evidence;
}

export interface VersionTable {
  readonly patch: Patch;
  /** The patch's own requirements first, then what else was checked, then deadlock and livelock. */
  readonly properties: readonly string[];
  readonly requirements: readonly string[];
  readonly rows: readonly { readonly version: Version; readonly cells: readonly Cell[] }[];
}

const ENDINGS = ['deadlock', 'livelock'];

/**
 * The table of `patch`; null if no scenario searched one of its situations.
 *
 * @param counterparts searches that no scenario made, used to compare failures with the patch
 */
export function versionTable(patch: Patch, scenarios: readonly RunScenario[], counterparts: readonly Counterpart[] = []): VersionTable | null {
  const found = searchesOf(patch, scenarios);
  if (found.length === 0) return null;
  const all: Counterpart[] = [...found.map(({ evidence }) => evidence), ...counterparts];
  const [first] = situationsOf(patch.id);
  const requirements = first?.requirements ?? first?.invariants ?? [];
  const others = found.flatMap(({ evidence }) => [...evidence.invariants, ...evidence.verdict.findings.map(({ invariant }) => invariant)]);
  const properties = [...new Set([...requirements, ...others])].filter((name) => !ENDINGS.includes(name));
  const columns = [...properties.filter((name) => found.some(({ evidence }) => asksFor(evidence, name))), ...ENDINGS];
  const rows = versionsOf(patch).flatMap((version) => {
    const own = found.filter(({ evidence }) => sameHunks(evidence.hunks, version.hunks));
    const releases = [...new Set(own.map(releaseOf))].sort(byRelease);
    return (releases.length === 0 ? [''] : releases).map((release) => ({
      version: { ...version, release },
      cells: columns.map((name) => cellOf(name, own.filter((each) => releaseOf(each) === release), patch, all)),
    }));
  });
  return { patch, requirements, properties: columns, rows: rows.sort((one, other) => byRelease(one.version.release, other.version.release)) };
}

function versionsOf(patch: Patch): Omit<Version, 'release'>[] {
  return [
    { name: 'without the patch', kind: 'kernel', about: '', hunks: [] },
    { name: 'the patch', kind: 'kernel', about: '', hunks: wholeOf(patch) },
    ...patch.variants.map(({ id, kind, title, about, hunks }) => ({ name: `${title} (${patch.id}@${id})`, kind, about, hunks })),
  ];
}

const releaseOf = ({ evidence }: Found): string => String(evidence.parameters['release'] ?? '');

const byRelease = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** The searches that tell which bug a failure is, for each cell for which no scenario has made them. */
export function missingCounterparts(patch: Patch, scenarios: readonly RunScenario[]): Request[] {
  const table = versionTable(patch, scenarios);
  const all = searchesOf(patch, scenarios).map(({ evidence }) => evidence);
  const missing = (table?.rows ?? []).flatMap(({ cells }) => cells.flatMap((cell, i) => cell.flatMap((mark): Request[] => {
    if (mark.word !== 'fails' || mark.bug !== 'not compared') return [];
    const { evidence } = mark.found;
    const property = table!.properties[i]!;
    const invariants = ENDINGS.includes(property) ? evidence.invariants : [property];
    return [patch.id, 'none'].filter((patches) => fails(property, evidence, patches === 'none' ? [] : wholeOf(patch), all) === null)
      .map((patches) => ({ situation: evidence.situation, patches, parameters: evidence.parameters, invariants, bounds: evidence.verdict.bounds }));
  })));
  return [...new Map(missing.map((request) => [JSON.stringify(request), request])).values()];
}

/** What the search of a request found, as far as the table needs it; a kernel that was searched before is not searched again. */
export function counterpartOf(request: Request, kernels: Kernels): Counterpart {
  const prepared = prepare(request);
  const { situation, choice: { parameters, invariants } } = prepared;
  const { complete, broken } = kernels.about(prepared);
  const findings = broken.map((invariant) => ({ kind: invariant === 'deadlock' || invariant === 'livelock' ? invariant : 'violation', invariant } as const));
  return { situation: situation.id, hunks: ownHunks(prepared), parameters, invariants, verdict: { complete, bounds: { ...request.bounds }, findings } };
}

function searchesOf(patch: Patch, scenarios: readonly RunScenario[]): Found[] {
  return scenarios.flatMap((scenario) => scenario.evidence
    .filter(({ situation }) => situation.startsWith(`${patch.id}/`) && !scenario.tags.includes('@control'))
    .map((evidence) => ({ scenario, evidence })));
}

function cellOf(property: string, found: readonly Found[], patch: Patch, all: readonly Counterpart[]): Cell {
  const failing = found.filter(({ evidence }) => breaks(evidence, property))
    .map((each) => ({ word: 'fails' as const, found: each, bug: bugOf(property, each.evidence, patch, all), claims: claimsOf(each.scenario) }));
  const open = found.filter(({ evidence }) => asksFor(evidence, property) && !breaks(evidence, property) && !evidence.verdict.complete);
  const holding = found.filter(({ evidence }) => asksFor(evidence, property) && !breaks(evidence, property) && evidence.verdict.complete);
  const worst = BUGS.flatMap((bug) => failing.filter((each) => each.bug === bug)).slice(0, 1);
  const isOther = worst.every(({ bug }) => bug === 'another bug' || bug === 'not compared');
  return [
    ...(isOther ? holding.slice(0, 1).map((each) => ({ word: 'holds' as const, found: each })) : []),
    ...open.slice(0, 1).map((each) => ({ word: 'undecided' as const, found: each })),
    ...worst,
  ];
}

/** What a reader must be told first. */
const BUGS: readonly Bug[] = ['this bug', 'its own bug', 'another bug', 'not compared'];

function bugOf(property: string, evidence: Evidence, patch: Patch, all: readonly Counterpart[]): Bug {
  const patched = fails(property, evidence, wholeOf(patch), all);
  if (patched === null) return 'not compared';
  if (patched) return 'another bug';
  const bare = fails(property, evidence, [], all);
  return bare === null ? 'not compared' : bare ? 'this bug' : 'its own bug';
}

/** Whether the property fails with exactly these hunks and everything else the same; null if no search checked. */
function fails(property: string, evidence: Evidence, hunks: readonly HunkId[], all: readonly Counterpart[]): boolean | null {
  const twins = all.filter((other) => sameSetting(other, evidence) && sameHunks(other.hunks, hunks));
  if (twins.some((twin) => breaks(twin, property))) return true;
  return twins.some((twin) => asksFor(twin, property) && twin.verdict.complete) ? false : null;
}

const breaks = ({ verdict }: Counterpart, property: string): boolean => verdict.findings.some(({ invariant, kind }) => invariant === property || kind === property);

/** A run that breaks one property ends there, so a search that found such runs says nothing about the others. */
function asksFor(evidence: Counterpart, property: string): boolean {
  const { invariants, verdict } = evidence;
  return breaks(evidence, property) || ((invariants.includes(property) || ENDINGS.includes(property)) && !verdict.findings.some(({ kind }) => kind === 'violation'));
}

function sameSetting(one: Counterpart, other: Counterpart): boolean {
  return one.situation === other.situation && JSON.stringify(one.parameters) === JSON.stringify(other.parameters) && JSON.stringify(one.verdict.bounds) === JSON.stringify(other.verdict.bounds);
}

function sameHunks(one: readonly HunkId[], other: readonly HunkId[]): boolean {
  return one.length === other.length && one.every((hunk) => other.includes(hunk));
}

function claimsOf({ tags }: RunScenario): string[] {
  return tags.flatMap((tag) => sideOf(tag)?.claim ?? []);
}
