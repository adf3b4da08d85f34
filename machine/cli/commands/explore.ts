// `paravirt-spec explore` and `merge`: long searches, on one core, on several,
// or on several machines.

import { showVerdict } from '../../explorer/verdict/evidence';
import { skipsLoops, verdictOf, type Program, type Verdict } from '../../explorer/explore';
import { challenge } from '../../explorer/oracle/challenge';
import { reportOf } from '../../explorer/engine';
import { Alternating } from '../../explorer/alternating';
import { engineFor } from '../../explorer/engines';
import { mergeReports, partsOf, type PartReport } from '../../explorer/parts/partition';
import { prepare } from '../../situations/check';
import { limitsOf, searchBounds } from '../../situations/limits';
import { challengeInWords, counted, layersInWords, needInWords, withinWords } from '../search/bounds';
import { heedSignals, isOver, longRun, type Interruption } from '../search/long-run';
import { codeOf, EXIT } from '../exit';
import { aboutDiff, challengeRuns, codeOfDiff, diffBehind, restOfDiff, UsageError, type Output } from '../options';
import type { DiffChoice } from '../patches-from';
import { exchange, isExchange, joinExchange, type Turn } from '../search/exchange';
import { MOST_WORKERS, refuseFolder, refuseUnwritable } from '../search/limits';
import { mergeShards, parseShard, partsEach, partsFor, writeShard } from '../search/shard';
import { buildSubject, nameOf, positive, subjectOf, type Subject, type SubjectOptions } from '../search/subject';
import { ProgressLine } from '../search/progress';
import { searchAlone, searchTogether, type Look } from '../search/together';
import { exploreParts } from '../search/workers';

export interface ExploreOptions extends SubjectOptions {
  readonly memory?: string;
  readonly checkpoint?: string;
  readonly every?: string;
  readonly workers?: string;
  readonly shard?: string;
  readonly out?: string;
  readonly exchange?: string;
  /** The diff from which the hunks come. */
  readonly diff?: DiffChoice;
}

/** Explores and prints the verdict. 0 if it holds, 1 if not, 4 if not everything was seen, or not everything of the diff explored. */
export async function exploreCommand(words: string, options: ExploreOptions, output: Output): Promise<number> {
  const diff = diffBehind(options);
  if (diff === null) return explore(words, options, output);
  if (!options.json) output.stdout(aboutDiff(diff));
  return codeOfDiff(await explore(words, { ...options, diff }, output), diff);
}

async function explore(words: string, options: ExploreOptions, output: Output): Promise<number> {
  for (const [part, whole] of [['every', 'checkpoint'], ['out', 'shard']] as const) {
    if (options[part] !== undefined && options[whole] === undefined) throw new UsageError(`--${part} has no effect without --${whole}`);
  }
  if (options.exchange !== undefined) return exploreRound(words, options, output);
  const subject = subjectOf(words, options);
  const { engine = 'auto' } = subject.options;
  if (options.workers !== undefined && options.shard === undefined && isShared(subject)) return exploreTogether(subject, options, output);
  if (options.shard !== undefined || options.workers !== undefined) return exploreInParts(subject, options, output);
  if (options.checkpoint !== undefined && !['auto', 'stateful', 'optimal'].includes(engine)) {
    throw new UsageError(`--checkpoint works with the engines auto, stateful and optimal, not with ${engine}`);
  }
  if (options.checkpoint !== undefined) refuseUnwritable('--checkpoint', options.checkpoint, 'a file');
  const { program, bounds } = buildSubject(subject);
  if (options.checkpoint !== undefined && (bounds.interrupts ?? bounds.switches) !== undefined) throw new UsageError('--checkpoint cannot be combined with a bound on interrupts or switches');
  const { report, interruption, smallest } = await longRun(subject, program, bounds, {
    checkpoint: options.checkpoint,
    every: options.every === undefined ? undefined : positive('--every', options.every),
    memory: options.memory === undefined ? undefined : positive('--memory', options.memory),
  });
  const verdict = verdictOf(program, bounds, report, smallest);
  return tell(subject, challenged(program, verdict, options), interruption, options, output);
}

/** Whether threads can share what they have seen: the stateful search can, and `auto` uses it if it does not finish soon on one thread. */
function isShared(subject: Subject): boolean {
  const { engine = 'auto' } = subject.options;
  const { interrupts, switches } = buildSubject(subject).bounds;
  return (engine === 'auto' || engine === 'stateful') && interrupts === undefined && switches === undefined;
}

/** How many events `auto` gets on one thread: many programs with a large number of states are done by then. */
const ALONE = 500_000;
/** Events between two checks for what has arrived meanwhile. */
const STRIDE = 4096;

/** One search on threads that share the visited states: the answer does not depend on the number of threads. */
async function exploreTogether(subject: Subject, options: ExploreOptions, output: Output): Promise<number> {
  if (options.checkpoint !== undefined) throw new UsageError('--checkpoint cannot be combined with --shard or --workers');
  const workers = positive('--workers', options.workers!, MOST_WORKERS);
  const memory = options.memory === undefined ? undefined : positive('--memory', options.memory);
  const { program, bounds } = buildSubject(subject);
  return attended(memory, async (look, settle) => {
    const { engine = 'auto' } = subject.options;
    const beginning = engineFor(program, bounds, { engine });
    let standing = beginning.advance(0);
    while (beginning instanceof Alternating && standing === 'under way' && beginning.progress.events < ALONE && look(beginning.progress) === null) {
      standing = beginning.advance(STRIDE);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (standing === 'ended') return tell(subject, challenged(program, verdictOf(program, bounds, beginning.report()), options), null, options, output);
    const common = { about: subject.about, bounds, goesOn: false };
    const { search, interruption } = await (workers === 1 ? searchAlone(common, look) : searchTogether(common, workers, look));
    settle();
    return tell(subject, challenged(program, verdictOf(program, bounds, reportOf(search)), options), interruption, options, output);
  });
}

/** Lets `act` show its progress and be stopped by a signal or by a limit on its memory. `settle` removes the progress line from the terminal before anything is printed. */
async function attended<T>(memory: number | undefined, act: (look: Look, settle: () => void) => Promise<T>): Promise<T> {
  const { signal, release } = heedSignals();
  const line = new ProgressLine();
  try {
    return await act((progress) => {
      line.show(progress);
      return signal() ?? (isOver(memory) ? 'memory' : null);
    }, () => line.end());
  } finally {
    line.end();
    release();
  }
}

function challenged(program: Program, verdict: Verdict, options: ExploreOptions): Verdict {
  return { ...verdict, ...challenge(program, verdict, runsOf(options)) };
}

async function exploreInParts(subject: Subject, options: ExploreOptions, output: Output): Promise<number> {
  for (const other of ['checkpoint', 'memory'] as const) {
    if (options[other] !== undefined) throw new UsageError(`--${other} cannot be combined with --shard; limit each shard from outside`);
  }
  if (options.shard !== undefined && options.out === undefined) throw new UsageError('--shard needs --out FILE for its result');
  if (options.out !== undefined) refuseUnwritable('--out', options.out);
  const workers = options.workers === undefined ? 1 : positive('--workers', options.workers, MOST_WORKERS);
  const shard = options.shard === undefined ? { index: 1, count: 1 } : parseShard(options.shard);
  const { program, bounds } = buildSubject(subject);
  if (bounds.switches !== undefined) throw new UsageError('a search in parts cannot be bounded by switches');
  const parts = partsFor(partsOf(program, bounds, partsEach(subject.options.engine) * (options.shard === undefined ? workers : shard.count)), shard);
  const { reports, interruption } = await exploreParts(subject, parts, workers);
  const merged = mergeReports(reports);
  const report: PartReport = { ...merged, complete: merged.complete && reports.length === parts.length };
  if (options.shard === undefined) return tellParts(subject, report, interruption, options, output);
  try {
    writeShard(options.out!, { subject, shard, report });
  } catch (error) {
    output.stdout(`${JSON.stringify({ subject, shard, report })}\n`);
    throw Object.assign(error as Error, { path: options.out!, kept: 'the result is on standard output instead' });
  }
  if (options.json) output.stdout(`${JSON.stringify({ format: 'shard/2', subject, shard, parts: parts.length, explored: reports.length, findings: report.found.length, out: options.out }, null, 2)}\n`);
  else output.stdout(`shard ${shard.index} of ${shard.count}: ${reports.length} of ${parts.length} parts, ${counted(report.found.length, 'finding')}, in ${options.out!}\n`);
  return report.found.length > 0 ? EXIT.fails : report.complete ? EXIT.holds : EXIT.undecided;
}

/** Does the next round of a shard that hands over what belongs to others. 4 while there are further rounds to do. */
async function exploreRound(words: string, options: ExploreOptions, output: Output): Promise<number> {
  for (const other of ['out', 'checkpoint', 'every', 'workers', 'states', 'interrupts', 'switches', 'challenge'] as const) {
    if (options[other] !== undefined) throw new UsageError(`--${other} cannot be combined with --exchange; legal with it: --shard, --memory, --json, --engine stateful, and what chooses the situation`);
  }
  if (options.shard === undefined) throw new UsageError('--exchange needs --shard, such as --shard 1/2');
  if (options.engine !== undefined && options.engine !== 'auto' && options.engine !== 'stateful') throw new UsageError(`--exchange is for the stateful engine, not the ${options.engine} one`);
  const shard = parseShard(options.shard);
  refuseFolder('--exchange', options.exchange!);
  const subject = subjectOf(words, { ...options, engine: 'stateful' });
  const memory = options.memory === undefined ? undefined : positive('--memory', options.memory);
  return attended(memory, async (look, settle) => {
    const turn = await exchange(subject, shard, options.exchange!, look);
    settle();
    output.stdout(options.json ? `${JSON.stringify({ format: 'round/1', subject, shard, ...turn }, null, 2)}\n` : `shard ${shard.index} of ${shard.count}: ${turnInWords(turn, options.exchange!)}\n`);
    if (turn.became === 'round' && turn.broken > 0) return EXIT.fails;
    return turn.became === 'finished' ? EXIT.holds : EXIT.undecided;
  });
}

function turnInWords(turn: Turn, folder: string): string {
  switch (turn.became) {
    case 'round': return `round ${turn.round}: ${counted(turn.states, 'new state')}, ${turn.all} in all; ${turn.handed} handed over${turn.broken === 0 ? '' : `; ${counted(turn.broken, 'violation')} so far, which merge shows`}`;
    case 'waiting': return `round ${turn.round} is done; waiting for ${turn.missing.join(', ')} in ${folder}`;
    case 'finished': return `nothing is left to explore after round ${turn.round}; for the verdict: paravirt-spec merge ${folder}`;
    case 'stopped': return `round ${turn.round} was ${whyStopped(turn.why)}; the same command does it again`;
  }
}

const whyStopped = (why: Exclude<Interruption, null>): string => (why === 'memory' ? 'stopped, out of the memory allowed' : `stopped by ${why}`);

/** Joins the results of shards. */
export function mergeCommand(files: readonly string[], options: { readonly json?: boolean }, output: Output): number {
  if (files.length === 1 && isExchange(files[0]!)) {
    const { subject, search, left } = joinExchange(files[0]!);
    if (left !== null) output.stderr(`${left}\n`);
    const { program, bounds } = buildSubject(subject);
    const verdict = verdictOf(program, bounds, reportOf(search));
    return tell(subject, { ...verdict, ...challenge(program, verdict) }, null, options, output);
  }
  const { subject, report, missing } = mergeShards(files);
  if (missing.length > 0) output.stderr(`missing: shard ${missing.join(', ')}\n`);
  return tellParts(subject, report, null, options, output);
}

function tellParts(subject: Subject, report: PartReport, interruption: Interruption, options: Pick<ExploreOptions, 'json' | 'diff' | 'challenge'>, output: Output): number {
  const { program, bounds } = buildSubject(subject);
  const verdict = verdictOf(program, bounds, { ...report, search: null });
  return tell(subject, { ...verdict, states: report.states, ...challenge(program, verdict, runsOf(options)) }, interruption, options, output);
}

function tell(subject: Subject, verdict: Verdict, interruption: Interruption, options: Pick<ExploreOptions, 'json' | 'diff'>, output: Output): number {
  const { engine, executions, blocked } = verdict;
  output.stdout(options.json
    ? `${JSON.stringify({ format: 'explore/2', subject, interruption, engine, executions, blocked, ...showVerdict(verdict) }, null, 2)}\n`
    : inWords(subject, verdict, interruption, restOfDiff(options.diff ?? null, codeOf(verdict))));
  return codeOf(verdict);
}

function runsOf({ challenge: asked }: { readonly challenge?: string }): number | undefined {
  return asked === undefined ? undefined : challengeRuns(asked);
}

function inWords(subject: Subject, verdict: Verdict, interruption: Interruption, rest: readonly string[]): string {
  const seen = [
    ...(verdict.executions === null ? [] : [counted(verdict.executions, 'execution'), `${verdict.blocked} abandoned`]),
    ...(verdict.states === 0 ? [] : [counted(verdict.states, 'state')]),
    counted(verdict.events, 'event'),
    `depth ${verdict.depth}`,
  ].join(', ');
  return [
    `${nameOf(subject)}: ${conclusion(verdict, interruption)}`,
    ...verdict.findings.flatMap(({ invariant, message, witness, need }) => [
      `  ${invariant}: ${message}`,
      `    by ${counted(witness.interrupts, 'interrupt')}, ${counted(witness.steps, 'event')}: ${witness.schedule}`,
      ...(need === null ? [] : [`    ${needInWords(need)}`]),
    ]),
    ...layersInWords(verdict.layers).map((line) => `  ${line}`),
    `  seen by the ${verdict.engine} engine: ${seen}; ${challengeInWords(verdict)}`,
    ...rest,
    `bounded by ${boundsOf(subject, verdict).join('; ') || 'nothing but the program itself'}`,
    '',
  ].join('\n');
}

/** The bounds of the search, and the limits that the parameters of a situation set. */
function boundsOf({ about }: Subject, { bounds }: Verdict): string[] {
  if ('program' in about) return searchBounds(bounds);
  const { situation, choice } = prepare(about.request);
  return [...searchBounds(bounds), ...limitsOf(situation, choice.parameters)];
}

function conclusion({ complete, findings, bounds, isCut, engine, search }: Verdict, interruption: Interruption): string {
  const limit = engine === 'random' || engine === 'pct' ? 'run limit reached' : 'state limit reached';
  const why = { SIGINT: 'stopped by SIGINT', SIGTERM: 'stopped by SIGTERM', memory: 'out of the memory allowed', bounds: limit };
  const rest = complete ? `everything${withinWords(bounds, isCut)} was seen` : `incomplete: ${interruption === null ? 'not everything was seen' : why[interruption]}${skipsLoops(search) ? '; with so many states, endless loops were not searched for' : ''}`;
  return `${findings.length > 0 ? 'VIOLATED' : complete ? 'HOLDS' : 'UNDECIDED, nothing found so far'}; ${rest}`;
}
