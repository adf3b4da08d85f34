import { CR4_PAE, PAGE_FAULT, type Cpu, type TrapFrame } from '../../hardware/cpu';
import { iret } from '../../hardware/instructions';
import { isPresent } from '../../hypervisors/xen/public-layout';
import { instruction, path, silently, type Path } from '../../path';
import { PAGE_OFFSET } from '../kernel';
import { _PAGE_RW } from '../pgtable';
import { XEN_CALL_FUNCTION_VECTOR, xen_call_function_interrupt } from './drop-mm-ref';
import { faultingFunction, oops } from './bug';
import type { XenKernel } from './guest';

// arch/x86/mm/fault_32.c (arch/i386/mm/fault.c until 2.6.23), for the faults
// that Xen hands on: kernel code has touched a kernel address. No vma can
// explain that, and no fixup is declared for page tables.

const read_cr2 = instruction('address = read_cr2()', (cpu: Cpu) => cpu.cr2);

/** What a reader wants to know beside the registers: Xen's reason for not emulating the store. */
const xensReason = silently("Xen's reason", (_cpu: Cpu, k: XenKernel) => k.xen.reason());

/** Whether the entry, as it is now in memory, allows the write. */
const entryAllows = instruction('pte = lookup_address(address)', (_cpu: Cpu, k: XenKernel, address: number) => {
  const entry = k.lookup(k.swapper, address);
  return isPresent(entry) && (entry & _PAGE_RW) !== 0;
});

const pageNamed = silently('virt_to_page(address)', (_cpu: Cpu, k: XenKernel, address: number) => k.mem_map[Math.floor((address - PAGE_OFFSET) / 4096)]?.name ?? 'no page');

/** arch/x86/mm/fault_32.c, do_page_fault(), for addresses of the kernel. */
export const do_page_fault = path(function* do_page_fault(k: XenKernel, frame: TrapFrame): Path {
  const address = yield* read_cr2();
  // 2.6.25, spurious_fault(): a translation may be older than the entry, and the fault has dropped it.
  if (k.since('2.6.25') && (yield* entryAllows(k, address))) return;
  const where = yield* faultingFunction();
  const hex = address.toString(16).padStart(8, '0');
  yield* oops(k, `BUG: unable to handle kernel paging request at virtual address ${hex}; Oops: ${frame.errorCode.toString(16).padStart(4, '0')} [#1]; EIP is at ${where} (${yield* pageNamed(k, address)}: ${yield* xensReason(k)})`);
});

/** arch/x86/kernel/entry_32.S, page_fault */
const page_fault = path(function* page_fault(k: XenKernel, frame: TrapFrame): Path {
  yield* do_page_fault(k, frame);
  yield* iret(frame);
});

/** arch/x86/xen/setup.c and smp.c: the handlers that Xen calls. */
export function xen_trap_init(k: XenKernel): void {
  for (const cpu of k.cpus) {
    if (k.config.X86_PAE) cpu.cr4 |= CR4_PAE;
    cpu.idt.set(PAGE_FAULT, { kind: 'interrupt', handler: (frame) => page_fault(k, frame) });
    cpu.idt.set(XEN_CALL_FUNCTION_VECTOR, { kind: 'interrupt', handler: (frame) => xen_call_function_interrupt(k, frame) });
    cpu.vectorNames.set(XEN_CALL_FUNCTION_VECTOR, 'call_function');
  }
}
