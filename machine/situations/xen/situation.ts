import type { Invariant } from '../../explorer/system';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { bootTablePinned } from '../../invariants/xen/boot-table-pinned';
import { noPtlTaken, onePteLockAtATime } from '../../invariants/xen/locks';
import { freedTablesUnwritten, noStaleFault, pteWritesLand, xenRefusesNothing } from '../../invariants/xen/pte-writes-land';
import { rmapFindsOnlyPinned } from '../../invariants/xen/rmap-finds-only-pinned';
import type { Mm } from '../../kernel/task';
import { VISITS } from './cast';
import { Eviction } from './eviction';
import { XenBackground, type XenBackgroundOptions } from './background';
import type { Choice, Parameter, Situation } from '../types';

// What the situations of thread 004 share: the machine, its parameters, and
// what must hold.

export type Parameters = Readonly<Record<string, Parameter>>;

const RELEASES = ['2.6.23-rc9', '2.6.23', '2.6.24', '2.6.25'];

export const MACHINE: Parameters = {
  release: { about: 'the release around the patch', legal: RELEASES, initially: '2.6.24' },
  pae: { about: 'CONFIG_X86_PAE', legal: [false, true], initially: true },
  NR_CPUS: { about: 'CONFIG_NR_CPUS, which decides whether pte locks are split', legal: [2, 3, 4, 8, 32], initially: 8 },
  pages: { about: 'pte pages of the address space', legal: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40], initially: 1 },
  visitors: { about: 'other CPUs that use the reverse mapping, each for one page', legal: [0, 1, 2, 3, 4, 5], initially: 1 },
};

/** The machine of the race: a release that ignores faults which only an old translation explains, with split pte locks although the patch is not applied. */
export const RACE: Parameters = {
  ...MACHINE,
  release: { ...MACHINE['release']!, initially: '2.6.25' },
  splitFrom: { about: 'the number of CPUs from which pte locks are split: as in the release (2.6.23 and later have the stop-gap until the patch reverts it), or always 4', legal: ['released', 4], initially: 4 },
};

export const VISIT: Parameters = {
  middles: { about: 'how many middle tables of PAE the pte pages have; with two, the first eight belong to the first', legal: [1, 2], initially: 1 },
  visited: { about: 'which pages they visit: any; any of the first two, the last two and those around the end of the first batch; or each one of the last', legal: ['any', 'telling', 'last'], initially: 'telling' },
  visit: { about: 'what they do there', legal: Object.keys(VISITS), initially: 'reclaim' },
  young: { about: 'whether the entries were accessed recently', legal: [false, true], initially: false },
  evictions: { about: 'how often the TLB of the second CPU may lose its translations', legal: [0, 1, 2], initially: 0 },
};

/**
 * An address space whose calls do not fit into one batch, so the two calls for
 * some pte page are in different batches.
 */
export function larger(pages: number, middles: 1 | 2, visited: 'telling' | 'last'): Parameters {
  return { pages: { ...MACHINE['pages']!, initially: pages }, middles: { ...VISIT['middles']!, initially: middles }, visited: { ...VISIT['visited']!, initially: visited } };
}

/** For situations whose pages can be anonymous. */
export const MAPPED: Parameters = {
  mapped: { about: 'how the pages are mapped: a private mapping of a file, some of which was copied on write; a shared one, the only kind that writeback visits; a nonlinear one; or anonymous, which only reclaim and aging visit', legal: ['private', 'shared', 'nonlinear', 'anonymous'], initially: 'private' },
};

/** What a situation sets up, and which address spaces it builds or takes down. */
type Stage = (background: XenBackground, choice: Choice) => readonly Mm[];

export const REQUIREMENTS = ['pteWritesLand', 'xenRefusesNothing', 'xenKeepsItsRules'];

/** What must hold when others access the entries. Whether Xen keeps its rules is checked with small address spaces. */
export const RACE_REQUIREMENTS = ['pteWritesLand', 'xenRefusesNothing', 'noStaleFault'];
const INVARIANTS = ['pteWritesLand', 'xenRefusesNothing', 'xenKeepsItsRules', 'noStaleFault', 'rmapFindsOnlyPinned', 'noPtlTaken', 'onePteLockAtATime'];

function invariantNamed(name: string, background: XenBackground, spaces: readonly Mm[]): Invariant {
  const { kernel, xen, cpus } = background;
  switch (name) {
    case 'xenKeepsItsRules': return together(name, xenKeepsItsRules(xen));
    case 'noStaleFault': return noStaleFault(kernel);
    case 'xenRefusesNothing': return xenRefusesNothing(kernel);
    case 'rmapFindsOnlyPinned': return rmapFindsOnlyPinned(xen, kernel, spaces, cpus[0]!);
    case 'noPtlTaken': return noPtlTaken(kernel);
    case 'freedTablesUnwritten': return freedTablesUnwritten(kernel);
    case 'bootTablePinned': return bootTablePinned(xen, kernel);
    case 'onePteLockAtATime': return onePteLockAtATime(kernel);
    default: return pteWritesLand(kernel);
  }
}

/** All of `parts` as one. */
function together(name: string, parts: readonly Invariant[]): Invariant {
  const named = parts.map((part) => ({
    check() {
      const message = part.check();
      return message === null ? null : `${part.name}: ${message}`;
    },
  }));
  return {
    name,
    parts: named,
    check() {
      for (const part of named) {
        const message = part.check();
        if (message !== null) return message;
      }
      return null;
    },
  };
}

type Extras = Partial<Pick<Situation, 'leavesOut' | 'reviewed' | 'invariants' | 'requirements'>> & { readonly boots?: boolean;
  /** The hypervisor for a choice; by default 3.2. */
  readonly hypervisor?: (choice: Choice) => XenBackgroundOptions['hypervisor'];
};

export function situation(id: string, title: string, parameters: Parameters, stage: Stage, { leavesOut = [], boots = true, hypervisor, ...extras }: Extras = {}): Situation {
  return {
    id: `xen-pte-lock/${id}`, patch: 'xen-pte-lock', title, parameters, invariants: INVARIANTS, requirements: REQUIREMENTS, bounds: {},
    leavesOut: ['preemption and device interrupts on the CPUs of the cast (CONFIG_PREEMPT is off)', 'high pte pages in the race', 'evictions from the TLB, unless they are asked for', 'what other CPUs do after an oops', ...leavesOut],
    build(choice) {
      const background = new XenBackground({
        release: String(choice.parameters['release']), pae: choice.parameters['pae'] === true, hunks: choice.hunks,
        cpus: cpusFor(choice), boots, ...(hypervisor ? { hypervisor: hypervisor(choice) } : {}), config: { NR_CPUS: Number(choice.parameters['NR_CPUS'] ?? 8) }, stopGap: choice.parameters['splitFrom'] !== 4,
      });
      const spaces = stage(background, choice);
      const evictions = Number(choice.parameters['evictions'] ?? 0);
      if (evictions > 0 && background.cpus.length > 1) background.devices.push(new Eviction(background.store, background.cpus[1]!, evictions));
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

export const count = (choice: Choice): number => Number(choice.parameters['pages']);
export const young = (choice: Choice): boolean => choice.parameters['young'] === true;
