// What is made of fixes that are almost a patch: their texts for paths that are invented, so that every kind of statement occurs;
// what the judge makes of searches whose answers are drawn; how far lines may move; searches of small situations.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../machine/cli/fuzz/random';
import type * as Answers from '../../../machine/cli/neighbours/answer';
import type * as Enumerate from '../../../machine/cli/neighbours/enumerate';
import type * as Judges from '../../../machine/cli/neighbours/judge';
import type * as KernelSources from '../../../machine/cli/neighbours/kernel-source';
import type * as Pictures from '../../../machine/cli/neighbours/lanes';
import type { Neighbour } from '../../../machine/cli/neighbours/neighbour';
import type { Failure } from '../../../machine/cli/neighbours/try';
import { complaintsAbout, recordedOf, staleTrials, textOf, withoutRun, type RecordedAnswer } from '../../../machine/cli/neighbours/recorded';
import { countsOf, rowsOf, whyOf } from '../../../machine/cli/neighbours/table';
import { runIn, tryIn } from '../../../machine/cli/neighbours/try';
import type { Answer as Found, Job } from '../../../machine/cli/neighbours/worker';
import { trialName, type Trial } from '../../../machine/cli/neighbours/trials';
import { PATCHES } from '../../../machine/patches';
import { patchNamed } from '../../../machine/patches/selection';
import type { Patch } from '../../../machine/patches/types';
import { digest, type Lines } from '../recording';

/** Loads a module on demand: these load the TypeScript compiler. */
const load = <M>(name: string): M => module.require(`../../../machine/cli/${name}`) as M;
const enumerate = (): typeof Enumerate => load('neighbours/enumerate');

/** The files of lines/invented-paths.txt. */
function inventedFiles(): readonly KernelSources.SourceText[] {
  return readFileSync(join(__dirname, '..', 'lines', 'invented-paths.txt'), 'utf8').split(/^# /m).slice(1).map((part) => {
    const [file, ...text] = part.split('\n');
    return { file: file!, text: text.join('\n') };
  });
}

const INVENTED = {
  id: 'p', hunks: ['p/one', 'p/two', 'p/off'].map((id) => ({ id, where: `where ${id} is`, ...(id === 'p/off' ? { notModelled: 'it is off' } : {}) })),
  variants: [{ id: 'near', kind: 'near-miss', title: 'a near miss', hunks: ['p/one'] }, { id: 'take-1', kind: 'take', title: 'a take', hunks: ['p/two'] }],
} as unknown as Patch;

/** The hunks of a subject, and those of the kernel to which it is applied. */
const CHOICES: readonly (readonly [hunks: readonly string[], base: readonly string[], variant: number | null])[] = [
  [['p/one'], [], null], [['p/two'], [], null], [['p/one', 'p/two'], [], null], [['p/one', 'p/off'], ['p/two'], null], [['p/two'], ['p/one'], 1],
];

function inventedKernel(): KernelSources.KernelSource {
  const { KernelSource } = load<typeof KernelSources>('neighbours/kernel-source');
  const files = inventedFiles();
  const isKernel = ({ file }: KernelSources.SourceText): boolean => file.startsWith('machine/kernel/');
  return new KernelSource(files.filter(isKernel), files.filter((file) => !isKernel(file)));
}

/** The neighbours of each invented patch, by the path that they change; and the pictures of its lines, if some neighbours are right. */
export function inventedPaths(): Lines {
  const { neighboursOf } = enumerate();
  const kernel = inventedKernel();
  const lines: Record<string, string> = {};
  for (const [hunks, base, variant] of CHOICES) {
    const subject = { patch: INVENTED, variant: variant === null ? null : INVENTED.variants[variant]!, hunks: new Set(hunks), base: new Set(base) };
    for (const { id, path, ...rest } of neighboursOf(kernel, subject)) {
      const name = `${hunks.join(' and ')}${base.length > 0 ? `, on ${base.join(' and ')}` : ''}: ${path}`;
      lines[name] = `${lines[name] ?? ''}${id} ${JSON.stringify(rest)}\n`;
    }
    for (const picture of pictures(kernel, subject, new Random(hunks.length))) {
      const name = `${hunks.join(' and ')}${base.length > 0 ? `, on ${base.join(' and ')}` : ''}: picture of ${picture.path}`;
      lines[name] = `${lines[name] ?? ''}${JSON.stringify(picture)}\n`;
    }
  }
  return lines;
}

/** The pictures of a subject whose neighbours have answers that are drawn. */
function pictures(kernel: KernelSources.KernelSource, subject: Enumerate.Subject, random: Random): readonly { readonly path: string }[] {
  const { neighboursOf } = enumerate();
  const rows = rowsOf({ judged: neighboursOf(kernel, subject).map((neighbour) => ({ neighbour, answer: random.percent(70) ? { answer: 'the same' } : { answer: 'not reached' } })) });
  return load<typeof Pictures>('neighbours/lanes').blockPictures(kernel, subject, rows).map(({ lanes, ...rest }) => ({ ...rest, lanes: lanes.map(({ row, ...lane }) => ({ ...lane, line: row.line, statement: row.statement })) }));
}

/** Patches in whose situations neighbours of the invented one are judged: many situations, or few. */
const JUDGED = ['flush-tlb', 'switch-mm-barrier', 'torn-pmd', 'gup-fast'];

/** How many are judged in those of each. */
const NEIGHBOURS = 45;

/** What the judge says of neighbours if the answers of all searches are drawn, and what it asks for. */
export async function judging(): Promise<Lines> {
  const { Judging } = load<typeof Judges>('neighbours/judge');
  const { neighboursOf, subjectOf } = enumerate();
  const [hunks, base] = CHOICES[2]!;
  const all = neighboursOf(inventedKernel(), { patch: INVENTED, variant: null, hunks: new Set(hunks), base: new Set(base) });
  const neighbours = all.filter((_, i) => i % Math.ceil(all.length / NEIGHBOURS) === 0);
  const lines: Record<string, string> = { differences: differences() };
  for (const [seed, id] of JUDGED.entries()) {
    const subject = subjectOf(patchNamed(PATCHES, id), null);
    for (const way of ['in their own order', 'in a given order', 'in an order that lacks one', 'until it is stopped'] as const) {
      const random = new Random(seed + 1);
      const told: string[] = [];
      const asked: Job[] = [];
      const ask = (job: Job): Promise<Found> => (asked.push(job), Promise.resolve(drawnAnswer(job, neighbours.length, random)));
      const pool = { each: async <Item>(items: readonly Item[], act: (item: Item, by: typeof ask) => Promise<void>) => { for (const item of items) await act(item, ask); } };
      let looks = 0;
      const judge = new Judging(subject, neighbours, pool, new Map([[neighbours.find(({ kind }) => kind === 'left out')!, { answer: 'does not build', message: 'drawn' }]]), {
        workers: 1, tell: (text) => told.push(text), keep: ({ neighbour, answer }) => told.push(`${neighbour.id}: ${answer.answer}`),
        ...(way === 'in a given order' ? { order: [...recordedOf(id)!.trials].reverse() } : {}),
        ...(way === 'in an order that lacks one' ? { order: [...recordedOf(id)!.trials].reverse().slice(1) } : {}),
        ...(way === 'until it is stopped' ? { isStopped: () => ++looks > 12, only: recordedOf(id)!.trials.slice(0, 3) } : {}),
      });
      await judge.run();
      const { judged, trials, ...rest } = judge.soFar();
      lines[`${id}, ${way}`] = `${[...countsOf(judged)].sort().map(([answer, count]) => `${count} ${answer}`).join(', ')}; ${trials.length} situations, ${asked.length} searches, ${digest([judged.map(({ neighbour, answer }) => [neighbour.id, answer]), trials, rest, asked, told])}`;
      lines[`${id}, ${way}: kept`] = kept(judge.soFar(), neighbours);
    }
  }
  return lines;
}

/** Where the ends of two kernels differ, if what each breaks and comes to is drawn. */
function differences(): string {
  const { differenceIn, newFailure } = load<typeof Answers>('neighbours/answer');
  const random = new Random(3);
  const shown = (): Answers.Shown => ({
    failures: ['deadlock', 'livelock', 'pageIsOwned', 'slotIsFree'].filter(() => random.percent(50)).map((invariant) => ({ invariant, message: '', schedule: null, steps: 1 })),
    outcomes: ['well', 'lost'].filter(() => random.percent(50)),
  });
  const told = Array.from({ length: 60 }, () => { const [one, other] = [shown(), shown()]; return [differenceIn('a trial', one, other), newFailure(one, other)]; });
  return `${told.filter(([difference]) => difference !== null).length} of ${told.length}, ${digest(told)}`;
}

/** What is kept of a judgement beside earlier answers, and what is wrong with it: some neighbours are new, some are gone, and some runs are missing. */
function kept(judgement: Judges.Judgement, neighbours: readonly Neighbour[]): string {
  const { subject, trials, judged } = judgement;
  const some = { ...judgement, judged: judged.filter((_, i) => i % 5 !== 0) };
  const earlier = neighbours.filter((_, i) => i % 3 === 0).map(({ id }): RecordedAnswer => ({ id, answer: { answer: 'undecided', trial: 'an earlier one' } }));
  const text = textOf(some, neighbours.slice(2), earlier);
  const { answers } = JSON.parse(text) as { readonly answers: readonly RecordedAnswer[] };
  const complaints = complaintsAbout(subject, neighbours.slice(0, -2), answers);
  const stale = staleTrials({ ...some, answers }, [...trials.slice(1), 'a new one']);
  const missing = withoutRun(neighbours, answers).map(({ id }) => id);
  const rows = rowsOf(judgement).map(({ judged: of, ...row }) => [row, of.map(({ answer }) => whyOf(answer))]);
  return `${answers.length} answers, ${complaints.length} complaints, ${stale.length} changes, ${rows.length} rows, ${missing.length} missing, ${digest([text, complaints, stale, rows, missing])}`;
}

/** What a search may find: mostly what the patch itself has there, and sometimes more or less. */
function drawnAnswer({ number, trial, invariants = [], isSample = false }: Job, neighbours: number, random: Random): Found {
  const name = trialName(trial);
  const isPatch = number === 0;
  const failure = (invariant: string): Failure => ({ invariant, message: `${invariant} in ${name}`, schedule: isSample ? null : 'a: 1', steps: random.below(9) });
  const usual = [name.length % 2 === 0 ? invariants[0] : undefined, name.length % 3 === 0 ? 'deadlock' : undefined].filter((one) => one !== undefined);
  const more = isPatch ? [] : [...(random.percent(3) && invariants.length > 0 ? [random.pick(invariants)] : []), ...(random.percent(1) ? ['livelock'] : [])];
  const outcomes = ['all is well', ...((name.length % 5 < 2) !== (!isPatch && random.percent(12)) ? ['all is lost'] : [])];
  return {
    complete: isPatch ? name.length % 13 !== 1 : random.percent(98), states: 10 + random.below(3), failures: [...usual, ...more].map(failure), outcomes: random.percent(3) ? [] : outcomes,
    boot: !isPatch && random.percent(1) ? 'it does not boot' : null, milliseconds: 1, arrived: Array.from({ length: neighbours }, (_, i) => i + 1).filter(() => random.percent(60)),
  };
}

/** How far each line of each patch may move, and the picture of it. */
export function reaches(kernel: KernelSources.KernelSource): Lines {
  const { neighboursOf, subjectOf } = enumerate();
  const { blockPictures } = load<typeof Pictures>('neighbours/lanes');
  return Object.fromEntries(PATCHES.flatMap((patch) => {
    const subject = subjectOf(patch, null);
    const answers = new Map(recordedOf(patch.id)?.answers.map(({ id, answer }) => [id, answer]));
    const rows = rowsOf({ judged: neighboursOf(kernel, subject).flatMap((neighbour) => (answers.has(neighbour.id) ? [{ neighbour, answer: answers.get(neighbour.id)! }] : [])) });
    const pictures = blockPictures(kernel, subject, rows).map(({ lines, lanes, ...rest }) => [rest, lines.map(({ text, isOwn }) => [text, isOwn]), lanes.map(({ row, ...lane }) => [lane, row.statement])]);
    const told = rows.map(({ statement, reach, watch, judged }) => [statement, reach, watch, judged.map(({ answer }) => whyOf(answer))]);
    return [[`lines of ${patch.id}`, `${rows.length} lines, ${pictures.length} pictures, ${digest([told, pictures])}`]] as const;
  }));
}

/** Small situations: of one process, of several; that fail, hold, and never end. */
const TRIED: readonly (readonly [situation: string, patches: string])[] = [
  ['lazy-mmu-nesting', 'none'], ['lazy-mmu-nesting', 'all'], ['vmi-lazy/process', 'none'], ['gup-fast', 'none'], ['gup-fast', 'all'], ['large-page-split', 'none'],
];

/** What searches find there, up to the first failure or in the whole, and how their runs end, also if they are cut short. */
export function tries(): Lines {
  const lines: Record<string, string> = {};
  for (const [situation, patches] of TRIED) {
    const trial: Trial = { situation, parameters: {} };
    const told = (name: string, { milliseconds: _time, ...tried }: ReturnType<typeof tryIn>): typeof tried => {
      lines[`${situation} with ${patches}, ${name}`] = `${tried.complete ? 'complete' : 'ended early'}, ${tried.states} states, ${tried.failures.map(({ invariant, steps }) => `${invariant} after ${steps}`).join(' and ')}, ${digest(tried)}`;
      return tried;
    };
    const whole = told('everything', tryIn(trial, patches));
    told('up to a failure', tryIn(trial, patches, []));
    told('a sample', tryIn(trial, patches, [], undefined, true));
    const known = whole.failures.map(({ invariant }) => invariant);
    told('without requirements', tryIn(trial, patches, known, []));
    told('without interrupts', tryIn(Object.assign({ bounds: { interrupts: 0 } }, trial), patches));
    told('with one switch', tryIn(Object.assign({ bounds: { switches: 1 } }, trial), patches));
    for (const { schedule, invariant } of whole.failures) {
      const parts = schedule!.split(', ');
      const kept = invariant === 'deadlock' || invariant === 'livelock' ? [] : [invariant];
      const schedules = [schedule!, parts.slice(0, -1).join(', '), `${schedule!}, ${parts[0]!}`, `${schedule!}, nobody: 1`];
      lines[`${situation} with ${patches}, runs to ${invariant}`] = schedules.flatMap((one) => [kept, []].map((invariants) => String(runIn(trial, patches, invariants, one)))).join('; ');
    }
  }
  return lines;
}
