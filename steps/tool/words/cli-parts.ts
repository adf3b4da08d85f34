// Small parts of the command line, for tables: how a diff is recognised, what `new` writes into a feature, the operations of a path by name.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEdits } from '../../../machine/cli/mutate/mutation';
import { removal } from '../../../machine/cli/neighbours/neighbour';
import type * as Templates from '../../../machine/cli/new/templates';
import type { Project } from '../../../machine/cli/project';
import type * as PathOperations from '../../../machine/cli/sources/path-operations';
import { pathsIn } from '../../../machine/cli/sources/paths';
import { ADVISORIES, lastAndFirst } from '../../../machine/hypervisors/xen/releases/advisories';
import { errorName, grantStatusName } from '../../../machine/hypervisors/xen/public/xen';
import { interruptsComeBack } from '../../../machine/invariants/quiet-ends';
import { READ_ONCE, smp_store_release, this_cpu_write, write, WRITE_ONCE } from '../../../machine/kernel/words/access';
import { describeDiff } from '../../../machine/patches/diff/choice';
import type { KnownForm, KnownPlace } from '../../../machine/patches/diff/known';
import { recogniseDiffs } from '../../../machine/patches/diff/recognise';
import { digestOf, normalised } from '../../../machine/patches/diff/text';
import type { Patch } from '../../../machine/patches/types';

const RING: Patch = {
  id: 'ring', thread: '999', title: '', author: '', date: '', against: '', story: [], quote: '', citations: [], notModelled: [], variants: [],
  hunks: ['ring/one', 'ring/two', 'ring/three'].map((id) => ({ id, file: 'kernel/ring.c', where: '', does: '' })),
};

/** Splits `fill(): +lock(); , a = 1;` into the text before the colon, and lines. */
function placed(text: string): { readonly at: string; readonly lines: readonly string[] } {
  const [, at, lines] = /^(.*?): *(.*)$/s.exec(text.trim())!;
  return { at: at!, lines: lines!.split(' , ').filter((line) => line !== '') };
}

const digest = (line: string): string => digestOf(normalised(line));

/** `one in fill(): +lock(); ~ a = 1;`, or `nothing in ring.h: +int stop;`, or `without one in fill(): -lock();`. */
function knownPlace(text: string): KnownPlace {
  const [own, near = ''] = text.split(' ~ ');
  const { at, lines } = placed(own!);
  const [, without, name, where] = /^(without )?(\w+) in (.*)$/.exec(at)!;
  return {
    hunk: without !== undefined || name === 'nothing' ? null : `ring/${name}`, ...(without === undefined ? {} : { takesOut: `ring/${name}` }), file: 'kernel/ring.c', where: where!,
    lines: lines.map((line) => `${line[0]}${digest(line.slice(1))}`).join(' '), near: near.split(' , ').filter((line) => line !== '').map(digest).join(' '),
  };
}

/** The report on a diff of kernel/ring.c, chunk by chunk, if the catalogue has these forms of the patch. */
function recognised(forms: readonly string[], diff: string): string {
  const known = forms.map((form, i): KnownForm => {
    const places = form.split(' / ').map(knownPlace);
    const onto = places.flatMap(({ takesOut }) => takesOut ?? []);
    return { patch: 'ring', source: `form ${i + 1}`, places, ...(onto.length === 0 ? {} : { onto }) };
  });
  const chunks = diff.split(' / ').map(placed).map(({ at, lines }, i) => [`@@ -${10 * i + 1},9 +${10 * i + 1},9 @@ ${at}`, ...lines.map((line) => (/^[+-]/.test(line) ? `${line[0]}\t${line.slice(1)}` : ` \t${line}`))].join('\n'));
  const found = recogniseDiffs([RING], `--- a/kernel/ring.c\n+++ b/kernel/ring.c\n${chunks.join('\n')}\n`, known);
  return found.map((one) => describeDiff(one).map((line) => line.trim().replace(/ {2,}/g, ' ')).join('; ')).join(' // ');
}

const wordsOfScene = (name: string): object => {
  const { SCENES } = module.require('../../../machine/cli/new/templates') as typeof Templates;
  return SCENES[name]!.words({ patch: 'late-wakeup', thread: '117', inside: true });
};

/** `whole (a.c whole, b.c other): yield* helper(k);` as a path of that name, of these functions of the C; `y/helper (ours): …` as one in y.ts; anything else as it is. */
function sourceOf(line: string): { readonly file: string; readonly text: string } {
  const [, file = 'x', name, of, body] = /^(?:(\w)\/)?(\w+) \((.*?)\): (.*)$/.exec(line) ?? [];
  if (name === undefined) return { file, text: line };
  const docstring = of === 'ours' ? 'Ours: a helper.' : `${of!.split(', ').map((each) => each.replace(/^(\S+) (\w+)$/, 'kernel/$1:10-20 (2.6.10), $2()')).join('; ')}.`;
  return { file, text: `/** ${docstring} */\nexport const ${name} = path(function* ${name}(k: Kernel): Path { ${body} });` };
}

/** The operations of the last of these paths, by name and with what each mentions. */
function pathOperations(...lines: readonly string[]): string {
  const { PathReader } = module.require('../../../machine/cli/sources/path-operations') as typeof PathOperations;
  const root = mkdtempSync(join(tmpdir(), 'paravirt-spec-paths-'));
  const sources = lines.map(sourceOf);
  try {
    mkdirSync(join(root, 'machine', 'kernel'), { recursive: true });
    const paths = ['y', 'x'].flatMap((name) => {
      const file = `machine/kernel/${name}.ts`;
      const text = sources.filter((one) => one.file === name).map((one) => `${one.text}\n`).join('');
      writeFileSync(join(root, file), text);
      return pathsIn(file, text);
    });
    const project: Project = { root, home: root, hasOwn: false };
    return new PathReader(paths, project).operationsOf(paths.at(-1)!).map(({ name, mentions, ofHunk }) => `${ofHunk ? 'hunk: ' : ''}${name} (${[...mentions].join(' ')})`).join('; ');
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The text without the part between the marks, which is removed like a statement. */
function withoutMarked(marked: string): string {
  const [before, taken, after] = marked.split('|') as [string, string, string];
  const text = before + taken + after;
  return applyEdits(text, [removal(before.length, before.length + taken.length, text)]);
}

/** What the invariant says about a CPU with interrupts off, which is at `text` in these paths. */
const atTheEnd = (IF: boolean, text: string, ...paths: readonly string[]): string => interruptsComeBack([{ IF, describe: () => ({ context: 'editor', paths, text }) } as never]).check() ?? 'nothing';

const place = (name: string) => ({ name }) as never;

const LABELS: Readonly<Record<string, (value: never) => { readonly text: string }>> = {
  READ_ONCE: () => READ_ONCE(place('x')), WRITE_ONCE: (value) => WRITE_ONCE(place('x'), value), write: (value) => write(place('x'), value),
  this_cpu_write: (value) => this_cpu_write(place('x'), value), smp_store_release: (value) => smp_store_release(place('x'), value),
};

/* eslint-disable @typescript-eslint/no-explicit-any -- as in words.ts */
export const CLI_PARTS: Readonly<Record<string, (...given: any[]) => unknown>> = {
  recognised, wordsOfScene, pathOperations, withoutMarked, atTheEnd, errorName, grantStatusName,
  label: (name: string, value?: unknown) => LABELS[name]!(value as never).text,
  lastAndFirst: (id: string) => {
    const { last, first } = lastAndFirst(ADVISORIES.find((one) => one.id === id)!);
    return `${last}, ${first}`;
  },
};
/* eslint-enable @typescript-eslint/no-explicit-any */
