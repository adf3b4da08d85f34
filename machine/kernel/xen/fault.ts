import { CR4_PAE, PAGE_FAULT, type Cpu, type TrapFrame } from '../../hardware/cpu';
import { HYPERVISOR_iret } from '../../hypervisors/xen/public/calls';
import { isPresent, slotOf } from '../../hypervisors/xen/public/layout';
import { instruction, path, silently, type Path } from '../../path';
import { PAGE_OFFSET } from '../kernel';
import { holder, nameOf, type Lock } from '../linux-2.6/sched/spinlock';
import { _PAGE_RW } from '../linux-2.6/mm/pgtable';
import { xen_call_function_interrupt } from './smp-interrupt';
import { EventChannels, xen_hypervisor_callback } from './irq';
import { dieLines, faultingFunction, oops } from './bug';
import type { XenKernel } from './guest';

// arch/x86/mm/fault_32.c (arch/i386/mm/fault.c until 2.6.23), for the faults
// that Xen passes on: kernel code has touched a kernel address. No vma can
// explain that, and no fixup is declared for page tables.

/** arch/x86/xen/enlighten.c, xen_read_cr2(): where Xen has put it. */
const xen_read_cr2 = instruction('address = read_cr2()', (cpu: Cpu, k: XenKernel) => k.xen.vcpu_info(cpu).cr2);

/** What a reader wants to know besides the registers: Xen's reason for not emulating the store. */
const xensReason = silently("Xen's reason", (cpu: Cpu, k: XenKernel) => k.xen.reason(cpu));

/** Whether the entry, as it is now in memory, allows the write. */
const entryAllows = instruction('pte = lookup_address(address)', (_cpu: Cpu, k: XenKernel, address: number) => {
  const entry = k.lookup(k.swapper, address);
  return isPresent(entry) && (entry & _PAGE_RW) !== 0;
});

const thisCpu = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/**
 * The entry of the page directory, from which the C goes down to the pte as long
 * as the next table is below max_low_pfn. On Xen the entries hold machine frame
 * numbers. Model: those are above it, so only the first line is printed.
 */
const topEntry = silently('*pdpt, *pde', (cpu: Cpu, k: XenKernel, address: number) => {
  const level = k.layout.levels;
  const entry = k.entryAt(k.pfn_to_mfn(k.percpu(cpu).xen_cr3!), slotOf(k.layout, level, address));
  return level === 3 ? `*pdpt = ${entry.toString(16).padStart(16, '0')}` : `*pde = ${entry.toString(16).padStart(8, '0')}`;
});

const pageNamed = silently('virt_to_page(address)', (_cpu: Cpu, k: XenKernel, address: number) => k.mem_map[Math.floor((address - PAGE_OFFSET) / 4096)]?.name ?? 'no page');

/** Which task holds which lock, as a developer would add to the oops: the dying task first, then those that work on an address space. */
const locksHeld = silently('locks held', (cpu: Cpu, k: XenKernel) => {
  const locks: Lock[] = [...k.locks, ...k.mem_map.map((of) => ({ of, field: 'ptl' })), ...k.mms.map((of) => ({ of, field: 'page_table_lock' }))];
  const own = locks.filter((lock) => holder(lock) === cpu).map(nameOf);
  const words = own.length > 0 ? [`${k.current(cpu).name} holds ${own.join(', ')}`] : [];
  for (const { name, page_table_lock: other } of k.mms) if (other !== null && other !== cpu) words.push(`${k.current(other).name} holds ${name}.page_table_lock`);
  return words.join('; ');
});

/** arch/x86/mm/fault_32.c:296-621 (2.6.24), do_page_fault() in part, for addresses of the kernel. */
export const do_page_fault = path(function* do_page_fault(k: XenKernel, frame: TrapFrame): Path {
  const address = yield* xen_read_cr2(k);
  // 2.6.25, spurious_fault(): a translation may be older than the entry, and the fault has dropped it.
  if (k.since('2.6.25') && (yield* entryAllows(k, address))) return;
  const where = yield* faultingFunction();
  const lines = [
    `BUG: unable to handle kernel paging request at virtual address ${address.toString(16).padStart(8, '0')}`,
    `printing eip: ${where}`,
    yield* topEntry(k, address),
    `${dieLines(k, 'Oops', frame.errorCode, where, yield* thisCpu())} (${yield* pageNamed(k, address)}: ${yield* xensReason(k)})`,
    yield* locksHeld(k),
  ];
  yield* oops(k, lines.filter((line) => line !== '').join('; '));
});

/**
 * arch/x86/kernel/entry_32.S:642-646 (2.6.24), page_fault().
 * Model: adds HYPERVISOR_iret: the way out, which is a hypercall.
 */
const page_fault = path(function* page_fault(k: XenKernel, frame: TrapFrame): Path {
  yield* do_page_fault(k, frame);
  yield* HYPERVISOR_iret(k.xen, frame.cpl, !frame.IF);
});

/** arch/x86/xen/setup.c and smp.c: the handlers that Xen calls. */
export function xen_trap_init(k: XenKernel): void {
  const events = new EventChannels('events', () => xen_call_function_interrupt(k));
  for (const cpu of k.cpus) {
    if (k.config.X86_PAE) cpu.cr4 |= CR4_PAE;
    const traps = [{ vector: PAGE_FAULT, masksEvents: true, handler: (frame: TrapFrame) => page_fault(k, frame) }];
    k.xen.set_callbacks(cpu, traps, () => xen_hypervisor_callback(k.xen, events));
    k.percpu(cpu).callfunc_port = events.bind(k.xen, cpu); // xen_smp_intr_init()
  }
}
