// What is read out of diffs that are invented: of C that is invented too, cut into hunks and forms as an author would, and then damaged as mails
// damage it, with lines that are missing, moved, quoted, broken or encoded.

import { Random } from '../../../machine/cli/fuzz/random';
import { describeDiff, selectionOfText } from '../../../machine/patches/diff/choice';
import { formOf } from '../../../machine/patches/diff/form-of';
import type { KnownForm } from '../../../machine/patches/diff/known';
import { parseDiffs } from '../../../machine/patches/diff/parse';
import { recogniseDiffs } from '../../../machine/patches/diff/recognise';
import { isComment, isSameFile, isTelling, normalised, treeFile } from '../../../machine/patches/diff/text';
import type { Patch } from '../../../machine/patches/types';
import { textOf as textOfFile } from '../../mutants/files';
import { orRefusal, type Lines } from '../recording';

const SEEDS = 90;

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

const FILES = ['arch/i386/kernel/a.c', 'arch/x86/kernel/b_32.c', 'arch/x86_64/kernel/b.c', 'include/asm-i386/c.h', 'mm/d.c'];

/** The same file, as other trees and other people call it. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  'arch/i386/kernel/a.c': ['arch/x86/kernel/a_32.c', 'arch/x86/kernel/a.c', 'arch/x86_64/kernel/a.c'],
  'arch/x86/kernel/b_32.c': ['linux-2.6/arch/i386/kernel/b.c', 'arch/x86/kernel/b.c.orig'],
  'include/asm-i386/c.h': ['arch/x86/include/asm/c.h', 'include/asm-x86/c_32.h', 'arch/x86/include/asm/c_64.h'],
};

/** Lines as others write them: what of them counts, and which file a path means. */
const WRITTEN = ['', '\tx = 1; /* one */ y = 2; // both', ' * of a comment', ' */', '/* a comment */', '/* a comment */ x();', '*p = 1;', '\t*/ x();', '#define x(y) \\', 'a &lt; b &amp;&amp; b &gt; c', '}', 'else', '} else {', 'return 0;', 'return 1;', 'int i;', '0', '\u00a0x\u00a0=\u00a01;'];
const PATHS = [...FILES, ...Object.values(RENAMED).flat(), '"a/mm/d.c"', 'x/drivers/mm/d.c', 'drivers/mm/d.c', 'include/asm-generic/c.h', 'arch/x86_64/include/asm/c.h', 'arch/i386/e_64.S', 'kernel.c'];

function read(): Lines {
  const files = PATHS.map((path) => treeFile(path));
  return {
    lines: WRITTEN.map((line) => `${normalised(line)} ${isComment(line) ? 'comment' : ''} ${isTelling(normalised(line)) ? 'telling' : ''}`).join('\n'),
    paths: files.map(({ name, width }, i) => `${PATHS[i]!} is ${name} ${width}, as ${files.flatMap((other, k) => (isSameFile(files[i]!, other) ? [k] : [])).join(' ')}`).join('\n'),
  };
}

function statement(random: Random): string {
  const [one, other] = [random.pick(WORDS), random.pick(WORDS)];
  return random.pick([`\t${one}(${other});`, `\tif (${one} < ${random.below(3)})`, `\t${one} = ${other} & 0x${random.below(20)};`, `\t${one}->${other}++;\t/* counts */`, '\treturn 0;', '', '\t}', `\tx=BA ${one};`, `\t/* ${one} ${other} */`, `\t${one}(${other}, ${one}); \\`]);
}

/** One change of a file: three lines of context, what is removed and added, and three more. */
interface Change {
  readonly hunk: string | null;
  readonly file: string;
  readonly section: string;
  readonly lines: readonly string[];
}

/** Of some the changed lines are those of the one before, in other surroundings. */
function changes(random: Random): Change[] {
  let last: string[] = [];
  return Array.from({ length: 2 + random.below(5) }, () => {
    const context = (): string[] => Array.from({ length: 3 }, () => ` ${statement(random)}`);
    const changed = (sign: string, count: number): string[] => Array.from({ length: count }, () => `${sign}${statement(random)}`);
    const middle = last.length > 0 && random.percent(35) ? last : random.percent(30) ? [...changed('-', 1), ...context(), ...changed('+', 1)] : [...changed('-', random.below(2)), ...changed('+', 1 + random.below(3))];
    last = middle;
    return {
      hunk: random.pick(['p/one', 'p/two', 'p/two', 'p/three', null]), file: random.pick(FILES),
      section: random.pick(['', 'void alpha(int x)', 'static int beta(struct delta *d,', 'struct gamma {', 'static struct epsilon_and_more zeta =', 'a_long_beginning struct delta {', 'a long one of alpha(', 'delta']), lines: [...context(), ...middle, ...context()],
    };
  }).sort((one, other) => FILES.indexOf(one.file) - FILES.indexOf(other.file));
}

function diffOf(all: readonly Change[], nameOf: (file: string) => string = (file) => file): string {
  return all.flatMap(({ file, section, lines }, i) => {
    const [old, fresh] = ['+', '-'].map((sign) => lines.filter((line) => line[0] !== sign).length);
    return [...(all[i - 1]?.file === file ? [] : [`--- a/${file}`, `+++ b/${nameOf(file)}`]), `@@ -${10 * i},${old} +${10 * i},${fresh} @@ ${section}`, ...lines];
  }).join('\n');
}

/** The forms of a patch: as it was posted, and a later one that takes one of its hunks out again, or that another patch shares lines with. */
function formsOf(all: readonly Change[], random: Random): KnownForm[] {
  const first = formOf('p', 'posted', diffOf(all.slice(0, -1)), (at) => all[at]!.hunk);
  const later = formOf('p', 'merged', diffOf(all.slice(1)), (at) => all[at + 1]!.hunk);
  const other = formOf('q', 'another', diffOf(all.slice(0, 2)), () => 'q/four');
  const places = later.places.map((place) => (place.hunk === null || random.percent(60) ? place : { ...place, hunk: null, takesOut: random.pick(['p/three', 'p/off']) }));
  const named = first.places.map((place) => (random.percent(60) ? place : { ...place, where: random.pick(['alpha()', 'beta(), delta', 'delta', 'epsilon_and_more: zeta', 'nowhere']) }));
  return [{ ...first, places: named }, { ...later, places, onto: ['p/three', 'p/off'] }, ...(random.percent(50) ? [other] : [])];
}

const CATALOGUE = [
  {
    id: 'p', hunks: ['p/one', 'p/two', 'p/three', 'p/off'].map((id) => ({ id, where: '', ...(id === 'p/off' ? { notModelled: 'it is off' } : {}) })),
    variants: [{ id: 'take-1', kind: 'take', title: '', hunks: ['p/two'] }, { id: 'take-2', kind: 'take', title: '', hunks: ['p/one', 'p/three', 'p/off'] }],
  },
  { id: 'q', hunks: [{ id: 'q/four', where: '' }], variants: [] },
] as unknown as readonly Patch[];

/** What may happen to a line of a diff on its way. */
function damagedLine(line: string, random: Random): string[] {
  if (/^(---|\+\+\+|@@)/.test(line) || random.percent(88)) return [line];
  switch (random.below(9)) {
    case 0: return [];
    case 1: return [line.replace(/\t/g, '        ')];
    case 2: return [line.slice(0, 12), line.slice(12)];
    case 3: return [`${line} /* ${random.pick(WORDS)} */`];
    case 4: return [line.replace(/</g, '&lt;').replace(/&/g, '&amp;')];
    case 5: return [`${random.pick(['+', '-', ' '])}${statement(random)}`, line];
    case 6: return [`${line} /* ${random.pick(WORDS)}`, ` ${random.pick(WORDS)} ends it */`];
    case 7: return [line, ` * ${random.pick(WORDS)}, of a comment that began above`];
    default: return [`+/* ${random.pick(WORDS)}`, ` ${random.pick(WORDS)} is in a comment */`, line];
  }
}

/** What may happen to the whole. */
const DAMAGES: readonly ((text: string, random: Random) => string)[] = [
  (text) => text,
  (text) => `From: a mail\n\n${text}\n-- \n+alpha(beta);\nTo unsubscribe from it\n`,
  (text) => `${text.split('\n').map((line) => `> ${line}`).join('\n')}\n>> +\talpha(beta);\nyes\n`,
  (text) => text.split('\n').filter((line) => !/^(---|\+\+\+|@@)/.test(line)).map((line) => `>${line}`).join('\n'),
  (text) => text.split('\n').filter((line) => !/^(---|\+\+\+)/.test(line)).map((line, i) => `${i % 11 < 7 ? '>' : '> > '}${line}`).join('\n'),
  (text) => text.split('\n').filter((line) => !/^ /.test(line)).join('\n'),
  (text) => text.replace(/^--- .*$/m, '--- /dev/null').replace(/^-/gm, (sign, at: number) => (at % 3 === 0 ? '' : sign)),
  (text) => `Content-Transfer-Encoding: quoted-printable\n\n${text.replace(/[=]/g, '=3D').replace(/(.{30})/g, '$1=\n')}\n`,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replace(/@@ .*$/m, '@@ -1 +1 @@'),
  (text) => text.replace(/^@@ -(\d+),(\d+)/gm, (_, at: string, old: string) => `@@ -${at},${Math.max(0, Number(old) - 3)}`),
  (text, random) => `${text}\nIndex: more\n${diffOf(changes(random).slice(0, 2))}\n\\ No newline at end of file\n`,
  (text) => `${text}\n--- a/e.c\n+++ b/e.c\n@@ -1,2 +1,9 @@\n${WORDS.map((word) => `+\t${word}_of_its_own();`).join('\n')}\n+++ more();\n`,
  (text) => `${text}\n \n+\talpha(beta);\n \n \n \n \n+\tbeta(gamma);\n`,
];

function invented(seed: number): Lines {
  const random = new Random(seed);
  const all = changes(random);
  const forms = formsOf(all, random);
  const kept = all.slice(random.below(2)).filter(() => random.percent(80));
  const renames = random.percent(60);
  const whole = diffOf(kept, (file) => (renames && random.percent(50) ? random.pick(RENAMED[file] ?? [file]) : file));
  const text = random.pick(DAMAGES)(whole.split('\n').flatMap((line) => damagedLine(line, random)).join('\n'), random);
  const recognised = recogniseDiffs(CATALOGUE, text, forms);
  return {
    [`forms ${seed}`]: JSON.stringify(forms),
    [`diff ${seed}`]: `${recognised.map(({ patches, unknown }) => `${patches.map(({ patch, present, partial }) => `${patch}: ${present.length} whole, ${partial.length} in part`).join(', ')}; ${unknown.length} unknown`).join('; ')}: ${JSON.stringify([recognised, parseDiffs(text), recognised.map(describeDiff)])}`,
  };
}

/** The diffs of steps/fixtures, alone, one behind the other, and damaged. */
function shipped(): Lines {
  const texts = ['flush-tlb-part', 'ring', 'take-1', 'two'].map((name) => textOfFile(`steps/fixtures/diffs/${name}.diff`));
  const pairs = [...texts, ...texts.flatMap((one) => texts.map((other) => `${one}${other}`)), 'no diff', '--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-alpha\n+beta\n', '>>+alpha();\n>>-beta();\n',
    ...[4, 5, 6, 7].map((count) => WORDS.concat(WORDS).slice(0, count).map((word, i) => `--- a/${word}${i}.c\n+++ b/${word}${i}.c\n@@ -1 +1 @@\n-alpha\n+beta\n`).join('')),
    ...[5, 6, 7].map((count) => `${texts[0]!}${WORDS.concat(WORDS).slice(0, count).map((word, i) => `--- a/${word}${i}.c\n+++ b/${word}${i}.c\n@@ -1 +1 @@\n-alpha\n+beta\n`).join('')}`),
  ];
  return Object.fromEntries(pairs.flatMap((text, i) => [0, 1, 2].map((way) => {
    const random = new Random(3 * i + way);
    const damaged = way === 0 ? text : DAMAGES[way + 1]!(text.split('\n').flatMap((line) => damagedLine(line, random)).join('\n'), random);
    return [`shipped ${i + 1}, ${way}`, orRefusal(() => {
      const { selection, diff } = selectionOfText(damaged, 'the text', 'take one of them');
      return [selection, ...describeDiff(diff)].join('\n');
    })];
  })));
}

export const diffs = (): Lines => ({ ...read(), ...shipped(), ...Object.assign({}, ...Array.from({ length: SEEDS }, (_, i) => invented(i + 1))) as Lines });
