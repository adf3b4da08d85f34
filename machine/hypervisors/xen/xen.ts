import { RESTART, type Call } from '../../path';
import type { Cpu } from '../../hardware/cpu';
import { dispatch, do_multicall, finishCleanUp, goesOn } from './calls/multicall';
import { FROM_THE_START, type Vcpu } from './domain';
import { EVENT_CHECK_VECTOR, event_check, test_all_events } from './events/events';
import { guestLoad, guestStore } from './events/trap';
import type { FrameType, Got, page_info } from './frames/frames';
import { alloc_page_type, free_page_type } from './frames/validation';
import { callResult, type CallResult, type Hypervisor } from './public/calls';
import type { SharedInfo, TrapInfo, VcpuInfo } from './public/events';
import type { Entry } from './public/layout';
import { ERESTART, hypercallName, type Mfn, type MulticallEntry } from './public/xen';
import { XenState } from './state';

export { Domain, Vcpu } from './domain';
export type { ActiveGrant } from './domain';
export type { XenOptions } from './state';

// Xen, for guests without shadow or hardware paging: any release from 3.2 on, as it
// was or with its holes closed. Each hypercall, each interrupted part of one, and
// each emulated write is one event; between two entries of a multicall other virtual
// CPUs run.
//
// Reading order of this folder: public/ (the interface), domain.ts and state.ts
// (Xen's state), releases/ (how releases differ), rules.ts (the promises). Then
// frames/: frames.ts (the counts), page-type.ts, tables.ts (what an entry needs),
// validation.ts (what a table needs), own-entries.ts, descriptors.ts. Then calls/:
// in-order.ts (lists), modify.ts, update.ts and mmuext.ts, foreign.ts, ptwr.ts
// (emulated writes), descriptors.ts, multicall.ts. Then what else decides who can
// reach a frame: translations.ts, memory-op.ts, grants/, coherence.ts. Last, how a
// guest is notified: events/. flux.ts is a variant of Xen in which other processors
// can see a type in flux; the checkers count with references.ts.
//
// Model: a hypercall of 3.2 is one event, since it holds the domain's lock.
// Shadow modes, pages shared copy-on-write and I/O memory of guests are left
// out. A fully virtualised domain exists only to be given frames and to give
// them back.

export class Xen extends XenState implements Hypervisor {
  call(cpu: Cpu, entry: MulticallEntry): CallResult | typeof RESTART {
    const vcpu = this.vcpuOn(cpu);
    cpu.drain(); // the way into Xen is a trap
    const result = this.carryOut(vcpu, entry);
    if (this.keeps('events-looked-for')) test_all_events(vcpu);
    return result;
  }

  /** The call, or the rest of it if it was interrupted, and then what its virtual CPU has to clean up. */
  private carryOut(vcpu: Vcpu, entry: MulticallEntry): CallResult | typeof RESTART {
    const { from, rc: kept, why: keptWhy } = vcpu.continuation;
    const rc = kept ?? dispatch(this, vcpu, entry, from);
    if (kept !== null && !finishCleanUp(this, vcpu)) return RESTART;
    if (rc === ERESTART) return RESTART;
    const why = kept !== null ? keptWhy : rc < 0 ? this.because(`do_${hypercallName(entry.op)}`) : '';
    if (vcpu.old_guest_table !== null) {
      vcpu.continuation = { from, rc, why };
      return RESTART;
    }
    vcpu.continuation = FROM_THE_START;
    return callResult(entry, rc, why);
  }

  machineToPhys(mfn: Mfn): number {
    return this.machine_to_phys_mapping.get(mfn);
  }

  shared_info(cpu: Cpu): SharedInfo {
    return this.vcpuOn(cpu).domain.shared_info;
  }

  vcpu_info(cpu: Cpu): VcpuInfo {
    return this.vcpuOn(cpu).vcpu_info;
  }

  set_callbacks(cpu: Cpu, traps: readonly TrapInfo[], event: () => Call<unknown>): void {
    const vcpu = this.vcpuOn(cpu);
    for (const trap of traps) vcpu.traps.set(trap.vector, trap);
    vcpu.event_callback = event;
    cpu.idt.set(EVENT_CHECK_VECTOR, { kind: 'trap', handler: () => event_check(this, vcpu) });
    cpu.vectorNames.set(EVENT_CHECK_VECTOR, 'event');
    cpu.IF = true; // the processor's own flag is Xen's: guests run with interrupts on
  }

  goesOn(cpu: Cpu): boolean {
    return goesOn(this, this.vcpuOn(cpu));
  }

  multicall(entries: readonly MulticallEntry[]): Call<readonly CallResult[]> {
    return do_multicall(this, entries);
  }

  storeFor(cpu: Cpu, va: number, size: 4 | 8, result: (old: Entry) => Entry): Entry | typeof RESTART {
    return guestStore(this, cpu, va, size, result);
  }

  loadFor(cpu: Cpu, va: number): number | typeof RESTART {
    return guestLoad(this, cpu, va);
  }

  reason(cpu: Cpu): string {
    return this.vcpuOn(cpu).bounce;
  }

  alloc_page_type(page: page_info, type: FrameType): Got {
    return alloc_page_type(this, page, type);
  }

  free_page_type(page: page_info, type: FrameType): Got {
    return free_page_type(this, page, type);
  }
}
