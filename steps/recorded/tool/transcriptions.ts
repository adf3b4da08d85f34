// What the comparison with the C says of each path, if the C is invented: functions at the places that the docstrings name, most of them
// with what the path does, and with names of every list of exceptions.

import { Random } from '../../../machine/cli/fuzz/random';
import { compareAll, showComparison } from '../../../machine/cli/sources/compare';
import type * as PathOperations from '../../../machine/cli/sources/path-operations';
import { pathsIn, sourcedPaths, type SourcedPath } from '../../../machine/cli/sources/paths';
import { owes, type Source } from '../../../machine/cli/sources/provenance';
import { IN_ASSEMBLY, LEFT_OUT_EVERYWHERE, MEANT_BY, NO_OPERATION, STANDS_FOR } from '../../../machine/cli/sources/unseen';
import { XEN_LEFT_OUT, XEN_STANDS_FOR } from '../../../machine/cli/sources/unseen-xen';
import type { Lines } from '../recording';

/** One path of so many is compared. */
const SHARE = 4;

/** A number for each path, so that a new one changes nothing for others. */
const seedOf = ({ file, name }: SourcedPath): number => [...`${file} ${name}`].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 65_521, 7);

/** Names that may occur in the C and not in the path. */
const OTHERS = [[...LEFT_OUT_EVERYWHERE.keys()], [...STANDS_FOR.keys()], [...XEN_LEFT_OUT.keys()], [...XEN_STANDS_FOR.keys()], [...NO_OPERATION], [...MEANT_BY.values()].flat(), ['does_what_no_path_does']];

/** A line of a function. */
function statement(name: string, random: Random): string {
  return random.pick([`\t${name}(x, y);`, `\t${name}(x, y);`, `\tp->${name} = 1;`, `\tif (p->${name} != ${name}(x))`, `\t\treturn; /* not ${name}_at_all() */`, `\t*${name} = "${name}_in_quotes()";`, `\tp->${name}++;`, `\tx = ${name};`]);
}

/** The lines of one definition. */
function definition({ name, file }: Source, length: number, names: readonly string[], random: Random): string[] {
  const body = (count: number, line = (word: string): string => statement(word, random)): string[] => Array.from({ length: Math.max(0, count) }, (_, i) => (i < names.length ? line(names[i]!) : '\t;'));
  if (file.endsWith('.S')) return [`ENTRY(${name})`, ...body(length - 2, (word) => `\t${random.pick([...IN_ASSEMBLY.keys(), 'call'])} ${word}`), `END(${name})`];
  if (length === 1) return [`#define ${name}(x) ${names.map((word) => `${word}(x)`).join('; ')}`];
  switch (random.below(5)) {
    case 0: return [`#define ${name}(x) do {${' \\'}`, ...body(length - 2).map((line) => `${line} \\`), '} while (0)'];
    case 1: return ['static void', `${name}(int a,`, '\tint b)', '{', ...body(length - 5), '}'];
    case 2: return [`SYSCALL_DEFINE1(${name}, int, a)`, '{', ...body(length - 3), '}'];
    default: return [`int ${name}(int a) {`, ...body(length - 2), '}'];
  }
}

/** The comparison of the paths of each file with such C. */
function compared(paths: readonly SourcedPath[]): Lines {
  const { PathReader } = module.require('../../../machine/cli/sources/path-operations') as typeof PathOperations;
  const reader = new PathReader(paths);
  const files = new Map<string, string[]>();
  for (const path of paths) {
    const random = new Random(seedOf(path));
    for (const source of path.sources) {
      if (source.lines === null || random.percent(4)) continue;
      const own = reader.operationsOf(path).map(({ name }) => name).filter(() => random.percent(80));
      const names = [...own, ...Array.from({ length: 3 }, () => random.pick(random.pick(OTHERS)))];
      const lines = definition(source, source.lines.last - source.lines.first + 1, names, random);
      const key = `${source.revision}:${source.file}`;
      const text = files.get(key) ?? [`int ${source.name}(int prototype);`];
      files.set(key, text);
      const at = source.lines.first - 1 + (random.percent(5) ? 1 : 0);
      for (let i = text.length; i < at; i++) text[i] = '';
      lines.forEach((line, i) => { text[at + i] = line; });
    }
  }
  const history = { directory: '', commitOf: (revision: string) => (revision === '2.6.21' ? null : revision), read: (commit: string, file: string) => files.get(`${commit}:${file}`)?.join('\n') ?? null };
  const told = new Map<string, string[]>();
  for (const comparison of compareAll(paths, paths.filter((path) => seedOf(path) % SHARE === 0), history, reader)) {
    const { path: { file }, declared, everywhere } = comparison;
    told.set(file, [...(told.get(file) ?? []), `${showComparison(comparison).replace(/:\d+ /, ' ')}  ${declared} declared; ${everywhere.join('; ')}\n`]);
  }
  return Object.fromEntries([...told].map(([file, texts]) => [file, texts.join('')]));
}

/** Docstrings of all kinds, and what each lacks. */
const DOCSTRINGS = [
  '', '/** Something else. */', '/** Ours: a helper. */', '/** Ours: */', '/** owed: where it is. */', '/**\n * mm/a.c:1-20 (2.6.22), f(): this.\n * Model: leaves out g, h(): why.\n * Model: adds i: because. j is not meant.\n */',
  '/** mm/a.c (2.6.22), f(): without lines. */', '/** mm/a.c (mail of 2007-03-31), f() in part. */', '/** mm/a.c:1-2 (2.6.22 to 2.6.24), f(); arch/x86/b.S:3-9 (Xen 4.0.0), g; c.h (0123456789ab), H. */', '// mm/a.c:1-20 (2.6.22), f()',
];

function read(): Lines {
  return Object.fromEntries(DOCSTRINGS.map((docstring, i) => {
    const [path] = pathsIn('machine/kernel/a.ts', `const other = 1;\n\n${docstring}\nexport const f: Path = path(function* g() {`);
    return [`docstring ${i + 1}`, `${path ? owes(path) ?? 'owes nothing' : 'no path'}, ${JSON.stringify(path)}`];
  }));
}

/** Of each docstring, and of the paths of each file. */
export const transcriptions = (): Lines => ({ ...read(), ...compared(sourcedPaths()) });
