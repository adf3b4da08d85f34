import { isTable, type FrameType } from './frames';
import { _PAGE_RW, entriesOf, flagsOf, isPresent, mfnOf } from './public-layout';
import { is_guest_slot, levelOf } from './tables';
import type { Mfn } from './public';
import type { Xen } from './xen';

// What the counts of every frame ought to be, worked out afresh from the
// tables as they are in memory, the pins and the base pointers. For checkers:
// Xen itself never does this.

/** References to one frame, by reason. */
export interface References {
  /** Writable entries of validated lowest-level tables. */
  writable: number;
  /** Read-only entries of the same. */
  readOnly: number;
  /** Entries of upper tables, the frame's entry for itself excepted. */
  upper: number;
  pins: number;
  bases: number;
  descriptors: number;
  allocated: number;
}

const none = (): References => ({ writable: 0, readOnly: 0, upper: 0, pins: 0, bases: 0, descriptors: 0, allocated: 0 });

/** Counts every reference to every frame. */
export function referencesTo(xen: Xen): ReadonlyMap<Mfn, References> {
  const found = new Map<Mfn, References>();
  const to = (mfn: Mfn): References => {
    let references = found.get(mfn);
    if (!references) found.set(mfn, references = none());
    return references;
  };
  for (const page of xen.pages) {
    if (page.allocated) to(page.mfn).allocated++;
    if (page.pinned) to(page.mfn).pins++;
    if (isTable(page.type) && page.validated && page.type_count > 0) countEntries(xen, page.mfn, page.type, to);
  }
  for (const vcpu of xen.vcpus) {
    if (vcpu.guest_table !== null) to(vcpu.guest_table).bases++;
    for (const mfn of vcpu.gdt_frames) to(mfn).descriptors++;
  }
  return found;
}

function countEntries(xen: Xen, table: Mfn, type: FrameType, to: (mfn: Mfn) => References): void {
  for (const { slot, entry } of entriesOf(xen.memory, xen.layout, levelOf(type), table)) {
    if (!isPresent(entry) || !is_guest_slot(xen.layout, type, slot)) continue;
    const target = to(mfnOf(entry));
    if (type !== 'l1') {
      if (mfnOf(entry) !== table) target.upper++;
    } else if ((flagsOf(entry) & _PAGE_RW) !== 0) {
      target.writable++;
    } else {
      target.readOnly++;
    }
  }
}

/** All references that are uses as a type. */
export function typedReferences(references: References): number {
  return references.writable + references.upper + references.pins + references.bases + references.descriptors;
}

export const NO_REFERENCES: Readonly<References> = none();
