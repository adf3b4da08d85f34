// The effects of one faulting access of a task of 2.6.10: on the entry, on the task, and on its count of faults.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { movesOf } from '../../machine/explorer/system';
import { load, store } from '../../machine/hardware/instructions';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, makeMm, pteEntry, setPte } from '../../machine/kernel/linux-2.6/mm/pgtable';
import { instruction, path, type Path } from '../../machine/path';
import { Background, int80 } from '../../machine/situations/flush-tlb/background';
import type { MachineWorld } from '../support/world';

const WRITABLE = 0x08048000;
const READ_ONLY = 0x08050000;
/** Addresses by what is mapped there. Kernel addresses begin at PAGE_OFFSET. */
const PLACES: Readonly<Record<string, number>> = { 'a new page': WRITABLE, 'a new page that is read-only': READ_ONLY, 'no mapping': 0x09000000, 'the page before': WRITABLE - 4, 'the page behind': WRITABLE + 0x2000, 'a kernel address': 0xd0000000, 'a page that the TLB still has as read-only': WRITABLE, 'a present page of the kernel alone': WRITABLE };

const STALE = 'a page that the TLB still has as read-only';
/** The entry before the access, if there is one. */
const PRESENT: Readonly<Record<string, number>> = { [STALE]: _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED, 'a present page of the kernel alone': _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED };

interface Faulted {
  readonly entry: string;
  readonly end: string;
  readonly faults: number;
}

const all = new WeakMap<MachineWorld, Faulted>();

const told = (entry: number): string => [[_PAGE_PRESENT, 'P'], [_PAGE_RW, 'W'], [_PAGE_USER, 'U'], [_PAGE_ACCESSED, 'A'], [_PAGE_DIRTY, 'D']].filter(([bit]) => (entry & (bit as number)) !== 0).map(([, name]) => name).join('') || 'empty';

When(/^a task (reads|writes) at (.+?)(, in the kernel)?$/, function (this: MachineWorld, what: string, place: string, inKernel: string | null) {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: {} });
  const { kernel } = background;
  const mm = makeMm(kernel, 'editor.mm', [{ start: WRITABLE, end: WRITABLE + 0x2000, write: true }, { start: READ_ONLY, end: READ_ONLY + 0x1000, write: false }]);
  const at = PLACES[place]!;
  const present = PRESENT[place];
  if (present !== undefined) setPte(kernel, mm, at, kernel.frames.alloc() | present);
  const program = path(function* program(): Path {
    if (inKernel) yield* int80();
    if (place === STALE) {
      yield* load(at);
      yield* instruction('the entry becomes writable', () => setPte(kernel, mm, at, kernel.memory.read32(pteEntry(kernel, mm, at)!) | _PAGE_RW))();
    }
    if (what === 'reads') yield* load(at);
    else yield* store(at, 5);
  });
  const task = background.task('editor', mm, () => program());
  background.running(task);
  const system = background.system([]);
  const goOn = (most: number, isOver: () => boolean): void => {
    for (let events = 0; events < most && !isOver(); events++) movesOf(system).find(({ kind }) => kind === 'step')?.perform();
  };
  goOn(500, () => task.signal !== null);
  const pte = at < 0xc0000000 ? pteEntry(kernel, mm, at) : null;
  const entry = pte === null ? 'empty' : told(kernel.memory.read32(pte));
  // The rest of the handler.
  goOn(10, () => false);
  all.set(this, { entry, end: [task.signal, task.oops].filter((one) => one !== null).join(' and ') || 'lives', faults: task.min_flt });
});

Then('these are the result and the entries', function (this: MachineWorld, table: DataTable) {
  const { entry, end, faults } = all.get(this)!;
  expect({ 'the entry': entry, 'the task': end, 'minor faults': String(faults) }).to.deep.equal(table.rowsHash());
});
