// `paravirt-spec check --patches-from FILE`, with no situation named: does this backport still close
// the race? Every situation of the patch is checked, as in the patch's own review.

import { check, type Evidence } from '../../situations/check';
import { situationsOf } from '../../situations';
import type { Situation } from '../../situations/types';
import { unsure } from '../../patches/diff/choice';
import type { DiffChoice } from '../patches-from';
import { counted } from '../search/bounds';
import { aboutDiff, codeOfDiff, requestOf, type ChoosingOptions, type Output } from '../options';
import { EXIT } from '../exit';
import { describeFinding } from './check';

/** What the diff does in one situation. */
interface Row {
  readonly evidence: Evidence;
  readonly varied: string;
  /** The verdict with the whole patch; null if the diff alone holds. */
  readonly whole: Evidence | null;
}

/** Explores every situation of `patch` with the hunks of `diff`. 0 if all hold, 1 if one fails, 4 if a search ended early and nothing failed. */
export function checkDiff(patch: string, diff: DiffChoice, options: ChoosingOptions, output: Output): number {
  const say = (text: string): void => { if (!options.json) output.stdout(`${text}\n`); };
  say(aboutDiff(diff));
  const rows = situationsOf(patch).flatMap((situation) => (situation.reviewed ?? [{}]).map((varied): Row => {
    const row = rowOf(situation, varied, options, diff);
    say(describeRow(row));
    return row;
  }));
  if (options.json) output.stdout(`${JSON.stringify({ format: 'check-diff/2', diff: diff.diff, situations: rows.map(({ evidence }) => evidence) }, null, 2)}\n`);
  const failing = rows.filter(({ evidence }) => !evidence.verdict.holds);
  say(conclusion(patch, rows, failing, unsure(diff.diff)));
  return failing.length === 0 ? codeOfDiff(EXIT.holds, diff) : failing.some(({ evidence }) => evidence.verdict.findings.length > 0) ? EXIT.fails : EXIT.undecided;
}

function rowOf(situation: Situation, varied: NonNullable<Situation['reviewed']>[number], options: ChoosingOptions, diff: DiffChoice): Row {
  const request = requestOf(situation.id, options, diff);
  const parameters = { ...varied, ...request.parameters };
  const evidence = check({ ...request, parameters });
  const whole = evidence.verdict.holds ? null : check({ ...request, parameters, patches: `none,+${situation.patch}` });
  return { evidence, whole, varied: Object.entries(varied).map(([name, value]) => `${name}=${String(value)}`).join(', ') };
}

function describeRow({ evidence, varied, whole }: Row): string {
  const { verdict } = evidence;
  const name = `${evidence.situation}${varied === '' ? '' : ` (${varied})`}`;
  if (verdict.holds) return `  holds       ${name}: ${counted(verdict.states, 'state')}`;
  if (verdict.findings.length === 0) return `  undecided   ${name}: the search is incomplete`;
  const broken = [...new Set(verdict.findings.map(({ invariant }) => invariant))].join(', ');
  return `  fails       ${name}: ${broken}${whole?.verdict.holds === false ? ' (with the whole patch too)' : ''}${describeFinding(evidence, verdict.findings[0]!)}`;
}

function conclusion(patch: string, rows: readonly Row[], failing: readonly Row[], rest: readonly string[]): string {
  const own = failing.filter(({ whole }) => whole?.verdict.holds !== false);
  const broken = [...new Set(own.flatMap(({ evidence }) => evidence.verdict.findings.map(({ invariant }) => invariant)))].join(', ') || 'undecided';
  const unexplored = rest.length === 0 ? '' : ` Not explored: ${rest.join('; ')}.`;
  if (own.length > 0) return `FAILS where ${patch} holds, in ${own.length} of ${rows.length} situations: ${broken}.${unexplored}`;
  if (failing.length > 0) return `FAILS in ${failing.length} of ${rows.length} situations, in each as ${patch} itself does.${unexplored}`;
  const holds = `in every interleaving of all ${rows.length} situations of ${patch}`;
  return rest.length === 0 ? `HOLDS ${holds}.` : `UNDECIDED: what was explored of the diff holds ${holds}; but ${rest.join('; ')}.`;
}
