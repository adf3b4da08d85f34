import { tracked } from '../../state/tracked';
import type { MulticallEntry } from '../../hypervisors/xen/public/xen';
import { describeCall } from '../../hypervisors/xen/public/calls';
import { digestOf, type Entity, type Hashed } from '../../state/hash';
import type { Store } from '../../state/store';

// struct mc_buffer: hypercalls that wait to be made together. There is one for
// each CPU, which only that CPU uses, with preemption off; so no other CPU can
// notice what is done to it.

/** Hypercalls in one batch: MC_BATCH. */
export const MC_BATCH = 32;
/** Room for their arguments, in 64-bit words: MC_ARGS. */
export const MC_ARGS = MC_BATCH * 16 / 8;

/** Size of the argument structures in words of 64 bits. */
export const MMUEXT_OP_WORDS = 2;
export const MMU_UPDATE_WORDS = 2;

/** Something to do once the batch has been made. */
export interface Callback {
  readonly [key: string]: string | Entity;
  readonly fn: 'do_unlock' | 'set_current_cr3';
  /** The page whose lock is released, or the page directory that is loaded now. */
  readonly data: Entity;
}

/** A call in the queue; a trace shows what it asks for. */
export class Queued implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  constructor(readonly entry: MulticallEntry) {
    ({ hashA: this.hashA, hashB: this.hashB } = digestOf(entry));
  }

  toString(): string {
    return describeCall(this.entry);
  }
}

interface McBufferFields {
  entries: readonly Queued[];
  /** Words of argument space in use. */
  argidx: number;
  callbacks: readonly Callback[];
  /** Batches made so far; for the reader. */
  flushes: number;
}

export class McBuffer extends tracked<McBufferFields>({ entries: [], argidx: 0, callbacks: [], flushes: 0 }, ['flushes']) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}
