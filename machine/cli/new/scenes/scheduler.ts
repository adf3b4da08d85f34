// One processor of 2.6.10 with its scheduler: tasks that can be preempted anywhere.

import { camelCase, importOf, invariantOf, kernelFolder } from '../names';
import { ownWords } from './own-words';
import type { NewScene } from './scene';

export const scheduler: NewScene = {
  about: 'one processor with its scheduler, tasks, a timer',
  ...ownWords,
  kernelPath: (names) => {
    const of = (file: string): string => importOf(names, kernelFolder(names), file);
    const name = camelCase(names.patch);
    return `import type { Kernel } from '${of('kernel/kernel')}';
import { owed } from '${of('kernel/owed')}';
import { path, type Path } from '${of('path')}';

// owed: the paths that the patch changes. Name this file after the C file.

/** owed: FILE:FIRST-LAST (RELEASE), FUNCTION() */
export const ${name} = path(function* ${name}(k: Kernel): Path {
  if (k.after('${names.patch}/first')) yield* owed('what the patch adds');
  yield* owed('what is there before and after');
});
`;
  },
  situation: (names) => {
    const of = (file: string): string => importOf(names, 'situations', file);
    const { patch, thread } = names;
    const name = camelCase(patch);
    return `import { load } from '${of('hardware/instructions')}';
import { ${invariantOf(patch)} } from '../invariants/${patch}';
import { ${name} } from '../kernel/${patch}/${patch}';
import { Background, inTurn, Steps } from '${of('situations/flush-tlb/background')}';
import type { Situation } from '${of('situations/types')}';

// Thread ${thread}: owed: who does what to whom.

const PAGE = 0x08048000;

const INVARIANTS = { ${invariantOf(patch)} };

const first: Situation = {
  id: '${patch}/first',
  patch: '${patch}',
  title: 'owed: who does what, in one sentence',
  parameters: {
    preempt: { about: 'CONFIG_PREEMPT', legal: [true, false], initially: true },
  },
  invariants: Object.keys(INVARIANTS),
  ownHunksOnly: true,
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
  },
};
