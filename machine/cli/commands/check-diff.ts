// `paravirt-spec check --patches-from FILE`, with no situation named: does this backport still close
// the race? Every situation of the patch is checked, as in the patch's own review.

import { check, prepare, type Evidence, type Request } from '../../situations/check';
import { situationsOf } from '../../situations';
import type { Situation } from '../../situations/types';
import { unsure } from '../../patches/diff/choice';
import type { DiffChoice } from '../patches-from';
import { counted, withinWords } from '../search/bounds';
import { aboutDiff, codeOfDiff, requestOf, type ChoosingOptions, type Output } from '../options';
import { codeOf, worst } from '../exit';
import { describeFinding } from './check';

/** What is asked about the diff in one situation. */
interface Trial {
  readonly patch: string;
  /** The parameters that are not at their defaults. */
  readonly varied: NonNullable<Situation['reviewed']>[number];
  readonly request: Request;
}

/** What the diff does in one situation. */
interface Row {
  readonly evidence: Evidence;
  readonly varied: string;
  /** The verdict with the whole patch; null if the diff holds. */
  readonly whole: Evidence | null;
}

/** Explores every situation of `patch` with the hunks of `diff`. 0 if all hold, 1 if one fails, 4 if a search ended early and nothing failed. */
export function checkDiff(patch: string, diff: DiffChoice, options: ChoosingOptions, output: Output): number {
  const say = (text: string): void => { if (!options.json) output.stdout(`${text}\n`); };
  const trials = situationsOf(patch).flatMap((situation) => (situation.reviewed ?? [{}]).map((varied) => trialOf(situation, varied, options, diff)));
  // A choice that one of them does not have is refused before anything is explored.
  for (const { request } of trials) prepare(request);
  say(aboutDiff(diff));
  const rows = trials.map((trial): Row => {
    const row = rowOf(trial);
    say(describeRow(row));
    return row;
  });
  if (options.json) output.stdout(`${JSON.stringify({ format: 'check-diff/2', diff: diff.diff, situations: rows.map(({ evidence }) => evidence) }, null, 2)}\n`);
  say(conclusion(patch, rows, unsure(diff.diff)));
  return codeOfDiff(worst(rows.map(({ evidence }) => codeOf(evidence.verdict))), diff);
}

function trialOf({ id, patch }: Situation, varied: NonNullable<Situation['reviewed']>[number], options: ChoosingOptions, diff: DiffChoice): Trial {
  const request = requestOf(id, options, diff);
  return { patch, varied, request: { ...request, parameters: { ...varied, ...request.parameters } } };
}

function rowOf({ patch, varied, request }: Trial): Row {
  const evidence = check(request);
  const whole = evidence.verdict.holds ? null : check({ ...request, patches: `none,+${patch}` });
  return { evidence, whole, varied: Object.entries(varied).map(([name, value]) => `${name}=${String(value)}`).join(', ') };
}

function describeRow({ evidence, varied, whole }: Row): string {
  const { verdict } = evidence;
  const name = `${evidence.situation}${varied === '' ? '' : ` (${varied})`}`;
  if (verdict.holds) return `  holds       ${name}: ${[counted(verdict.states, 'state'), ...evidence.boundedBy].join('; ')}`;
  if (!fails(evidence)) return `  undecided   ${name}: the search is incomplete`;
  const broken = [...new Set(verdict.findings.map(({ invariant }) => invariant))].join(', ');
  return `  fails       ${name}: ${broken}${fails(whole!) ? ' (with the whole patch too)' : ''}${describeFinding(evidence, verdict.findings[0]!)}`;
}

function conclusion(patch: string, rows: readonly Row[], rest: readonly string[]): string {
  const failing = rows.filter(({ evidence }) => fails(evidence));
  const undecided = rows.filter(({ evidence }) => !evidence.verdict.holds && !fails(evidence));
  const own = failing.filter(({ whole }) => whole!.verdict.holds);
  const broken = [...new Set(own.flatMap(({ evidence }) => evidence.verdict.findings.map(({ invariant }) => invariant)))].join(', ');
  const among = (some: readonly Row[]): string => `in ${some.length} of ${rows.length} situations`;
  const more = `${undecided.length === 0 ? '' : ` Undecided ${among(undecided)}: the search is incomplete.`}${rest.length === 0 ? '' : ` Not explored: ${rest.join('; ')}.`}`;
  if (own.length > 0) return `FAILS where ${patch} holds, ${among(own)}: ${broken}.${more}`;
  if (failing.length > 0) return `FAILS ${among(failing)}, ${failing.every(({ whole }) => fails(whole!)) ? `in each as ${patch} itself does` : `where ${patch} itself fails or is undecided`}.${more}`;
  if (undecided.length > 0) return `UNDECIDED ${among(undecided)} of ${patch}: the search is incomplete.${rest.length === 0 ? '' : ` Not explored: ${rest.join('; ')}.`}`;
  const within = withinWords(rows[0]!.evidence.verdict.bounds, rows.some(({ evidence }) => evidence.verdict.isCut));
  const holds = `in every interleaving${within} of all ${rows.length} situations of ${patch}`;
  return rest.length === 0 ? `HOLDS ${holds}.` : `UNDECIDED: what was explored of the diff holds ${holds}; but ${rest.join('; ')}.`;
}

const fails = ({ verdict }: Evidence): boolean => verdict.findings.length > 0;
