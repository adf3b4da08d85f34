// What a full run has shown, kept in a file beside the reasons: a run of all
// patches takes minutes, and the suite checks it by sample.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../folder';
import { PROJECT } from '../project';
import type { Answer } from './answer';
import type { Judgement } from './judge';
import type { Neighbour } from './neighbour';
import { REASONS, type Reason } from './reasons';

/** One answer, as it is kept. */
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

/** In a project of its own, beside the chapters. */
const FOLDER = PROJECT.hasOwn ? join(PROJECT.root, 'machine', 'neighbours') : join(__dirname, 'recorded');

const fileOf = (subject: string): string => join(FOLDER, `${subject}.json`);

/** What was kept about a subject; null where nothing was. */
export function recordedOf(subject: string): Recorded | null {
  const file = fileOf(subject);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Recorded : null;
}

/**
 * Keeps a judgement, one answer a line, with what was kept of the neighbours that it leaves out.
 *
 * @param all the neighbours that there are, in their order
 */
export function record({ subject, trials, patchFails, judged }: Judgement, all: readonly Pick<Neighbour, 'id'>[]): void {
  const known = new Map(recordedOf(subject)?.answers.map(({ id, answer }) => [id, answer]));
  for (const { neighbour: { id }, answer } of judged) known.set(id, answer);
  const answers = all.flatMap(({ id }) => (known.has(id) ? [JSON.stringify({ id, answer: known.get(id)! } satisfies RecordedAnswer)] : []));
  makeFolder(FOLDER);
  writeFileSync(fileOf(subject), `{\n"subject": ${JSON.stringify(subject)},\n"trials": ${JSON.stringify(trials)},\n"patchFails": ${JSON.stringify(patchFails)},\n"answers": [\n${answers.join(',\n')}\n]\n}\n`);
}

/** Why a neighbour that comes to something else is right anyway; null where no reason is recorded. */
export function reasonFor(subject: string, id: string): string | null {
  return reasonsOf(subject).find(({ of }) => (typeof of === 'string' ? of === id : of.test(id)))?.reason ?? null;
}

/** The catalogue's; in a project of its own those of its machine/neighbours/reasons.json, where `of` is the id. */
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

/** Whether a neighbour is rejected and the run is missing that shows why. */
export const isWithoutRun = (answer: Answer): boolean => answer.answer === 'rejected' && answer.schedule === null;

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
