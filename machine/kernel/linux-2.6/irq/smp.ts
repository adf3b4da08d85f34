import type { Cpu } from '../../../hardware/cpu';
import { instruction } from '../../../path';
import type { Store } from '../../../state/store';
import { inMemory, tracked } from '../../../state/tracked';
import type { Kernel } from '../../kernel';
import type { Mm } from '../../task';

// arch/i386/kernel/smp.c: what each CPU records about the address space it
// holds. Exists on SMP only.

interface TlbStateFields {
  active_mm: Mm | null;
  state: 'TLBSTATE_OK' | 'TLBSTATE_LAZY';
}

/** struct tlb_state, one for each CPU, which that CPU alone looks at: no other CPU can notice whether a store to it has reached memory. */
export class TlbState extends tracked<TlbStateFields>({ active_mm: null, state: 'TLBSTATE_OK' }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

interface ShootdownFields {
  /** Who holds tlbstate_lock. */
  tlbstate_lock: Cpu | null;
  flush_mm: Mm | null;
  flush_va: number;
  /** 4.4: where the range ends that begins at flush_va. */
  flush_end: number;
  /** CPUs that have not answered yet, as a bit set. */
  flush_cpumask: number;
  /** Who holds call_lock. */
  call_lock: Cpu | null;
  /** CPUs that have not finished the called function, as a bit set. */
  call_cpumask: number;
}

/** The variables with which one CPU tells others which translations to drop. */
export class Shootdown extends inMemory<ShootdownFields>({ tlbstate_lock: null, flush_mm: null, flush_va: 0, flush_end: 0, flush_cpumask: 0, call_lock: null, call_cpumask: 0 }) {}

/** The per-CPU variable cpu_tlbstate, as its users change it. */
export const cpu_tlbstate = {
  becomeLazy: instruction('if (state == TLBSTATE_OK) state = TLBSTATE_LAZY', (cpu: Cpu, k: Kernel) => {
    k.tlbstate(cpu).state = 'TLBSTATE_LAZY';
  }),
  /** The first half of adopting an address space; the second is `setActiveMm`, and between them the state is that of the old one. */
  setOk: instruction('cpu_tlbstate.state = TLBSTATE_OK', (cpu: Cpu, k: Kernel) => {
    k.tlbstate(cpu).state = 'TLBSTATE_OK';
  }),
  setActiveMm: instruction((_k, next) => `cpu_tlbstate.active_mm = ${next.name}`, (cpu: Cpu, k: Kernel, next: Mm) => {
    k.tlbstate(cpu).active_mm = next;
  }),
  resume: instruction((_k, next) => `state = TLBSTATE_OK; BUG_ON(active_mm != ${next.name})`, (cpu: Cpu, k: Kernel, next: Mm) => {
    const tlbstate = k.tlbstate(cpu);
    tlbstate.state = 'TLBSTATE_OK';
    if (tlbstate.active_mm !== next) k.current(cpu).oops = `kernel BUG in switch_mm(): cpu_tlbstate.active_mm is not ${next.name}`;
  }),
};
