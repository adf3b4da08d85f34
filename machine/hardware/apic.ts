import type { Store } from '../state/store';
import { tracked } from '../state/tracked';

// The local APIC of one processor, as far as the order of interrupts goes. An
// interrupt that was sent is on its way or pending: nothing can tell these
// apart, since each may take any time. It is delivered when the processor accepts
// interrupts and nothing of its priority or above is in service; it stays in
// service until the handler writes to the EOI register. SDM volume 3A, 10.8.

interface ApicFields {
  /** ISR: vectors in service, the highest first. */
  inService: readonly number[];
  /** The task-priority register, 0 to 255. */
  tpr: number;
  timerMode: 'off' | 'one-shot' | 'periodic';
  timerVector: number;
}

/** Interrupts are of the same priority when their vectors begin with the same digit. */
export const priorityClass = (vector: number): number => vector >> 4;

export class LocalApic extends tracked<ApicFields>({ inService: [], tpr: 0, timerMode: 'off', timerVector: 0 }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }

  /** The processor-priority register: only interrupts above its class are delivered. */
  get ppr(): number {
    const serving = this.inService[0] ?? 0;
    return priorityClass(this.tpr) >= priorityClass(serving) ? this.tpr : serving & 0xf0;
  }

  /** Whether an interrupt may be delivered now, as far as priorities go. */
  admits(vector: number): boolean {
    return priorityClass(vector) > priorityClass(this.ppr);
  }

  /** An interrupt is being delivered: it is in service from now on. */
  serve(vector: number): void {
    this.inService = [...this.inService, vector].sort((a, b) => b - a);
  }

  /** A write to the EOI register: the highest vector is no longer in service. */
  endOfInterrupt(): void {
    this.inService = this.inService.slice(1);
  }
}
