// `paravirt-spec check`: one situation, every interleaving.

import type { ShownFinding } from '../../explorer/verdict/evidence';
import type { Watch } from '../../explorer/stateful/search';
import { answersTo, check, evidenceOf, prepare, type Evidence, type Request } from '../../situations/check';
import { NOBODY, watching } from '../attend';
import { codeOf } from '../exit';
import { adviceInWords, challengeInWords, counted, layersInWords, needInWords, withinWords } from '../search/bounds';
import { checkDiff } from './check-diff';
import { checkGrid } from './check-grid';
import { PATCHES } from '../../patches';
import { SITUATIONS } from '../../situations';
import { aboutDiff, chosenDiff, codeOfDiff, diffBehind, patchAsked, requestOf, restOfDiff, UsageError, type ChoosingOptions, type Output } from '../options';
import { MOST_WORKERS } from '../search/limits';
import { positive } from '../search/subject';
import { searchTogether } from '../search/together';

export interface CheckOptions extends ChoosingOptions {
  /** `release=*,order=SC|TSO`: every combination, as a table. */
  readonly grid?: string;
  /** Threads that search together. */
  readonly workers?: string;
}

/** Explores and prints the verdict. 0 if it holds, 1 if not, 4 if the search ended early and found nothing. */
export async function checkCommand(situation: string | undefined, options: CheckOptions, output: Output): Promise<number> {
  const diff = chosenDiff(options);
  const workers = workersIn(options, diff !== null && situation === undefined);
  if (diff !== null && situation === undefined) return checkDiff(patchAsked('check', situation, diff), diff, options, output);
  if (options.grid !== undefined) return checkGrid(patchAsked('check', situation, diff), options.grid, options, output);
  const request = requestOf(patchAsked('check', situation, diff), options, diff);
  const watch = watching(output.attend ?? NOBODY, request.situation);
  const evidence = workers === 1 ? check(request, watch) : await checkTogether(request, workers, watch);
  const behind = diffBehind(options);
  if (options.json) output.stdout(`${JSON.stringify({ format: 'check/2', ...evidence, ...(behind !== null && { diff: behind.diff }) }, null, 2)}\n`);
  else output.stdout(`${behind === null ? '' : aboutDiff(behind)}${describe(evidence, restOfDiff(behind, codeOf(evidence.verdict)))}`);
  return codeOfDiff(codeOf(evidence.verdict), behind);
}

/** How many threads are to search. */
function workersIn({ workers, grid, interrupts, switches }: CheckOptions, isOfDiff: boolean): number {
  if (workers === undefined) return 1;
  const count = positive('--workers', workers, MOST_WORKERS);
  if (isOfDiff || grid !== undefined) throw new UsageError('--workers needs a single search: name a situation, and leave out --grid');
  if (interrupts !== undefined || switches !== undefined) throw new UsageError(`--workers cannot be combined with --${interrupts === undefined ? 'switches' : 'interrupts'}: a bounded search runs on one thread`);
  return count;
}

/** The same as `check`, with threads that search together. */
async function checkTogether(request: Request, workers: number, watch: Watch): Promise<Evidence> {
  const prepared = prepare(request);
  const { bounds, choice: { invariants } } = prepared;
  if (bounds.interrupts !== undefined || bounds.switches !== undefined) return check(request, watch);
  const searched = await searchTogether({ about: { request }, bounds, goesOn: true }, workers, (progress) => (watch(progress) === 'stop' ? 'SIGINT' : null));
  return evidenceOf(request, prepared, answersTo(prepared, invariants, watch, searched).about(invariants));
}

function describe(evidence: Evidence, rest: readonly string[]): string {
  const { verdict } = evidence;
  const parameters = Object.entries(evidence.parameters).map(([name, value]) => `${name}=${String(value)}`).join(', ');
  return [
    `${evidence.situation}: ${evidence.title}`,
    `  hunks       ${evidence.hunks.join(', ') || 'none: the kernel without the patch'}`,
    `  parameters  ${parameters}`,
    `  checked     ${[...evidence.invariants, 'no deadlock', 'no livelock'].join(', ')}`,
    `  leaves out  ${evidence.leavesOut.join('; ')}`,
    ...repairsNothing(evidence),
    ...layersInWords(verdict.layers).map((line, i) => `  ${i === 0 ? 'reached     ' : '            '}${line}`),
    ...verdict.findings.map((finding) => describeFinding(evidence, finding)),
    `${conclusion(evidence)}: ${counted(verdict.states, 'state')}, ${counted(verdict.transitions, 'transition')}, ${counted(verdict.events, 'event')}, depth ${verdict.depth}; ` +
      `chance of a hash collision below ${verdict.collisionBound.toExponential(1)}; ${challengeInWords(verdict)}`,
    ...knownInWords(evidence),
    ...rest,
    `bounded by ${evidence.boundedBy.join('; ') || 'nothing but the situation itself'}`,
    ...adviceInWords(verdict.states),
    '',
  ].join('\n');
}

/** For a patch that repairs nothing: a line that the verdict is the same without it. */
function repairsNothing({ situation }: Evidence): string[] {
  const about = SITUATIONS.find(({ id }) => id === situation)!.patch;
  const why = PATCHES.find(({ id }) => id === about)?.repairsNothing;
  return why === undefined ? [] : [`  repairs     nothing: ${why}; the verdict is the same without the patch`];
}

/** What is known to fail on the same release, whatever this verdict is. */
function knownInWords({ known }: Evidence): string[] {
  return known.map(({ situation, parameters, invariant, release, says }, i) => {
    const set = Object.entries(parameters).map(([name, value]) => ` ${name}=${String(value)}`).join(',');
    return `  ${i === 0 ? 'known       ' : '            '}on ${release} with every patch in, ${invariant} fails in ${situation}${set === '' ? '' : ` with${set}`}: ${says}`;
  });
}

function conclusion({ verdict }: Evidence): string {
  const within = withinWords(verdict.bounds, verdict.isCut);
  if (verdict.findings.length > 0) return verdict.complete ? `VIOLATED, by a complete search of the runs${within}`.replace(/ of the runs$/, '') : 'VIOLATED; the search is incomplete';
  return verdict.complete ? `HOLDS in every interleaving${within}` : 'UNDECIDED: the search is incomplete and has found nothing so far';
}

/** A finding with its shortest run and the line that replays it. */
export function describeFinding({ situation, request, parameters }: Evidence, finding: ShownFinding): string {
  const set = Object.entries(parameters).filter(([name]) => request.parameters?.[name] !== undefined).map(([name, value]) => ` --set '${name}=${String(value)}'`).join('');
  const invariant = finding.kind === 'violation' ? ` --invariant ${finding.invariant}` : '';
  return [
    '',
    `  ${finding.invariant}: ${finding.message}`,
    `    shortest run: ${counted(finding.interrupts, 'interrupt')}, ${counted(finding.steps, 'event')}`,
    ...(finding.need === null ? [] : [`    ${needInWords(finding.need)}`]),
    `    npx paravirt-spec replay ${situation} '${finding.witness.schedule}' --patches '${request.patches}'${set}${invariant}`,
    '',
  ].join('\n');
}
