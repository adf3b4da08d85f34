import { isTable } from '../../hypervisors/xen/frames';
import { _PAGE_ACCESSED, _PAGE_DIRTY } from '../../hypervisors/xen/public-layout';
import type { Value } from '../../state/hash';
import type { Change } from '../../state/store';
import type { Entity } from '../../state/hash';
import type { Violation } from '../../explorer/system';
import type { Mfn } from '../../hypervisors/xen/public';
import type { Action, Outcome } from './actions';
import type { Playground } from './playground';

// Promises about a call rather than about a state: a refused one changes
// nothing, one that was done changes only what belongs to its domain, and a
// store from user mode changes no page table.

/** Judges what one call changed. */
export function refusedChangesNothing(
  ground: Playground, action: Action, outcome: Outcome, changes: readonly Change[],
): Violation | null {
  const { domain } = outcome.vcpu;
  for (const { cell, before, after } of changes) {
    const mfn = frameOf(cell);
    const isTlb = cell.endsWith('.tlb');
    if (cell.endsWith('.notFlushed')) continue; // what Xen remembers of the TLBs, of every domain
    if (mfn === null && !isTlb) continue;
    const what = `${action.who} ${action.verb} ${outcome.done ? 'was done' : `was refused (${outcome.said})`} and changed ${cell} from ${String(before)} to ${String(after)}`;
    if (!outcome.done) {
      if (isTlb && action.verb !== 'map') continue;
      if (mfn !== null && isIdleType(ground, cell, mfn)) continue;
      return { invariant: 'refusedChangesNothing', message: what };
    }
    if (mfn === null) continue;
    if (action.numbers['user'] === 1 && ground.xen.pageOf(mfn)?.validated === true && isTable(ground.xen.pageOf(mfn)!.type)) {
      if (!isAccessedBit(before, after)) return { invariant: 'usersChangeNoTable', message: what };
    }
    const owner = ownerBefore(ground, changes, mfn);
    const own = owner === domain || owner === null || mfn === ground.xen.ownTable;
    if (!own) return { invariant: 'changesOnlyItsOwn', message: `${what}, which belongs to ${owner!.name}` };
  }
  return null;
}

/** Who owned a frame before the call. */
function ownerBefore(ground: Playground, changes: readonly Change[], mfn: Mfn): Entity | null {
  const changed = changes.find(({ cell }) => cell === `mfn${mfn}.owner`);
  return changed ? (changed.before as Entity | null) : ground.xen.pageOf(mfn)?.owner ?? null;
}

/** The frame that a cell says something about: its contents, its counts, its place in the reverse map. */
function frameOf(cell: string): Mfn | null {
  const memory = /^memory\[0x([0-9a-f]+)\]$/.exec(cell);
  if (memory) return Math.floor(parseInt(memory[1]!, 16) / 4096);
  const page = /^mfn(\d+)\./.exec(cell) ?? /^m2p\[mfn(\d+)\]$/.exec(cell);
  return page ? Number(page[1]) : null;
}

/** Whether only the bits changed that the processor itself sets on an access. */
function isAccessedBit(before: Value, after: Value): boolean {
  return typeof before === 'number' && typeof after === 'number' && ((before ^ after) & ~(_PAGE_ACCESSED | _PAGE_DIRTY)) === 0;
}

/** The type of a frame that nothing uses as that type: no promise is about it. */
function isIdleType(ground: Playground, cell: string, mfn: Mfn): boolean {
  return (cell.endsWith('.type') || cell.endsWith('.validated')) && ground.xen.pageOf(mfn)!.type_count === 0;
}
