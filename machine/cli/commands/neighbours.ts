// `paravirt-spec neighbours`: every fix within one edit of a patch, and the answer about each.

import { availableParallelism } from 'node:os';
import { PATCHES } from '../../patches';
import { patchNamed, unknown } from '../../patches/selection';
import { neighboursOf, nameOf, subjectOf, type Subject } from '../neighbours/enumerate';
import { judge, type Judged, type Judgement } from '../neighbours/judge';
import { readKernelSource } from '../neighbours/kernel-source';
import type { Neighbour } from '../neighbours/neighbour';
import { complaintsAbout, reasonFor, record, recordedOf, withoutRun } from '../neighbours/recorded';
import { countsOf, rowsOf, whyOf } from '../neighbours/table';
import { EXIT } from '../exit';
import { UsageError, type Output } from '../options';
import { counted } from '../search/bounds';
import { MOST_WORKERS, refuseUnnamed } from '../search/limits';
import { positive } from '../search/subject';

export interface NeighboursOptions {
  readonly variant?: string;
  readonly workers?: string;
  readonly only?: string;
  readonly list?: boolean;
  readonly record?: boolean;
  readonly missing?: boolean;
  readonly recorded?: boolean;
  readonly json?: boolean;
}

/** Options that exclude each other. */
const APART = [['list', 'recorded'], ['list', 'record'], ['list', 'workers'], ['recorded', 'record'], ['recorded', 'missing'], ['recorded', 'workers']] as const;

/** Judges and prints. 0 if each neighbour has an answer, and each that is right in another way has a reason; else 1. */
export async function neighboursCommand(name: string, options: NeighboursOptions, output: Output): Promise<number> {
  for (const [one, other] of APART) if (options[one] !== undefined && options[other] !== undefined) throw new UsageError(`--${other} cannot be combined with --${one}`);
  refuseUnnamed('--only', options.only, 'a neighbour');
  const subject = subjectNamed(name, options.variant);
  const workers = options.workers === undefined ? Math.min(4, availableParallelism()) : positive('--workers', options.workers, MOST_WORKERS);
  const all = neighboursOf(readKernelSource(), subject);
  const neighbours = withoutAnswer(chosen(all, options.only), subject, options.missing === true);
  if (options.list) {
    output.stdout(options.json ? `${JSON.stringify({ format: 'neighbour-list/1', neighbours }, null, 2)}\n` : `${neighbours.map(({ id }) => id).join('\n')}\n`);
    return 0;
  }
  if (options.recorded) return printed(recordedJudgement(subject, neighbours), neighbours, subject, options, output);
  const order = recordedOf(nameOf(subject))?.trials;
  const judgement = await judge(subject, neighbours, {
    workers,
    tell: (text) => output.attend?.show(text),
    isStopped: () => (output.attend?.stopped() ?? null) !== null,
    ...(options.record ? { keep: (judged, soFar) => record({ ...soFar, judged: [judged] }, all) } : {}),
    ...(order ? { order } : {}),
  });
  const answered = new Set(judgement.judged.map(({ neighbour }) => neighbour));
  const code = printed(judgement, neighbours.filter((neighbour) => answered.has(neighbour)), subject, options, output);
  return answered.size < neighbours.length ? EXIT.undecided : code;
}

function printed(judgement: Judgement, neighbours: readonly Neighbour[], subject: Subject, options: NeighboursOptions, output: Output): number {
  const complaints = complaintsAbout(nameOf(subject), neighbours, judgement.judged.map(({ neighbour: { id }, answer }) => ({ id, answer })));
  output.stdout(options.json ? `${JSON.stringify({ format: 'neighbours/1', ...judgement, complaints }, null, 2)}\n` : describe(judgement, complaints));
  return complaints.length === 0 ? 0 : 1;
}

function subjectNamed(name: string, variant: string | undefined): Subject {
  const patch = patchNamed(PATCHES, name);
  if (variant === undefined) return subjectOf(patch, null);
  const found = patch.variants.find(({ id }) => id === variant);
  if (!found) throw unknown(`variant "${variant}" of ${patch.id}`, variant, patch.variants.map(({ id }) => id));
  return subjectOf(patch, found);
}

function chosen(neighbours: readonly Neighbour[], only: string | undefined): readonly Neighbour[] {
  if (only === undefined) return neighbours;
  const found = neighbours.filter(({ id }) => id.includes(only));
  if (found.length === 0) throw new UsageError(`--only "${only}": no neighbour has these words in its name; --list prints the names`);
  return found;
}

/** What was recorded about these neighbours. */
function recordedJudgement(subject: Subject, neighbours: readonly Neighbour[]): Judgement {
  const recorded = recordedOf(nameOf(subject));
  if (recorded === null) throw new UsageError(`nothing is recorded about ${nameOf(subject)}; without --recorded its neighbours are explored now`);
  const answers = new Map(recorded.answers.map(({ id, answer }) => [id, answer]));
  return { ...recorded, judged: neighbours.flatMap((neighbour) => (answers.has(neighbour.id) ? [{ neighbour, answer: answers.get(neighbour.id)! }] : [])) };
}

/** With `isAsked`, only those about which nothing was recorded, or nothing that can be replayed. */
function withoutAnswer(neighbours: readonly Neighbour[], subject: Subject, isAsked: boolean): readonly Neighbour[] {
  return isAsked ? withoutRun(neighbours, recordedOf(nameOf(subject))?.answers ?? []) : neighbours;
}

function describe(judgement: Judgement, complaints: readonly string[]): string {
  const counts = [...countsOf(judgement.judged)].map(([answer, number]) => `${number} ${answer}`).join(', ');
  const fails = judgement.patchFails.map(({ trial, invariants }) => `  the patch itself breaks ${invariants.join(', ')} in ${trial}, so a neighbour is not blamed for it there`);
  return [
    `${judgement.subject}: ${counted(judgement.judged.length, 'neighbour')} in ${counted(judgement.trials.length, 'situation')}: ${counts}`,
    ...fails,
    ...rowsOf(judgement).flatMap(({ file, path, line, statement, judged, watch }) => [
      '',
      file === '' ? `  ${statement}   ${path}` : `  ${path}(), ${file}:${line}   ${statement}`,
      ...(watch === '' ? [] : [`    ${watch}`]),
      ...judged.map((one) => told(judgement.subject, one)),
    ]),
    ...(complaints.length > 0 ? ['', ...complaints] : []),
    '',
  ].join('\n');
}

function told(subject: string, { neighbour, answer }: Judged): string {
  const why = whyOf(answer);
  const reason = answer.answer === 'also right' || answer.answer === 'not reached' ? reasonFor(subject, neighbour.id) : null;
  return `    ${answer.answer.padEnd(15)}${neighbour.change}${why === '' ? '' : `   ${why}`}${reason === null ? '' : `\n                     ${reason}`}`;
}
