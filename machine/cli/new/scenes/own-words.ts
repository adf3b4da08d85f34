// For a chapter whose scene has no steps of its own: an invariant that says nothing yet, and
// the steps.

import { importOf, invariantOf, type ChapterNames } from '../names';
import type { NewScene } from './scene';

export const ownWords: Pick<NewScene, 'further' | 'words'> = {
  further: (names) => [
    { path: `machine/invariants/${names.patch}.ts`, text: invariant(names) },
    { path: `steps/${names.patch}.steps.ts`, text: steps(names) },
  ],
  words: ({ patch }) => ({
    given: `a kernel for ${patch}`,
    when: `${patch} runs in every interleaving`,
    some: `some interleaving breaks what ${patch} is about`,
    none: `no interleaving breaks what ${patch} is about`,
  }),
};

const invariant = (names: ChapterNames): string => `import type { Invariant } from '${importOf(names, 'invariants', 'explorer/system')}';
import type { Kernel } from '${importOf(names, 'invariants', 'kernel/kernel')}';

/** owed: what must hold, in one sentence. */
export const ${invariantOf(names.patch)} = (_k: Kernel): Invariant => ({
  name: '${invariantOf(names.patch)}',
  check: () => 'owed: nothing is decided yet; machine/invariants/${names.patch}.ts has to say what must hold (null), and who found what when it does not',
});
`;

const steps = (names: ChapterNames): string => {
  const { patch, thread, inside } = names;
  const { given, when, some, none } = ownWords.words(names);
  return `// Thread ${thread}. Say in the words of a kernel developer what happens, and name this file after its noun.

import { Given, Then, When } from '@cucumber/cucumber';
import type { MachineWorld } from '${inside ? './support/world' : 'paravirt-spec/steps/support/world'}';

Given('${given}', function (this: MachineWorld) {
  this.exploration.situation('${patch}/first');
});

When('${when}', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('${some}', function (this: MachineWorld) {
  this.exploration.expectSome('${invariantOf(patch)}', 'who found what in place of what');
});

Then('${none}', function (this: MachineWorld) {
  this.exploration.expectNone('${invariantOf(patch)}');
});
`;
};
