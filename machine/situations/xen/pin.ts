import { do_execve } from '../../kernel/linux-2.6/mm/exec';
import { exit_mm, exitUntilUnpinned } from '../../kernel/linux-2.6/mm/exit-mmap';
import { dup_mmap } from '../../kernel/linux-2.6/mm/fork';
import type { Mm } from '../../kernel/task';
import type { XenKernel } from '../../kernel/xen/guest';
import { xen_activate_mm, xen_exit_mmap } from '../../kernel/xen/mmu';
import { path, type Path } from '../../path';
import { chosenFile, copied, forkingShell, mapFile, touchAll, visitors } from './cast';
import { larger, MAPPED, RACE, RACE_REQUIREMENTS, situation, VISIT, young } from './situation';
import { xenLockSituations } from './locks';
import { xenNeighbourSituations } from './neighbours';
import { xenTableSituations } from './tables';
import type { Situation } from '../types';

// Thread 004: one CPU gives an address space to Xen, or takes it back, while
// other CPUs come to its pages through the reverse mapping.

/** A shell forks; the child's new page table is pinned at the end of dup_mmap(). */
const fork = situation('fork', 'A shell forks while other CPUs reclaim, write back or truncate the file that it maps.', {
  ...RACE, ...VISIT, ...MAPPED, ...larger(16, 1, 'last'),
}, (background, choice) => {
  const file = chosenFile(background, choice);
  const { parent, child } = forkingShell(background, file, 'shell', young(choice));
  background.freePages(file.pages.map((_, i) => `child.pte${i}`));
  background.task('shell', background.cpus[0]!, parent, () => dup_mmap(background.kernel, child, parent, [copied(file)]));
  visitors(background, choice, file);
  return [child];
}, { requirements: RACE_REQUIREMENTS, reviewed: [{}, { pages: 2, visited: 'any' }, { pages: 28 }, { release: '2.6.24', splitFrom: 'released', pages: 1 }] });

/** A shell calls execve(); the new address space has its argument pages already, and is pinned when it is switched to. */
const exec = situation('exec', 'A shell calls execve() while another CPU visits the pages of the new stack.', {
  ...RACE, ...VISIT, ...larger(28, 1, 'telling'), visit: { ...VISIT['visit']!, legal: ['reclaim', 'aging'] },
  mapped: { about: 'how the pages are mapped: a new stack is anonymous', legal: ['anonymous'], initially: 'anonymous' },
  loads: { about: 'whether the file is a program that can be loaded; else execve() fails', legal: [true, false], initially: true },
}, (background, choice) => {
  const stack = chosenFile(background, choice);
  const shell = background.pinned(background.addressSpace('shell.mm', []));
  const bprm = mapFile(background, 'bprm.mm', stack, young(choice));
  shell.mm_users = 2; // a parent that called vfork() still uses the old one
  const loads = choice.parameters['loads'] === true;
  background.task('shell', background.cpus[0]!, shell, () => do_execve(background.kernel, bprm, [stack.map], [], loads));
  visitors(background, choice, stack);
  return [bprm];
}, { leavesOut: ['the old address space, which a vfork()ing parent keeps'], requirements: RACE_REQUIREMENTS, reviewed: [{}, { pages: 1, young: true }] });

/** A task exits; its page table is unpinned before it is torn down. */
const exit = situation('exit', 'An editor exits while other CPUs reclaim, write back or truncate the file that it maps.', {
  ...RACE, ...VISIT, ...MAPPED, ...larger(32, 2, 'telling'),
  until: { about: 'how far the exit is followed: until its page table is ordinary memory again, or until it is freed', legal: ['unpinned', 'gone'], initially: 'unpinned' },
}, (background, choice) => {
  const file = chosenFile(background, choice);
  const mm = background.pinned(mapFile(background, 'editor.mm', file, young(choice)));
  background.task('editor', background.cpus[0]!, mm, () => (choice.parameters['until'] === 'gone' ? exit_mm(background.kernel, [file.map]) : exitUntilUnpinned(background.kernel)));
  visitors(background, choice, file);
  return [mm];
}, { requirements: RACE_REQUIREMENTS, reviewed: [{}, { pages: 2, until: 'gone' }] });

const pinAndTouch = path(function* pinAndTouch(k: XenKernel, mm: Mm, unpin: boolean): Path {
  yield* xen_activate_mm(k, mm, mm);
  if (unpin) yield* xen_exit_mmap(k, mm);
});

/** The bare program of the SPIN model, which is used in many comparisons: one CPU pins, others change an entry of every page under its lock. */
const pin = situation('pin', 'One CPU pins an address space, others change an entry in each of its pte pages.', {
  ...RACE, rounds: { about: 'how often each visitor goes over the pages', legal: [1, 2], initially: 1 }, unpin: { about: 'whether it is unpinned again', legal: [false, true], initially: false },
}, (background, choice) => {
  const { kernel, cpus } = background;
  const file = chosenFile(background, choice);
  const mm = mapFile(background, 'bprm.mm', file, false);
  const tables = kernel.userPtePages(kernel.pgdPage(mm)).map(({ page }) => page);
  background.task('shell', cpus[0]!, null, () => pinAndTouch(kernel, mm, choice.parameters['unpin'] === true));
  background.exchangeable(cpus.slice(1).map((cpu, i) => background.task(`visitor${i}`, cpu, null, () => touchAll(kernel, mm, tables, Number(choice.parameters['rounds'])))));
  return [mm];
}, { leavesOut: ['the reverse mapping: the visitors know the pages'] });

export const xenPinSituations: readonly Situation[] = [fork, exec, exit, ...xenTableSituations, ...xenLockSituations, ...xenNeighbourSituations, pin];
