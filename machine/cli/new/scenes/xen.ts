// A guest of Xen with two virtual processors: one changes an entry, one reads the page.

import { camelCase, importOf, invariantOf, kernelFolder } from '../names';
import { ownWords } from './own-words';
import type { NewScene } from './scene';

export const xen: NewScene = {
  about: 'a guest of Xen: two virtual processors and a pinned address space',
  ...ownWords,
  kernelPath: (names) => {
    const of = (file: string): string => importOf(names, kernelFolder(names), file);
    const name = camelCase(names.patch);
    return `import { owed } from '${of('kernel/owed')}';
import type { Mm } from '${of('kernel/task')}';
import type { XenKernel } from '${of('kernel/xen/guest')}';
import { ptep_clear_flush, type Ptep } from '${of('kernel/xen/pgtable')}';
import { path, type Path } from '${of('path')}';

// owed: the paths that the patch changes. Name this file after the C file.

/** owed: FILE:FIRST-LAST (RELEASE), FUNCTION() */
export const ${name} = path(function* ${name}(k: XenKernel, mm: Mm, ptep: Ptep): Path {
  if (k.after('${names.patch}/first')) yield* owed('what the patch adds');
  yield* ptep_clear_flush(k, mm, ptep);
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
import { path, type Path } from '${of('path')}';
import { XenBackground } from '${of('situations/xen/background')}';
import { fileFlags } from '${of('situations/xen/cast')}';
import { killOnFault } from '${of('situations/scenes/smp')}';
import type { Situation } from '${of('situations/types')}';

// Thread ${thread}: owed: who does what to whom.

const PAGE = 0x08048000;

const INVARIANTS = { ${invariantOf(patch)} };

const readTwice = path(function* readTwice(): Path {
  yield* load(PAGE);
  yield* load(PAGE);
});

const first: Situation = {
  id: '${patch}/first',
  patch: '${patch}',
  title: 'owed: who does what, in one sentence',
  parameters: {
    release: { about: 'the kernel of the guest', legal: ['2.6.25', '2.6.24', '2.6.23'], initially: '2.6.25' },
    pae: { about: 'CONFIG_X86_PAE', legal: [true, false], initially: true },
  },
  invariants: Object.keys(INVARIANTS),
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['owed: what this instance leaves out'],
  build: ({ hunks, parameters, invariants }) => {
    const background = new XenBackground({ release: parameters['release'] as string, pae: parameters['pae'] as boolean, cpus: 2, hunks });
    const { kernel } = background;
    killOnFault(kernel);
    const [cpu0, cpu1] = background.cpus as [never, never];
    const mm = background.pinned(background.addressSpace('editor.mm', [{ address: PAGE, page: background.page('the page'), flags: fileFlags('shared', true) }]));
    const table = kernel.ptePage(kernel.pgdPage(mm), PAGE)!;
    background.task('unmapper', cpu0, mm, () => ${name}(kernel, mm, { table, address: PAGE }));
    background.task('reader', cpu1, mm, () => readTwice());
    return background.system(invariants.map((invariant) => INVARIANTS[invariant as keyof typeof INVARIANTS](kernel)));
  },
};

export const ${name}Situations: readonly Situation[] = [first];
`;
  },
};
