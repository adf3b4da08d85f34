// What `paravirt-spec new` writes: the smallest chapter that runs. Every sentence that the author
// still has to write begins with "owed:", which the lint finds; the invariant fails until it says
// something, so that no scenario passes before anything was decided.

import { posix } from 'node:path';
/** The names of a chapter that is to be. */
export interface ChapterNames {
  /** `switch-mm-barrier` */
  readonly patch: string;
  /** `100` */
  readonly thread: string;
  /** Whether it is written in this package, or in a project that has it installed. */
  readonly inside: boolean;
}

/** A file to write. */
export interface NewFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** `switch-mm-barrier` to `switchMmBarrier`. */
export const camelCase = (patch: string): string => patch.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The name of the one invariant that the chapter begins with. */
export const invariantOf = (patch: string): string => `${camelCase(patch)}Holds`;

export const claimsOfThread = (thread: string): string => `claims${thread}`;

/** The files of a chapter, all new. */
export function chapterFiles(names: ChapterNames): NewFile[] {
  const { patch, thread } = names;
  return [
    { path: `machine/patches/${patch}.ts`, text: patchEntry(names) },
    { path: `machine/patches/claims/${thread}.ts`, text: claims(names) },
    { path: `machine/kernel/${patch}.ts`, text: kernelPath(names) },
    { path: `machine/invariants/${patch}.ts`, text: invariant(names) },
    { path: `machine/situations/${patch}.ts`, text: situation(names) },
    { path: `features/patches/${thread}/${thread}-${patch}.feature`, text: feature(names) },
    { path: `steps/${patch}.steps.ts`, text: steps(names) },
  ];
}

/** Where a file of this package is found from a file in `machine/<part>/`. */
const of = ({ inside }: ChapterNames, part: string, file: string): string => {
  if (!inside) return `paravirt-spec/machine/${file}`;
  const path = posix.relative(part, file);
  return path.startsWith('.') ? path : `./${path}`;
};

const patchEntry = (names: ChapterNames): string => `import type { Patch } from '${of(names, 'patches', 'patches/types')}';

// Thread ${names.thread}. owed: who posted it, and when.

export const ${camelCase(names.patch)}: Patch = {
  id: '${names.patch}',
  thread: '${names.thread}',
  title: 'owed: the claim after the fix, as the feature states it',
  author: 'owed: who wrote it',
  date: 'owed: the date of the mail, as 2016-01-06',
  against: 'owed: the release that it was made against',
  quote: 'owed: the one line that a reviewer would quote',
  story: [
    'owed: what goes wrong, why, what the patch does, and what became of it; a paragraph each',
  ],
  hunks: [
    { id: '${names.patch}/first', file: 'owed: the file in the kernel tree', where: 'owed: the function', does: 'owed: what the hunk does, in one sentence' },
  ],
  variants: [],
  citations: [],
  notModelled: [],
};
`;

const claims = (names: ChapterNames): string => `import type { Claim } from '${of(names, 'patches/claims', 'patches/types')}';

// What thread ${names.thread} says, statement by statement.

export const ${claimsOfThread(names.thread)}: readonly Claim[] = [
  { id: '${names.thread}.1', says: 'owed: the first statement of the thread, in words of your own' },
];
`;

const kernelPath = (names: ChapterNames): string => `import { path, type Path } from '${of(names, 'kernel', 'path')}';
import type { Kernel } from '${of(names, 'kernel', 'kernel/kernel')}';
import { preempt_disable, preempt_enable } from '${of(names, 'kernel', 'kernel/linux-2.6/preempt')}';
import { __flush_tlb } from '${of(names, 'kernel', 'kernel/linux-2.6/tlbflush')}';

// owed: the paths that the patch changes. Name this file after the C file.

/** owed: FILE:FIRST-LAST (RELEASE), FUNCTION() */
export const ${camelCase(names.patch)} = path(function* ${camelCase(names.patch)}(k: Kernel): Path {
  if (k.after('${names.patch}/first')) yield* preempt_disable(k);
  yield* __flush_tlb(k);
  if (k.after('${names.patch}/first')) yield* preempt_enable(k);
});
`;

const invariant = (names: ChapterNames): string => `import type { Invariant } from '${of(names, 'invariants', 'explorer/system')}';
import type { Kernel } from '${of(names, 'invariants', 'kernel/kernel')}';

/** owed: what must hold, in one sentence. */
export const ${invariantOf(names.patch)} = (_k: Kernel): Invariant => ({
  name: '${invariantOf(names.patch)}',
  check: () => 'owed: nothing is decided yet; machine/invariants/${names.patch}.ts has to say what must hold (null), and who found what when it does not',
});
`;

const situation = (names: ChapterNames): string => {
  const name = camelCase(names.patch);
  return `import { load } from '${of(names, 'situations', 'hardware/instructions')}';
import { ${invariantOf(names.patch)} } from '../invariants/${names.patch}';
import { ${name} } from '../kernel/${names.patch}';
import { Background, inTurn, Steps } from '${of(names, 'situations', 'situations/flush-tlb/background')}';
import type { Situation } from '${of(names, 'situations', 'situations/types')}';

// Thread ${names.thread}: owed: who does what to whom.

const PAGE = 0x08048000;

const INVARIANTS = { ${invariantOf(names.patch)} };

const first: Situation = {
  id: '${names.patch}/first',
  patch: '${names.patch}',
  title: 'owed: who does what, in one sentence',
  parameters: {
    preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
  },
  invariants: Object.keys(INVARIANTS),
  bounds: {},
  leavesOut: ['owed: what this instance leaves out'],
  build: (choice) => {
    const background = new Background({ release: '2.6.10-rc2', config: { PREEMPT: choice.parameters['preempt'] as boolean }, hunks: choice.hunks });
    const { kernel } = background;
    const editor = background.task('editor', background.addressSpace('editor.mm', [{ va: PAGE, content: 0xed170 }]), () => inTurn(new Steps('editor', 2, () => load(PAGE))));
    background.task('kthread', null, () => ${name}(kernel));
    background.running(editor);
    background.timer();
    return background.system(choice.invariants.map((invariant) => INVARIANTS[invariant as keyof typeof INVARIANTS](kernel)));
  },
};

export const ${name}Situations: readonly Situation[] = [first];
`;
};

const feature = ({ patch, thread }: ChapterNames): string => `@seed:${thread} @patch:${patch}
Feature: owed: the claim after the fix
  owed: two to four sentences of your own. What goes wrong, why, who fixed it
  and when.

  Background:
    Given a kernel for ${patch}

  Rule: owed: the invariant, as a sentence about every correct kernel

    @before @claim:${thread}.1
    Scenario: Without the patch, some interleaving goes wrong
      Given the kernel without the patch
      When ${patch} runs in every interleaving
      Then some interleaving breaks what ${patch} is about

    @requirement @after @hunk:${patch}/first
    Scenario: With the patch, none does
      Given the kernel under review
      When ${patch} runs in every interleaving
      Then no interleaving breaks what ${patch} is about
      And the search was complete
`;

const steps = (names: ChapterNames): string => {
  const { patch } = names;
  const world = names.inside ? './support/world' : 'paravirt-spec/steps/support/world';
  return `// Thread ${names.thread}. Say in the words of a kernel developer what happens, and name this file after its noun.

import { Given, Then, When } from '@cucumber/cucumber';
import type { MachineWorld } from '${world}';

Given('a kernel for ${patch}', function (this: MachineWorld) {
  this.exploration.situation('${patch}/first');
});

When('${patch} runs in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('some interleaving breaks what ${patch} is about', function (this: MachineWorld) {
  this.exploration.expectSome('${invariantOf(patch)}', 'who found what in place of what');
});

Then('no interleaving breaks what ${patch} is about', function (this: MachineWorld) {
  this.exploration.expectNone('${invariantOf(patch)}');
});
`;
};
