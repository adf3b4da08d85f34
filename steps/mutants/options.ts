// The words of `npm run mutants`.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files';

export interface Options {
  readonly folder: string;
  readonly sample: number;
  readonly seed: number;
  readonly workers: number;
  /** Seconds of scenarios for one mutant, measured without a mutant; the most expensive ones are left out. */
  readonly budget: number;
  /** Only mutants with these words in their names. */
  readonly only: string;
  /** A file with recordings, instead of those that are shipped. */
  readonly from: string;
  readonly measure: boolean;
  /** Takes killed mutants from earlier runs, and tries only the others. */
  readonly resume: boolean;
  readonly json: boolean;
}

export class WrongUse extends Error {}

const NUMBERS = ['sample', 'seed', 'workers', 'budget'] as const;

/** Instead of a folder: the faults of named.ts, and the walker and the TLB against recordings. */
const WORDS = ['named', 'recordings'];

/** Reads the words. Throws a `WrongUse` that names the wrong word and the legal choices. */
export function optionsFrom(words: readonly string[]): Options {
  const options = { folder: 'machine', sample: 100, seed: 1, workers: 1, budget: 1e9, only: '', from: '', measure: false, resume: false, json: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const name = word.replace(/^--/, '');
    if (word === '--measure' || word === '--resume' || word === '--json') options[name as 'json'] = true;
    else if (word === '--only') options.only = words[++i] ?? '';
    else if (word === '--from') options.from = words[++i] ?? '';
    else if (word.startsWith('--') && (NUMBERS as readonly string[]).includes(name)) {
      const value = words[++i] ?? '';
      if (!/^[1-9]\d*$/.test(value)) throw new WrongUse(`${word} takes a number from 1 on, not "${value}"`);
      options[name as (typeof NUMBERS)[number]] = Number(value);
    } else if (word.startsWith('--')) throw new WrongUse(`no option ${word}; legal: ${NUMBERS.map((one) => `--${one} N`).join(', ')}, --only WORDS, --from FILE, --measure, --resume, --json`);
    else {
      const folder = word.replace(/\/$/, '');
      const within = /^machine(\/|$)/.test(folder) ? folder : `machine/${folder}`;
      const isWord = WORDS.includes(folder);
      if (!isWord && !existsSync(join(root, within))) throw new WrongUse(`no folder ${within}; legal: machine, a folder below it such as kernel/xen, or one of the words ${WORDS.join(' and ')}`);
      options.folder = isWord ? folder : within;
    }
  }
  return options;
}
