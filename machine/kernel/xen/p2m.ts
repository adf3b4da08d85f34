import { HYPERVISOR_memory_op, HYPERVISOR_update_va_mapping, type Hypervisor } from '../../hypervisors/xen/public/calls';
import { UVMF_INVLPG, XENMEM_decrease_reservation, XENMEM_increase_reservation, type Mfn } from '../../hypervisors/xen/public/xen';
import { instruction, path, type Path } from '../../path';
import type { Store } from '../../state/store';
import { TrackedMap } from '../../state/tracked';
import type { Pfn } from '../../hardware/memory';

// The guest's number of a frame and the machine's: phys_to_machine_mapping, the
// guest's own table (arch/x86/xen/mmu.c from 2.6.26), and Xen's table for the
// other direction, which the guest can only read. Both are changed by the balloon
// (drivers/xen/balloon.c), which gives frames back and gets others.

/** An entry for a page that has no frame. As a frame it does not exist, so no entry made from it is accepted. */
export const INVALID_P2M_ENTRY: Mfn = 0xfffff;

export class PhysToMachine extends TrackedMap<Pfn, Mfn> {
  constructor(store: Store) {
    super(store, 'phys_to_machine_mapping', INVALID_P2M_ENTRY, (pfn) => `pfn${pfn}`);
  }
}

/** include/asm-x86/xen/page.h, pfn_to_mfn() */
export const pfn_to_mfn = instruction((_p2m, pfn) => `pfn_to_mfn(${pfn})`, (_cpu: unknown, p2m: PhysToMachine, pfn: Pfn) => p2m.get(pfn));

/** include/asm-x86/xen/page.h, mfn_to_local_pfn(): what Xen's table says, if the guest's own table agrees; else -1, a frame of another domain. */
export const mfn_to_local_pfn = instruction((_xen, _p2m, mfn) => `mfn_to_local_pfn(0x${mfn.toString(16)})`, (_cpu: unknown, xen: Hypervisor, p2m: PhysToMachine, mfn: Mfn) => {
  const pfn = xen.machineToPhys(mfn);
  return pfn >= 0 && p2m.get(pfn) === mfn ? pfn : -1;
});

/** arch/x86/xen/mmu.c, set_phys_to_machine() */
export const set_phys_to_machine = instruction(
  (_p2m, pfn, mfn) => `set_phys_to_machine(${pfn}, ${mfn === INVALID_P2M_ENTRY ? 'INVALID_P2M_ENTRY' : `0x${mfn.toString(16)}`})`,
  (_cpu: unknown, p2m: PhysToMachine, pfn: Pfn, mfn: Mfn) => { p2m.set(pfn, mfn); },
);

/** What the balloon needs to know of the guest. */
export interface Balloon {
  readonly [key: string]: Hypervisor | PhysToMachine | boolean;
  readonly xen: Hypervisor;
  readonly p2m: PhysToMachine;
  /** Whether the table is updated before the frame is given back. A balloon that does not do so is wrong. */
  readonly tableFirst: boolean;
}

/** drivers/xen/balloon.c:275-332 (1058a75f07b9), decrease_reservation() in part, of one page at `va`: removes its mapping, then its entry, then its frame. */
export const decrease_reservation = path(function* decrease_reservation({ xen, p2m, tableFirst }: Balloon, pfn: Pfn, va: number): Path {
  const mfn = yield* pfn_to_mfn(p2m, pfn);
  yield* HYPERVISOR_update_va_mapping(xen, va, 0, UVMF_INVLPG);
  if (tableFirst) yield* set_phys_to_machine(p2m, pfn, INVALID_P2M_ENTRY);
  yield* HYPERVISOR_memory_op(xen, XENMEM_decrease_reservation, mfn, -1, 'XENMEM_decrease_reservation');
  if (!tableFirst) yield* set_phys_to_machine(p2m, pfn, INVALID_P2M_ENTRY);
});

/** drivers/xen/balloon.c:198-273 (1058a75f07b9), increase_reservation() in part: gets a frame from Xen, which records the page it is for; then sets its entry. */
export const increase_reservation = path(function* increase_reservation({ xen, p2m }: Balloon, pfn: Pfn): Path {
  const { rc } = yield* HYPERVISOR_memory_op(xen, XENMEM_increase_reservation, -1, pfn, 'XENMEM_increase_reservation');
  if (rc > 0) yield* set_phys_to_machine(p2m, pfn, rc);
});
