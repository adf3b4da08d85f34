import type { TrapFrame } from '../../../hardware/interrupts';
import { access } from '../../../hardware/mmu';
import { PAGE_FAULT, type Cpu } from '../../../hardware/cpu';
import { RESTART } from '../../../path';
import { ptwr_do_page_fault } from '../calls/ptwr';
import { highWord, lowWord, wideEntry, type WideEntry } from '../public/layout';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// How memory accesses of a guest's kernel end: in memory, in Xen's emulation,
// or in the guest's own page-fault handler (arch/x86/traps.c).

/**
 * A store by guest kernel code at `va`: `result` computes the new value from the old. The store may wait like any other unless its instruction is
 * locked, or faults.
 * Returns the old value, or RESTART after the guest was given a page fault.
 * Model: where stores wait, the walk and the draining before the fault are one event. The entry belongs to the kernel's own mapping of its tables, and no path
 * reads its D bit; what others could do in between is left out.
 */
export function guestStore<E extends WideEntry>(xen: XenState, cpu: Cpu, va: number, size: 4 | 8, result: (old: E) => E): E | typeof RESTART {
  const reached = access(cpu, 'write', va, 0, false, size);
  const { memory } = cpu;
  if (reached.out === 'ok') {
    const old = (size === 8 ? wideEntry(memory.read32(reached.pa), memory.read32(reached.pa + 4)) : memory.read32(reached.pa)) as E;
    const value = result(old);
    if (size === 8) memory.writePair(reached.pa, lowWord(value), highWord(value));
    else memory.write32(reached.pa, lowWord(value));
    return old;
  }
  if (reached.out !== 'pf') throw new Error(`machine bug: ${cpu.name} raises #GP at 0x${va.toString(16)}`);
  cpu.drain();
  let before = 0 as E;
  const bounce = (reached.err & 1) === 0 ? 'nothing is mapped there' : ptwr_do_page_fault(xen, xen.vcpuOn(cpu), {
    va, size, kernelMode: true,
    result: (old) => {
      before = old as E;
      return result(before);
    },
  });
  if (bounce === null) return before;
  return propagate_page_fault(xen, cpu, va, reached.err, bounce);
}

/** A 32-bit read by guest kernel code. */
export function guestLoad(xen: XenState, cpu: Cpu, va: number): number | typeof RESTART {
  const reached = access(cpu, 'read', va, 0, false, 4);
  if (reached.out === 'ok') return cpu.memory.read32(reached.pa);
  if (reached.out !== 'pf') throw new Error(`machine bug: ${cpu.name} raises #GP at 0x${va.toString(16)}`);
  return propagate_page_fault(xen, cpu, va, reached.err, 'nothing is mapped there');
}

/** arch/x86/traps.c, propagate_page_fault(): the guest's handler runs, and finds the address in its shared page, since it may not read cr2. */
function propagate_page_fault(xen: XenState, cpu: Cpu, va: number, errorCode: number, why: string): typeof RESTART {
  cpu.drain();
  const vcpu = xen.vcpuOn(cpu);
  vcpu.bounce = why;
  vcpu.vcpu_info.cr2 = va;
  bounce(xen, vcpu, PAGE_FAULT, errorCode);
  return RESTART;
}

/** arch/x86/x86_32/entry.S, create_bounce_frame: pushes the handler that the guest has named on top of what it did. Without one the domain crashes. */
function bounce(xen: XenState, vcpu: Vcpu, vector: number, errorCode: number): void {
  const trap = vcpu.traps.get(vector);
  if (!trap) return domain_crash(xen, vcpu, `Unhandled vec ${vector} fault: no handler for it was set`);
  const { cpu, vcpu_info } = vcpu;
  const frame: TrapFrame = { vector, errorCode, IF: !vcpu_info.evtchn_upcall_mask, cpl: cpu.cpl };
  if (trap.masksEvents) vcpu_info.evtchn_upcall_mask = true;
  if (xen.layout.levels === 4 && !vcpu.isInKernel) xen.toggle_guest_mode(vcpu);
  cpu.cpl = 0;
  cpu.context!.interrupt(trap.handler(frame), cpu);
}

/** common/domain.c, domain_crash(): none of the domain's virtual CPUs continues. */
function domain_crash(xen: XenState, { domain, name }: Vcpu, why: string): void {
  domain.crashed = `Domain ${domain.name} (${name}) crashed: ${why}`;
  xen.refuse(null, domain.crashed);
  for (const vcpu of xen.vcpus) if (vcpu.domain === domain) vcpu.cpu.context = null;
}

/** arch/x86/x86_32/traps.c and x86_64/traps.c, do_iret(): the guest continues where its stack says, perhaps in a program, with its events masked or unmasked as the stack says. */
export function do_iret(xen: XenState, vcpu: Vcpu, cpl: number, masked: boolean): void {
  if (xen.layout.levels === 4) {
    if (cpl === 3 && vcpu.guest_table_user === null) return domain_crash(xen, vcpu, 'Guest switching to user mode with no user page tables');
    if (cpl === 3) xen.toggle_guest_mode(vcpu);
  } else {
    vcpu.cpu.cpl = cpl;
  }
  vcpu.vcpu_info.evtchn_upcall_mask = masked;
}
