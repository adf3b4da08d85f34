// What `paravirt-spec new` writes: the smallest chapter that runs. Every sentence that the author
// still has to write begins with "owed:", which lint finds; no scenario passes before anything has
// been decided.

import { camelCase, claimsOfThread, importOf, kernelFolder, type ChapterNames, type NewFile } from './names';
import { boot } from './scenes/boot';
import type { NewScene } from './scenes/scene';
import { scheduler } from './scenes/scheduler';
import { smp } from './scenes/smp';
import { xen } from './scenes/xen';

/** The settings for a chapter. */
export const SCENES: Readonly<Record<string, NewScene>> = { smp, scheduler, xen, boot };

/** The files of a chapter, all new. */
export function chapterFiles(names: ChapterNames, scene: NewScene): NewFile[] {
  const { patch, thread } = names;
  return [
    { path: `machine/patches/${patch}.ts`, text: patchEntry(names) },
    { path: `machine/patches/claims/${thread}.ts`, text: claims(names) },
    { path: `machine/${kernelFolder(names)}/${patch}.ts`, text: scene.kernelPath(names) },
    { path: `machine/situations/${patch}.ts`, text: scene.situation(names) },
    ...scene.further(names),
    { path: `features/patches/${thread}/${thread}-${patch}.feature`, text: feature(names, scene.words(names)) },
  ];
}

const patchEntry = (names: ChapterNames): string => `import type { Patch } from '${importOf(names, 'patches', 'patches/types')}';

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

const claims = (names: ChapterNames): string => `import type { Claim } from '${importOf(names, 'patches/claims', 'patches/types')}';

// What thread ${names.thread} says, statement by statement.

export const ${claimsOfThread(names.thread)}: readonly Claim[] = [
  { id: '${names.thread}.1', says: 'owed: the first statement of the thread, in words of your own' },
];
`;

const feature = ({ patch, thread }: ChapterNames, { given, when, some, none }: ReturnType<NewScene['words']>): string => `@seed:${thread} @patch:${patch}
Feature: owed: the claim after the fix
  owed: two to four sentences of your own. What goes wrong, why, who fixed it
  and when.

  Background:
    Given ${given}

  Rule: owed: the invariant, as a sentence about every correct kernel

    @before @claim:${thread}.1
    Scenario: Without the patch, some interleaving goes wrong
      Given the kernel without the patch
      When ${when}
      Then ${some}

    @requirement @after @hunk:${patch}/first
    Scenario: With the patch, no interleaving goes wrong
      Given the kernel under review
      When ${when}
      Then ${none}
      And the search was complete
`;
