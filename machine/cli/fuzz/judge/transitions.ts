import { isTable } from '../../../hypervisors/xen/frames/frames';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_GLOBAL, _PAGE_GUEST_KERNEL, _PAGE_USER, entryOf, flagsOf, isPresent, withFlags, type WideEntry } from '../../../hypervisors/xen/public/layout';
import type { Entity, Value } from '../../../state/hash';
import { mayReach } from '../../../hypervisors/xen/domain';
import type { Domain } from '../../../hypervisors/xen/xen';
import type { Violation } from '../../../explorer/system';
import { GNTST, type Mfn } from '../../../hypervisors/xen/public/xen';
import type { Playground } from '../../../situations/xen/playground';
import type { CellMeaning } from './cells';
import type { Outcome } from '../perform';
import type { Call, Deed } from '../script';

// Promises about a call rather than about a state: a refused call changes
// nothing, a successful one changes only what belongs to its domain or was
// granted to it, an update changes the entry that translates its address, and
// user mode can change no page table and make no call.

/** One cell that a call has changed. */
export interface CellChange {
  readonly cell: string;
  readonly meaning: CellMeaning;
  readonly before: Value;
  readonly after: Value;
}

/** Fields of a frame that have no meaning while the frame is not used as its type. */
const IDLE: ReadonlySet<string> = new Set(['type', 'validated', 'nr_validated_ptes', 'partial_set']);

/** A transfer that fails after the frame has left its domain: the frame goes to the heap. */
const TAKEN = `${GNTST.address_too_big}:`;

/**
 * Judges what one call changed.
 *
 * @param changes for a call that was refused, or stopped in the middle of a list, what its last operation changed
 */
export function judgeCall(ground: Playground, call: Call, outcome: Outcome, changes: readonly CellChange[]): Violation | null {
  if (ground.xen.died.value !== '') return null; // nothing is left to judge here; an invariant reports it
  if (!outcome.done) return judgeRefusal(ground, call[0]!, outcome, changes);
  return missedEntry(ground, call, outcome) ?? missedGrant(call[0]!, outcome) ?? judgeDone(ground, call, outcome, changes);
}

/** A value of a cell; an empty text would leave a gap. */
const shown = (value: unknown): string => (value === '' ? 'nothing' : String(value));

function judgeRefusal(ground: Playground, { who, verb }: Deed, outcome: Outcome, changes: readonly CellChange[]): Violation | null {
  const { vcpu } = outcome;
  // Work that was half done before is undone or completed.
  const isCleaning = vcpu.old_guest_table !== null || changes.some(({ meaning: { kind, field } }) => (kind === 'vcpu' && (field.startsWith('old_guest_table') || field === 'in_flight')) || (kind === 'frame' && field === 'partial'));
  // The entry that is to replace a grant is removed from its slot before Xen checks the grant's, and is not restored.
  if (outcome.isInterrupted || isCleaning || outcome.said.startsWith(TAKEN) || verb === 'replace-grant') return null;
  for (const change of changes) {
    const { cell, meaning: { kind, mfn, field }, before, after } = change;
    const isTlb = kind === 'tlb';
    if ((mfn < 0 && !isTlb) || verb === 'evict') continue;
    if (isTlb && verb !== 'map') continue;
    if (verb !== 'map' && isCacheFlush(change, changes)) continue;
    if (kind === 'frame' && COUNTS.has(field) && isLocalTableGivenBack(changes, mfn)) continue;
    if (isIdleType(ground, kind, field, mfn) || isTidied(ground, kind, mfn, vcpu.domain)) continue;
    return { invariant: 'refusedChangesNothing', message: `${who} ${verb} was refused (${outcome.said}) and changed ${cell} from ${shown(before)} to ${shown(after)}` };
  }
  return null;
}

/** The fields of a frame that change when a local descriptor table releases it. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'type_count']);

/** Whether a local descriptor table has lost a frame: a mapping of it was made and dropped, and the processor takes it again at its next access. */
function isLocalTableGivenBack(changes: readonly CellChange[], mfn: Mfn): boolean {
  const has = (value: Value): boolean => (value as readonly (readonly [number, Mfn])[]).some(([, frame]) => frame === mfn);
  return changes.some(({ meaning: { kind, field }, before, after }) => kind === 'vcpu' && field === 'ldt_frames' && has(before) && !has(after));
}

function judgeDone(ground: Playground, call: Call, { vcpu: { domain } }: Outcome, changes: readonly CellChange[]): Violation | null {
  const { who, verb, numbers } = call[0]!;
  for (const { cell, meaning: { kind, mfn }, before, after } of changes) {
    if (mfn < 0 || verb === 'evict' || verb === 'destroy') continue;
    const what = (): string => `${who} ${verb} was done and changed ${cell} from ${shown(before)} to ${shown(after)}`;
    if (verb === 'iret-and-map') return { invariant: 'usersCallNothing', message: what() };
    const page = ground.xen.pageOf(mfn);
    if (numbers['user'] === 1 && page?.validated === true && isTable(page.type) && !isAccessedBit(before, after)) return { invariant: 'usersChangeNoTable', message: what() };
    const owner = ownerBefore(ground, changes, mfn);
    const own = owner === domain || mayReach(domain, owner) || owner === null || mfn === ground.xen.ownTable || call.some((deed) => wasGranted(ground, domain, deed, kind === 'memory', mfn));
    if (!own) return { invariant: 'changesOnlyItsOwn', message: `${what()}, which belongs to ${owner!.name}` };
  }
  return null;
}

/** The mapping of a grant must return the handle of an existing mapping. */
function missedGrant({ who, verb }: Deed, { vcpu: { domain }, said }: Outcome): Violation | null {
  if (!verb.startsWith('map-grant')) return null;
  const mapping = domain.maptrack[Number(said)];
  return mapping?.active === true && Number(said) === domain.maptrack.length - 1 ? null : { invariant: 'grantsAreMapped', message: `${who} ${verb} answers ${said}, and maps nothing` };
}

/** A successful update must change the entry by which the processor translates the address. */
function missedEntry(ground: Playground, call: Call, { vcpu }: Outcome): Violation | null {
  const { who, verb, numbers } = call[0]!;
  if (verb !== 'map') return null;
  const { va = 0, mfn = 0, bits = 0 } = numbers;
  const at = ground.xen.guestEntry(vcpu, va);
  const entry = at === null ? 0 : ground.xen.entryAt(at.table, at.slot);
  const wanted = asInRingThree(ground, entryOf(mfn, bits));
  if (entry === wanted) return null;
  return { invariant: 'updatesChangeTheEntryInUse', message: `${who} map was done, but 0x${va.toString(16)} is translated by 0x${entry.toString(16)}, not by 0x${wanted.toString(16)}` };
}

/** The correct form of a 64-bit guest's entry, since the whole guest runs in ring 3: global, or, if it is for the kernel alone, marked as such. */
function asInRingThree({ xen: { layout } }: Playground, entry: number): WideEntry {
  if (layout.levels !== 4 || !isPresent(entry)) return entry;
  const flags = flagsOf(entry);
  return withFlags(entry, (flags & _PAGE_USER) !== 0 ? flags | _PAGE_GLOBAL : flags | _PAGE_USER | _PAGE_GUEST_KERNEL);
}

/** Whether a flushed cache makes memory visible: the word was hidden behind the cache before. */
function isCacheFlush({ meaning: { kind, field } }: CellChange, changes: readonly CellChange[]): boolean {
  if (field === 'non_coherent') return true;
  if (kind !== 'memory') return false;
  const word = parseInt(field, 16);
  return changes.some(({ meaning, after }) => meaning.kind === 'behind' && after === -1 && parseInt(meaning.field, 16) === word);
}

/** Whether a grant that the domain has mapped, or just unmapped, permits this change of the frame: of its counts, or of its contents. */
function wasGranted(ground: Playground, domain: Domain, { verb, numbers }: Deed, isContents: boolean, mfn: Mfn): boolean {
  if (verb === 'copy-grant') return isOffered(ground, domain, numbers['tdom']!, numbers['to']!, mfn, 1) || (!isContents && isOffered(ground, domain, numbers['fdom']!, numbers['from']!, mfn, 1));
  return domain.maptrack.some(({ frame, active, readonly }) => frame === mfn && (active || verb.startsWith('unmap-grant') || verb === 'replace-grant') && !(isContents && readonly));
}

/** Whether a grant offers a frame to a domain, or has it in use: its own, or that of a grant to which it leads, up to `further` steps. */
function isOffered(ground: Playground, domain: Domain, dom: number, ref: number, mfn: Mfn, further: number): boolean {
  const granter = ground.xen.domains[dom];
  const entry = granter?.grants[ref];
  const inUse = granter?.active.some((act) => act.ref === ref && act.domid === domain.domain_id && act.frame === mfn);
  if (!granter || !entry || inUse || entry.domid !== domain.domain_id) return inUse === true;
  return entry.trans_domid < 0 ? entry.frame === mfn : further > 0 && isOffered(ground, granter, entry.trans_domid, entry.trans_gref, mfn, further - 1);
}

/** The owner of a frame before the call. */
function ownerBefore(ground: Playground, changes: readonly CellChange[], mfn: Mfn): Entity | null {
  for (const { meaning, before } of changes) if (meaning.mfn === mfn && meaning.field === 'owner') return before as Entity | null;
  return ground.xen.pageOf(mfn)?.owner ?? null;
}

/** Whether only bits that the processor itself sets on an access have changed. */
function isAccessedBit(before: Value, after: Value): boolean {
  return typeof before === 'number' && typeof after === 'number' && ((before ^ after) & ~(_PAGE_ACCESSED | _PAGE_DIRTY)) === 0;
}

/**
 * What Xen corrects in a frame before it refuses it: privileges of descriptors, and in a root the rights and whatever
 * follows its four entries. The frame is the guest's own, and not in use as a table.
 */
function isTidied(ground: Playground, kind: string, mfn: Mfn, domain: Domain): boolean {
  const page = ground.xen.pageOf(mfn);
  return kind === 'memory' && page?.owner === domain && page.type_count === 0 && page.type !== 'writable';
}

/** The type of a frame that is not in use as that type, and with it whether a device may write there: no promise concerns it. */
function isIdleType(ground: Playground, kind: string, field: string, mfn: Mfn): boolean {
  return (kind === 'devices' || (kind === 'frame' && IDLE.has(field))) && ground.xen.pageOf(mfn)!.type_count === 0;
}
