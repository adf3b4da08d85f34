import { isTable } from '../../hypervisors/xen/frames/frames';
import { _PAGE_ACCESSED, _PAGE_DIRTY, entryOf } from '../../hypervisors/xen/public/layout';
import { ERESTART } from '../../hypervisors/xen/public/xen';
import type { Value } from '../../state/hash';
import type { Change } from '../../state/store';
import type { Entity } from '../../state/hash';
import type { Domain } from '../../hypervisors/xen/xen';
import type { Violation } from '../../explorer/system';
import type { Mfn } from '../../hypervisors/xen/public/xen';
import type { Action, Outcome } from './actions';
import type { Playground } from '../../situations/xen/playground';

// Promises about a call rather than about a state: a refused one changes
// nothing, one that was done changes only what belongs to its domain or was
// granted to it, an update changes the entry that translates its address, and
// from user mode no page table is changed and nothing is called.

/** Judges what one call changed. */
export function refusedChangesNothing(
  ground: Playground, action: Action, outcome: Outcome, changes: readonly Change[],
): Violation | null {
  const { domain } = outcome.vcpu;
  if (ground.xen.died.value !== '') return null; // there is nothing left to judge, and an invariant says so
  const isCleaning = outcome.vcpu.old_guest_table !== null || changes.some(({ cell }) => cell === `${outcome.vcpu.name}.old_guest_table`);
  const isOpen = outcome.said.startsWith(String(ERESTART)) || isCleaning;
  const missed = outcome.done && action.verb === 'map' ? missedEntry(ground, action, outcome) : outcome.done ? missedGrant(action, outcome) : null;
  if (missed !== null) return missed;
  for (const { cell, before, after } of changes) {
    const mfn = frameOf(cell);
    const isTlb = cell.endsWith('.tlb');
    if (cell.endsWith('.notFlushed')) continue; // what Xen remembers of the TLBs, of every domain
    if ((mfn === null && !isTlb) || action.verb === 'evict') continue;
    const what = `${action.who} ${action.verb} ${outcome.done ? 'was done' : `was refused (${outcome.said})`} and changed ${cell} from ${String(before)} to ${String(after)}`;
    if (!outcome.done) {
      if ((isTlb && action.verb !== 'map') || isOpen) continue;
      if (action.verb !== 'map' && isCacheFlush(cell, changes)) continue;
      if (mfn !== null && (isIdleType(ground, cell, mfn) || isTidied(ground, cell, mfn, domain))) continue;
      return { invariant: 'refusedChangesNothing', message: what };
    }
    if (mfn === null) continue;
    if (action.verb === 'iret-and-map') return { invariant: 'usersCallNothing', message: what };
    if (action.numbers['user'] === 1 && ground.xen.pageOf(mfn)?.validated === true && isTable(ground.xen.pageOf(mfn)!.type)) {
      if (!isAccessedBit(before, after)) return { invariant: 'usersChangeNoTable', message: what };
    }
    const owner = ownerBefore(ground, changes, mfn);
    const own = owner === domain || (owner !== null && owner === domain.target) || owner === null || mfn === ground.xen.ownTable || wasGranted(domain, action, cell, mfn);
    if (!own) return { invariant: 'changesOnlyItsOwn', message: `${what}, which belongs to ${owner!.name}` };
  }
  return null;
}

/** What a grant's mapping answers is the handle of a mapping that there is. */
function missedGrant({ who, verb }: Action, { vcpu: { domain }, said }: Outcome): Violation | null {
  if (!verb.startsWith('map-grant')) return null;
  const mapping = domain.maptrack[Number(said)];
  return mapping?.active === true && Number(said) === domain.maptrack.length - 1 ? null : { invariant: 'grantsAreMapped', message: `${who} ${verb} answers ${said}, and maps nothing` };
}

/** An update that was done changes the entry by which the processor translates the address. */
function missedEntry(ground: Playground, action: Action, { vcpu }: Outcome): Violation | null {
  const { va = 0, mfn = 0, bits = 0 } = action.numbers;
  const at = ground.xen.guestEntry(vcpu, va);
  const entry = at === null ? 0 : ground.xen.entryAt(at.table, at.slot);
  if (entry === entryOf(mfn, bits)) return null;
  return { invariant: 'updatesChangeTheEntryInUse', message: `${action.who} map was done, but 0x${va.toString(16)} is translated by 0x${entry.toString(16)}, not by 0x${entryOf(mfn, bits).toString(16)}` };
}

/** Whether memory shows after a cache was flushed: the word was behind before. */
function isCacheFlush(cell: string, changes: readonly Change[]): boolean {
  const pa = /^memory\[0x([0-9a-f]+)\]$/.exec(cell)?.[1];
  const flushed = (word: string): boolean => changes.some((other) => /^behind\[0x([0-9a-f]+)\]$/.exec(other.cell)?.[1] === word && other.after === -1);
  return cell.endsWith('.non_coherent') || (pa !== undefined && flushed(parseInt(pa, 16).toString(16)));
}

/** Whether a grant that the domain has mapped, or just unmapped, lets it have this of the frame changed: its counts, or its contents. */
function wasGranted(domain: Domain, { verb }: Action, cell: string, mfn: Mfn): boolean {
  const isContents = cell.startsWith('memory');
  return domain.maptrack.some(({ frame, active, readonly }) => frame === mfn && (active || verb === 'unmap-grant') && !(isContents && readonly));
}

/** Who owned a frame before the call. */
function ownerBefore(ground: Playground, changes: readonly Change[], mfn: Mfn): Entity | null {
  const changed = changes.find(({ cell }) => cell === `mfn 0x${mfn.toString(16)}.owner`);
  return changed ? (changed.before as Entity | null) : ground.xen.pageOf(mfn)?.owner ?? null;
}

/** The frame that a cell says something about: its contents, its counts, its place in the reverse map. */
function frameOf(cell: string): Mfn | null {
  const memory = /^memory\[0x([0-9a-f]+)\]$/.exec(cell);
  if (memory) return Math.floor(parseInt(memory[1]!, 16) / 4096);
  const page = /^mfn 0x([0-9a-f]+)\./.exec(cell) ?? /^m2p\[mfn 0x([0-9a-f]+)\]$/.exec(cell);
  return page ? parseInt(page[1]!, 16) : null;
}

/** Whether only the bits changed that the processor itself sets on an access. */
function isAccessedBit(before: Value, after: Value): boolean {
  return typeof before === 'number' && typeof after === 'number' && ((before ^ after) & ~(_PAGE_ACCESSED | _PAGE_DIRTY)) === 0;
}

/**
 * What Xen puts right in a frame before it refuses it: privileges of descriptors, and in a root the rights and whatever is
 * behind its four entries. The frame is the guest's own, and in no use as a table.
 */
function isTidied(ground: Playground, cell: string, mfn: Mfn, domain: Domain): boolean {
  const page = ground.xen.pageOf(mfn);
  return cell.startsWith('memory') && page?.owner === domain && page.type_count === 0 && page.type !== 'writable';
}

/** The type of a frame that nothing uses as that type: no promise is about it. */
function isIdleType(ground: Playground, cell: string, mfn: Mfn): boolean {
  return /\.(type|validated|nr_validated_ptes|partial_set)$/.test(cell) && ground.xen.pageOf(mfn)!.type_count === 0;
}
