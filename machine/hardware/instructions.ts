import { instruction, RESTART } from '../path';
import type { Cpu, TrapFrame } from './cpu';
import { VECTOR } from './interrupts';
import { setCr, setCr3NoFlush, type ControlRegister } from './mmu';
import { outsideIoPrivilege, outsideRing0 } from './rings';

// The instructions that the modelled kernels use, one interleaving point each.
// They are performed by whichever CPU runs the path: `cpu` is never an
// operand, so no path can hold on to the wrong one. Rarer ones are in
// system-instructions.ts.

const hex = (value: number): string => `0x${(value < 0 ? BigInt.asUintN(64, BigInt(value)) : value).toString(16).padStart(8, '0')}`;

/** MOV to a control register: serialises; raises #GP if the register refuses the value. */
export function moveToCr(cpu: Cpu, name: ControlRegister, value: number): undefined | typeof RESTART {
  cpu.drain();
  return setCr(cpu, name, value) === null ? undefined : cpu.raise(VECTOR.GP, 0);
}

/** MOV r32, CR3. */
export const movFromCr3 = instruction('movl %cr3, reg', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.cr3);

/** MOV CR3, r32: drops every TLB entry of the PCID that it loads (0 without CR4.PCIDE) and that is not global. SDM vol. 3A, 4.10.4.1. */
export const movToCr3 = instruction(
  (value: number) => `movl reg, %cr3   # reg = ${hex(value)}`,
  (cpu: Cpu, value: number) => outsideRing0(cpu) ?? moveToCr(cpu, 'cr3', value),
);

/**
 * MOV CR3, r64 with bit 63 set, the kernel's CR3_NOFLUSH: the tables and the PCID change, and no TLB entry is dropped.
 * Without CR4.PCIDE it is #GP. `value` lacks the bit, for which a number has no room.
 */
export const movToCr3NoFlush = instruction(
  (value: number) => `movq reg, %cr3   # reg = ${hex(value)} | CR3_NOFLUSH`,
  (cpu: Cpu, value: number) => {
    const fault = outsideRing0(cpu);
    if (fault) return fault;
    cpu.drain();
    return setCr3NoFlush(cpu, value) === null ? undefined : cpu.raise(VECTOR.GP, 0);
  },
);

/** MOV r32, CR4. */
export const movFromCr4 = instruction('movl %cr4, reg', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.cr4);

/** MOV CR4, r32: a change of PGE drops every entry, global ones too. */
export const movToCr4 = instruction(
  (value: number) => `movl reg, %cr4   # reg = ${hex(value)}`,
  (cpu: Cpu, value: number) => outsideRing0(cpu) ?? moveToCr(cpu, 'cr4', value),
);

/** INVLPG m. */
export const invlpg = instruction((la: number) => `invlpg ${hex(la)}`, (cpu: Cpu, la: number) => {
  const fault = outsideRing0(cpu);
  if (fault) return fault;
  cpu.drain();
  cpu.tlb.invlpg(la);
  return undefined;
});

/** CLI. */
export const cli = instruction('cli', (cpu: Cpu) => {
  const fault = outsideIoPrivilege(cpu);
  if (fault) return fault;
  cpu.IF = false;
  return undefined;
});

/** STI: if IF was clear, interrupts are taken only after the next instruction. SDM vol. 2B, STI. */
export const sti = instruction('sti', (cpu: Cpu) => {
  const fault = outsideIoPrivilege(cpu);
  if (fault) return fault;
  if (!cpu.IF) cpu.interruptShadow = true;
  cpu.IF = true;
  return undefined;
});

/** PUSHF; the interrupt flag of the result. Every ring may see it. */
export const pushf = instruction('pushf', (cpu: Cpu) => cpu.IF);

/** POPF: outside of the I/O privilege level it leaves the interrupt flag as it is, without a fault. No shadow follows it. */
export const popf = instruction((IF: boolean) => `popf   # IF = ${IF ? 1 : 0}`, (cpu: Cpu, IF: boolean) => {
  if (cpu.cpl <= cpu.iopl) cpu.IF = IF;
});

/**
 * IRET: returns to what was interrupted, with its flags and its privilege,
 * which is never a more inner one. Unblocks NMIs. SDM vol. 2A, IRET.
 */
export const iret = instruction((frame: TrapFrame) => `iret   # IF = ${frame.IF ? 1 : 0}, CPL = ${frame.cpl}`, (cpu: Cpu, frame: TrapFrame) => {
  if (frame.cpl < cpu.cpl) return cpu.raise(VECTOR.GP, 0);
  cpu.drain();
  cpu.nmiBlocked = false;
  if (cpu.cpl <= cpu.iopl) cpu.IF = frame.IF;
  if (cpu.cpl === 0) cpu.iopl = frame.iopl ?? cpu.iopl;
  cpu.ac = frame.ac ?? cpu.ac;
  cpu.cpl = frame.cpl;
  return undefined;
});

/** HLT with nothing to do after it: interrupts are handled, and it halts again. */
export const hlt = instruction('hlt', () => undefined, { when: () => false, idle: true });

/** A 4-byte read through the MMU. */
export const load = instruction((la: number) => `read ${hex(la)}`, (cpu: Cpu, la: number) => {
  const pa = cpu.translate('read', la);
  return pa === RESTART ? RESTART : cpu.memory.read32(pa);
});

/** A 4-byte write through the MMU. */
export const store = instruction((la: number, value: number) => `write ${hex(value)} to ${hex(la)}`, (cpu: Cpu, la: number, value: number) => {
  const pa = cpu.translate('write', la);
  if (pa === RESTART) return RESTART;
  cpu.memory.write32(pa, value);
  return undefined;
});

/** XCHG of a register with memory, which is always locked: nothing can come between the read and the write. */
export const xchg = instruction((la: number, value: number) => `xchg ${hex(value)} with ${hex(la)}`, (cpu: Cpu, la: number, value: number) => {
  const pa = cpu.translate('rmw', la);
  if (pa === RESTART) return RESTART;
  cpu.drain();
  const old = cpu.memory.read32(pa);
  cpu.memory.write32(pa, value);
  cpu.drain();
  return old;
});

/** MFENCE: continues when every earlier store is in memory. */
export const mfence = instruction('mfence', (cpu: Cpu) => {
  cpu.drain();
});

/** Sends an interprocessor interrupt to each CPU of `targets`; it may arrive at any later time. */
export const sendIpi = instruction(
  (vector: number, targets: readonly Cpu[]) => `IPI 0x${vector.toString(16)} to ${targets.map((cpu) => cpu.name).join(', ')}`,
  (_cpu: Cpu, vector: number, targets: readonly Cpu[]) => {
    for (const target of targets) if (!target.ipis.includes(vector)) target.ipis = [...target.ipis, vector].sort((a, b) => b - a);
  },
);
