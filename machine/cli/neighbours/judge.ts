// Tries every neighbour of a patch in one situation after the other until it is
// rejected, beginning with the situations that reject most.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { missingFunctions } from '../../kernel/boot/build';
import { BootMachine } from '../../situations/boot/machine';
import { applyEdits } from '../mutate/mutation';
import { ARRIVAL, SELECTOR } from '../mutate/selector';
import { switchedModule, type SwitchedModule } from '../mutate/switched';
import { complaints } from '../mutate/types-of';
import { pathOf, PROJECT } from '../project';
import { counted } from '../search/bounds';
import { differenceIn, newFailure, type Answer, type Difference } from './answer';
import { nameOf, type Subject } from './enumerate';
import type { Neighbour } from './neighbour';
import { Pool } from './pool';
import { importsFor } from './relatives';
import { invariantsOf, trialName, trialsOf, type Trial } from './trials';
import type { Answer as Found, Job } from './worker';

/** A neighbour and its answer. */
export interface Judged {
  readonly neighbour: Neighbour;
  readonly answer: Answer;
}

export interface Judgement {
  readonly subject: string;
  readonly trials: readonly string[];
  /** The situations in which the patch itself fails, and how. */
  readonly patchFails: readonly { readonly trial: string; readonly invariants: readonly string[] }[];
  readonly judged: readonly Judged[];
}

/** Options and callbacks. */
export interface Wishes {
  /** Threads; the same neighbours get the same answers, however many there are. */
  readonly workers: number;
  /** Called with the progress. */
  readonly tell?: (text: string) => void;
  /** Called with each answer as soon as it is known. */
  readonly keep?: (judged: Judged, soFar: Omit<Judgement, 'judged'>) => void;
  /** Names of situations, those that reject most first; by default this order is determined first. */
  readonly order?: readonly string[];
  /** Whether the compiler is known to accept them all. */
  readonly areBuilt?: boolean;
  /** Names of the only situations to try. */
  readonly only?: readonly string[];
  /** Called now and then; returns whether to stop. The answers so far are then returned. */
  readonly isStopped?: () => boolean;
}

/** Milliseconds between two calls of it. */
const INTERVAL = 100;

/** Judges `neighbours`: each in one situation after the other, until it is rejected. */
export async function judge(subject: Subject, neighbours: readonly Neighbour[], wishes: Wishes): Promise<Judgement> {
  const { workers, tell = () => undefined, areBuilt = false } = wishes;
  const answers = new Map<Neighbour, Answer>();
  tell(`${neighbours.length} neighbours: building`);
  const { modules, broken } = build(neighbours, areBuilt);
  for (const [number, message] of broken) answers.set(neighbours[number - 1]!, { answer: 'does not build', message });
  for (const neighbour of neighbours) {
    const missing = neighbour.without === undefined ? null : missingFunction(subject, neighbour.without);
    if (missing !== null) answers.set(neighbour, { answer: 'does not build', message: missing });
  }
  const pool = new Pool({ texts: new Map([...modules].map(([file, { text }]) => [pathOf(file), text])) }, workers);
  const judging = new Judging(subject, neighbours, pool, answers, wishes);
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<void>((resolve) => { timer = setInterval(() => { if (wishes.isStopped?.() === true) resolve(); }, INTERVAL); });
  try {
    if (wishes.isStopped?.() !== true) await Promise.race([judging.run(), stopped]);
    return judging.soFar();
  } finally {
    clearInterval(timer);
    await pool.close();
  }
}

/** A situation, and the result of the search of the patch itself there. */
interface Place {
  readonly trial: Trial;
  readonly name: string;
  readonly patch: Found;
  /** What the patch itself breaks there. */
  readonly known: readonly string[];
  /** What it keeps. */
  readonly invariants: readonly string[];
  /** The patch's runs up to their first failure of any kind. */
  readonly all: Found;
}

/** How many neighbours, of those in which something is missing, are used to find out which situation rejects most. */
const SAMPLE = 8;

/** What is made of the answers of searches; `pool` has them searched. */
export class Judging {
  constructor(
    private readonly subject: Subject, private readonly neighbours: readonly Neighbour[], private readonly pool: Pick<Pool, 'each'>,
    private readonly answers: Map<Neighbour, Answer>, private readonly wishes: Wishes,
  ) {}

  private places: readonly Place[] = [];

  /** The answers so far. */
  soFar(): Judgement {
    const { places, answers, neighbours } = this;
    return {
      subject: nameOf(this.subject),
      trials: places.map(({ name }) => name),
      patchFails: places.flatMap(({ name, known }) => (known.length > 0 ? [{ trial: name, invariants: known }] : [])),
      judged: neighbours.flatMap((neighbour) => (answers.has(neighbour) ? [{ neighbour, answer: answers.get(neighbour)! }] : [])),
    };
  }

  async run(): Promise<void> {
    const places = this.places = await this.inOrder(await this.ofPatch());
    const soFar = this.soFar();
    const keep = (neighbour: Neighbour): void => this.wishes.keep?.({ neighbour, answer: this.answers.get(neighbour)! }, soFar);
    for (const neighbour of this.answers.keys()) keep(neighbour);
    const open = this.neighbours.filter((neighbour) => !this.answers.has(neighbour));
    let count = 0;
    await this.pool.each(open, async (neighbour, ask) => {
      if (this.isStopped) return;
      this.tell(`${++count} of ${open.length}: ${neighbour.id}`);
      this.answers.set(neighbour, await this.answerTo(neighbour, places, ask));
      keep(neighbour);
    });
  }

  /** The patch's own side, searched once. */
  private async ofPatch(): Promise<Place[]> {
    const { only } = this.wishes;
    const trials = trialsOf(this.subject.patch.id).filter((trial) => only === undefined || only.includes(trialName(trial)));
    const places: Place[] = [];
    let count = 0;
    await this.pool.each([...trials.entries()], async ([i, trial], ask) => {
      const job: Job = { number: 0, trial, patches: this.patches(), invariants: invariantsOf(trial) };
      const all = await ask(job);
      const known = [...new Set(all.failures.map(({ invariant }) => invariant))];
      const invariants = job.invariants!.filter((name) => !known.includes(name));
      // A search ends at a failure, but what follows the failure must be explored too.
      const patch = invariants.length === job.invariants!.length ? all : await ask({ ...job, invariants });
      places[i] = { trial, name: trialName(trial), patch, known, invariants, all };
      this.tell(`the patch itself, ${++count} of ${counted(trials.length, 'situation')}`);
    });
    return places;
  }

  /** The situations that reject most of a sample come first; among equals, those that are searched fastest. */
  private async inOrder(places: readonly Place[]): Promise<Place[]> {
    const { order } = this.wishes;
    if (order && places.every(({ name }) => order.includes(name))) return [...places].sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
    const missing = this.neighbours.filter((neighbour) => !this.answers.has(neighbour) && (neighbour.kind === 'left out' || neighbour.kind === 'left as it was'));
    const sample = missing.filter((_, i) => i % Math.ceil(missing.length / SAMPLE) === 0);
    const rejections = new Map<Place, number>(places.map((place) => [place, 0]));
    const pairs = places.flatMap((place) => sample.filter((neighbour) => this.reaches(neighbour, place)).map((neighbour) => ({ place, neighbour })));
    await this.pool.each(pairs, async ({ place, neighbour }, ask) => {
      this.tell(`which situation rejects most: ${place.name}`);
      const found = await ask({ ...this.jobFor(neighbour, place), isSample: true });
      if (found.boot !== null || newFailure(found, place.patch) !== null) rejections.set(place, rejections.get(place)! + 1);
    });
    return [...places].sort((one, other) => rejections.get(other)! - rejections.get(one)! || one.patch.states - other.patch.states || places.indexOf(one) - places.indexOf(other));
  }

  private async answerTo(neighbour: Neighbour, places: readonly Place[], ask: (job: Job) => Promise<Found>): Promise<Answer> {
    const differences: Difference[] = [];
    const afterFailures: Difference[] = [];
    let isReached = false;
    let undecided: string | null = null;
    for (const place of places) {
      if (!this.reaches(neighbour, place)) continue;
      isReached = true;
      const found = await ask(this.jobFor(neighbour, place));
      if (found.boot !== null) return { answer: 'does not build', message: `at boot: ${found.boot}` };
      const failure = newFailure(found, place.patch);
      if (failure !== null) return { answer: 'rejected', trial: place.name, ...failure };
      if (!found.complete || !place.patch.complete) undecided ??= place.name;
      const difference = differenceIn(place.name, found, place.patch);
      if (difference !== null) (await this.differsOnlyAfterFailures(neighbour, place, ask) ? afterFailures : differences).push(difference);
    }
    if (!isReached) return { answer: 'not reached' };
    if (undecided !== null) return { answer: 'undecided', trial: undecided };
    if (differences.length > 0) return { answer: 'also right', differences: [...differences, ...afterFailures] };
    return afterFailures.length === 0 ? { answer: 'the same' } : { answer: 'no worse', differences: afterFailures };
  }

  /** Whether both have the same results if each run ends at its first failure, even one that the patch itself has. */
  private async differsOnlyAfterFailures(neighbour: Neighbour, place: Place, ask: (job: Job) => Promise<Found>): Promise<boolean> {
    if (place.known.length === 0) return false;
    const all = await ask({ ...this.jobFor(neighbour, place), invariants: invariantsOf(place.trial), known: place.known });
    return all.complete && place.all.complete && differenceIn(place.name, all, place.all) === null;
  }

  /** Whether some run there reaches a line that the neighbour changes. Otherwise it cannot differ from the patch. */
  private reaches(neighbour: Neighbour, { patch }: Place): boolean {
    return isUnedited(neighbour) || patch.arrived.includes(this.numberOf(neighbour));
  }

  private jobFor(neighbour: Neighbour, { trial, invariants, patch }: Place): Job {
    return { number: isUnedited(neighbour) ? 0 : this.numberOf(neighbour), trial, patches: this.patches(neighbour), invariants, known: patch.failures.map(({ invariant }) => invariant) };
  }

  private patches({ without, instead }: Partial<Neighbour> = {}): string {
    return instead === undefined ? `none,+${nameOf(this.subject)}${without === undefined ? '' : `,-${without}`}` : `none,+${this.subject.patch.id}@${instead}`;
  }

  private numberOf(neighbour: Neighbour): number {
    return this.neighbours.indexOf(neighbour) + 1;
  }

  private tell(text: string): void {
    this.wishes.tell?.(text);
  }

  private get isStopped(): boolean {
    return this.wishes.isStopped?.() === true;
  }
}

/** Whether it is only a choice of hunks, without a change of the source. */
const isUnedited = ({ without, instead }: Neighbour): boolean => without !== undefined || instead !== undefined;

/** Every changed file with all neighbours in it that can be built, and what is wrong with the others. A neighbour's number is its position, counted from 1. */
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
    modules.set(file, switchedModule(file, textOf(file), own, importsFor(file, own.flatMap(({ edits }) => edits.map(({ text }) => text))), SELECTOR, ARRIVAL));
  }
  return { modules, apart: [...modules.values()].flatMap(({ apart }) => apart) };
}

function syntaxError(file: string, text: string): string | null {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [first] = source.parseDiagnostics;
  return first ? ts.flattenDiagnosticMessageText(first.messageText, ' ') : null;
}

/** What the linker reports if a hunk is missing, with CONFIG_VMI or without. */
export function missingFunction({ hunks, patch }: Subject, without: string): string | null {
  if (patch.id !== 'vmi-boot') return null;
  const kernel = new BootMachine({ release: '2.6.28-rc8', hunks: new Set([...hunks].filter((hunk) => hunk !== without)), config: {} }).kernel;
  for (const VMI of [true, false]) {
    const [missing] = missingFunctions(kernel, VMI);
    if (missing) return `${missing.caller} calls ${missing.callee}(), which nothing defines with CONFIG_VMI ${VMI ? 'on' : 'off'}`;
  }
  return null;
}

