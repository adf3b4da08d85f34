// Two published bugs in a few lines each, which show only if processors look ahead as real
// ones do: page tables freed while a lazy CPU still has their upper entry (2ff6ddf19c0e), and a large
// page that is split and changed while a TLB has it whole (ad5ca55f6bdb). CPU 0 changes the tables,
// CPU 1 has used them. All stores are to physical addresses, as if the kernel were always mapped.

import { Context } from '../../machine/context';
import type { Verdict } from '../../machine/explorer/explore';
import type { Invariant, System } from '../../machine/explorer/system';
import { Cpu, type CpuOptions } from '../../machine/hardware/cpu';
import { hlt, invlpg, iret, load, movFromCr3, movToCr3, sendIpi } from '../../machine/hardware/instructions';
import type { TrapFrame } from '../../machine/hardware/interrupts';
import { Memory } from '../../machine/hardware/memory';
import { PTE } from '../../machine/hardware/paging';
import { instruction, path, type Path } from '../../machine/path';
import { Store } from '../../machine/state/store';
import { tracked } from '../../machine/state/tracked';
import { explored } from './explored';

const VECTOR = 0xfd;
const DIRECTORY = 0x400000;
const EMPTY_DIRECTORY = 0x401000;
const TABLE = 0x800000;
const PAGE_FRAME = 0x801000;
/** The contents of the frame of the table when it is reused for other data; as an entry, it leads to no page of the model. */
const DATA = 0x00bad000 | PTE.P | PTE.US;
const HERE = 0x08048000;
/** Another page of the same table, which the borrower's task has used. */
const BESIDE = HERE + 0x1000;
const USER = PTE.P | PTE.RW | PTE.US | PTE.A;
const WHOLE = HERE - (HERE % 0x400000);

const directoryEntry = DIRECTORY + 4 * (HERE >>> 22);
const tableEntry = TABLE + 4 * ((HERE >>> 12) & 0x3ff);

class Progress extends tracked<{ isLazy: boolean; answered: boolean; freed: boolean }>({ isLazy: false, answered: false, freed: false }) {}

/** How the other CPU is told: what its handler does. */
export type Told = 'nothing' | 'to leave' | 'to flush the page' | 'to flush all';

export interface TablesChoice {
  readonly freedoms: CpuOptions;
  readonly told: Told;
  /** Freed tables: whether the upper entry is cleared before the other CPU is told. Split: whether it is told before the change. */
  readonly early: boolean;
  /** Freed tables: whether a table is freed at all, or only the page. */
  readonly freesTable?: boolean;
}

/** Two CPUs on one directory; the second answers an interrupt by doing what `told` says. */
class Scene {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly progress = new Progress(this.store, 'progress');
  readonly cpus: readonly Cpu[];

  constructor({ freedoms, told }: TablesChoice) {
    this.cpus = [0, 1].map((id) => new Cpu(this.store, id, this.memory, freedoms));
    const { progress } = this;
    const answer = instruction('answer', (cpu: Cpu) => {
      cpu.drain();
      progress.answered = true;
    });
    const handler = path(function* handler(frame: TrapFrame): Path {
      if (told === 'to leave') yield* movToCr3(EMPTY_DIRECTORY);
      if (told === 'to flush the page') yield* invlpg(HERE);
      if (told === 'to flush all') yield* movToCr3(yield* movFromCr3());
      yield* answer();
      yield* iret(frame);
    });
    for (const cpu of this.cpus) {
      cpu.cr3 = DIRECTORY;
      cpu.IF = true;
      cpu.idt.set(VECTOR, { kind: 'interrupt', handler });
    }
  }

  /** Tells the other CPU, and waits for its answer. */
  tell(told: Told) {
    const { progress, cpus } = this;
    const answered = instruction('wait for the answer', () => undefined, { when: () => progress.answered });
    return path(function* tell(): Path {
      if (told === 'nothing') return;
      yield* sendIpi(VECTOR, [cpus[1]!]);
      yield* answered();
    });
  }

  system(bodies: readonly (() => ReturnType<ReturnType<typeof path>>)[], invariant: Invariant): System {
    bodies.forEach((body, i) => {
      const cpu = this.cpus[i]!;
      cpu.context = new Context(this.store, `P${i}`);
      cpu.context.start(body(), cpu);
    });
    this.store.settle();
    return { store: this.store, processes: this.cpus, invariants: [invariant] };
  }
}

const put = instruction((pa: number, value: number, why: string) => `${why}: [0x${pa.toString(16)}] = 0x${value.toString(16)}`, (cpu: Cpu, pa: number, value: number, _why: string) => {
  cpu.memory.write32(pa, value);
  cpu.drain();
});

/** munmap() while the other CPU runs a kernel thread on the tables of the task before it. */
export function freedTables(choice: TablesChoice): Verdict {
  return explored(() => {
    const scene = new Scene(choice);
    const { memory, progress } = scene;
    memory.write32(directoryEntry, TABLE | USER);
    memory.write32(tableEntry, PAGE_FRAME | USER);
    memory.write32(tableEntry + 4, PAGE_FRAME | USER);
    const becomeLazy = instruction('a kernel thread borrows the tables', (cpu: Cpu) => {
      cpu.cpl = 0;
      progress.isLazy = true;
    });
    const whenLazy = instruction('munmap()', () => undefined, { when: () => progress.isLazy });
    const free = instruction('the table is freed and used for data', (cpu: Cpu) => {
      cpu.memory.write32(tableEntry, DATA);
      cpu.drain();
      progress.freed = true;
    });
    const use = instruction('the data is used', () => undefined);
    const owner = path(function* owner(): Path {
      yield* whenLazy();
      yield* put(tableEntry, 0, 'pte_clear()');
      yield* put(tableEntry + 4, 0, 'pte_clear()');
      if (choice.early) yield* scene.tell(choice.told)();
      yield* put(directoryEntry, choice.freesTable === false ? TABLE | USER : 0, 'pmd_clear()');
      yield* movToCr3(yield* movFromCr3());
      if (!choice.early) yield* scene.tell(choice.told)();
      if (choice.freesTable !== false) yield* free();
      yield* use();
    });
    const borrower = path(function* borrower(): Path {
      yield* load(BESIDE);
      yield* becomeLazy();
      yield* hlt();
    });
    return scene.system([owner, borrower], {
      name: 'noFreeTableWalked',
      check: () => {
        if (!progress.freed) return null;
        if (memory.read32(tableEntry) !== DATA) return 'a walk has set the A bit in the new data';
        const walker = scene.cpus.find(({ tlb }) => tlb.entries().some(({ frame }) => frame === (DATA & ~0xfff)));
        return walker ? `${walker.name} has cached a translation that it read from the new data` : null;
      },
    });
  });
}

/** set_memory_ro() of one page in a large mapping. */
export function splitLargePage(choice: TablesChoice): Verdict {
  return explored(() => {
    const scene = new Scene(choice);
    const { memory } = scene;
    const rights = PTE.P | PTE.RW | PTE.A | PTE.D;
    memory.write32(directoryEntry, 0xc00000 | rights | PTE.PS);
    for (let i = 0; i < 1024; i++) memory.write32(TABLE + 4 * i, (0xc00000 + 0x1000 * i) | rights);
    const changer = path(function* changer(): Path {
      yield* put(directoryEntry, TABLE | rights, 'set_pmd_pte()');
      if (choice.early) yield* scene.tell(choice.told)();
      if (choice.early) yield* invlpg(HERE);
      yield* put(tableEntry, (0xc00000 + (HERE - WHOLE)) | (rights & ~PTE.RW), 'set_pte_atomic()');
      if (!choice.early) yield* scene.tell(choice.told)();
      if (!choice.early) yield* invlpg(HERE);
    });
    const reader = path(function* reader(): Path {
      yield* load(HERE);
      yield* load(HERE);
    });
    return scene.system([changer, reader], {
      name: 'oneTranslationOfEachAddress',
      check: () => {
        for (const { name, tlb } of scene.cpus) {
          const [one, other] = tlb.translationsOf(HERE);
          if (one && other && one.writable !== other.writable) return `${name} has two translations of 0x${HERE.toString(16)} that differ: ${one.toString()}; ${other.toString()}`;
        }
        return null;
      },
    });
  });
}

/** The freedoms that a scenario names. */
export function freedomsNamed(words: string): CpuOptions {
  const known: Readonly<Record<string, CpuOptions>> = {
    'early fills': { earlyFills: [HERE] }, 'upper entries': { structureCaches: true }, 'two sizes': { severalSizes: true }, none: {},
  };
  return Object.assign({}, ...words.split(', ').map((word) => known[word])) as CpuOptions;
}
