import { exit_mm } from '../kernel/exit-mmap';
import { switch_mm_lazily } from '../kernel/xen/context-switch';
import { mapFile, sharedFile } from './xen-cast';
import { MACHINE, situation } from './xen-situation';
import type { Situation } from './types';

// What came before and after the patch: other ways in which the guest and Xen
// can disagree about who may write a page table.

/** An editor exits while another CPU is just switching away from its address space, which it had borrowed. */
const lazyCr3 = situation('lazy-cr3', 'An editor exits while another CPU switches from its borrowed address space to another one.', {
  release: MACHINE['release']!, pae: MACHINE['pae']!,
}, (background) => {
  const { kernel, cpus } = background;
  const file = sharedFile(background, 1);
  const mm = background.pinned(mapFile(background, 'editor.mm', file, false));
  const browser = background.pinned(background.addressSpace('browser.mm', []));
  background.task('editor', cpus[0]!, mm, () => exit_mm(kernel, [file.map]));
  background.task('kthread', cpus[1]!, null, () => switch_mm_lazily(kernel, mm, browser), mm);
  return [mm];
});

export const xenNeighbourSituations: readonly Situation[] = [lazyCr3];
