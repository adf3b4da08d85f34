// Which mutants are tried: all lines of code are equally likely.

import { complaints } from '../../machine/cli/mutate/types-of';
import { switchedModule, type SwitchedModule } from '../../machine/cli/mutate/switched';
import { applyEdits, type Mutation } from '../../machine/cli/mutate/mutation';
import { filesBelow, root, textOf } from './files';
import { mutantsOf, type Mutant } from './operators';

export const CHOSEN = '$chosen';

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isCode = (line: string): boolean => /[\w})]/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line);

/** All mutants below a folder, in an order drawn from the seed. */
export function drawn(folder: string, seed: number): Mutant[] {
  const random = randomFrom(seed);
  const files = filesBelow(folder, '.ts').map((file) => {
    const text = textOf(file);
    return { mutants: mutantsOf(file, text), lines: text.split('\n').filter(isCode).length };
  }).filter(({ mutants }) => mutants.length > 0);
  const order: { readonly mutant: Mutant; readonly at: number }[] = [];
  for (const { mutants, lines } of files) {
    // Exponential waiting times: files are drawn in proportion to their lines, until they have no more mutants.
    const left = [...mutants];
    let at = 0;
    while (left.length > 0) {
      at -= Math.log(1 - random()) / lines;
      order.push({ mutant: left.splice(Math.floor(random() * left.length), 1)[0]!, at });
    }
  }
  return order.sort((one, other) => one.at - other.at).map(({ mutant }) => mutant);
}

/** The changed files, each with all of its mutants; a mutant is switched by its number, from 1. */
export function switchedFiles(mutants: readonly Mutation[]): Map<string, SwitchedModule> {
  const byFile = new Map<string, (Mutation & { readonly number: number })[]>();
  mutants.forEach((mutant, i) => byFile.set(mutant.file, [...(byFile.get(mutant.file) ?? []), { ...mutant, number: i + 1 }]));
  return new Map([...byFile].map(([file, own]) => [file, switchedModule(file, textOf(file), own, '', CHOSEN)]));
}

/** The mutants that no number can switch, each as a file of its own beside the real one, so that the compiler reads all of them at once. */
function aloneFiles(mutants: readonly Mutation[], apart: ReadonlySet<number>): [string, SwitchedModule][] {
  return [...apart].map((number) => {
    const { file, edits } = mutants[number - 1]!;
    const text = applyEdits(textOf(file), edits);
    return [file.replace(/\.ts$/, `.mutant-${number}.ts`), { text, stretches: [{ number, start: 0, end: text.length }], apart: [] }];
  });
}

/** The first `size` mutants that the compiler accepts, and how many it has refused. */
export function accepted(mutants: readonly Mutant[], size: number): { readonly mutants: readonly Mutant[]; readonly refused: number } {
  let candidates = Math.min(mutants.length, Math.ceil(size * 1.3) + 10);
  for (;;) {
    const tried = mutants.slice(0, candidates);
    const modules = switchedFiles(tried);
    const apart = new Set([...modules.values()].flatMap((module) => module.apart));
    const said = complaints(root, new Map([...modules, ...aloneFiles(tried, apart)]));
    const good = tried.flatMap((mutant, i) => (said.has(i + 1) ? [] : [{ mutant, i }]));
    if (good.length >= size || candidates === mutants.length) {
      const taken = good.slice(0, size);
      const last = good.length >= size ? taken.at(-1)?.i ?? 0 : candidates - 1;
      return { mutants: taken.map(({ mutant }) => mutant), refused: last + 1 - taken.length };
    }
    candidates = Math.min(mutants.length, candidates * 2);
  }
}
