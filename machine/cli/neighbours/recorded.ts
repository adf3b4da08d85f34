// The results of a full run, kept in a file beside the reasons: a run of all
// patches takes minutes, and the suite checks a sample.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../folder';
import { PROJECT } from '../project';
import type { Answer } from './answer';
import type { Judgement } from './judge';
import type { Neighbour } from './neighbour';
import { REASONS, type Reason } from './reasons';

/** One recorded answer. */
export interface RecordedAnswer {
  readonly id: string;
  readonly answer: Answer;
}

export interface Recorded {
  readonly subject: string;
  readonly trials: readonly string[];
  readonly patchFails: Judgement['patchFails'];
  readonly answers: readonly RecordedAnswer[];
}

/** In a separate project, beside its chapters. */
const FOLDER = PROJECT.hasOwn ? join(PROJECT.root, 'machine', 'neighbours') : join(__dirname, 'recorded');

const fileOf = (subject: string): string => join(FOLDER, `${subject}.json`);

/** What was recorded about a subject; null if nothing was. */
export function recordedOf(subject: string): Recorded | null {
  const file = fileOf(subject);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Recorded : null;
}

/**
 * Records a judgement, with the earlier answers about neighbours that it leaves out.
 *
 * @param all all neighbours, in their order
 */
export function record(judgement: Judgement, all: readonly Pick<Neighbour, 'id'>[]): void {
  const text = textOf(judgement, all, recordedOf(judgement.subject)?.answers ?? []);
  makeFolder(FOLDER);
  writeFileSync(fileOf(judgement.subject), text);
}

/** The text of such a record, one answer per line. */
export function textOf({ subject, trials, patchFails, judged }: Judgement, all: readonly Pick<Neighbour, 'id'>[], earlier: readonly RecordedAnswer[]): string {
  const known = new Map(earlier.map(({ id, answer }) => [id, answer]));
  for (const { neighbour: { id }, answer } of judged) known.set(id, answer);
  const answers = all.flatMap(({ id }) => (known.has(id) ? [JSON.stringify({ id, answer: known.get(id)! } satisfies RecordedAnswer)] : []));
  return `{\n"subject": ${JSON.stringify(subject)},\n"trials": ${JSON.stringify(trials)},\n"patchFails": ${JSON.stringify(patchFails)},\n"answers": [\n${answers.join(',\n')}\n]\n}\n`;
}

/** Why a neighbour with other outcomes is right anyway; null if no reason is recorded. */
export function reasonFor(subject: string, id: string): string | null {
  return reasonsOf(subject).find(({ of }) => (typeof of === 'string' ? of === id : of.test(id)))?.reason ?? null;
}

/** The reasons of the catalogue; in a separate project those in its machine/neighbours/reasons.json, where `of` is the id. */
function reasonsOf(subject: string): readonly Reason[] {
  const file = join(FOLDER, 'reasons.json');
  if (!PROJECT.hasOwn || !existsSync(file)) return REASONS[subject] ?? [];
  return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly Reason[]>)[subject] ?? [];
}

/** Situations that are new since the recording, or that no longer exist: the recording lacks the former, and should not have the latter. */
export function staleTrials({ trials }: Recorded, current: readonly string[]): string[] {
  return [
    ...current.filter((name) => !trials.includes(name)).map((name) => `recorded before there was ${name}`),
    ...trials.filter((name) => !current.includes(name)).map((name) => `recorded in ${name}, which is no longer tried`),
  ];
}

/** Whether a neighbour is rejected and the run that shows why is missing. */
const isWithoutRun = (answer: Answer): boolean => answer.answer === 'rejected' && answer.schedule === null;

/** The neighbours about which there is no answer, or none that can be replayed. */
export function withoutRun<N extends Pick<Neighbour, 'id'>>(neighbours: readonly N[], answers: readonly RecordedAnswer[]): readonly N[] {
  const known = new Set(answers.filter(({ answer }) => !isWithoutRun(answer)).map(({ id }) => id));
  return neighbours.filter(({ id }) => !known.has(id));
}

/** What is wrong with a list of answers: neighbours without one, those rejected without a run, and those that hold with other outcomes and without a reason. */
export function complaintsAbout(subject: string, neighbours: readonly Pick<Neighbour, 'id'>[], answers: readonly RecordedAnswer[]): string[] {
  const byId = new Map(answers.map(({ id, answer }) => [id, answer]));
  const current = new Set(neighbours.map(({ id }) => id));
  return [
    ...neighbours.flatMap(({ id }) => {
      const answer = byId.get(id);
      if (!answer) return [`new, without an answer: ${id}`];
      if (answer.answer === 'undecided') return [`undecided: ${id}`];
      if (isWithoutRun(answer)) return [`rejected, without the run that shows it: ${id}`];
      if ((answer.answer === 'also right' || answer.answer === 'not reached') && reasonFor(subject, id) === null) return [`${answer.answer}, and no reason is given: ${id}`];
      return [];
    }),
    ...answers.filter(({ id }) => !current.has(id)).map(({ id }) => `answered, but no longer a neighbour: ${id}`),
  ];
}
