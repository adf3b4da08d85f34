import { COMPAT, type Layout } from './public/layout';

// Which Xen this is: the only place that says so. A 32-bit hypervisor is of the
// 3.2 era, in which a hypercall runs under the domain's lock from end to end.
// The 64-bit one, which gives its 32-bit guests PAE tables, is of the 4.13 era:
// turning a tree of tables into tables, or back, can take so long that it is
// preemptible, and what is half done is noted in the frames (XSA-45, XSA-299).

export interface Era {
  readonly name: '3.2' | '4.13';
  /** Whether taking a type and giving it up may stop between two entries. */
  readonly preemptible: boolean;
}

export function eraOf(layout: Layout): Era {
  return layout === COMPAT ? { name: '4.13', preemptible: true } : { name: '3.2', preemptible: false };
}
