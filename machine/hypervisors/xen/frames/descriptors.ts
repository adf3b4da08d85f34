import type { Layout } from '../public/layout';

// What a guest may have in a descriptor table. Xen checks each descriptor, and
// corrects what it can: a privilege above the guest's, a limit that reaches
// into Xen, the requested privilege in a gate's selector.

export interface Descriptor {
  readonly low: number;
  readonly high: number;
}

const SEGMENT_P = 0x8000;
const SEGMENT_DPL = 0x6000;
/** Code or data; without it a gate or a system segment. */
const SEGMENT_S = 0x1000;
const SEGMENT_TYPE = 0xf00;
const CALL_GATE = 0xc00;
const SEGMENT_CODE = 0x800;
/** Data that grows downwards, or conforming code. */
const SEGMENT_EC = 0x400;
const SEGMENT_G = 0x800000;
const SEGMENT_L = 0x200000;
/** A 32-bit guest's kernel runs in ring 1. */
const GUEST_KERNEL_RPL = 1;
/** The first descriptor that is Xen's. */
export const FIRST_RESERVED_GDT_ENTRY = 14 * 512;
/** FLAT_KERNEL_CS of a 32-bit guest: Xen's own code segment for it. */
const FLAT_RING1_CS = 0xe019;
const FOUR_GIB = 2 ** 32;

/** The result of checking a descriptor: the corrected one. */
export interface Judged extends Descriptor {
  /** Whether it is allowed. */
  readonly isGood: boolean;
}

/** arch/x86, check_descriptor(): returns the corrected descriptor. A 32-bit Xen lowers the privilege even of one that it refuses. */
export function check_descriptor(layout: Layout, descriptor: Descriptor): Judged {
  const { low, high } = descriptor;
  if ((high & SEGMENT_P) === 0) return { low, high, isGood: true }; // it always faults
  if (layout.hostLevels === 4) return judged(checkOn64(layout, descriptor), descriptor);
  const lowered = { low, high: withPrivilege(high, raised((high >>> 13) & 3)) };
  return judged(checkOn32(layout, lowered), lowered);
}

const judged = (right: Descriptor | null, otherwise: Descriptor): Judged => ({ ...(right ?? otherwise), isGood: right !== null });

const baseOf = ({ low, high }: Descriptor): number => ((high & 0xff000000) >>> 0) + ((high & 0xff) << 16) + (low >>> 16);

/** One more than the limit, which is inclusive; as 32 bits if `wraps`. */
function sizeOf({ low, high }: Descriptor, wraps: boolean): number {
  const limit = (high & 0xf0000) + (low & 0xffff) + 1;
  const size = (high & SEGMENT_G) !== 0 ? limit * 4096 : limit;
  return wraps ? size % FOUR_GIB : size;
}

/** guest_gate_selector_okay() */
const selectorIsGuests = (selector: number): boolean => selector >> 3 < FIRST_RESERVED_GDT_ENTRY || selector === FLAT_RING1_CS || (selector & 4) !== 0;

const raised = (rpl: number): number => (rpl < GUEST_KERNEL_RPL ? GUEST_KERNEL_RPL : rpl);

const withPrivilege = (high: number, dpl: number): number => ((high & ~SEGMENT_DPL) | (dpl << 13)) >>> 0;

/** arch/x86/x86_64/mm.c */
function checkOn64(layout: Layout, { low, high }: Descriptor): Descriptor | null {
  const dpl = raised((high >>> 13) & 3);
  const kept = { low, high: withPrivilege(high, dpl) };
  if ((high & SEGMENT_S) !== 0) {
    if ((high & SEGMENT_L) !== 0) return null;
    const reachesXen = baseOf(kept) === 0 && sizeOf(kept, false) > layout.HYPERVISOR_VIRT_START;
    return reachesXen ? { low: (kept.low | 0xffff) >>> 0, high: (kept.high | 0xf0000) >>> 0 } : kept;
  }
  if ((high & SEGMENT_TYPE) === 0) return { low, high }; // the second half of a 64-bit gate
  const selector = low >>> 16;
  if ((high & SEGMENT_TYPE) !== CALL_GATE || !selectorIsGuests(selector) || (high & 0xe0) !== 0) return null;
  // Such a gate always faults, and Xen emulates it.
  return { low: ((low & 0xffff) | (((selector & ~3) | dpl) << 16)) >>> 0, high: withPrivilege(high, 0) };
}

/** arch/x86/x86_32/mm.c */
function checkOn32(layout: Layout, kept: Descriptor): Descriptor | null {
  const { low, high } = kept;
  if ((high & SEGMENT_S) === 0) {
    const selector = low >>> 16;
    const fixed = (selector & ~3) | raised(selector & 3);
    if ((high & SEGMENT_TYPE) !== CALL_GATE || !selectorIsGuests(fixed) || (high & 0xe0) !== 0) return null;
    return { low: ((low & 0xffff) | (fixed << 16)) >>> 0, high };
  }
  const end = layout.HYPERVISOR_VIRT_START + (layout.levels === 3 ? 0x1000000 : 0x400000); // the reverse map, which guests may read
  const base = baseOf(kept);
  const size = sizeOf(kept, true);
  if (base >= end - 4096) return null;
  const growsDown = (high & (SEGMENT_CODE | SEGMENT_EC)) === SEGMENT_EC;
  const sum = (base + size) % FOUR_GIB;
  if (growsDown) return sum > base ? truncated(kept, (FOUR_GIB - (base - (base % 4096))) % FOUR_GIB) : kept;
  return sum <= base || sum > end ? truncated(kept, end - base) : kept;
}

function truncated({ low, high }: Descriptor, size: number): Descriptor | null {
  if ((high & SEGMENT_G) === 0) return null;
  const limit = (Math.floor(size / 4096) - 1) >>> 0;
  return { low: ((low & 0xffff0000) | (limit & 0xffff)) >>> 0, high: ((high & ~0xf0000) | (limit & 0xf0000)) >>> 0 };
}
