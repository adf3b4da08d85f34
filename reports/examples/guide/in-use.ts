// The code of the guide (machine/situations/scenes/GUIDE.md), as one file: checked for types with everything else.
// The suite compares it with the page.

import { explore } from '../../../machine/explorer/explore';
import type { Kernel } from '../../../machine/kernel/kernel';
import { READ_ONCE, smp_mb, WRITE_ONCE } from '../../../machine/kernel/words/access';
import { bool } from '../../../machine/kernel/words/widths';
import { path, type Path } from '../../../machine/path';
import { put_page, userRead, type Page, type Pages } from '../../../machine/situations/scenes/pages';
import { SmpScene } from '../../../machine/situations/scenes/smp';

const use_page = path(function* use_page(k: Kernel, pages: Pages): Path {
  yield* WRITE_ONCE(k.words.word<boolean>('in_use'), true);
  if (k.after('in-use/reader')) yield* smp_mb();
  if (yield* READ_ONCE(k.words.word<boolean>('gone'))) return;
  yield* userRead(pages, 0x08048000);
});

const drop_page = path(function* drop_page(k: Kernel, page: Page): Path {
  yield* WRITE_ONCE(k.words.word<boolean>('gone'), true);
  if (k.after('in-use/dropper')) yield* smp_mb();
  if (yield* READ_ONCE(k.words.word<boolean>('in_use'))) return;
  yield* put_page(page);
});

const machine = (order: 'SC' | 'TSO', ...hunks: string[]) => () => {
  const scene = new SmpScene({ cpus: 2, release: '6.14', hunks: new Set(hunks), config: { X86_64: true }, processor: { order } });
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d, { mm, va: 0x08048000 });
  scene.kernel.words.declare('in_use', bool, { initially: false });
  scene.kernel.words.declare('gone', bool, { initially: false });
  const [one, other] = scene.cpus;
  for (const cpu of scene.cpus) cpu.cr3 = mm.pgd;
  scene.task(one!, 'reader', () => use_page(scene.kernel, scene.pages), { mm });
  scene.task(other!, 'dropper', () => drop_page(scene.kernel, page), { mm });
  return scene.system([scene.pages.freedPageUnreached], () => `the page is ${page.state}`);
};

export const holds = (order: 'SC' | 'TSO', ...hunks: string[]) => explore(machine(order, ...hunks)).holds;
