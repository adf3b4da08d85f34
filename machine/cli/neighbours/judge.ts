// Every neighbour of a patch in every situation of it, before the rest in the
// one that rejects most.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { missingFunctions } from '../../kernel/boot/build';
import { BootMachine } from '../../situations/boot/machine';
import { applyEdits } from '../mutate/mutation';
import { switchedModule, type SwitchedModule } from '../mutate/switched';
import { complaints } from '../mutate/types-of';
import { pathOf, PROJECT } from '../project';
import { differenceIn, newFailure, type Answer, type Difference } from './answer';
import { nameOf, type Subject } from './enumerate';
import type { Neighbour } from './neighbour';
import { Pool } from './pool';
import { importsFor } from './relatives';
import { trialName, trialsOf, type Trial } from './trials';
import type { Tried } from './try';
import type { Answer as Found } from './worker';

/** A neighbour and its answer. */
export interface Judged {
  readonly neighbour: Neighbour;
  readonly answer: Answer;
}

export interface Judgement {
  readonly subject: string;
  readonly trials: readonly string[];
  /** In which the patch itself fails, and how. */
  readonly patchFails: readonly { readonly trial: string; readonly invariants: readonly string[] }[];
  readonly judged: readonly Judged[];
}

/** Told how far it is. */
export type Told = (text: string) => void;

/**
 * Judges `neighbours` on `workers` threads. The same neighbours get the same answers, however many threads there are.
 *
 * @param areBuilt whether the compiler is known to accept them all
 */
export async function judge(subject: Subject, neighbours: readonly Neighbour[], workers: number, tell: Told = () => undefined, areBuilt = false): Promise<Judgement> {
  const answers = new Map<Neighbour, Answer>();
  tell(`${neighbours.length} neighbours: building`);
  const { modules, broken } = build(neighbours, areBuilt);
  for (const [number, message] of broken) answers.set(neighbours[number - 1]!, { answer: 'does not build', message });
  for (const neighbour of neighbours) {
    const missing = neighbour.without === undefined ? null : missingFunction(subject, neighbour.without);
    if (missing !== null) answers.set(neighbour, { answer: 'does not build', message: missing });
  }
  const trials = trialsOf(subject.patch.id);
  const pool = new Pool({ texts: new Map([...modules].map(([file, { text }]) => [pathOf(file), text])) }, workers);
  try {
    const judged = new Judging(subject, neighbours, trials, pool, answers, tell);
    return await judged.run();
  } finally {
    await pool.close();
  }
}

class Judging {
  private patch: readonly Found[] = [];
  private readonly differences = new Map<Neighbour, Difference[]>();
  private readonly reached = new Set<Neighbour>();
  private readonly undecided = new Map<Neighbour, string>();

  constructor(
    private readonly subject: Subject, private readonly neighbours: readonly Neighbour[], private readonly trials: readonly Trial[], private readonly pool: Pool,
    private readonly answers: Map<Neighbour, Answer>, private readonly tell: Told,
  ) {}

  async run(): Promise<Judgement> {
    this.patch = await this.pool.answers(this.trials.map((trial) => ({ number: 0, trial, patches: this.patches() })), (count) => this.tell(`the patch itself, ${count} of ${this.trials.length} situations`));
    for (const [i, trial] of await this.order()) await this.tryAll(this.open, trial, i);
    return {
      subject: nameOf(this.subject),
      trials: this.trials.map(trialName),
      patchFails: this.patch.flatMap(({ failures }, i) => (failures.length > 0 ? [{ trial: trialName(this.trials[i]!), invariants: [...new Set(failures.map(({ invariant }) => invariant))] }] : [])),
      judged: this.neighbours.map((neighbour) => ({ neighbour, answer: this.answerOf(neighbour) })),
    };
  }

  /** The situations by how many of the first neighbours, those in which something is missing, each rejects. */
  private async order(): Promise<[number, Trial][]> {
    const sample = this.open.filter(({ kind }) => kind === 'left out' || kind === 'left as it was');
    const rejections: number[] = [];
    for (const [i, trial] of this.trials.entries()) {
      const before = this.answers.size;
      const rejected = await this.tryAll(sample, trial, i, true);
      rejections[i] = rejected + this.answers.size - before;
    }
    return [...this.trials.entries()].sort(([one], [other]) => rejections[other]! - rejections[one]! || this.patch[one]!.states - this.patch[other]!.states || one - other);
  }

  /** Tries `neighbours` in one situation, as far as they get there. Returns how many it rejects. */
  private async tryAll(neighbours: readonly Neighbour[], trial: Trial, i: number, isSample = false): Promise<number> {
    const jobs = neighbours.filter((neighbour) => !this.tried.has(`${i} ${neighbour.id}`) && (isUnedited(neighbour) || this.patch[i]!.asked.includes(this.numberOf(neighbour))));
    const found = await this.pool.answers(
      jobs.map((neighbour) => ({ number: isUnedited(neighbour) ? 0 : this.numberOf(neighbour), trial, patches: this.patches(neighbour), known: this.patch[i]!.failures.map(({ invariant }) => invariant) })),
      (count) => this.tell(`${trialName(trial)}: ${count} of ${jobs.length}; ${this.answers.size} of ${this.neighbours.length} neighbours rejected`),
    );
    let rejected = 0;
    jobs.forEach((neighbour, j) => {
      this.tried.add(`${i} ${neighbour.id}`);
      this.reached.add(neighbour);
      if (this.learn(neighbour, trial, found[j]!, this.patch[i]!)) rejected++;
    });
    return isSample ? rejected : 0;
  }

  private readonly tried = new Set<string>();

  /** Takes note of what a search has shown; whether that rejects the neighbour. */
  private learn(neighbour: Neighbour, trial: Trial, found: Tried, patch: Tried): boolean {
    const name = trialName(trial);
    if (found.boot !== null) {
      this.answers.set(neighbour, { answer: 'does not build', message: `at boot: ${found.boot}` });
      return true;
    }
    const failure = newFailure(found, patch);
    if (failure !== null) {
      if (!this.answers.has(neighbour)) this.answers.set(neighbour, { answer: 'rejected', trial: name, ...failure });
      return true;
    }
    if (!found.complete || !patch.complete) this.undecided.set(neighbour, name);
    const difference = differenceIn(name, found, patch);
    if (difference !== null) this.differences.set(neighbour, [...(this.differences.get(neighbour) ?? []), difference]);
    return false;
  }

  /** Those without an answer so far. */
  private get open(): Neighbour[] {
    return this.neighbours.filter((neighbour) => !this.answers.has(neighbour));
  }

  private answerOf(neighbour: Neighbour): Answer {
    const known = this.answers.get(neighbour);
    if (known) return known;
    if (!this.reached.has(neighbour)) return { answer: 'not reached' };
    const undecided = this.undecided.get(neighbour);
    if (undecided !== undefined) return { answer: 'undecided', trial: undecided };
    const differences = this.differences.get(neighbour);
    return differences === undefined ? { answer: 'the same' } : { answer: 'also right', differences };
  }

  private patches({ without, instead }: Partial<Neighbour> = {}): string {
    return instead === undefined ? `none,+${nameOf(this.subject)}${without === undefined ? '' : `,-${without}`}` : `none,+${this.subject.patch.id}@${instead}`;
  }

  private numberOf(neighbour: Neighbour): number {
    return this.neighbours.indexOf(neighbour) + 1;
  }
}

/** Whether it is a choice of hunks, and no change of the source. */
const isUnedited = ({ without, instead }: Neighbour): boolean => without !== undefined || instead !== undefined;

/** Every changed file with all neighbours in it that can be built, and what is wrong with the others. A neighbour's number is its place, from 1. */
export function build(neighbours: readonly Neighbour[], areBuilt = false): { modules: Map<string, SwitchedModule>; broken: Map<number, string> } {
  const broken = new Map<number, string>();
  const texts = new Map<string, string>();
  const textOf = (file: string): string => {
    if (!texts.has(file)) texts.set(file, readFileSync(pathOf(file), 'utf8'));
    return texts.get(file)!;
  };
  neighbours.forEach(({ file, edits }, i) => {
    const complaint = file === '' ? null : syntaxError(file, applyEdits(textOf(file), edits));
    if (complaint !== null) broken.set(i + 1, complaint);
  });
  if (!areBuilt) for (const [number, complaint] of complaints(PROJECT.root, switched(neighbours, textOf, broken).modules)) broken.set(number, complaint);
  const { modules, apart } = switched(neighbours, textOf, broken);
  for (const number of apart) broken.set(number, 'it would change what happens while the kernel is linked');
  return { modules, broken };
}

function switched(neighbours: readonly Neighbour[], textOf: (file: string) => string, broken: ReadonlyMap<number, string>): { modules: Map<string, SwitchedModule>; apart: number[] } {
  const modules = new Map<string, SwitchedModule>();
  for (const file of new Set(neighbours.map((neighbour) => neighbour.file))) {
    if (file === '') continue;
    const own = neighbours.map((neighbour, i) => ({ number: i + 1, edits: neighbour.edits, in: neighbour.file })).filter((one) => one.in === file && !broken.has(one.number));
    modules.set(file, switchedModule(file, textOf(file), own, importsFor(file, own.flatMap(({ edits }) => edits.map(({ text }) => text)))));
  }
  return { modules, apart: [...modules.values()].flatMap(({ apart }) => apart) };
}

function syntaxError(file: string, text: string): string | null {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [first] = source.parseDiagnostics;
  return first ? ts.flattenDiagnosticMessageText(first.messageText, ' ') : null;
}

/** What the linker says where a hunk is missing, with CONFIG_VMI or without. */
function missingFunction({ hunks, patch }: Subject, without: string): string | null {
  if (patch.id !== 'vmi-boot') return null;
  const kernel = new BootMachine({ release: '2.6.28-rc8', hunks: new Set([...hunks].filter((hunk) => hunk !== without)), config: {} }).kernel;
  for (const VMI of [true, false]) {
    const [missing] = missingFunctions(kernel, VMI);
    if (missing) return `${missing.caller} calls ${missing.callee}(), which nothing defines with CONFIG_VMI ${VMI ? 'on' : 'off'}`;
  }
  return null;
}

