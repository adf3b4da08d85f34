import type { Invariant } from '../explorer/system';
import { xenKeepsItsRules } from '../invariants/xen-keeps-its-rules';
import { bootTablePinned } from '../invariants/xen-boot-table-pinned';
import { noPtlTaken, onePteLockAtATime } from '../invariants/xen-locks';
import { noStaleFault, pteWritesLand, xenRefusesNothing } from '../invariants/xen-pte-writes-land';
import { rmapFindsOnlyPinned } from '../invariants/xen-rmap-finds-only-pinned';
import { do_execve } from '../kernel/exec';
import { exit_mm, unmap_region } from '../kernel/exit-mmap';
import { dup_mmap } from '../kernel/fork';
import { do_no_page, move_ptes } from '../kernel/memory';
import type { Xen } from '../hypervisors/xen/xen';
import type { ReverseMap } from '../kernel/rmap';
import type { Mm } from '../kernel/task';
import { xen_boot } from '../kernel/xen/boot';
import { switch_mm_lazily } from '../kernel/xen/context-switch';
import type { XenKernel } from '../kernel/xen/guest';
import { xen_activate_mm, xen_exit_mmap } from '../kernel/xen/mmu';
import { path, type Path } from '../path';
import { backwards, fileFlags, interruptsUnderLock, mapFile, sharedFile, touchAll, visitors, VISITS, type SharedFile } from './xen-cast';
import { XenBackground } from './xen-background';
import type { Choice, Parameter, Situation } from './types';

// Thread 004: one CPU gives an address space to Xen, or takes it back, while
// other CPUs come to its pages by the reverse mapping.

type Parameters = Readonly<Record<string, Parameter>>;

const RELEASES = ['2.6.23-rc9', '2.6.23', '2.6.24', '2.6.25'];

const MACHINE: Parameters = {
  release: { about: 'the release around the patch', legal: RELEASES, initially: '2.6.24' },
  pae: { about: 'CONFIG_X86_PAE', legal: [false, true], initially: true },
  NR_CPUS: { about: 'CONFIG_NR_CPUS, which decides whether pte locks are split', legal: [2, 3, 4, 8, 32], initially: 8 },
  pages: { about: 'pte pages of the address space', legal: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 28, 32, 40], initially: 1 },
  visitors: { about: 'other CPUs that come by the reverse mapping, each to one page', legal: [0, 1, 2, 3, 4, 5], initially: 1 },
};

/** The machine of the race: the release before the stop-gap, unless another one is chosen. */
const RACE: Parameters = { ...MACHINE, release: { ...MACHINE['release']!, initially: '2.6.23-rc9' } };

const VISIT: Parameters = {
  visit: { about: 'what they do there', legal: Object.keys(VISITS), initially: 'reclaim' },
  young: { about: 'whether the entries were accessed lately', legal: [false, true], initially: false },
};

/** What a situation sets up, and which address spaces it builds or takes down. */
type Stage = (background: XenBackground, choice: Choice) => readonly Mm[];

const REQUIREMENTS = ['pteWritesLand', 'xenRefusesNothing', 'xenKeepsItsRules'];
const INVARIANTS = [...REQUIREMENTS, 'noStaleFault', 'rmapFindsOnlyPinned', 'noPtlTaken', 'onePteLockAtATime'];

function invariantNamed(name: string, background: XenBackground, spaces: readonly Mm[]): Invariant {
  const { kernel, xen, cpus } = background;
  switch (name) {
    case 'xenKeepsItsRules': return afterActivity(name, xen, xenKeepsItsRules(xen));
    case 'noStaleFault': return noStaleFault(kernel);
    case 'xenRefusesNothing': return xenRefusesNothing(kernel);
    case 'rmapFindsOnlyPinned': return rmapFindsOnlyPinned(xen, kernel, spaces, cpus[0]!);
    case 'noPtlTaken': return noPtlTaken(kernel);
    case 'bootTablePinned': return bootTablePinned(xen, kernel);
    case 'onePteLockAtATime': return onePteLockAtATime(kernel);
    default: return pteWritesLand(kernel);
  }
}

/**
 * All of `parts` as one, looked at after each event in which Xen took part. Any
 * other event leaves Xen as it was in the state before, where it was looked at.
 */
function afterActivity(name: string, xen: Xen, parts: readonly Invariant[]): Invariant {
  let seen = -1;
  return {
    name,
    check() {
      if (xen.activity === seen) return null;
      seen = xen.activity;
      for (const part of parts) {
        const message = part.check();
        if (message !== null) return `${part.name}: ${message}`;
      }
      return null;
    },
  };
}

type Extras = Partial<Pick<Situation, 'leavesOut' | 'reviewed' | 'invariants' | 'requirements'>> & { readonly boots?: boolean };

function situation(id: string, title: string, parameters: Parameters, stage: Stage, { leavesOut = [], boots = true, ...extras }: Extras = {}): Situation {
  return {
    id: `xen-pte-lock/${id}`, patch: 'xen-pte-lock', title, parameters, invariants: INVARIANTS, requirements: REQUIREMENTS, bounds: {},
    leavesOut: ['preemption and device interrupts on the CPUs of the cast (CONFIG_PREEMPT is off)', 'high pte pages in the race', 'evictions from the TLB', 'what others do after an oops', ...leavesOut],
    build(choice) {
      const background = new XenBackground({
        release: String(choice.parameters['release']), pae: choice.parameters['pae'] === true, hunks: choice.hunks,
        cpus: cpusFor(choice), boots, config: { NR_CPUS: Number(choice.parameters['NR_CPUS'] ?? 8) },
      });
      const spaces = stage(background, choice);
      return background.system(choice.invariants.map((name) => invariantNamed(name, background, spaces)));
    },
    ...extras,
  };
}

/** One for the actor, one for each visitor or other holder of locks. */
function cpusFor({ parameters }: Choice): number {
  if ('second' in parameters) return parameters['second'] === 'nothing' ? 2 : 3;
  return 1 + Number(parameters['visitors'] ?? 1);
}

const count = (choice: Choice): number => Number(choice.parameters['pages']);
const young = (choice: Choice): boolean => choice.parameters['young'] === true;

/** The parts of a forking shell: its pinned address space, the empty one of the child, and pages for the child's tables. */
function forkingShell(background: XenBackground, file: SharedFile, name: string, isYoung: boolean): { readonly parent: Mm; readonly child: Mm } {
  const parent = background.pinned(mapFile(background, `${name}.mm`, file, isYoung));
  const child = background.addressSpace(`${name === 'shell' ? '' : `${name}.`}child.mm`, []);
  return { parent, child };
}

const copied = (file: SharedFile) => ({ map: file.map, start: file.start, end: file.end, populated: file.populated });

/** A shell forks; the child's new page table is pinned at the end of dup_mmap(). */
const fork = situation('fork', 'A shell forks while other CPUs reclaim, write back or truncate the file that it maps.', { ...RACE, ...VISIT }, (background, choice) => {
  const file = sharedFile(background, count(choice));
  const { parent, child } = forkingShell(background, file, 'shell', young(choice));
  background.freePages(file.pages.map((_, i) => `child.pte${i}`));
  background.task('shell', background.cpus[0]!, parent, () => dup_mmap(background.kernel, child, parent, [copied(file)]));
  visitors(background, choice, file);
  return [child];
}, { reviewed: [{}, { release: '2.6.24' }] });

/** A shell calls execve(); the new address space has its argument pages already, and is pinned when it is switched to. */
const exec = situation('exec', 'A shell calls execve() while another CPU comes to the pages of the new stack.', {
  ...RACE, ...VISIT, loads: { about: 'whether the file is a program that can be loaded; else execve() fails', legal: [true, false], initially: true },
}, (background, choice) => {
  const stack = sharedFile(background, count(choice));
  const shell = background.pinned(background.addressSpace('shell.mm', []));
  const bprm = mapFile(background, 'bprm.mm', stack, young(choice));
  shell.mm_users = 2; // a parent that called vfork() still uses the old one
  const loads = choice.parameters['loads'] === true;
  background.task('shell', background.cpus[0]!, shell, () => do_execve(background.kernel, bprm, [stack.map], [], loads));
  visitors(background, choice, stack);
  return [bprm];
}, { leavesOut: ['the old address space, which a vfork()ing parent keeps'], reviewed: [{}, { pages: 28 }] });

/** A task exits; its page table is unpinned before it is torn down. */
const exit = situation('exit', 'An editor exits while other CPUs reclaim, write back or truncate the file that it maps.', { ...RACE, ...VISIT }, (background, choice) => {
  const file = sharedFile(background, count(choice));
  const mm = background.pinned(mapFile(background, 'editor.mm', file, young(choice)));
  background.task('editor', background.cpus[0]!, mm, () => exit_mm(background.kernel, [file.map]));
  visitors(background, choice, file);
  return [mm];
});

const growAndShrink = path(function* growAndShrink(k: XenKernel, mm: Mm, address: number, entry: number, map: ReverseMap, ending: string): Path {
  yield* do_no_page(k, mm, address, entry);
  if (ending === 'exit') yield* exit_mm(k, [map]);
  if (ending === 'munmap') yield* unmap_region(k, mm, [map]);
});

/** A task touches a page for the first time, and later unmaps it or exits. */
const grow = situation('grow', 'An editor touches a page for the first time, which adds a pte page to its pinned page table, and later unmaps it or exits.', {
  release: MACHINE['release']!, pae: MACHINE['pae']!, NR_CPUS: MACHINE['NR_CPUS']!, visitors: { ...MACHINE['visitors']!, initially: 0 }, ...VISIT,
  ending: { about: 'how the new pte page leaves; a high one has to stay, because the model has no kmap_atomic()', legal: ['munmap', 'exit', 'never'], initially: 'munmap' },
  highmem: { about: 'whether the new pte page is high, with a kernel mapping left over from its last use', legal: [false, true], initially: false },
}, (background, choice) => {
  const { kernel } = background;
  const file = sharedFile(background, 1);
  const mm = background.pinned(background.addressSpace('editor.mm', []));
  file.map.vmas = [{ mm, start: file.start, end: file.end }];
  const highmem = choice.parameters['highmem'] === true;
  background.freePages(['editor.pte0'], { highmem });
  const entry = kernel.pte(file.pages[0]!.page, fileFlags(young(choice)));
  background.task('editor', background.cpus[0]!, mm, () => growAndShrink(kernel, mm, file.populated[0]!, entry, file.map, String(choice.parameters['ending'])));
  visitors(background, choice, file);
  return [mm];
}, { reviewed: [{ ending: 'munmap' }, { ending: 'exit' }] });

/** The kernel leaves the page table of Xen's domain builder for its own. */
const boot = situation('boot', 'The kernel boots on the page table that Xen has built for it, and moves to its own.', {
  release: MACHINE['release']!, pae: { ...MACHINE['pae']!, initially: false },
}, (background) => {
  background.task('swapper', background.cpus[0]!, null, () => xen_boot(background.kernel));
  return [];
}, { boots: false, invariants: [...REQUIREMENTS, 'bootTablePinned'], requirements: [...REQUIREMENTS, 'bootTablePinned'], reviewed: [{ pae: false }, { pae: true }] });

const OTHERS = ['fork', 'mremap', 'reclaim', 'backwards', 'interrupts under the lock'];

/** A shell forks while others hold the locks of two pte pages at once, or come by the reverse mapping. */
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

/** Somebody on `cpu` who holds pte locks of other address spaces, or of the one that is being pinned. */
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
    background.task(`realloc${cpu}`, on, mm, () => move_ptes(kernel, mm, file.populated[0]!, file.end));
  } else if (what === 'backwards') {
    background.task('backwards', on, null, () => backwards(kernel, pinned, table));
  } else if (what === 'interrupts under the lock') {
    background.task('flusher', on, null, () => interruptsUnderLock(kernel, pinned, table));
  } else {
    background.task(`kswapd${cpu}`, on, null, () => VISITS['reclaim']!.does(kernel, file.pages[0]!));
  }
}

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

const pinAndTouch = path(function* pinAndTouch(k: XenKernel, mm: Mm, unpin: boolean): Path {
  yield* xen_activate_mm(k, mm, mm);
  if (unpin) yield* xen_exit_mmap(k, mm);
});

/** The bare program that the SPIN model in many comparisons has: one CPU pins, others change an entry of every page under its lock. */
const pin = situation('pin', 'One CPU pins an address space, others change an entry in each of its pte pages.', {
  ...RACE, rounds: { about: 'how often each visitor goes over the pages', legal: [1, 2], initially: 1 }, unpin: { about: 'whether it is unpinned again', legal: [false, true], initially: false },
}, (background, choice) => {
  const { kernel, cpus } = background;
  const file = sharedFile(background, count(choice));
  const mm = mapFile(background, 'bprm.mm', file, false);
  const tables = kernel.userPtePages(kernel.pgdPage(mm)).map(({ page }) => page);
  background.task('shell', cpus[0]!, null, () => pinAndTouch(kernel, mm, choice.parameters['unpin'] === true));
  cpus.slice(1).forEach((cpu, i) => background.task(`visitor${i}`, cpu, null, () => touchAll(kernel, mm, tables, Number(choice.parameters['rounds']))));
  return [mm];
}, { leavesOut: ['the reverse mapping: the visitors know the pages'] });

export const xenPinSituations: readonly Situation[] = [fork, exec, exit, grow, boot, twoLocks, lazyCr3, pin];
