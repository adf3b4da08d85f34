// What the functions of the catalogue say about each situation, patch, release and boot.

import type { Verdict } from '../../../machine/explorer/explore';
import { READINGS } from '../../../machine/hypervisors/vmi/boot-tables';
import { ADVISORIES, closedBy, lastAndFirst } from '../../../machine/hypervisors/xen/releases/advisories';
import { functionIn, XEN_FUNCTIONS } from '../../../machine/hypervisors/xen/releases/functions';
import { releaseNamed } from '../../../machine/hypervisors/xen/releases/release';
import { KNOWN_RELEASES } from '../../../machine/hypervisors/xen/releases/version';
import { CLAIMS, claimsOf, PATCHES, REVIEWED } from '../../../machine/patches';
import { selectHunks, wholeOf } from '../../../machine/patches/selection';
import type { Patch } from '../../../machine/patches/types';
import { SITUATIONS, situationsOf } from '../../../machine/situations';
import { predict } from '../../../machine/situations/boot/prediction';
import { bootEverything, describeRow, ESSENTIAL, EVERYTHING, romWithHole, sizeOf } from '../../../machine/situations/boot/table';
import { prepare, type Request } from '../../../machine/situations/check';
import { flushTlbLocks, shareOfRuns } from '../../../machine/situations/flush-tlb/share';
import { lazyTable, symptomsByReading, tableAsMarkdown } from '../../../machine/situations/lazy/table';
import { knownFailuresOn, releaseOf } from '../../../machine/situations/known-failures';
import { isJudged, limitsOf } from '../../../machine/situations/limits';
import { choicesOf } from '../../../machine/situations/orders';
import { parametersOf, type Situation } from '../../../machine/situations/types';
import { WatchedHunks } from '../../../machine/situations/watched-hunks';
import { linesOf, textOf } from '../plain';
import { digest, type Lines, type Recording } from '../recording';

/** The same function about each entry, under the names of both. */
function about<T extends { readonly id: string }>(entries: readonly T[], say: (entry: T) => Lines): Lines {
  return Object.fromEntries(entries.flatMap((entry) => Object.entries(say(entry)).map(([name, text]) => [`${entry.id} > ${name}`, text])));
}

/** What a situation sets up, and what bounds its verdicts: as it is initially, and for each other value of a parameter. */
function ofSituation(situation: Situation): Lines {
  const { id, parameters } = situation;
  const declared = (patches: string, given: Readonly<Record<string, string | number | boolean>> = {}): string => {
    const prepared = prepare({ situation: id, patches, parameters: given });
    const { processes, invariants, ...rest } = prepared.situation.build(prepared.choice);
    return [`hunks ${[...prepared.choice.hunks].join(', ')}`, `invariants ${invariants.map(({ name }) => name).join(', ')}`, `processes ${processes.map(({ name }) => name).join(', ')}`, textOf(rest)].join('; ');
  };
  const initial = parametersOf(situation);
  return {
    none: declared('none'), all: declared('all'),
    'with every invariant': situation.build({ ...prepare({ situation: id, patches: 'all' }).choice, invariants: situation.invariants }).invariants.map(({ name }) => name).join(', '),
    release: releaseOf(situation, initial),
    limits: limitsOf(situation, initial).join('; '),
    ...Object.fromEntries(Object.entries(parameters).map(([name, { legal }]) => [`limits of ${name}`, `${isJudged(name) ? 'judged; ' : ''}${legal.map((value) => limitsOf(situation, { ...initial, [name]: value }).join(', ')).join('; ')}`])),
    reviewed: choicesOf(situation).map((choice) => JSON.stringify(choice)).join('; '),
    ...Object.fromEntries(Object.entries(parameters).map(([name, { legal }]) => [`with the last ${name}`, declared('all', { [name]: legal.at(-1)! })])),
  };
}

/** The hunks that the names of a patch stand for, and what belongs to it. */
function ofPatch(patch: Patch): Lines {
  const names = [patch.id, ...patch.variants.map(({ id }) => `${patch.id}@${id}`)];
  return {
    whole: wholeOf(patch).join(', '),
    situations: situationsOf(patch.id).map(({ id }) => id).join(', '),
    claims: claimsOf(patch.thread).map(({ id }) => id).join(', '),
    ...Object.fromEntries(names.map((name) => [name, [...selectHunks(PATCHES, `none,+${name}`)].join(', ')])),
  };
}

/** What is known of the hunks that a machine asks for, if it asks during its set-up, later, or makes a copy of them. */
function watched(): string {
  const [one, two, three] = PATCHES[0]!.hunks.map(({ id }) => id) as [string, string, string];
  const ways: readonly ((hunks: WatchedHunks) => unknown)[] = [() => '', (hunks) => hunks.has(two), (hunks) => [...hunks], (hunks) => [...hunks.keys()], (hunks) => [...hunks.values()], (hunks) => [...hunks.entries()], (hunks) => { hunks.forEach(() => ''); return hunks.size; }];
  return ways.map((ask) => {
    const hunks = new WatchedHunks([one, two]);
    hunks.duringSetUp(() => hunks.has(three));
    return JSON.stringify([ask(hunks), hunks.later]);
  }).join('; ');
}

/** What is said about a release of Xen. */
function ofRelease({ id }: { readonly id: string }): Lines {
  const release = releaseNamed(id);
  return { release: textOf(release), functions: XEN_FUNCTIONS.map((each) => functionIn(release.version, each)).join(', ') };
}

/** What is known to fail on each release of the situations. */
function knownFailures(): Lines {
  const releases = [...new Set(SITUATIONS.flatMap((each) => each.parameters['release']?.legal ?? [releaseOf(each, {})]))].map(String);
  return Object.fromEntries(releases.map((release) => [release, knownFailuresOn(release).map(({ situation, invariant, parameters }) => `${situation} ${invariant} ${JSON.stringify(parameters)}`).join('; ')]));
}

/** For each kernel of thread 003 some boots, each with its end and with what is predicted; from kernel to kernel, the hypervisor, the command line, the size of entries and what the boot loader passes on change in turn. */
function boots(): Lines {
  const { kernels, commandLines, setupData, pae } = EVERYTHING;
  const rows = kernels.flatMap((kernel, i) => [...bootEverything({
    kernels: [kernel], vmi: [true], pae: [pae[i % 2]!], nrCpus: [8], ramMiB: [2048], holeMiB: [0, 64], readings: [READINGS[i % READINGS.length]!],
    commandLines: [commandLines[i % commandLines.length]!], setupData: [setupData[i % setupData.length]!],
  })].map(({ row }): [string, string] => [describeRow(row), `${textOf(row.result)}, predicted ${predict(row)}`]));
  return { essential: String(sizeOf(ESSENTIAL)), everything: String(sizeOf(EVERYTHING)), ...Object.fromEntries(rows) };
}

/** What is predicted of the boots of each kernel, many more than are made above. */
function predictions(): Lines {
  const { kernels, pae, holeMiB, readings, commandLines, setupData } = EVERYTHING;
  return Object.fromEntries(kernels.map((kernel) => {
    const counts = new Map<string, number>();
    const ends: string[] = [];
    for (const hole of holeMiB) for (const reading of readings) for (const isPae of pae) for (const ramMiB of [1024, 4096]) for (const commandLine of commandLines) for (const setup of setupData) {
      const end = predict({ kernel, vmi: hole !== 1, pae: isPae, nrCpus: isPae ? 32 : 8, holeMiB: hole, boot: { rom: romWithHole(hole), reading, ramMiB, commandLine, setupData: setup } });
      ends.push(end);
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    return [kernel.name, `${[...counts].map(([end, count]) => `${count} ${end}`).join(', ')}, ${digest(ends)}`];
  }));
}

/** How many runs go wrong, of each number of runs that are drawn. */
function shares(): Lines {
  return Object.fromEntries(['spin', 'sleep'].map((locks) => {
    const system = flushTlbLocks.build({ hunks: new Set(), invariants: flushTlbLocks.invariants, parameters: parametersOf(flushTlbLocks, { locks, hotplug: true, unmaps: 3 }) });
    return [locks, Array.from({ length: 4 }, (_, runs) => `${shareOfRuns(system, runs, 1 / 4, 2).broken} of ${runs}`).join(', ')];
  }));
}

/** The tables of the chapters about lazy mode, with each kind of answer in turn: no search is made. */
function tables(): Lines {
  const kinds = [
    { complete: true, findings: [] }, { complete: false, findings: [] },
    ...[['violation', 'slotReachesItsPage', 'a page'], ['violation', 'nobodyOopses', 'kernel BUG'], ['violation', 'nobodyOopses', 'a fault'], ['livelock', 'livelock', 'forever']]
      .map(([kind, invariant, message]) => ({ complete: true, findings: [{ kind, invariant, message, witness: { schedule: 'a: 1' } }] })),
  ];
  const asked: unknown[] = [];
  const ask = (request: Request): Verdict => ({ states: asked.push(request), ...kinds[asked.length % kinds.length]! }) as unknown as Verdict;
  const table = lazyTable(ask);
  return { table: textOf(table), markdown: tableAsMarkdown(table), readings: textOf(symptomsByReading(['all', 'none', 'all,-vmi-lazy'], ask)), asked: textOf(asked) };
}

const PARTS: Readonly<Record<string, () => Lines>> = {
  situations: () => about(SITUATIONS, ofSituation),
  patches: () => ({ ...about(PATCHES, ofPatch), watched: watched(), reviewed: `${REVIEWED.patches.map(({ id }) => id).join(', ')}; ${REVIEWED.claims.length} of ${CLAIMS.length} claims` }),
  'known failures': knownFailures,
  boots,
  predictions,
  tables,
  shares,
  releases: () => about(KNOWN_RELEASES.flatMap((id) => [{ id }, { id: `${id}+fixes` }]), ofRelease),
  advisories: () => about(ADVISORIES, (advisory) => ({ closed: textOf({ ...closedBy(advisory), ...lastAndFirst(advisory) }) })),
};

/** By kind of entry. */
export const entries: Recording = { name: 'entries', parts: Object.keys(PARTS), linesOf: (part) => linesOf(PARTS[part]!()), textsOf: (part) => PARTS[part]!() };
