// Several processors without a scheduler: one unmaps a page, another reads it.

import { camelCase, importOf, kernelFolder } from '../names';
import type { NewScene } from './scene';

export const smp: NewScene = {
  about: 'several processors, address spaces, pages that are freed and used again',
  further: () => [],
  words: ({ patch }) => ({
    given: `the situation "${patch}/first"`,
    when: 'it runs in every interleaving',
    some: 'some interleaving lets "owed: who" reach "owed: which page" after it was freed',
    none: 'no task reaches a page that was freed',
  }),
  kernelPath: (names) => {
    const of = (file: string): string => importOf(names, kernelFolder(names), file);
    const name = camelCase(names.patch);
    return `import type { Kernel } from '${of('kernel/kernel')}';
import { ptep_get_and_clear } from '${of('kernel/linux-4.14/pgtable')}';
import type { CallQueues } from '${of('kernel/linux-6/smp')}';
import type { TlbStates } from '${of('kernel/linux-6/tlbstate')}';
import { owed } from '${of('kernel/owed')}';
import type { Mm } from '${of('kernel/task')}';
import { path, type Path } from '${of('path')}';

// owed: the paths that the patch changes. Name this file after the C file.

/** owed: FILE:FIRST-LAST (RELEASE), FUNCTION() */
export const ${name} = path(function* ${name}(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, va: number): Path {
  yield* ptep_get_and_clear(k, mm, va);
  if (k.after('${names.patch}/first')) yield* owed('what the patch adds, such as flush_tlb_mm_range(k, q, t, mm, va, va + 0x1000, false)', q, t);
});
`;
  },
  situation: (names) => {
    const of = (file: string): string => importOf(names, 'situations', file);
    const { patch, thread } = names;
    const name = camelCase(patch);
    return `import type { MemoryOrder } from '${of('hardware/store-buffer')}';
import type { Kernel } from '${of('kernel/kernel')}';
import type { CallQueues } from '${of('kernel/linux-6/smp')}';
import { flush_tlb_func, type FlushTlbInfo } from '${of('kernel/linux-6/tlb-flush')}';
import { switch_mm_irqs_off } from '${of('kernel/linux-6/tlb-switch')}';
import type { TlbStates } from '${of('kernel/linux-6/tlbstate')}';
import type { Mm } from '${of('kernel/task')}';
import { path, type Path } from '${of('path')}';
import { put_page, reuse, userRead, type Page, type Pages } from '${of('situations/scenes/pages')}';
import { SmpScene, toUserMode } from '${of('situations/scenes/smp')}';
import type { Choice, Situation } from '${of('situations/types')}';
import { ${name} } from '../kernel/${patch}/${patch}';

// Thread ${thread}: owed: who does what to whom.

const PAGE = 0x08048000;

const takeAway = path(function* takeAway(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, page: Page): Path {
  yield* ${name}(k, q, t, mm, PAGE);
  yield* put_page(page);
  yield* reuse(page, 0x5ec7e7);
});

const readTwice = path(function* readTwice(pages: Pages): Path {
  yield* toUserMode();
  yield* userRead(pages, PAGE);
  yield* userRead(pages, PAGE);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, order } = parameters;
  const scene = new SmpScene({ cpus: 2, release: release as string, hunks, config: { X86_64: true }, processor: { order: order as MemoryOrder } });
  const { kernel, pages } = scene;
  const [cpu0, cpu1] = scene.cpus as [never, never];
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d, { mm, va: PAGE });
  const { t, q } = scene.calls((k, info: FlushTlbInfo) => flush_tlb_func(k, info));
  scene.killOnFault();
  for (const cpu of scene.cpus) scene.before(cpu, switch_mm_irqs_off(kernel, t, mm));
  scene.task(cpu0, 'unmapper', () => takeAway(kernel, q, t, mm, page), { mm });
  scene.task(cpu1, 'reader', () => readTwice(pages), { mm });
  for (const cpu of scene.cpus) cpu.IF = true;
  const all = { freedPageUnreached: pages.freedPageUnreached };
  return scene.system(invariants.map((one) => all[one as keyof typeof all]), () => \`the page is \${page.state}\`);
}

export const ${name}Situations: readonly Situation[] = [{
  id: '${patch}/first',
  patch: '${patch}',
  title: 'owed: who does what, in one sentence',
  parameters: {
    release: { about: 'the kernel', legal: ['6.14'], initially: '6.14' },
    order: { about: 'whether stores can wait in a buffer', legal: ['SC', 'TSO'], initially: 'SC' },
  },
  invariants: ['freedPageUnreached'],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['owed: what this instance leaves out'],
  build,
}];
`;
  },
};
