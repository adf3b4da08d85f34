import type { Cpu } from '../../hardware/cpu';
import { movToCr3, movToCr3NoFlush } from '../../hardware/instructions';
import { path, silently, type Path } from '../../path';
import type { Mm } from '../task';
import { TLB_NR_DYN_ASIDS, type TlbStates } from './tlbstate';

// arch/x86/mm/tlb.c, 4.14 to 6.x: which identifier an address space gets on a CPU,
// and whether the translations tagged with it are up to date. All of it is private
// to the CPU.

/** An address-space identifier for the CPU's next address space, and whether its translations must be flushed. */
interface Asid {
  readonly [key: string]: number | boolean;
  readonly asid: number;
  readonly need_flush: boolean;
}

/** arch/x86/mm/tlb.c:73-108 (4.14.177 to 6.14.7), choose_new_asid(). Only this CPU uses its contexts, with interrupts off. */
export const choose_new_asid = silently((_t, next: Mm) => `choose_new_asid(${next.name})`, (cpu: Cpu, t: TlbStates, next: Mm, next_tlb_gen: number): Asid => {
  if (!cpu.hasPcids) return { asid: 0, need_flush: true };
  const own = t.of(cpu);
  const slot = own.ctx.indexOf(next);
  if (slot >= 0) return { asid: slot, need_flush: own.tlb_gen[slot]! < next_tlb_gen };
  const asid = own.next_asid >= TLB_NR_DYN_ASIDS ? 0 : own.next_asid;
  own.next_asid = asid + 1;
  return { asid, need_flush: true };
});

export const contextIs = silently((_t, mm: Mm, asid: number) => `ctxs[${asid}] = { ${mm.name}, tlb_gen }`, (cpu: Cpu, t: TlbStates, mm: Mm, asid: number, tlb_gen: number) => {
  const own = t.of(cpu);
  own.ctx = own.ctx.map((old, i) => (i === asid ? mm : old));
  own.tlb_gen = own.tlb_gen.map((old, i) => (i === asid ? tlb_gen : old));
});

export const loaded_mm_asid = silently('cpu_tlbstate.loaded_mm_asid', (cpu: Cpu, t: TlbStates) => t.of(cpu).loaded_mm_asid);

export const setAsid = silently((_t, asid: number) => `cpu_tlbstate.loaded_mm_asid = ${asid}`, (cpu: Cpu, t: TlbStates, asid: number) => {
  t.of(cpu).loaded_mm_asid = asid;
});

/** The value for CR3: the page directory and, with identifiers, asid + 1. */
const build_cr3 = silently((mm: Mm, asid: number) => `build_cr3(${mm.name}->pgd, ${asid})`, (cpu: Cpu, mm: Mm, asid: number) => mm.pgd + (cpu.hasPcids ? asid + 1 : 0));

/** arch/x86/mm/tlb.c:110-127 (4.14.177 to 6.14.7), load_new_mm_cr3(): serialises, and keeps the translations of the identifier if they are up to date. Model: leaves out invalidate_user_asid, build_cr3_noflush: page tables are not split; bit 63 is movToCr3NoFlush(). */
export const load_new_mm_cr3 = path(function* load_new_mm_cr3(mm: Mm, asid: number, need_flush: boolean): Path {
  const cr3 = yield* build_cr3(mm, asid);
  if (need_flush) yield* movToCr3(cr3);
  else yield* movToCr3NoFlush(cr3);
});

/** Whether the CPU has caught up with every flush of the address space that it has loaded. */
export const isUpToDate = silently('ctxs[asid].tlb_gen == next_tlb_gen', (cpu: Cpu, t: TlbStates, asid: number, gen: number) => t.of(cpu).tlb_gen[asid] === gen);
