import { isInFlight, isTable, type FrameType, type page_info } from './frames';
import { _PAGE_RW, entriesOf, flagsOf, isPresent, mfnOf } from '../public/layout';
import { is_guest_slot } from './own-entries';
import { levelOf } from './tables';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// What the counts of every frame should be, computed from the tables in memory,
// the pins and the base pointers. For checkers: Xen itself never does this.

/** References to one frame, by reason. */
export interface References {
  /** Writable entries of validated lowest-level tables, those made for grants among them. */
  writable: number;
  /** Read-only entries of the same tables. */
  readOnly: number;
  /** Entries of upper tables, except the frame's entry for itself. */
  upper: number;
  pins: number;
  /** Base pointers, and tables that a virtual CPU still has to release. */
  bases: number;
  /** The frame is itself half done, or is just becoming a table. */
  partial: number;
  /** References to a half-done table: from the entry at which the scan of an upper table stopped, or from the virtual CPU that has to release it. */
  halfDone: number;
  /** Xen's own use of a frame that it shares, which has no general reference. */
  shared: number;
  descriptors: number;
  allocated: number;
}

const none = (): References => ({ writable: 0, readOnly: 0, upper: 0, pins: 0, bases: 0, partial: 0, halfDone: 0, shared: 0, descriptors: 0, allocated: 0 });

/** Counts every reference to every frame. */
export function referencesTo(xen: XenState): ReadonlyMap<Mfn, References> {
  const found = new Map<Mfn, References>();
  const to = (mfn: Mfn): References => {
    let references = found.get(mfn);
    if (!references) found.set(mfn, references = none());
    return references;
  };
  for (const page of xen.pages) {
    if (page.allocated) to(page.mfn).allocated++;
    if (page.pinned) to(page.mfn).pins++;
    if (page.partial) to(page.mfn).partial++;
    if (page.xenHeap) to(page.mfn).shared++;
    if (isTable(page.type) && (page.validated || page.partial) && page.type_count > 0) countEntries(xen, page, page.type, to);
  }
  for (const vcpu of xen.vcpus) {
    if (vcpu.guest_table !== null) to(vcpu.guest_table).bases++;
    if (vcpu.guest_table_user !== null) to(vcpu.guest_table_user).bases++;
    if (vcpu.old_guest_table !== null) to(vcpu.old_guest_table)[vcpu.old_guest_table_partial ? 'halfDone' : 'bases']++;
    if (vcpu.in_flight !== null && isInFlight(xen.pageOf(vcpu.in_flight)!)) to(vcpu.in_flight).partial++;
    for (const mfn of vcpu.gdt_frames) to(mfn).descriptors++;
    for (const [, mfn] of vcpu.ldt_frames) to(mfn).descriptors++;
  }
  for (const { maptrack } of xen.domains) for (const { active, device, frame, readonly } of maptrack) if (active && device) to(frame)[readonly ? 'readOnly' : 'writable']++;
  return found;
}

/** Whether a table holds a reference for its entry in `slot`: a half-done one only for those up to the current one. */
export function holdsEntry({ partial, partial_set, nr_validated_ptes }: page_info, slot: number): boolean {
  return !partial || slot < nr_validated_ptes || (partial_set && slot === nr_validated_ptes);
}

function countEntries(xen: XenState, table: page_info, type: FrameType, to: (mfn: Mfn) => References): void {
  for (const { slot, entry } of entriesOf(xen.memory, xen.layout, levelOf(type), table.mfn)) {
    if (!isPresent(entry) || !is_guest_slot(xen.layout, type, slot)) continue;
    const target = to(mfnOf(entry));
    if (!holdsEntry(table, slot)) continue;
    const isHalfDone = table.partial && slot === table.nr_validated_ptes;
    if (type !== 'l1') {
      if (mfnOf(entry) !== table.mfn) target[isHalfDone ? 'halfDone' : 'upper']++;
    } else if ((flagsOf(entry) & _PAGE_RW) !== 0 && !isForeign(xen, table, mfnOf(entry))) {
      target.writable++;
    } else {
      target.readOnly++;
    }
  }
}

/** Whether an entry maps a frame of a fully virtualised domain, which then takes no type. */
function isForeign(xen: XenState, table: page_info, mfn: Mfn): boolean {
  const owner = xen.pageOf(mfn)?.owner;
  return owner !== table.owner && xen.domains.some((domain) => domain === owner && domain.translated);
}

/** All references that are uses as a type. */
export function typedReferences({ writable, upper, pins, bases, partial, shared, descriptors }: References): number {
  return writable + upper + pins + bases + partial + shared + descriptors;
}

/** All references of any kind. */
export function generalReferences(references: References): number {
  return typedReferences(references) - references.shared + references.readOnly + references.halfDone + references.allocated;
}

export const NO_REFERENCES: Readonly<References> = none();
