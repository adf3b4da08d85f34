import type { Cpu } from '../../hardware/cpu';
import { VMI_CALL, VMI_FLUSH, VMI_PAGE, VMI_PTE, VROM, type RelocationInfo, type VmiCall } from '../../hypervisors/interface-vmi';
import { path, silently, type Path } from '../../path';
import { nativeOps } from '../linux-2.6/paravirt';
import type { Mm } from '../task';
import { lazy_mode_of_2_6_24, vmi_set_lazy_mode, vmi_set_lazy_mode_posted } from './lazy-mode';
import { PAGE_OFFSET } from '../kernel';
import type { GuestKernel, ParavirtOps } from './guest';
import { callRom } from './rom';

// arch/i386/kernel/vmi.c, 2.6.21: the wrappers around the ROM's calls, and how
// paravirt_ops is made to point to them, or straight into the ROM.

/** is_current_as(): whether an entry belongs to the CPU's current address space. */
const is_current_as = silently(
  (_k, mm, _mustbeuser) => `is_current_as(${mm.name})`,
  (cpu: Cpu, k: GuestKernel, mm: Mm, mustbeuser: boolean) => mm === k.current(cpu).active_mm || (!mustbeuser && mm === k.init_mm),
);

const flagsFor = (address: number, isCurrent: boolean): number => VMI_PAGE.PT | (isCurrent ? VMI_PTE.CURRENT_AS | (address & VMI_PTE.VA_MASK) : 0);

/**
 * arch/i386/kernel/vmi.c:458-463 (2.6.21), vmi_set_pte(): passes neither the address nor that the update may wait.
 * Model: leaves out vmi_check_page_type, vmi_flags_addr, update_pte, set_pte, pud, pgd: the call is made by its name.
 */
const vmi_set_pte = path(function* vmi_set_pte(k: GuestKernel, ptep: number, pte: number): Path {
  yield* callRom(k, 'SetPxE', [pte, ptep, VMI_PAGE.PT]);
});

/**
 * arch/i386/kernel/vmi.c:465-469 (2.6.21), vmi_set_pte_at().
 * Model: leaves out vmi_check_page_type, vmi_flags_addr, update_pte, set_pte, pud, pgd: the call is made by its name.
 */
const vmi_set_pte_at = path(function* vmi_set_pte_at(k: GuestKernel, mm: Mm, address: number, ptep: number, pte: number): Path {
  const isCurrent = yield* is_current_as(k, mm, false);
  yield* callRom(k, 'SetPxE', [pte, ptep, flagsFor(address, isCurrent)]);
});

/**
 * arch/i386/kernel/vmi.c:446-450 (2.6.21), vmi_update_pte(): the entry has already been changed in memory.
 * Model: leaves out vmi_check_page_type, vmi_flags_addr, update_pte, set_pte, pud, pgd: the call is made by its name.
 */
const vmi_update_pte = path(function* vmi_update_pte(k: GuestKernel, mm: Mm, address: number, ptep: number): Path {
  const isCurrent = yield* is_current_as(k, mm, false);
  yield* callRom(k, 'UpdatePxE', [ptep, flagsFor(address, isCurrent)]);
});

/**
 * arch/i386/kernel/vmi.c:471-481 (2.6.21), vmi_set_pmd().
 * Model: leaves out vmi_check_page_type, vmi_flags_addr, update_pte, set_pte, pud, pgd: the call is made by its name.
 */
const vmi_set_pmd = path(function* vmi_set_pmd(k: GuestKernel, pmdp: number, pmd: number): Path {
  yield* callRom(k, 'SetPxE', [pmd, pmdp, VMI_PAGE.PD]);
});

/**
 * arch/i386/kernel/vmi.c:243-246 (2.6.21), vmi_flush_tlb_user().
 * Model: leaves out flush_tlb: the call is made by its name.
 */
const vmi_flush_tlb_user = path(function* vmi_flush_tlb_user(k: GuestKernel): Path {
  yield* callRom(k, 'FlushTLB', [VMI_FLUSH.TLB]);
});

/**
 * arch/i386/kernel/vmi.c:248-251 (2.6.21), vmi_flush_tlb_kernel().
 * Model: leaves out flush_tlb: the call is made by its name.
 */
const vmi_flush_tlb_kernel = path(function* vmi_flush_tlb_kernel(k: GuestKernel): Path {
  yield* callRom(k, 'FlushTLB', [VMI_FLUSH.TLB | VMI_FLUSH.GLOBAL]);
});

/** arch/i386/kernel/vmi.c:711-723 (2.6.21), para_fill() in part. An operation that points into the ROM. */
const straight = path(function* paravirt_call(k: GuestKernel, call: VmiCall, operands: readonly number[]): Path {
  yield* callRom(k, call, operands);
});

/** arch/i386/kernel/vmi.c:711-723 (2.6.21), para_fill() in part. */
const vmi_save_fl = path(function* paravirt_call(k: GuestKernel): Path<boolean> {
  return (yield* callRom(k, 'GetInterruptMask', [])) !== 0;
});

/** arch/i386/kernel/vmi.c:254-256 (2.6.21), vmi_nop() */
const nop = path(function* vmi_nop(): Path {});

/** What activation found of one call. */
type Patched = 'ROM' | 'vmi_nop' | 'native';

/** The kernel before the relocations of NOP were understood (0492c371372e, 2.6.21-rc7). */
const NOP_IS_A_BUG_BEFORE = '2.6.21-rc7';

/** What vmi_get_function() and GetRelocationInfo do, and how para_fill() uses the answer. */
function para_fill(k: GuestKernel, call: VmiCall): Patched {
  const { type, eip } = relocationOf(k, call);
  if (type === 'JUMP_REL') throw new ActivationError(`kernel BUG: the relocation of ${call} is a jump`);
  if (type === 'NOP' && !k.since(NOP_IS_A_BUG_BEFORE)) throw new ActivationError(`kernel BUG: BUG_ON(rel->eip == NULL) for ${call}, whose relocation is NOP`);
  if (type === 'CALL_REL') k.vmi_ops.set(call, eip);
  return type === 'CALL_REL' ? 'ROM' : type === 'NOP' ? 'vmi_nop' : 'native';
}

/** para_wrap(): installs Linux's function only where the ROM has code for the call. */
function para_wrap(k: GuestKernel, call: VmiCall): boolean {
  const { type, eip } = relocationOf(k, call);
  if (type === 'JUMP_REL') throw new ActivationError(`kernel BUG: the relocation of ${call} is a jump`);
  if (type === 'CALL_REL') k.vmi_ops.set(call, eip);
  return type === 'CALL_REL';
}

/** Activation ends in a BUG. */
export class ActivationError extends Error {}

function relocationOf(k: GuestKernel, call: VmiCall): RelocationInfo {
  return k.rom!.call(k.cpus[0]!, k.vmi_rom + VROM.get_reloc, [VMI_CALL[call]]) as RelocationInfo;
}

/**
 * activate_vmi(), as far as these paths go, then vmi_bringup(). Plain calls: boot is not what these situations explore.
 *
 * @throws ActivationError if the kernel of the time runs into a BUG
 */
export function activate_vmi(k: GuestKernel, pages: number): void {
  const ops: ParavirtOps = nativeOps();
  if (para_wrap(k, 'SetPxE')) Object.assign(ops, { set_pte: vmi_set_pte, set_pte_at: vmi_set_pte_at, set_pmd: vmi_set_pmd });
  if (para_wrap(k, 'UpdatePxE')) ops.pte_update = vmi_update_pte;
  if (para_wrap(k, 'FlushTLB')) Object.assign(ops, { flush_tlb_user: () => vmi_flush_tlb_user(k), flush_tlb_kernel: () => vmi_flush_tlb_kernel(k) });
  if (para_fill(k, 'InvalPage') === 'ROM') ops.flush_tlb_single = (_k, address) => straight(k, 'InvalPage', [address]);
  if (para_fill(k, 'GetInterruptMask') === 'ROM') ops.save_fl = () => vmi_save_fl(k);
  if (para_fill(k, 'SetInterruptMask') === 'ROM') ops.restore_fl = (_k, flags) => straight(k, 'SetInterruptMask', [flags ? 0x200 : 0]);
  if (para_fill(k, 'DisableInterrupts') === 'ROM') ops.irq_disable = () => straight(k, 'DisableInterrupts', []);
  if (para_fill(k, 'EnableInterrupts') === 'ROM') ops.irq_enable = () => straight(k, 'EnableInterrupts', []);
  fillLazyMode(k, ops);
  k.paravirt_ops = ops;
  if (para_wrap(k, 'SetLinearMapping')) k.rom!.call(k.cpus[0]!, k.vmi_ops.get('SetLinearMapping')!, [0, PAGE_OFFSET, pages, 0]);
}

/** The line about SetLazyMode, which the patch changes from para_fill to para_wrap. Model: without a function to install, which would not compile, it stays. */
function fillLazyMode(k: GuestKernel, ops: ParavirtOps): void {
  const wrapper = wrapperOf(k);
  if (k.before('vmi-lazy/para-wrap') || wrapper === null) {
    const patched = para_fill(k, 'SetLazyMode');
    if (patched === 'ROM') ops.set_lazy_mode = (_k, mode) => straight(k, 'SetLazyMode', [mode]);
    if (patched === 'vmi_nop') ops.set_lazy_mode = () => nop();
  } else if (para_wrap(k, 'SetLazyMode') || k.after('vmi-lazy/wrap-always')) {
    ops.set_lazy_mode = wrapper;
  }
}

/** Which function the kernel has under the name. */
function wrapperOf(k: GuestKernel): ParavirtOps['set_lazy_mode'] | null {
  if (k.after('vmi-lazy/common-state')) return lazy_mode_of_2_6_24;
  if (k.after('vmi-lazy/flushable')) return vmi_set_lazy_mode;
  if (k.after('vmi-lazy/wrapper')) return vmi_set_lazy_mode_posted;
  return null;
}
