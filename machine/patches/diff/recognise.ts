// Recognises hunks in a diff: which of the catalogue's hunks it contains, which hunks of the same
// patch it lacks, and which of its lines are not in the catalogue.

import type { HunkId, Patch } from '../types';
import { wholeOf } from '../selection';
import { FORMS } from './forms';
import type { KnownForm } from './known';
import { matchForm, type FormMatch } from './match';
import { misplacedIn } from './order';
import { parseDiffs, type Chunk, type Diff, type DiffLine } from './parse';
import { isSameFile, treeFile } from './text';

/** A hunk of which only some lines are present. */
export interface PartOfHunk {
  readonly hunk: HunkId;
  readonly lines: number;
  readonly of: number;
  /** The functions in which something is missing. */
  readonly missingIn: readonly string[];
}

/** A line of the catalogue that is not where its form has it: it stands before what it should follow, or outside its block. */
export interface MovedLine {
  /** The hunk that it belongs to; null for a declaration or a helper. */
  readonly hunk: HunkId | null;
  /** The function in which it should be. */
  readonly where: string;
  /** Its line number in the text, counted from 1. */
  readonly line: number;
}

/** A declaration or a helper of which only some lines are present. */
export interface PartOfForm extends FormPart {
  readonly lines: number;
  readonly of: number;
}

/** A change without effect on the model: a declaration, a helper, a change of style. */
export interface FormPart {
  readonly file: string;
  readonly where: string;
}

/** A changed line that belongs to nothing in the catalogue. */
export interface UnknownLine {
  readonly path: string;
  /** Its line number in the text, counted from 1. */
  readonly line: number;
  readonly sign: '+' | '-';
}

/** What one diff contains of one patch. */
export interface Recognised {
  readonly patch: string;
  /** The posted or merged form that it matches best: a mail's author and date, or a commit. */
  readonly source: string;
  readonly present: readonly HunkId[];
  readonly partial: readonly PartOfHunk[];
  /** Hunks of that form that are missing entirely. */
  readonly missing: readonly HunkId[];
  /** Lines that make another patch of it by where they stand. Their hunks are not present. */
  readonly moved: readonly MovedLine[];
  /** Declarations, helpers and changes of style that it lacks. */
  readonly withoutForm: readonly FormPart[];
  readonly formInPart: readonly PartOfForm[];
  /** Hunks in the tree for which that form was written: those that stay, and those that the diff removes. */
  readonly onto: readonly HunkId[];
  readonly takenOut: readonly HunkId[];
  /** Those of `onto` that the form removes but this diff does not. */
  readonly kept: readonly HunkId[];
  /** `flush-tlb`, or `vmi-boot@take-1`: the patch or variant that the kernel then has exactly; null if it has less, or more, or if that is not known. */
  readonly exactly: string | null;
}

/** What was found in a text. */
export interface RecognisedDiff {
  readonly patches: readonly Recognised[];
  readonly unknown: readonly UnknownLine[];
  /** The files that it changes, by the paths that it uses. */
  readonly files: readonly string[];
  /** The files that other diffs of the same text change, of which the catalogue knows nothing. */
  readonly beside?: readonly string[];
}

/**
 * Recognises each diff in `text`, which may be a patch, a mail, or a thread of mails. White space,
 * comments, context, quotation marks, broken lines, and former names of folders may differ; but a hunk
 * counts as present only if every line that it adds and removes is there.
 */
export function recogniseDiffs(catalogue: readonly Patch[], text: string, forms: readonly KnownForm[] = FORMS): RecognisedDiff[] {
  return parseDiffs(text).map((diff) => recognise(catalogue, diff, forms));
}

/** The same for a diff that takes out what it should add, such as a revert or the output of `diff -R`. */
export function recogniseReversed(catalogue: readonly Patch[], text: string, forms: readonly KnownForm[] = FORMS): RecognisedDiff[] {
  const turned = { '+': '-', '-': '+', ' ': ' ' } as const;
  const turn = <Line extends { readonly sign: '+' | '-' | ' ' }>(lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, sign: turned[line.sign] }));
  return parseDiffs(text).map((diff) => recognise(catalogue, diff.map((chunk) => ({ ...chunk, lines: turn(chunk.lines), minor: turn(chunk.minor) })), forms));
}

function recognise(catalogue: readonly Patch[], diff: Diff, forms: readonly KnownForm[]): RecognisedDiff {
  const matches = settled(diff, forms.map((form) => matchForm(diff, form)).filter(({ claimed }) => claimed.size > 0));
  const patches = catalogue.flatMap((patch): Recognised[] => {
    const own = matches.filter(({ form }) => form.patch === patch.id);
    return own.length === 0 ? [] : [summary(patch, diff, own)];
  }).filter(({ present, partial, moved }) => present.length > 0 || moved.some(({ hunk }) => hunk !== null) || partial.some(({ lines, of }) => 2 * lines >= of));
  const known = new Set(matches.filter(({ form }) => patches.some(({ patch }) => patch === form.patch)).flatMap(({ claimed }) => [...claimed.keys()]));
  const unknown = diff.flatMap((chunk) => chunk.lines.flatMap((line): UnknownLine[] => (line.sign === ' ' || known.has(line) || (line.isBeyond && !isAmong(chunk, line, known)) ? [] : [{ path: chunk.path, line: line.at, sign: line.sign }])));
  const isTouched = ({ patch, source }: Recognised): boolean => forms.some((form) => form.patch === patch && form.source === source && form.places.some(({ file }) => unknown.some(({ path }) => path === '' || isSameFile(treeFile(path), treeFile(file)))));
  return { patches: patches.map((each) => (isTouched(each) ? { ...each, exactly: null } : each)), unknown, files: [...new Set(diff.map(({ path }) => path).filter((path) => path !== ''))] };
}

/** Whether a line that no header announces stands between known lines, or directly beside one: any other may be prose. */
function isAmong({ lines }: Chunk, line: DiffLine, known: ReadonlySet<DiffLine>): boolean {
  const own = lines.filter((other) => known.has(other)).map(({ at }) => at);
  return own.length > 0 && line.at >= Math.min(...own) - 1 && line.at <= Math.max(...own) + 1;
}

/** If two forms claim one line for different hunks, the one that fits less well gives it up. */
function settled(diff: Diff, matches: readonly FormMatch[]): FormMatch[] {
  const passOver = matches.map(() => new Set<DiffLine>());
  for (let now = [...matches]; ;) {
    const lost = now.map((match) => [...match.claimed.keys()].filter((line) => now.some((rival) => hasBetterClaim(rival, match, line))));
    if (lost.every((lines) => lines.length === 0)) return now.filter(({ claimed }) => claimed.size > 0);
    now = now.map((match, i) => {
      if (lost[i]!.length === 0) return match;
      for (const line of lost[i]!) passOver[i]!.add(line);
      return matchForm(diff, match.form, passOver[i]);
    });
  }
}

function hasBetterClaim(rival: FormMatch, match: FormMatch, line: DiffLine): boolean {
  const [theirs, own] = [rival.claimed.get(line), match.claimed.get(line)!];
  if (theirs === undefined || rival.form.places[theirs.place]!.hunk === match.form.places[own.place]!.hunk) return false;
  // A place of which less than half is present loses to one of which more is present.
  const [theirShare, ownShare] = [shareOf(rival, theirs.place), shareOf(match, own.place)];
  if (theirShare !== ownShare && 2 * Math.min(theirShare, ownShare) < 1) return theirShare > ownShare;
  return theirs.score > own.score || (theirs.score === own.score && rival.claimed.size > match.claimed.size);
}

const shareOf = ({ places }: FormMatch, place: number): number => places[place]!.found.length / places[place]!.total;

/** A hunk counts as present if every line of one of its forms is there, and where it should be. */
function summary(patch: Patch, diff: Diff, matches: readonly FormMatch[]): Recognised {
  const main = matches.reduce((most, each) => (each.claimed.size > most.claimed.size ? each : most));
  const misplaced = new Map(matches.map((match) => [match, misplacedIn(diff, match).map(({ place, line }) => ({ place: match.form.places[place]!, line }))]));
  const isInPlace = (match: FormMatch, id: HunkId): boolean => hasWhole(match, id) && !misplaced.get(match)!.some(({ place }) => place.hunk === id);
  const present = patch.hunks.map(({ id }) => id).filter((id) => matches.some((match) => isInPlace(match, id)));
  const moved = misplaced.get(main)!.filter(({ place }) => place.hunk === null || !present.includes(place.hunk)).map(({ place, line }): MovedLine => ({ hunk: place.hunk ?? place.takesOut ?? null, where: place.where, line: line.at }));
  const explained = new Set(matches.flatMap((match) => present.flatMap((id) => (hasWhole(match, id) ? [match] : []))));
  const partial = patch.hunks.map(({ id }) => id).filter((id) => !present.includes(id)).flatMap((id): PartOfHunk[] => {
    const from = [...matches].filter((match) => linesOf(match, id).found > 0 && (match === main || !explained.has(match) || !explained.has(main)));
    const best = from.sort((a, b) => linesOf(b, id).found - linesOf(a, id).found)[0];
    if (!best) return [];
    const { found, of } = linesOf(best, id);
    if (found === of) return [];
    return [{ hunk: id, lines: found, of, missingIn: [...new Set(placesOf(best, id).filter((place) => place.found.length < place.total).map(({ place }) => place.where))] }];
  });
  const inForm = hunksOf(main.form);
  const leaving = [...new Set(main.form.places.flatMap(({ takesOut }) => (takesOut === undefined ? [] : [takesOut])))];
  const kept = leaving.filter((id) => main.places.some(({ place, found, total }) => place.takesOut === id && found.length < total));
  const takenOut = leaving.filter((id) => !kept.includes(id));
  const form = main.places.filter(({ place, found, total }) => place.hunk === null && place.takesOut === undefined && found.length < total);
  const onto = (main.form.onto ?? []).filter((id) => !takenOut.includes(id));
  return {
    patch: patch.id,
    source: main.form.source,
    present,
    partial,
    missing: inForm.filter((id) => !present.includes(id) && !partial.some(({ hunk }) => hunk === id) && !moved.some(({ hunk }) => hunk === id)),
    moved,
    withoutForm: form.filter(({ found }) => found.length === 0).map(({ place }) => ({ file: place.file, where: place.where })),
    formInPart: form.filter(({ found }) => found.length > 0).map(({ place, found, total }) => ({ file: place.file, where: place.where, lines: found.length, of: total })),
    onto, takenOut, kept,
    exactly: partial.length + moved.length > 0 ? null : exactName(patch, [...new Set([...onto, ...present])]),
  };
}

const hunksOf = (form: KnownForm): HunkId[] => [...new Set(form.places.flatMap(({ hunk }) => (hunk === null ? [] : [hunk])))];

const placesOf = ({ places }: FormMatch, id: HunkId): FormMatch['places'] => places.filter(({ place }) => place.hunk === id);

function linesOf(match: FormMatch, id: HunkId): { found: number; of: number } {
  const places = placesOf(match, id);
  return { found: places.reduce((sum, { found }) => sum + found.length, 0), of: places.reduce((sum, { total }) => sum + total, 0) };
}

const hasWhole = (match: FormMatch, id: HunkId): boolean => {
  const { found, of } = linesOf(match, id);
  return of > 0 && found === of;
};

/** The name of the patch, or of its variant, that consists of exactly these hunks, not counting those that are not modelled. */
function exactName(patch: Patch, hunks: readonly HunkId[]): string | null {
  const isModelled = (id: HunkId): boolean => patch.hunks.find((hunk) => hunk.id === id)?.notModelled === undefined;
  const own = hunks.filter(isModelled);
  const isSame = (others: readonly HunkId[]): boolean => others.filter(isModelled).length === own.length && others.every((id) => !isModelled(id) || own.includes(id));
  if (isSame(wholeOf(patch))) return patch.id;
  const variant = patch.variants.find((each) => isSame(each.hunks));
  return variant === undefined ? null : `${patch.id}@${variant.id}`;
}
