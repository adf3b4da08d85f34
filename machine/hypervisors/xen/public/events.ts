import type { TrapFrame } from '../../../hardware/interrupts';
import type { Call } from '../../../path';
import type { Store } from '../../../state/store';
import { tracked } from '../../../state/tracked';

// What a guest and Xen share to signal events and faults
// (xen/include/public/xen.h, event_channel.h): two pages of flags that both
// write, and the handlers that a guest registers. A guest's interrupt flag is
// `evtchn_upcall_mask`: clearing it is a store that Xen does not notice.
//
// Model: 32 ports at most, so one word of each bitmap, and one bit of
// `evtchn_pending_sel`.

/** Commands of `event_channel_op`. */
export const EVTCHNOP = { send: 4, bind_ipi: 7, unmask: 9 } as const;

/** The name of a command, for messages. */
export function evtchnopName(cmd: number): string {
  return `EVTCHNOP_${Object.entries(EVTCHNOP).find(([, number]) => number === cmd)?.[0] ?? cmd}`;
}

/** struct shared_info; bit sets over ports. */
export class SharedInfo extends tracked<{ evtchn_pending: number; evtchn_mask: number }>({ evtchn_pending: 0, evtchn_mask: -1 }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

interface VcpuInfoFields {
  /** Some event is pending for this virtual CPU. */
  evtchn_upcall_pending: boolean;
  /** Its events are masked. */
  evtchn_upcall_mask: boolean;
  /** Some port of the bitmap is pending. */
  evtchn_pending_sel: boolean;
  /** arch.cr2: where the last fault was. */
  cr2: number;
}

/** struct vcpu_info; a new virtual CPU has its events masked. */
export class VcpuInfo extends tracked<VcpuInfoFields>({ evtchn_upcall_pending: false, evtchn_upcall_mask: true, evtchn_pending_sel: false, cr2: 0 }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

/** struct trap_info: a guest's handler of one vector. */
export interface TrapInfo {
  readonly vector: number;
  /** TI_SET_IF: events are masked on the way in, as an interrupt gate does. */
  readonly masksEvents: boolean;
  readonly handler: (frame: TrapFrame) => Call<unknown>;
}
