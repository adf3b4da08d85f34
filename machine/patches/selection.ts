import type { HunkId, Patch } from './types';

// Which hunks are on. One grammar for the command line, the environment, the
// world parameters and the page:
//
//   all                         every patch as it was posted last (the default)
//   none                        the kernel as it was
//   all,-flush-tlb/i386         all but one hunk
//   none,+vmi-boot@take-2       nothing but one take
//   flush-tlb                   a name alone is `none,+name`
//
// A name is a patch, `patch/hunk`, or `patch@variant`.

/** A choice of hunks that cannot be understood. Its message names the legal ones. */
export class SelectionError extends Error {}

/** The hunks that make up a patch. */
export function wholeOf(patch: Patch): readonly HunkId[] {
  return patch.whole ?? patch.hunks.map((hunk) => hunk.id);
}

/**
 * The hunks that `text` switches on.
 *
 * @param all the patches that the word `all` stands for
 * @throws SelectionError for a word that names nothing
 */
export function selectHunks(catalogue: readonly Patch[], text: string, all: readonly Patch[] = catalogue): ReadonlySet<HunkId> {
  const chosen = new Set<HunkId>();
  text.split(',').map((word) => word.trim()).forEach((word) => {
    if (word === '' || word === '+' || word === '-') throw new SelectionError(`"${text}" selects no hunks; legal: all, none, or a list such as all,-${wholeOf(catalogue[0]!)[0]!}`);
    if (/^[+-]?@/.test(word)) throw new SelectionError(`"${word}" cannot be one of several words; legal: @FILE alone, and what adds to it or takes from it by --with and --without`);
    if (word === 'none') {
      chosen.clear();
    } else if (word === 'all') {
      for (const patch of all) for (const hunk of wholeOf(patch)) chosen.add(hunk);
    } else {
      const adds = !word.startsWith('-');
      for (const hunk of hunksNamed(catalogue, word.replace(/^[+-]/, ''))) {
        if (adds) chosen.add(hunk);
        else chosen.delete(hunk);
      }
    }
  });
  return chosen;
}

/** The hunks that one name stands for. */
function hunksNamed(catalogue: readonly Patch[], name: string): readonly HunkId[] {
  const patch = patchNamed(catalogue, name.split(/[/@]/, 1)[0]!);
  if (name === patch.id) return wholeOf(patch);
  if (name.includes('/')) {
    const hunk = patch.hunks.find(({ id }) => id === name);
    if (hunk) return [hunk.id];
    throw unknown(`hunk "${name}"`, name, patch.hunks.map(({ id }) => id));
  }
  const variant = patch.variants.find(({ id }) => `${patch.id}@${id}` === name);
  if (variant) return variant.hunks;
  throw unknown(`variant "${name}"`, name, patch.variants.map(({ id }) => `${patch.id}@${id}`));
}

/** The patch called `id`. */
export function patchNamed(catalogue: readonly Patch[], id: string): Patch {
  const patch = catalogue.find((candidate) => candidate.id === id);
  if (!patch) throw unknown(`patch "${id}"`, id, catalogue.map((candidate) => candidate.id));
  return patch;
}

/** The error for a word that names nothing, with the nearest legal one first. */
export function unknown(what: string, word: string, legal: readonly string[]): SelectionError {
  const far = (name: string): number => distance(name.toLowerCase(), word.toLowerCase());
  const nearest = [...legal].sort((a, b) => far(a) - far(b))[0];
  const hint = nearest !== undefined && far(nearest) <= 1 + nearest.length / 3 ? `; did you mean ${nearest}?` : ';';
  return new SelectionError(`no ${what}${hint} legal: ${legal.join(', ') || '(none)'}`);
}

/** The edit distance between two words (Levenshtein); a swap of neighbours is one edit. */
function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, i) => [i, ...Array<number>(other.length).fill(0)]);
  for (let j = 0; j <= other.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[one.length]![other.length]!;
}
