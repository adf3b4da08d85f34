import type { Call } from '../path';
import type { Invariant } from '../explorer/system';
import { xenKeepsItsRules } from '../invariants/xen-keeps-its-rules';
import { xenNobodyOopses } from '../invariants/xen-nobody-oopses';
import { do_execve } from '../kernel/exec';
import { exit_mm } from '../kernel/exit-mmap';
import { dup_mmap } from '../kernel/fork';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER } from '../kernel/pgtable';
import { MappedPage, page_mkclean, ReverseMap, unmap_mapping_range } from '../kernel/rmap';
import { shrink_page_list } from '../kernel/vmscan';
import type { Mm } from '../kernel/task';
import type { XenKernel } from '../kernel/xen/guest';
import { XenBackground, type UserMapping } from './xen-background';
import type { Choice, Parameter, Situation } from './types';

// Thread 004: one CPU gives an address space to Xen, or takes it back, while
// other CPUs come to its pages by the reverse mapping.

/** Where the shared file is mapped: one page of it in each pte page. */
const FILE_START = 0x08000000;

/** What another CPU may be doing to a page of the file. */
export const VISITORS: Readonly<Record<string, { readonly task: string; readonly does: (k: XenKernel, page: MappedPage) => Call<unknown> }>> = {
  reclaim: { task: 'kswapd', does: (k, page) => shrink_page_list(k, page) },
  writeback: { task: 'pdflush', does: (k, page) => page_mkclean(k, page) },
  truncate: { task: 'ftruncate', does: (k, page) => unmap_mapping_range(k, page) },
};

const RELEASES = ['2.6.23-rc9', '2.6.23', '2.6.24', '2.6.25'];

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  release: { about: 'the release around the patch', legal: RELEASES, initially: '2.6.24' },
  pae: { about: 'CONFIG_X86_PAE', legal: [false, true], initially: true },
  NR_CPUS: { about: 'CONFIG_NR_CPUS, which decides whether pte locks are split', legal: [2, 3, 4, 8, 32], initially: 8 },
  pages: { about: 'pte pages of the address space', legal: [1, 2, 3, 4, 5, 6, 8, 10, 12], initially: 1 },
  visitors: { about: 'other CPUs that come by the reverse mapping, each to one page', legal: [0, 1, 2, 3], initially: 1 },
  visit: { about: 'what they do there', legal: Object.keys(VISITORS), initially: 'reclaim' },
  young: { about: 'whether the entries were accessed lately', legal: [false, true], initially: false },
};

const LEAVES_OUT = [
  'preemption and device interrupts on the CPUs of the cast (CONFIG_PREEMPT off; see the preempt count)',
  'high pte pages', 'swap entries and anonymous pages that are moved', 'evictions from the TLB',
];

const INVARIANTS = ['xenNobodyOopses', 'xenKeepsItsRules'];

type Stage = (background: XenBackground, choice: Choice) => void;

function situation(id: string, title: string, stage: Stage, parameters: Readonly<Record<string, Parameter>> = {}): Situation {
  return {
    id: `xen-pte-lock/${id}`, patch: 'xen-pte-lock', title, parameters: { ...PARAMETERS, ...parameters }, invariants: INVARIANTS, bounds: {}, leavesOut: LEAVES_OUT,
    build(choice) {
      const background = new XenBackground({
        release: String(choice.parameters['release']), pae: choice.parameters['pae'] === true, hunks: choice.hunks,
        cpus: 1 + Number(choice.parameters['visitors']), config: { NR_CPUS: Number(choice.parameters['NR_CPUS']) },
      });
      stage(background, choice);
      return background.system(invariantsNamed(background, choice.invariants));
    },
  };
}

/** The invariants of a choice by name. */
export function invariantsNamed(background: XenBackground, names: readonly string[]): Invariant[] {
  return names.flatMap((name) => (name === 'xenKeepsItsRules' ? xenKeepsItsRules(background.xen) : [xenNobodyOopses(background.kernel)]));
}

/** A file of which each pte page maps one page, and who maps it. */
export interface SharedFile {
  readonly map: ReverseMap;
  readonly pages: readonly MappedPage[];
  readonly start: number;
  readonly end: number;
  readonly populated: readonly number[];
}

/** The file `count` of whose pages are in memory, so far apart that each needs a pte page of its own. */
export function sharedFile(background: XenBackground, count: number): SharedFile {
  const stride = 2 ** background.kernel.layout.shift[2];
  const map = new ReverseMap(background.store, 'i_mmap');
  const pages = Array.from({ length: count }, (_, i) => new MappedPage(`libc[${i}]`, background.page(`libc.page${i}`), map, i * stride));
  return { map, pages, start: FILE_START, end: FILE_START + count * stride, populated: pages.map(({ offset }) => FILE_START + offset) };
}

/** An address space that maps the whole file, and is known to it. */
export function mapFile(background: XenBackground, name: string, file: SharedFile, young: boolean): Mm {
  const flags = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_DIRTY | (young ? _PAGE_ACCESSED : 0);
  const mappings: UserMapping[] = file.pages.map((page, i) => ({ address: file.populated[i]!, page: page.page, flags }));
  const mm = background.addressSpace(name, mappings);
  file.map.vmas = [...file.map.vmas, { mm, start: file.start, end: file.end }];
  return mm;
}

/** Puts a visitor on every CPU but the first; the last page is the one that waits longest, so they come there first. */
function visitors(background: XenBackground, choice: Choice, file: SharedFile): void {
  const { task, does } = VISITORS[String(choice.parameters['visit'])]!;
  background.cpus.slice(1).forEach((cpu, i) => {
    const page = file.pages[(file.pages.length - 1 - i + file.pages.length * 3) % file.pages.length]!;
    background.task(i === 0 ? task : `${task}/${i}`, cpu, null, () => does(background.kernel, page));
  });
}

/** A shell forks; the child's new page table is pinned at the end of dup_mmap(). */
export const xenPinFork = situation('fork', 'A shell forks while other CPUs reclaim, write back or truncate the file that it maps.', (background, choice) => {
  const { kernel } = background;
  const pages = Number(choice.parameters['pages']);
  const file = sharedFile(background, pages);
  const shell = background.pinned(mapFile(background, 'shell.mm', file, choice.parameters['young'] === true));
  const child = background.addressSpace('child.mm', []);
  background.freePages(Array.from({ length: pages }, (_, i) => `child.pte${i}`));
  const vma = { map: file.map, start: file.start, end: file.end, populated: file.populated };
  background.task('shell', background.cpus[0]!, shell, () => dup_mmap(kernel, child, shell, [vma]));
  visitors(background, choice, file);
});

/** A shell calls execve(); the new address space has its argument pages already, and is pinned when it is switched to. */
export const xenPinExec = situation('exec', 'A shell calls execve() while another CPU comes to the pages of the new stack.', (background, choice) => {
  const { kernel } = background;
  const stack = sharedFile(background, Number(choice.parameters['pages']));
  const shell = background.pinned(background.addressSpace('shell.mm', []));
  const bprm = mapFile(background, 'bprm.mm', stack, choice.parameters['young'] === true);
  shell.mm_users = 2; // a vfork()ing parent still uses the old one
  const loads = choice.parameters['loads'] === true;
  background.task('shell', background.cpus[0]!, shell, () => do_execve(kernel, bprm, [stack.map], [], loads));
  visitors(background, choice, stack);
}, { loads: { about: 'whether the file is a program that can be loaded; else execve() fails', legal: [true, false], initially: true } });

/** A task exits; its page table is unpinned before it is torn down. */
export const xenPinExit = situation('exit', 'An editor exits while other CPUs reclaim, write back or truncate the file that it maps.', (background, choice) => {
  const { kernel } = background;
  const file = sharedFile(background, Number(choice.parameters['pages']));
  const mm = background.pinned(mapFile(background, 'editor.mm', file, choice.parameters['young'] === true));
  background.task('editor', background.cpus[0]!, mm, () => exit_mm(kernel, [file.map]));
  visitors(background, choice, file);
});
