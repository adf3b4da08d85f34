import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { pteWritesLand, xenRefusesNothing } from '../../invariants/xen/pte-writes-land';
import { exec_mmap } from '../../kernel/linux-2.6/mm/exec';
import { exit_mm } from '../../kernel/linux-2.6/mm/exit-mmap';
import { switch_mm_lazily } from '../../kernel/xen/context-switch';
import type { Choice, Situation } from '../types';
import { XenBackground } from './background';
import { mapFile, sharedFile } from './cast';

// Thread 107: a program exits while another CPU, on which a kernel thread has
// borrowed its address space, switches to another one.

function build({ hunks, parameters, invariants }: Choice): ReturnType<XenBackground['system']> {
  const background = new XenBackground({ release: parameters['release'] as string, pae: parameters['pae'] as boolean, cpus: 2, hunks });
  const { kernel, cpus: [cpu0, cpu1], xen } = background;
  const file = sharedFile(background, 1);
  const dying = background.pinned(mapFile(background, 'daemon.mm', file, false));
  const byExec = parameters['by'] === 'execve()';
  const next = background.addressSpace('helper.mm', []);
  if (!byExec) background.pinned(next);
  dying.mm_count++; // held by the kernel thread that has borrowed it
  background.task('daemon', cpu0!, dying, () => exit_mm(kernel, [file.map]));
  background.task('kthread', cpu1!, null, () => (byExec ? exec_mmap(kernel, next, []) : switch_mm_lazily(kernel, dying, next)), dying);
  const rules = xenKeepsItsRules(xen);
  const all = [pteWritesLand(kernel), xenRefusesNothing(kernel), { name: 'xenKeepsItsRules', check: () => rules.map(({ check }) => check()).find((found) => found !== null) ?? null }];
  return background.system(all.filter(({ name }) => invariants.includes(name)));
}

export const dropMmRefSituation: Situation = {
  id: 'drop-mm-ref/exit',
  patch: 'drop-mm-ref',
  title: 'The last thread of a daemon exits while a kernel thread that has borrowed its address space switches to another one.',
  parameters: {
    release: { about: 'the kernel: since 2.6.38 the bit of the previous address space is cleared last', legal: ['2.6.38', '2.6.37'], initially: '2.6.38' },
    by: { about: 'how the kernel thread gets the other address space: it calls execve(), or the scheduler switches to a task that has it', legal: ['execve()', 'the scheduler'], initially: 'execve()' },
    pae: { about: 'CONFIG_X86_PAE', legal: [true, false], initially: true },
  },
  invariants: ['xenRefusesNothing', 'pteWritesLand', 'xenKeepsItsRules'],
  reviewed: [{}, { release: '2.6.37' }],
  bounds: {},
  leavesOut: ['other CPUs', 'what the new program does'],
  build,
};
