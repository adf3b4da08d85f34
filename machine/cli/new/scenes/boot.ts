// A PC on which a kernel boots through the chapter's own list of steps.

import { camelCase, importOf, invariantOf, kernelFolder } from '../names';
import { ownWords } from './own-words';
import type { NewScene } from './scene';

export const boot: NewScene = {
  about: 'a PC that boots: memory map, command line, early mappings',
  ...ownWords,
  kernelPath: (names) => {
    const of = (file: string): string => importOf(names, kernelFolder(names), file);
    const name = camelCase(names.patch);
    return `import type { BootKernel } from '${of('kernel/boot/boot-kernel')}';
import { parse_setup_data, setup_memory_map } from '${of('kernel/boot/e820')}';
import { parse_early_param } from '${of('kernel/boot/early-param')}';
import { early_ioremap_init } from '${of('kernel/boot/ioremap')}';
import { owed } from '${of('kernel/owed')}';
import { path, type Path } from '${of('path')}';

// owed: the steps of setup_arch() that the patch is about, in the order of the release.

/** owed: FILE:FIRST-LAST (RELEASE), FUNCTION() */
export const ${name} = path(function* ${name}(k: BootKernel): Path {
  if (k.after('${names.patch}/first')) yield* owed('what the patch adds');
  yield* early_ioremap_init(k);
  yield* setup_memory_map(k);
  yield* parse_setup_data(k);
  yield* parse_early_param(k);
});
`;
  },
  situation: (names) => {
    const of = (file: string): string => importOf(names, 'situations', file);
    const { patch, thread } = names;
    const name = camelCase(patch);
    return `import { ${invariantOf(patch)} } from '../invariants/${patch}';
import { ${name} } from '../kernel/${patch}/${patch}';
import { BootMachine, PLAIN_CASE } from '${of('situations/boot/machine')}';
import type { Situation } from '${of('situations/types')}';

// Thread ${thread}: owed: who does what to whom.

const INVARIANTS = { ${invariantOf(patch)} };

const first: Situation = {
  id: '${patch}/first',
  patch: '${patch}',
  title: 'owed: who does what, in one sentence',
  parameters: {
    ram: { about: 'MiB of RAM', legal: [2048, 256, 4096], initially: 2048 },
    setupData: { about: 'what the boot loader passes on the setup_data list', legal: ['short', 'none', 'long'], initially: 'short' },
  },
  invariants: Object.keys(INVARIANTS),
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['owed: what this instance leaves out'],
  build: ({ hunks, parameters, invariants }) => {
    const { ram, setupData } = parameters;
    const machine = new BootMachine({ release: '2.6.28-rc8', hunks, config: {} });
    machine.prepare({ ...PLAIN_CASE, ramMiB: ram as number, setupData: setupData as never }, ${name}(machine.kernel));
    return machine.system(invariants.map((invariant) => INVARIANTS[invariant as keyof typeof INVARIANTS](machine.kernel)));
  },
};

export const ${name}Situations: readonly Situation[] = [first];
`;
  },
};
