// Chooses hunks by a real diff: `--patches-from FILE` on the command line, or a file dropped on the page.

import { PATCHES } from '..';
import { SelectionError } from '../selection';
import { recogniseDiffs, type Recognised, type RecognisedDiff } from './recognise';

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
  if (all.length === 0) throw new SelectionError(`${name} contains no diff`);
  const known = all.filter(({ patches }) => patches.length > 0);
  if (known.length === 0) {
    const files = [...new Set(all.flatMap((each) => each.files))];
    throw new SelectionError(`no hunk of the catalogue is in ${name}, which changes ${listed(files)}; there are hunks of: ${PATCHES.map(({ id }) => id).join(', ')}`);
  }
  return known;
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
  return { selection: selections[0]!, diff: diffs[0]! };
}

/** A description of a diff, line by line: which patch it belongs to, and which hunks are present, partly present or missing. */
export function describeDiff({ patches, unknown }: RecognisedDiff): string[] {
  return [
    ...patches.flatMap(describePatch),
    ...(unknown.length === 0 ? [] : [`  unknown     ${unknown.length === 1 ? '1 changed line is' : `${unknown.length} changed lines are`} not in the catalogue and not modelled: ${listed(places(unknown))}`]),
  ];
}

function describePatch({ patch, source, present, partial, missing, withoutForm, onto, takenOut, kept, exactly }: Recognised): string[] {
  const before = onto.filter((hunk) => !kept.includes(hunk));
  return [
    `  diff        ${patch} (${source})${exactly === null || exactly === patch ? '' : `, exactly ${exactly}`}`,
    `  present     ${present.join(', ') || 'no whole hunk'}`,
    ...partial.map((part) => `  in part     ${part.hunk}: ${part.lines} of ${part.of} lines, missing in ${part.missingIn.join(', ')}; explored without it`),
    ...(missing.length === 0 ? [] : [`  missing     ${missing.join(', ')}`]),
    ...(withoutForm.length === 0 ? [] : [`  lacks too   ${withoutForm.map(({ where }) => where).join(', ')} (no effect in the model)`]),
    ...(before.length === 0 ? [] : [`  its tree has ${before.join(', ')}`]),
    ...(takenOut.length === 0 ? [] : [`  takes out   ${takenOut.join(', ')}`]),
    ...(kept.length === 0 ? [] : [`  leaves in   ${kept.join(', ')}, which ${source} takes out`]),
  ];
}

const selectionOf = ({ patches }: RecognisedDiff): string => ['none', ...patches.flatMap(({ onto, present }) => [...new Set([...onto, ...present])].map((hunk) => `+${hunk}`))].join(',');

const inShort = ({ patches }: RecognisedDiff): string => patches.map(({ source, present, exactly }) => `${source}: ${exactly ?? present.join(', ')}`).join(' and ');

const places = (unknown: RecognisedDiff['unknown']): string[] => {
  const byPath = new Map<string, number[]>();
  for (const { path, line } of unknown) byPath.set(path, [...(byPath.get(path) ?? []), line]);
  return [...byPath].map(([path, lines]) => `${path} (line${lines.length === 1 ? '' : 's'} ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ', …' : ''} of the diff)`);
};

const listed = (words: readonly string[]): string => words.slice(0, 5).join(', ') + (words.length > 5 ? ` and ${words.length - 5} more` : '');
