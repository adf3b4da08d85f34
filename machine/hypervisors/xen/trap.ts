import { access } from '../../hardware/mmu';
import { PAGE_FAULT, type Cpu } from '../../hardware/cpu';
import { RESTART } from '../../path';
import { ptwr_do_page_fault } from './ptwr';
import type { Entry } from './public-layout';
import type { Xen } from './xen';

// How memory accesses of a guest's kernel end: in memory, in Xen's emulation,
// or in the guest's own page-fault handler (arch/x86/traps.c).

/**
 * A store by guest kernel code at `va`, as one locked instruction: `result`
 * makes the new value from the old. Returns the old value, or RESTART after
 * the guest was given a page fault.
 */
export function guestStore(xen: Xen, cpu: Cpu, va: number, size: 4 | 8, result: (old: Entry) => Entry): Entry | typeof RESTART {
  const reached = access(cpu, 'write', va, 0, false, size);
  const { memory } = xen;
  if (reached.out === 'ok') {
    const old = size === 8 ? memory.read32(reached.pa) + memory.read32(reached.pa + 4) * 0x100000000 : memory.read32(reached.pa);
    const value = result(old);
    memory.write32(reached.pa, value % 0x100000000);
    if (size === 8) memory.write32(reached.pa + 4, Math.floor(value / 0x100000000));
    return old;
  }
  if (reached.out !== 'pf') throw new Error(`machine bug: ${cpu.name} raises #GP at 0x${va.toString(16)}`);
  let before = 0;
  const bounce = (reached.err & 1) === 0 ? 'nothing is mapped there' : ptwr_do_page_fault(xen, xen.vcpuOn(cpu), {
    va, size, kernelMode: true,
    result: (old) => {
      before = old;
      return result(old);
    },
  });
  if (bounce === null) return before;
  return propagate_page_fault(xen, cpu, va, reached.err, bounce);
}

/** A 32-bit read by guest kernel code. */
export function guestLoad(xen: Xen, cpu: Cpu, va: number): number | typeof RESTART {
  const reached = access(cpu, 'read', va, 0, false, 4);
  if (reached.out === 'ok') return xen.memory.read32(reached.pa);
  if (reached.out !== 'pf') throw new Error(`machine bug: ${cpu.name} raises #GP at 0x${va.toString(16)}`);
  return propagate_page_fault(xen, cpu, va, reached.err, 'nothing is mapped there');
}

/** arch/x86/traps.c, propagate_page_fault(): the guest's handler runs, with its own idea of cr2. */
function propagate_page_fault(xen: Xen, cpu: Cpu, va: number, errorCode: number, why: string): typeof RESTART {
  xen.vcpuOn(cpu).bounce = why;
  cpu.cr2 = va;
  cpu.enter(PAGE_FAULT, errorCode);
  return RESTART;
}
