// What the tools of the command line make of the project's own source: neighbours of patches, operations of paths, the files of a new
// chapter, programs with many mutations; and how closely the fuzzer's judge looks.

import { Pace, watching } from '../../../machine/cli/attend';
import type { BenchRow, Measured } from '../../../machine/cli/bench/row';
import type { SuiteRun } from '../../../machine/cli/bench/suite';
import type { Sides } from '../../../machine/cli/bench/xen';
import { benchCommand } from '../../../machine/cli/commands/bench';
import { countsCommand } from '../../../machine/cli/commands/counts';
import { hostileGround } from '../../../machine/cli/fuzz/fuzzer';
import { nextTurns } from '../../../machine/cli/fuzz/guest';
import type { Deed, Verb } from '../../../machine/cli/fuzz/script';
import { Cells } from '../../../machine/cli/fuzz/judge/cells';
import { QuickJudge } from '../../../machine/cli/fuzz/judge/quick';
import { judgeCall, type CellChange } from '../../../machine/cli/fuzz/judge/transitions';
import { Umpire } from '../../../machine/cli/fuzz/judge/umpire';
import { Random } from '../../../machine/cli/fuzz/random';
import type * as Selectors from '../../../machine/cli/mutate/selector';
import type * as Switched from '../../../machine/cli/mutate/switched';
import type * as Enumerate from '../../../machine/cli/neighbours/enumerate';
import type * as Judges from '../../../machine/cli/neighbours/judge';
import type * as KernelSources from '../../../machine/cli/neighbours/kernel-source';
import { registrations } from '../../../machine/cli/new/register';
import { chapterFiles, SCENES } from '../../../machine/cli/new/templates';
import type * as ChaptersOf from '../../../machine/cli/sources/chapters';
import type * as PathOperations from '../../../machine/cli/sources/path-operations';
import type * as Paths from '../../../machine/cli/sources/paths';
import { GNTST } from '../../../machine/hypervisors/xen/public/xen';
import { LAYOUTS } from '../../../machine/hypervisors/xen/rules';
import { PATCHES } from '../../../machine/patches';
import type { Store } from '../../../machine/state/store';
import { textOf as textOfFile } from '../../mutants/files';
import type * as Operators from '../../mutants/operators';
import { reaches } from './neighbouring';
import { linesOf } from '../plain';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Loads a module on demand: these load the TypeScript compiler. */
const load = <M>(name: string): M => module.require(name) as M;

/** Each fix within one edit, in its order, without its place in the file: the source may grow above it. And how far each line may move. */
function neighbours(): Lines {
  const { neighboursOf, subjectOf, nameOf } = load<typeof Enumerate>('../../../machine/cli/neighbours/enumerate');
  const kernel = load<typeof KernelSources>('../../../machine/cli/neighbours/kernel-source').readKernelSource();
  const found = PATCHES.map((patch) => subjectOf(patch, null)).map((subject) => {
    const own = neighboursOf(kernel, subject).map(({ edits, line: _line, twins = [], ...rest }) => ({ ...rest, edits: edits.map(({ start, end, text }) => [end - start, text]), twins: twins.map(({ line: _twin, ...twin }) => twin) }));
    return [nameOf(subject), `${own.length} neighbours, ${digest(own)}`] as const;
  });
  const { missingFunction } = load<typeof Judges>('../../../machine/cli/neighbours/judge');
  const boot = PATCHES.find(({ id }) => id === 'vmi-boot')!;
  const missing = [null, ...boot.variants].flatMap((variant) => {
    const subject = subjectOf(boot, variant);
    return [...subject.hunks].map((hunk) => `${hunk}: ${missingFunction(subject, hunk) ?? 'nothing'}`);
  });
  return { ...Object.fromEntries(found), ...reaches(kernel), 'what the linker misses': [...new Set(missing)].join('; ') };
}

/** The operations of the paths of each file, with what each mentions, and the paths of each chapter. */
function operations(): Lines {
  const paths = load<typeof Paths>('../../../machine/cli/sources/paths').sourcedPaths();
  const { PathReader } = load<typeof PathOperations>('../../../machine/cli/sources/path-operations');
  const reader = new PathReader(paths);
  const files = new Map<string, unknown[]>();
  for (const path of paths) files.set(path.file, [...(files.get(path.file) ?? []), [path.name, path.sources, path.ours, reader.operationsOf(path).map(({ name, mentions, ofHunk }) => [name, [...mentions], ofHunk])]]);
  const chapters = new (load<typeof ChaptersOf>('../../../machine/cli/sources/chapters').Chapters)();
  return {
    ...Object.fromEntries([...files].map(([file, of]) => [file, `${of.length} paths, ${digest(of)}`])),
    ...Object.fromEntries(['torn-pmd', 'flush-tlb'].map((patch) => [`chapter of ${patch}`, chapters.pathsOf(patch, paths).map(({ name }) => name).join(', ')])),
  };
}

/** What `new` writes into this package, and how it edits the indexes. */
function chapters(): Lines {
  const names = { patch: 'late-wakeup', thread: '950', inside: true };
  const files = Object.entries(SCENES).flatMap(([scene, made]) => chapterFiles(names, made).map(({ path, text }) => [`${scene}: ${path}`, text] as const));
  const indexes = registrations(names, textOfFile).map(({ path, text, before }) => [path, text.split('\n').filter((line) => !before?.includes(line)).join('\n')] as const);
  return Object.fromEntries([...files, ...indexes]);
}

/** Which mutants a selector says are on, were asked for and were come to, one choice after the other. */
function selected(): string {
  const { installSelector, SELECTOR, ARRIVAL } = load<typeof Selectors>('../../../machine/cli/mutate/selector');
  const all = globalThis as unknown as Record<string, unknown>;
  const kept = [SELECTOR, ARRIVAL].map((name) => [name, all[name]] as const);
  const selector = installSelector();
  const [isOn, arrive] = [SELECTOR, ARRIVAL].map((name) => all[name] as (number: number) => unknown) as [(number: number) => unknown, (number: number) => unknown];
  const told = [0, 2, 2, 0, 3].map((number) => {
    selector.choose(number);
    const before = [[...selector.asked], [...selector.arrived]];
    const on = [1, 2, 3].slice(0, 1 + number).map(isOn);
    arrive(number + 1);
    return [before, on, [...selector.asked], [...selector.arrived]];
  });
  for (const [name, value] of kept) all[name] = value;
  return JSON.stringify(told);
}

/** Modules with all of their mutants, each switched by its number. */
function switched(): Lines {
  const { mutantsOf } = load<typeof Operators>('../../mutants/operators');
  const { switchedModule } = load<typeof Switched>('../../../machine/cli/mutate/switched');
  const files = ['machine/cli/mutate/mutation.ts', 'machine/cli/fuzz/random.ts', 'machine/patches/selection.ts'];
  return Object.fromEntries([['what is switched', selected()], ...files.flatMap((file) => [null, '$arrives'].map((arrival) => {
    const text = textOfFile(file);
    const mutants = mutantsOf(file, text).map((mutant, i) => ({ ...mutant, number: i + 1 }));
    const module = switchedModule(file, text, mutants, 'import "x";\n', '$mutant', arrival);
    return [`${file}${arrival === null ? '' : ', with arrivals'}`, `${mutants.length} mutants, ${module.apart.length} apart, ${digest([module.text, module.stretches, module.apart])}`];
  }))]);
}

/** How many states that no call leads to are shown to the quick judge. */
const CHANGED = 600;

/** How many calls are judged that no guest makes. */
const CALLS = 800;

/** Verbs about whose calls something is promised. */
const PROMISED: readonly Verb[] = ['map', 'evict', 'destroy', 'iret-and-map', 'copy-grant', 'replace-grant', 'map-grant', 'unmap-grant', 'update'];

/** The cells of the machine by what they mean, without the frame that they are about. */
function groupsOf(store: Store, cells: Cells): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (let loc = 0; loc < store.size; loc++) {
    const { kind, field } = cells.meaning(loc);
    if (kind === 'other') continue;
    const group = kind === 'memory' ? kind : `${kind} ${field}`;
    groups.set(group, [...(groups.get(group) ?? []), loc]);
  }
  return groups;
}

/** What is said of calls that guests might make if it is drawn how they end and what they change: in states after some turns, and in such with a wrong cell. */
function judgeOfCalls({ ground }: Umpire, random: Random): string {
  const { store } = ground;
  const cells = new Cells(store);
  const groups = [...groupsOf(store, cells).values()];
  const told = Array.from({ length: CALLS }, () => {
    const start = store.mark();
    const two = (): readonly [number, number] => { const own = random.pick(groups); return [random.pick(own), random.pick(own)]; };
    if (random.percent(30)) for (const [loc, other] of [two(), two()]) store.set(loc, store.peek(other));
    const call = random.pick(nextTurns(ground, random))[0]!.map((deed): Deed => (random.percent(60) ? deed : { ...deed, verb: random.pick(PROMISED), numbers: { ...deed.numbers, ...(random.percent(20) ? { user: 1 } : {}) } }));
    const changes = Array.from({ length: 1 + random.below(3) }, (): CellChange[] => {
      const [loc, other] = two();
      const [meaning, after] = [cells.meaning(loc), store.peek(other)];
      const before = typeof after === 'number' && random.percent(50) ? after ^ random.pick([0x20, 0x40, 1 << random.below(14)]) : store.peek(random.percent(50) ? other : loc);
      const own = { cell: store.nameOf(loc), meaning, before, after };
      // A word of memory may have been hidden by a cache.
      return meaning.kind !== 'memory' || random.percent(60) ? [own] : [own, { cell: `behind[0x${meaning.field}]`, meaning: { kind: 'behind', mfn: -1, field: meaning.field }, before: 1, after: random.pick([-1, 2]) }];
    }).flat();
    const outcome = { vcpu: ground.vcpu(call[0]!.who), done: random.percent(50), isInterrupted: random.percent(5), said: random.pick(['0', '1', String(random.below(5)), `${GNTST.address_too_big}: no`]) };
    const said = orRefusal(() => JSON.stringify(judgeCall(ground, call, outcome, changes)));
    store.undo(start);
    return `${call[0]!.verb}: ${said}`;
  });
  return `${told.filter((one) => one.endsWith('}')).length} of ${told.length} invented calls break a promise, ${digest(told)}`;
}

/** Whether the quick judge is content with states that no call leads to: in each, one to three cells hold what others of their field do, or almost what they held. */
function judgeOfChanges({ ground: { store, xen } }: Umpire, random: Random): string {
  const cells = new Cells(store);
  const groups = groupsOf(store, cells);
  const quick = new QuickJudge(xen, cells);
  const start = store.mark();
  const names = [...groups.keys()];
  const told = Array.from({ length: CHANGED }, (_, i) => {
    const locs = Array.from({ length: 1 + random.below(3) }, (_, n) => random.pick(groups.get(n === 0 ? names[i % names.length]! : random.pick(names))!));
    for (const loc of locs) {
      const held = store.peek(loc);
      const near = typeof held === 'number' ? held + 1 - 2 * random.below(2) : typeof held === 'boolean' ? !held : held;
      const other = store.peek(random.pick(groups.get([...groups].find(([, of]) => of.includes(loc))![0])!));
      store.set(loc, random.percent(40) ? near : other);
    }
    const said = orRefusal(() => String(quick.isContent(locs)));
    store.undo(start);
    quick.reset();
    return `${locs.map((loc) => store.nameOf(loc)).join(', ')}: ${said}`;
  });
  return `${told.filter((one) => one.endsWith('false')).length} of ${told.length} changed states are doubtful, ${digest(told)}`;
}

/** Calls of random guests, and how many of them the quick judge leaves to the invariants; what it says of other states, and what each cell of the machine is to it. */
function judge(): Lines {
  return Object.fromEntries(LAYOUTS.map((layout, i) => {
    const umpire = new Umpire(hostileGround({ layout }), 1_000_000);
    const random = new Random(i + 1);
    const looks: number[] = [];
    umpire.reset();
    while (looks.length < 250) {
      for (const turn of nextTurns(umpire.ground, random)) {
        umpire.play(turn);
        looks.push(umpire.looks);
      }
      if (looks.length % 50 === 0) umpire.reset();
    }
    const cells = new Cells(umpire.ground.store);
    const meanings = Array.from({ length: umpire.ground.store.size }, (_, loc) => cells.meaning(loc));
    return [layout.name, `${looks.length} turns, ${looks.at(-1)!} full checks, ${meanings.length} cells, ${digest([looks, meanings])}; ${judgeOfChanges(umpire, random)}; ${judgeOfCalls(umpire, random)}`];
  }));
}

/** A table of executions that agrees with the machine, and two that do not. */
function counts(): Lines {
  const right = { 'readers(3)': 8, 'lastzero(2)': 5 };
  const tables = { right, 'one too few': { ...right, 'readers(2)': 3 }, 'all wrong': { 'readers(1)': 1, 'readers(2)': 5 }, 'some abandoned': { 'lockcount(2, 1)': 2 } };
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => {
    let text = '';
    const code = countsCommand({ stdout: (part) => { text += part; }, stderr: (part) => { text += part; } }, table);
    return [name, `${code}: ${text}`];
  }));
}

/** Figures that depend on nothing but the row, some of them just at a limit. */
function figures(row: BenchRow): Measured {
  const number = parseInt(digest(JSON.stringify(row)), 16);
  const seconds = [0.05, 0.1, 0.2, 0.5, 1, 3, 60, 61][number % 8]!;
  return { executions: 100 * (1 + (number % 5)), states: 1000 * (1 + (number % 7)), events: 2000 * (1 + (number % 3)), seconds, megabytes: 64 };
}

/** A run of the suite; two of its features take about as long as they may. */
const SUITE: SuiteRun = { scenarios: 7, passed: true, real: 13, processor: 21, features: new Map([['tool/a.feature', 3], ['tool/b.feature', 3.01], ['xen/c.feature', 11]]) };

/** The tables of the bench from such figures, with and without SPIN beside them. */
function bench(): Lines {
  return Object.fromEntries([true, false].map((has) => {
    let text = '';
    const within: Sides['measureWithin'] = (row, limit) => (limit !== undefined && figures(row).seconds > limit ? null : figures(row));
    const spin: Sides['spin'] = (model, defines, depth) => {
      const { states, seconds } = figures({ kind: 'smallest', program: `${model} ${JSON.stringify(defines)} ${depth}` });
      return { errors: '0', states: String(states), megabytes: '128', prepared: 0.5, verified: seconds, ended: seconds < 60 };
    };
    const code = benchCommand({ stdout: (part) => { text += part; }, stderr: (part) => { text += part; } }, figures, { hasSpin: () => has, spin, measureWithin: within }, () => (has ? SUITE : null));
    return [`${has ? 'with' : 'without'} SPIN`, `${code}: ${text}`];
  }));
}

/** What is shown of work, and when, by a clock that begins at 0. */
function progress(): Lines {
  const moments = [0, 100, 249, 250, 300, 499, 500, 750, 60_000, 90_000, 3_600_000, 7_200_000];
  const shown: string[] = [];
  let now = 0;
  const attend = { show: (text: string) => { shown.push(`${now}: ${text}`); }, stopped: () => (now > 3_000_000 ? 'SIGINT' : null) };
  const [all, open] = [new Pace(attend, 100, () => now), new Pace(attend, null, () => now)];
  const watch = watching(attend, 'a search', () => now);
  for (const [i, moment] of moments.entries()) {
    now = moment;
    shown.push(`${all.tell('some', i)} ${open.tell('many', 1000 * i)} ${watch({ states: 10 * i, events: 20 * i, depth: i, ...(i % 2 === 0 ? {} : { share: i / 12 }) } as never)}`);
  }
  return Object.fromEntries(shown.map((text, i) => [String(i + 1), text]));
}

const PARTS: Readonly<Record<string, () => Lines>> = { neighbours, operations, chapters, switched, judge, counts, bench, progress };

/** By tool. */
export const tools: Recording = { name: 'tools', parts: Object.keys(PARTS), linesOf: (part) => linesOf(PARTS[part]!()), textsOf: (part) => PARTS[part]!() };
