import { exit_mm } from '../../kernel/linux-2.6/mm/exit-mmap';
import { switch_mm_lazily } from '../../kernel/xen/context-switch';
import { XenInFlux } from '../../hypervisors/xen/frames/flux';
import { __pte_alloc } from '../../kernel/linux-2.6/mm/memory';
import { xen_activate_mm } from '../../kernel/xen/mmu';
import { vmalloc_sync_all } from '../../kernel/xen/vmalloc-sync';
import { flushUnderPageTableLock, mapFile, sharedFile } from './cast';
import type { XenBackgroundOptions } from './background';
import { MACHINE, situation } from './situation';
import type { Choice, Situation } from '../types';

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

/** An address for which vmalloc() has just added another pte page to init_mm. */
const VMALLOC_START = 0xd0000000;

const HYPERVISORS = ['Xen 3.2', 'Xen 4.0', 'Xen 4.0 with retries'];

function hypervisorFor({ parameters }: Choice): XenBackgroundOptions['hypervisor'] {
  if (parameters['xen'] === 'Xen 3.2') return undefined;
  const retries = parameters['xen'] === 'Xen 4.0' ? 0 : 5;
  return (store, memory, options) => new XenInFlux(store, memory, { ...options, retries });
}

/** A task copies a new kernel entry to all page tables while one of them is pinned or unpinned. */
const sync = situation('sync', 'A module is loaded, whose memory from vmalloc() is made known to all page tables, while a shell calls execve() or exits.', {
  release: { ...MACHINE['release']!, legal: ['2.6.25', '2.6.28'], initially: '2.6.25' }, pae: MACHINE['pae']!, NR_CPUS: MACHINE['NR_CPUS']!,
  xen: { about: 'the hypervisor: the lock of the domain around each call, or a type that can be seen in flux', legal: HYPERVISORS, initially: 'Xen 4.0' },
  shell: { about: 'what the shell does with its page table', legal: ['pins', 'unpins', 'waits for a flush'], initially: 'pins' },
}, (background, choice) => {
  const { kernel, cpus } = background;
  kernel.walksPgdList = true;
  const file = sharedFile(background, 1);
  const mm = mapFile(background, 'shell.mm', file, false);
  background.freePages(['vmalloc.pte']);
  background.run(__pte_alloc(kernel, kernel.init_mm, VMALLOC_START));
  if (choice.parameters['shell'] === 'pins') {
    background.task('shell', cpus[0]!, null, () => xen_activate_mm(kernel, kernel.init_mm, mm));
  } else {
    background.pinned(mm);
    const exits = choice.parameters['shell'] === 'unpins';
    background.task('shell', cpus[0]!, mm, () => (exits ? exit_mm(kernel, [file.map]) : flushUnderPageTableLock(kernel, mm)));
  }
  background.task('insmod', cpus[1]!, null, () => vmalloc_sync_all(kernel, VMALLOC_START));
  return [mm];
}, {
  hypervisor: hypervisorFor, requirements: ['pteWritesLand', 'xenRefusesNothing', 'freedTablesUnwritten'], invariants: ['pteWritesLand', 'xenRefusesNothing', 'freedTablesUnwritten'], reviewed: [],
  leavesOut: ['other changes to the pin code since 2.6.24, which do not touch this', 'that a refused call only warns from 2.6.30 on'],
});

export const xenNeighbourSituations: readonly Situation[] = [lazyCr3, sync];
