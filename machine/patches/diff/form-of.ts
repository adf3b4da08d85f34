// Makes from a diff what the catalogue keeps of it, for the author of a new patch.

import type { HunkId } from '../types';
import type { KnownForm, KnownPlace } from './known';
import { parseDiffs, type Chunk } from './parse';
import { digestOf } from './text';

/** How far from a change a line may be and still help to locate it. */
const NEAR = 4;

/**
 * The first diff of `text` as a form: one place for each `@@`. If several hunks share a place, the author has to split it.
 *
 * @param hunkOf which hunk the n-th `@@` belongs to, null for none
 */
export function formOf(patch: string, source: string, text: string, hunkOf: (at: number) => HunkId | null): KnownForm {
  const places = (parseDiffs(text)[0] ?? []).flatMap((chunk, at): KnownPlace[] => (chunk.lines.some(({ sign }) => sign !== ' ') ? [placeOf(chunk, hunkOf(at))] : []));
  return { patch, source, places };
}

function placeOf(chunk: Chunk, hunk: HunkId | null): KnownPlace {
  const changed = chunk.lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const near = chunk.lines.filter(({ sign }, i) => sign === ' ' && changed.some((at) => Math.abs(at - i) <= NEAR));
  return {
    hunk,
    file: chunk.path,
    where: /(\w+)\([^()]*$|(\w+)\(.*\)$/.exec(chunk.section)?.slice(1).find((name) => name !== undefined) ?? chunk.section,
    lines: changed.map((i) => `${chunk.lines[i]!.sign}${digestOf(chunk.lines[i]!.text)}`).join(' '),
    near: [...new Set(near.map(({ text }) => digestOf(text)))].join(' '),
    around: aroundOf(chunk),
  };
}

/** All lines of a chunk in order, as `KnownPlace.around` keeps them. */
export function aroundOf({ lines, minor }: Chunk): string {
  const words = [...lines.map(({ sign, text, at }) => ({ at, word: `${sign}${digestOf(text)}` })), ...minor.map(({ sign, text, at }) => ({ at, word: `${sign}${text}` }))];
  return words.sort((a, b) => a.at - b.at).map(({ word }) => word.trim()).join(' ');
}
