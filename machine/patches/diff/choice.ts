// Chooses hunks by a real diff: `--patches-from FILE` on the command line, or a file dropped on the page.

import { PATCHES } from '..';
import { SelectionError } from '../selection';
import { recogniseDiffs, recogniseReversed, type Recognised, type RecognisedDiff } from './recognise';

/** What a diff selects. */
export interface DiffSelection {
  /** In the grammar of `patches/selection`: only the hunks of the diff. */
  readonly selection: string;
  readonly diff: RecognisedDiff;
}

/**
 * The diffs in a text that contain a hunk of the catalogue.
 *
 * @param name what the text is called in messages: a file, or standard input
 * @throws SelectionError if it contains no diff, or only diffs of something else
 */
export function knownDiffs(text: string, name: string): RecognisedDiff[] {
  const all = recogniseDiffs(PATCHES, text);
  if (all.length === 0) throw new SelectionError(/^\*\*\* \S.*\r?\n--- \S/m.test(text) ? `${name} contains a context diff, as diff -c makes it; legal: a unified one, as diff -u and git make it` : `${name} contains no diff`);
  const known = all.filter(({ patches }) => patches.length > 0);
  if (known.length === 0) throw new SelectionError(whyUnknown(text, name, all));
  const beside = [...new Set(all.filter(({ patches }) => patches.length === 0).flatMap(({ files }) => files))];
  return known.map((diff, i) => (beside.length === 0 || i < known.length - 1 ? diff : { ...diff, beside }));
}

function whyUnknown(text: string, name: string, all: readonly RecognisedDiff[]): string {
  const reversed = recogniseReversed(PATCHES, text).flatMap(({ patches }) => patches);
  const out = [...new Set(reversed.flatMap(({ present }) => present))];
  if (out.length > 0) return `${name} takes out again what ${listed([...new Set(reversed.map(({ patch, source }) => `${patch} (${source})`))])} adds; for a kernel without it: --patches ${['all', ...out.map((hunk) => `-${hunk}`)].join(',')}`;
  const files = [...new Set(all.flatMap((each) => each.files))];
  return `no hunk of the catalogue is in ${name}, which changes ${listed(files) || 'files that it does not name'}; there are hunks of: ${PATCHES.map(({ id }) => id).join(', ')}`;
}

/**
 * The hunks that a text selects.
 *
 * @throws SelectionError also if it contains several different diffs, as a thread of mails may
 */
export function selectionOfText(text: string, name: string, advice: string): DiffSelection {
  const diffs = knownDiffs(text, name);
  const selections = [...new Set(diffs.map(selectionOf))];
  if (selections.length > 1) throw new SelectionError(`${name} holds ${diffs.length} diffs that differ (${diffs.map(inShort).join('; ')}): ${advice}`);
  // Of a patch and its quotations, the one of which least is known.
  const diff = diffs.reduce((least, each) => (unsure(each).length > unsure(least).length ? each : least));
  const { beside } = diffs.at(-1)!;
  return { selection: selections[0]!, diff: beside === undefined ? diff : { ...diff, beside } };
}

/** What a search with the hunks of a diff does not explore, although the diff contains it: with any of it, a verdict is not one about the diff. */
export function unsure({ patches, unknown, beside = [] }: RecognisedDiff): string[] {
  return [
    ...patches.flatMap(({ partial, moved, formInPart }) => [
      ...partial.map(({ hunk }) => `${hunk} is there in part`),
      ...movedHunks(moved).map(({ name }) => `${name} has moved lines`),
      ...formInPart.map(({ where }) => `${where} is there in part`),
    ]),
    ...(unknown.length === 0 ? [] : [unknown.length === 1 ? '1 changed line is not known' : `${unknown.length} changed lines are not known`]),
    ...(beside.length === 0 ? [] : ['another diff beside it is not known']),
  ];
}

/** A description of a diff, line by line: which patch it belongs to, and which hunks are present, partly present or missing. */
export function describeDiff({ patches, unknown, beside = [] }: RecognisedDiff): string[] {
  return [
    ...patches.flatMap(describePatch),
    ...(unknown.length === 0 ? [] : [`  unknown     ${unknown.length === 1 ? '1 changed line is' : `${unknown.length} changed lines are`} not in the catalogue and not modelled: ${listed(places(unknown))}`]),
    ...(beside.length === 0 ? [] : [`  beside      another diff is not in the catalogue and not modelled; it changes ${listed(beside)}`]),
  ];
}

function describePatch({ patch, source, present, partial, missing, moved, withoutForm, formInPart, onto, takenOut, kept, exactly }: Recognised): string[] {
  const before = onto.filter((hunk) => !kept.includes(hunk));
  return [
    `  diff        ${patch} (${source})${exactly === null || exactly === patch ? '' : `, exactly ${exactly}`}`,
    `  present     ${present.join(', ') || 'no whole hunk'}`,
    ...partial.map((part) => `  in part     ${part.hunk}: ${part.lines} of ${part.of} lines, missing in ${part.missingIn.join(', ')}; explored without it`),
    ...movedHunks(moved).map(({ name, isHunk, where, lines }) => `  moved       ${name}: line ${lines} of the diff stands elsewhere than in ${source}, or next to other braces, else or return${isHunk ? `, in ${where}; explored without it` : '; not modelled'}`),
    ...formInPart.map((part) => `  in part     ${part.where}: ${part.lines} of ${part.of} lines; not modelled`),
    ...(missing.length === 0 ? [] : [`  missing     ${missing.join(', ')}`]),
    ...(withoutForm.length === 0 ? [] : [`  lacks too   ${withoutForm.map(({ where }) => where).join(', ')} (no effect in the model)`]),
    ...(before.length === 0 ? [] : [`  its tree has ${before.join(', ')}`]),
    ...(takenOut.length === 0 ? [] : [`  takes out   ${takenOut.join(', ')}`]),
    ...(kept.length === 0 ? [] : [`  leaves in   ${kept.join(', ')}, which ${source} takes out`]),
  ];
}

/** The moved lines of each hunk together. */
function movedHunks(moved: Recognised['moved']): { name: string; isHunk: boolean; where: string; lines: string }[] {
  const names = [...new Set(moved.map(({ hunk, where }) => hunk ?? where))];
  return names.map((name) => {
    const own = moved.filter(({ hunk, where }) => (hunk ?? where) === name);
    const lines = [...new Set(own.map(({ line }) => line))].sort((a, b) => a - b);
    return { name, isHunk: own[0]!.hunk !== null, where: [...new Set(own.map(({ where }) => where))].join(', '), lines: lines.join(', ') };
  });
}

const selectionOf = ({ patches }: RecognisedDiff): string => ['none', ...patches.flatMap(({ onto, present }) => [...new Set([...onto, ...present])].map((hunk) => `+${hunk}`))].join(',');

const inShort = ({ patches }: RecognisedDiff): string => patches.map(({ source, present, exactly }) => `${source}: ${exactly ?? present.join(', ')}`).join(' and ');

const places = (unknown: RecognisedDiff['unknown']): string[] => {
  const byPath = new Map<string, number[]>();
  for (const { path, line } of unknown) byPath.set(path, [...(byPath.get(path) ?? []), line]);
  return [...byPath].map(([path, lines]) => `${path || 'a quotation'} (line${lines.length === 1 ? '' : 's'} ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ', …' : ''} of the diff)`);
};

const listed = (words: readonly string[]): string => words.slice(0, 5).join(', ') + (words.length > 5 ? ` and ${words.length - 5} more` : '');
