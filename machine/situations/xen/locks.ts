import { dup_mmap } from '../../kernel/linux-2.6/mm/fork';
import { __do_fault, move_ptes } from '../../kernel/linux-2.6/mm/memory';
import type { Mm } from '../../kernel/task';
import { xen_activate_mm } from '../../kernel/xen/mmu';
import { backwards, copied, fileFlags, forkingShell, interruptsUnderLock, mapFile, sharedFile, VISITS, type SharedFile } from './cast';
import type { XenBackground } from './background';
import { count, MACHINE, situation } from './situation';
import type { Situation } from '../types';

// Pinning holds the locks of several pte pages; which other paths do?

const OTHERS = ['fork', 'mremap', 'reclaim', 'a high page', 'backwards', 'interrupts under the lock'];

/** A shell forks while others hold the locks of two pte pages at once, or come through the reverse mapping. */
const twoLocks = situation('two-locks', 'A shell forks while other CPUs hold the locks of two pte pages at once.', {
  release: MACHINE['release']!, pae: MACHINE['pae']!, NR_CPUS: MACHINE['NR_CPUS']!, pages: MACHINE['pages']!,
  first: { about: 'what the second CPU does', legal: OTHERS, initially: 'fork' },
  second: { about: 'what the third CPU does', legal: [...OTHERS, 'nothing'], initially: 'nothing' },
}, (background, choice) => {
  const { kernel, cpus } = background;
  const file = sharedFile(background, count(choice));
  const shell = background.pinned(mapFile(background, 'shell.mm', file, false));
  const bprm = mapFile(background, 'bprm.mm', file, false);
  background.task('shell', cpus[0]!, shell, () => xen_activate_mm(kernel, shell, bprm));
  [choice.parameters['first'], choice.parameters['second']].forEach((what, i) => addOther(background, i + 1, String(what), file, bprm));
  return [bprm];
});

/** A task on `cpu` that holds pte locks of other address spaces, or of the one that is being pinned. */
function addOther(background: XenBackground, cpu: number, what: string, file: SharedFile, pinned: Mm): void {
  const { kernel } = background;
  const on = background.cpus[cpu];
  if (on === undefined || what === 'nothing') return;
  const table = kernel.ptePage(kernel.pgdPage(pinned), file.populated[0]!)!;
  if (what === 'fork') {
    const { parent, child } = forkingShell(background, file, `make${cpu}`, false);
    background.freePages(file.pages.map((_, i) => `make${cpu}.child.pte${i}`));
    background.task(`make${cpu}`, on, parent, () => dup_mmap(kernel, child, parent, [copied(file)]));
  } else if (what === 'mremap') {
    const mm = background.pinned(mapFile(background, `realloc${cpu}.mm`, file, false));
    background.freePages([`realloc${cpu}.pte`]);
    background.task(`realloc${cpu}`, on, mm, () => move_ptes(kernel, mm, file.map, file.populated[0]!, file.end));
  } else if (what === 'a high page') {
    const mm = background.pinned(background.addressSpace(`editor${cpu}.mm`, []));
    background.freePages([`editor${cpu}.pte`], { highmem: true });
    const entry = kernel.pte(file.pages[0]!.page, fileFlags('private', false));
    background.task(`editor${cpu}`, on, mm, () => __do_fault(kernel, mm, file.populated[0]!, entry));
  } else if (what === 'backwards') {
    background.task('backwards', on, null, () => backwards(kernel, pinned, table));
  } else if (what === 'interrupts under the lock') {
    background.task('flusher', on, null, () => interruptsUnderLock(kernel, pinned, table));
  } else {
    background.task(`kswapd${cpu}`, on, null, () => VISITS['reclaim']!.visit(kernel, file.pages[0]!));
  }
}

export const xenLockSituations: readonly Situation[] = [twoLocks];
