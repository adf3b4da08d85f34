import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { pteWritesLand } from '../../invariants/xen/pte-writes-land';
import { slotOf } from '../../hypervisors/xen/public/layout';
import { NONE, pmd_none_or_trans_huge_or_clear_bad, pmdp_get_and_clear, PmdPlace, PSE, set_pmd, type Compiler, type pmd_t } from '../../kernel/linux-3.4/pgtable-3level';
import type { Kernel } from '../../kernel/kernel';
import type { Word } from '../../kernel/words/layout';
import { u32 } from '../../kernel/words/widths';
import type { Page, XenKernel } from '../../kernel/xen/guest';
import { instruction, path, RESTART, type Path } from '../../path';
import type { Store } from '../../state/store';
import { Cell } from '../../state/tracked';
import { SmpScene } from '../scenes/smp';
import type { Choice, Situation } from '../types';
import { XenBackground } from '../xen/background';
import { fileFlags } from '../xen/cast';

// Thread 109: mincore() reads an entry of a middle table while another CPU fills it.

const PRESENT = 0x67;

/** The entries: a table, and two large pages; each in a part of memory of its own. */
const entries = (isLarge: boolean): Record<'table' | 'first' | 'second', pmd_t> => ({
  table: { low: 0x23456000 | PRESENT, high: isLarge ? 1 : 0 },
  first: { low: 0x40000000 | PSE | PRESENT, high: isLarge ? 3 : 0 },
  second: { low: 0x60000000 | PSE | PRESENT, high: isLarge ? 2 : 0 },
});

const physical = ({ low, high }: pmd_t): number => high * 0x100000000 + ((low & ~0xfff) >>> 0);
const hex = (value: number): string => `0x${value.toString(16)}`;

/** Two words of memory, with every value that they have had together. */
class WordPair extends PmdPlace {
  private readonly low: Word;
  private readonly high: Word;
  private readonly had: Cell<readonly string[]>;
  readonly torn: Cell<string | null>;
  readonly missed: Cell<string | null>;
  /** What mincore() took it for. */
  readonly taken: Cell<string>;

  constructor(k: Kernel, store: Store, private readonly initially: pmd_t) {
    super('pmd');
    this.low = k.words.declare('pmd.pmd_low', u32, { initially: initially.low });
    this.high = k.words.declare('pmd.pmd_high', u32, { initially: initially.high });
    this.had = new Cell<readonly string[]>(store, 'what the entry has been', [this.text(initially)]);
    this.taken = new Cell<string>(store, 'what mincore took the entry for', 'nothing yet');
    this.missed = new Cell<string | null>(store, 'an entry that was passed over', null, true);
    this.torn = new Cell<string | null>(store, 'an entry that never was', null, true);
  }

  private text({ low, high }: pmd_t): string {
    return low === 0 ? 'none' : `${hex(high)}:${hex(low)}`;
  }

  load(cpu: Cpu, half: 'low' | 'high'): number {
    return this[half].get(cpu.memory);
  }

  store(cpu: Cpu, half: 'low' | 'high', value: number): void {
    this[half].set(cpu.memory, value);
    this.had.value = [...new Set([...this.had.value, this.text({ low: this.load(cpu, 'low'), high: this.load(cpu, 'high') })])];
  }

  cmpxchg8b(cpu: Cpu, value: pmd_t | null): pmd_t {
    const old = { low: this.load(cpu, 'low'), high: this.load(cpu, 'high') };
    if (value !== null) {
      this.high.set(cpu.memory, value.high);
      this.store(cpu, 'low', value.low);
    }
    return old;
  }

  took(value: pmd_t): void {
    this.taken.value = this.text(value);
    if (value.low === 0 && !this.had.value.includes('none')) this.missed.value ??= `mincore takes the entry for none, which it never was; it was ${this.had.value.join(', ')}`;
    if (!this.had.value.includes(this.text(value))) this.torn.value ??= `mincore takes the entry for ${this.text(value)}, which it never was; it was ${this.had.value.join(', ')}`;
  }
}

/** Where mincore() looked for a page table in vain. */
const pte_offset_map = instruction((value: pmd_t) => `pte_offset_map() at ${hex(physical(value))}`, (_cpu: Cpu, value: pmd_t, table: number, astray: Cell<string | null>) => {
  if (physical(value) !== table) astray.value ??= `mincore walks a page table at ${hex(physical(value))}, where there is none; the table is at ${hex(table)}`;
});

/** mm/mincore.c (3.4), mincore_pmd_range(), for one entry: mmap_sem is held for reading, and no page table lock. */
const mincore_pmd_range = path(function* mincore_pmd_range(k: Kernel, pmd: PmdPlace, compiler: Compiler, table: number, astray: Cell<string | null>): Path {
  const value = yield* pmd_none_or_trans_huge_or_clear_bad(k, pmd, compiler);
  if (value !== null) yield* pte_offset_map(value, table, astray);
});

/** What happens to the entry meanwhile: madvise() that zaps a large page, and page faults. Each holds the page table lock. */
const change = path(function* change(pmd: PmdPlace, isTaken: boolean, then: pmd_t): Path {
  if (isTaken) yield* pmdp_get_and_clear(pmd);
  yield* set_pmd(pmd, then);
});

function buildNative({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { compiler, memory, meanwhile } = parameters;
  const scene = new SmpScene({ cpus: 2, release: '3.4', hunks, config: { X86_PAE: true } });
  const { kernel, store, cpus: [cpu0, cpu1] } = scene;
  const { table, first, second } = entries(memory === 'above 4 GiB');
  const isTaken = meanwhile !== 'a fault' && meanwhile !== 'nothing';
  const pmd = new WordPair(kernel, store, meanwhile === 'nothing' ? table : isTaken ? first : NONE);
  const astray = new Cell<string | null>(store, 'a walk astray', null, true);
  const none = { mm: null, active: kernel.init_mm };
  scene.task(cpu0!, 'mincore', () => mincore_pmd_range(kernel, pmd, compiler as Compiler, physical(table), astray), none);
  if (meanwhile !== 'nothing') scene.task(cpu1!, 'fault', () => change(pmd, isTaken, meanwhile === 'madvise() and a fault of a large page' ? second : table), none);
  const all: readonly Invariant[] = [{ name: 'walksTheTable', check: () => astray.value }, { name: 'missesNoTable', check: () => pmd.missed.value }, { name: 'readsWhatWas', check: () => pmd.torn.value }];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `mincore took the entry for ${pmd.taken.value}`);
}

/** An entry of a guest of Xen, in its direct mapping, where page tables are read-only. */
class GuestEntry extends PmdPlace {
  private readonly va: number;

  constructor(private readonly k: XenKernel, table: Page, slot: number) {
    super('pmd');
    this.va = k.address(table) + 8 * slot;
  }

  load(cpu: Cpu, half: 'low' | 'high'): number | typeof RESTART {
    return this.k.xen.loadFor(cpu, this.va + (half === 'high' ? 4 : 0));
  }

  store(): void {
    throw new Error('machine bug: no path stores to half of this entry');
  }

  cmpxchg8b(cpu: Cpu): pmd_t | typeof RESTART {
    let value: pmd_t = NONE;
    const done = this.k.xen.storeFor(cpu, this.va, 8, (old) => {
      value = { low: old % 0x100000000, high: Math.floor(old / 0x100000000) };
      return old;
    });
    return done === RESTART ? RESTART : value;
  }

  took(): void {
    // Nothing changes here.
  }
}

const PAGE = 0x08048000;

function buildXen({ hunks, parameters, invariants }: Choice): ReturnType<XenBackground['system']> {
  const background = new XenBackground({ release: '2.6.25', pae: true, cpus: 1, hunks });
  const { kernel, store, cpus: [cpu] } = background;
  const mm = background.pinned(background.addressSpace('editor.mm', [{ address: PAGE, page: background.page('the page'), flags: fileFlags('shared', true) }]));
  const pgd = kernel.pgdPage(mm);
  const pmd = new GuestEntry(kernel, kernel.middleTable(pgd, PAGE)!, slotOf(kernel.layout, 2, PAGE));
  const table = kernel.pfn_to_mfn(kernel.ptePage(pgd, PAGE)!) * 4096;
  const astray = new Cell<string | null>(store, 'a walk astray', null, true);
  background.task('mincore', cpu!, mm, () => mincore_pmd_range(kernel, pmd, parameters['compiler'] as Compiler, table, astray));
  const all: readonly Invariant[] = [{ name: 'walksTheTable', check: () => astray.value }, pteWritesLand(kernel)];
  return background.system(all.filter(({ name }) => invariants.includes(name)));
}

const COMPILER = { about: 'which half a plain read loads first', legal: ['high half first', 'low half first'], initially: 'high half first' } as const;

export const tornPmdSituations: readonly Situation[] = [{
  id: 'torn-pmd/mincore',
  patch: 'torn-pmd',
  title: 'mincore() reads an entry of a middle table while another CPU fills it or removes a large page.',
  parameters: {
    compiler: COMPILER,
    memory: { about: 'where tables and pages lie', legal: ['above 4 GiB', 'below 4 GiB'], initially: 'above 4 GiB' },
    meanwhile: { about: 'what happens to the entry: a fault adds a table, perhaps after madvise() has removed a large page', legal: ['a fault', 'madvise() and a fault', 'madvise() and a fault of a large page', 'nothing'], initially: 'a fault' },
  },
  invariants: ['walksTheTable', 'missesNoTable', 'readsWhatWas'],
  requirements: ['walksTheTable', 'missesNoTable'],
  reviewed: [{}, { meanwhile: 'nothing' }, { meanwhile: 'madvise() and a fault' }, { meanwhile: 'madvise() and a fault of a large page' }],
  bounds: {},
  leavesOut: ['mmap_sem and the page table lock, which the reader and the writers do not share', 'what is done with the table'],
  build: buildNative,
}, {
  id: 'torn-pmd/xen',
  patch: 'torn-pmd',
  title: 'mincore() reads an entry of a middle table in a guest of Xen.',
  parameters: { compiler: COMPILER },
  invariants: ['walksTheTable', 'pteWritesLand'],
  bounds: {},
  leavesOut: ['other CPUs'],
  build: buildXen,
}];
