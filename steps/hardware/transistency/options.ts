// The words of `npm run transistency`.

import { FAMILIES, LATITUDES, type FamilyName, type LatitudeName } from './operations';

export interface Options {
  /** Operations of the longest programs, on all processors together. */
  readonly most: number;
  readonly cpus: number;
  readonly family: FamilyName;
  readonly latitude: LatitudeName;
  /** Which part, counted from 1, of how many. */
  readonly part: number;
  readonly parts: number;
  /** One of this many programs is compared, drawn by the seed; 1 for all. */
  readonly oneIn: number;
  readonly seed: number;
  /** What is done with a program that a rule makes simpler: it is compared like any other, it is left out, or the axioms check the rule instead. */
  readonly simpler: 'compared' | 'left out' | 'checked';
}

export class WrongUse extends Error {}

/** Reads the words. Throws a `WrongUse` that names the wrong word and the legal choices. */
export function optionsFrom(words: readonly string[]): Options {
  const options = { most: 4, cpus: 2, family: 'stores' as FamilyName, latitude: 'strict' as LatitudeName, part: 1, parts: 1, oneIn: 1, seed: 1, simpler: 'compared' as Options['simpler'] };
  const numbers: ('most' | 'cpus')[] = ['most', 'cpus'];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    switch (word) {
      case '--family': options.family = oneOf(FAMILIES, word, words[++i]); break;
      case '--latitude': options.latitude = oneOf(LATITUDES, word, words[++i]); break;
      case '--one-in': options.oneIn = wholeFrom(word, words[++i]); break;
      case '--seed': options.seed = wholeFrom(word, words[++i]); break;
      case '--reduced': options.simpler = 'left out'; break;
      case '--rules': options.simpler = 'checked'; break;
      case '--part': [options.part, options.parts] = partFrom(words[++i]); break;
      default: {
        const name = numbers.shift();
        if (word.startsWith('-') || name === undefined) throw new WrongUse(`no option ${word}; legal: OPERATIONS, CPUS, --family F, --latitude L, --part I/N, --one-in N, --seed S, --reduced, --rules`);
        if (!/^[1-9]$/.test(word)) throw new WrongUse(`${name === 'most' ? 'OPERATIONS' : 'CPUS'} is a number from 1 to 9, not "${word}"`);
        options[name] = Number(word);
      }
    }
  }
  return options;
}

function oneOf<T extends object>(table: T, word: string, given = ''): keyof T & string {
  if (!Object.hasOwn(table, given)) throw new WrongUse(`${word} takes ${Object.keys(table).join(' or ')}, not "${given}"`);
  return given as keyof T & string;
}

function wholeFrom(word: string, given = ''): number {
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new WrongUse(`${word} takes a whole number from 1 on, not "${given}"`);
  return Number(given);
}

function partFrom(given = ''): [number, number] {
  const [, part, parts] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(given)?.map(Number) ?? [];
  if (part === undefined || parts === undefined || part > parts) throw new WrongUse(`--part takes I/N with I from 1 to N, such as 3/100, not "${given}"`);
  return [part, parts];
}
