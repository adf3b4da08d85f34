// Whether the lines of a hunk are in the order that its form has, among themselves and among the
// lines around them: the same lines elsewhere are another patch.

import type { KnownPlace } from './known';
import type { FormMatch } from './match';
import type { Chunk, Diff, DiffLine, MinorLine } from './parse';
import { digestOf } from './text';

/** A changed line that is not where the form has it. */
export interface Misplaced {
  /** Which of the form's places it belongs to, by index. */
  readonly place: number;
  readonly line: DiffLine;
}

/** A line of a chunk as `KnownPlace.around` would have it. */
interface Item {
  readonly word: string;
  /** Null for a brace, an `else` and the like. */
  readonly line: DiffLine | null;
  /** Which place claims it; null for an unchanged or unknown line. */
  readonly place: number | null;
}

/** The claimed lines of `match` that stand on the wrong side of another line, or have other braces, `else` or `return` next to them. */
export function misplacedIn(diff: Diff, match: FormMatch): Misplaced[] {
  const found = new Map<DiffLine, Misplaced>();
  for (const around of new Set(match.form.places.map(aroundOf))) {
    const form = around.split(' ');
    const isWhole = match.form.places.some((place) => place.around === around);
    for (const side of ['+', '-'] as const) {
      const words = form.filter((word) => word[0] === side || !isChanged(word));
      const chunks = diff.map((chunk) => itemsOf(chunk, match, around, side)).filter((items) => items.some(({ place }) => place !== null));
      const misplaced = [...inversions(chunks.flat(), words), ...(isWhole ? chunks.flatMap((items) => minorChanges(items, words)) : [])];
      for (const each of misplaced) found.set(each.line, each);
    }
  }
  return [...found.values()];
}

/** What is known of the order around a place: at least the order of its own lines. */
const aroundOf = ({ around, lines }: KnownPlace): string => around ?? lines;

/** The lines of the chunk on one side: before the change those with `-` and without a sign, after it those with `+` and without one. */
function itemsOf({ lines, minor }: Chunk, match: FormMatch, around: string, side: '+' | '-'): Item[] {
  const ofLine = (line: DiffLine): Item => {
    const claimed = match.claimed.get(line);
    const place = claimed === undefined ? null : match.form.places[claimed.place]!;
    if (place !== null && aroundOf(place) === around) return { word: place.lines.split(' ')[claimed!.index]!, line, place: claimed!.place };
    return { word: `${line.sign}${digestOf(line.text)}`.trim(), line, place: null };
  };
  const ofMinor = ({ sign, text }: MinorLine): Item => ({ word: `${sign}${text}`.trim(), line: null, place: null });
  const all = [...lines.map((line) => ({ at: line.at, sign: line.sign, item: () => ofLine(line) })), ...minor.map((line) => ({ at: line.at, sign: line.sign, item: () => ofMinor(line) }))];
  return all.filter(({ sign }) => sign === side || sign === ' ').sort((a, b) => a.at - b.at).map(({ item }) => item());
}

/** Claimed lines before which the diff has only what the form has after them, or the reverse. */
function inversions(items: readonly Item[], form: readonly string[]): Misplaced[] {
  const isRelevant = ({ word, line, place }: Item): boolean => line !== null && (place !== null || !/^[+-]/.test(word)) && form.includes(word);
  const relevant = items.filter(isRelevant);
  return relevant.flatMap(({ word, line, place }, i): Misplaced[] => {
    if (place === null || !isChanged(word)) return [];
    const others = [...new Set(relevant.map((item) => item.word))].filter((other) => other !== word);
    const isWrong = others.some((other) => {
      const [first, last] = [relevant.findIndex((item) => item.word === other), relevant.findLastIndex((item) => item.word === other)];
      return (last < i && form.indexOf(other) > form.lastIndexOf(word)) || (first > i && form.lastIndexOf(other) < form.indexOf(word));
    });
    return isWrong ? [{ place, line: line! }] : [];
  });
}

/** Claimed lines that follow or precede the same line as in the form, but with other braces, `else` or `return` between the two. */
function minorChanges(items: readonly Item[], form: readonly string[]): Misplaced[] {
  // Without any context, the unchanged ones are missing too.
  const isShown = (word: string): boolean => isChanged(word) || items.some((item) => !isChanged(item.word));
  const telling = items.flatMap(({ line }, i) => (line === null ? [] : [i]));
  return telling.slice(1).flatMap((to, n): Misplaced[] => {
    const from = telling[n]!;
    const [one, other] = [items[from]!, items[to]!];
    if (one.place === null && other.place === null) return [];
    const between = (words: readonly string[]): string => words.filter(isShown).map((word) => word.replace(/^[+-]/, '')).join(' ');
    const expected = gaps(form, one.word, other.word).map(between);
    if (expected.length === 0 || expected.includes(between(items.slice(from + 1, to).map(({ word }) => word)))) return [];
    const { place, line } = one.place === null ? other : one;
    return [{ place: place!, line: line! }];
  });
}

/** What the form has between two lines where the one follows the other with nothing but braces, `else` and the like in between. */
function gaps(form: readonly string[], one: string, other: string): string[][] {
  return form.flatMap((word, from) => {
    if (word !== one) return [];
    const to = form.findIndex((next, i) => i > from && isDigest(next));
    return form[to] === other ? [form.slice(from + 1, to)] : [];
  });
}

const isChanged = (word: string): boolean => /^[+-]/.test(word);
const isDigest = (word: string): boolean => /^[+-]?[0-9a-f]{8}$/.test(word);
