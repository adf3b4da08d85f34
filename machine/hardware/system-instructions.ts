import { instruction, path, type Path, type RESTART } from '../path';
import type { Cpu } from './cpu';
import { gateErrorCode, VECTOR } from './interrupts';
import { moveToCr } from './instructions';
import { INVPCID, invalidatePcid, setEfer } from './mmu';
import { outsideRing0 } from './rings';

// Instructions for starting, stopping and interrupting processors. The common
// ones are in instructions.ts.

/** MOV r32, CR0. */
export const movFromCr0 = instruction('movl %cr0, reg', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.cr0);

/** MOV CR0, r32. */
export const movToCr0 = instruction((value: number) => `movl reg, %cr0   # reg = 0x${value.toString(16)}`, (cpu: Cpu, value: number) => outsideRing0(cpu) ?? moveToCr(cpu, 'cr0', value));

/** SMSW: returns the low half of CR0, in any ring. */
export const smsw = instruction('smsw reg', (cpu: Cpu) => cpu.cr0 & 0xffff);

/** MOV r32, CR2. */
export const movFromCr2 = instruction('movl %cr2, reg', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.cr2);

/** WRMSR to EFER. */
export const wrmsrEfer = instruction((value: number) => `wrmsr   # EFER = 0x${value.toString(16)}`, (cpu: Cpu, value: number) => {
  const fault = outsideRing0(cpu);
  if (fault) return fault;
  cpu.drain();
  return setEfer(cpu, value) === null ? undefined : cpu.raise(VECTOR.GP, 0);
});

/** RDMSR of EFER. */
export const rdmsrEfer = instruction('rdmsr   # EFER', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.efer);

const INVPCID_TEXT = { address: (pcid: number, la: number) => `pcid ${pcid}, address 0x${la.toString(16)}`, context: (pcid: number) => `pcid ${pcid}`, all: () => 'all contexts', allButGlobal: () => 'all contexts but global pages' };

/**
 * INVPCID: drops what the type says; see `invalidatePcid`. Model: it waits for earlier stores as a serialising instruction, as in AMD's
 * manual; Intel's list of serialising instructions does not include it.
 *
 * @param type `address`, `context`, `all` or `allButGlobal`: types 0 to 3
 */
export const invpcid = instruction((type: keyof typeof INVPCID, pcid: number, la: number) => `invpcid   # type ${INVPCID[type]}: ${INVPCID_TEXT[type](pcid, la)}`, (cpu: Cpu, type: keyof typeof INVPCID, pcid: number, la: number) => {
  if (!cpu.hasPcids) return cpu.raise(VECTOR.UD, 0);
  const fault = outsideRing0(cpu);
  if (fault) return fault;
  cpu.drain();
  return invalidatePcid(cpu, INVPCID[type], pcid, la) === null ? undefined : cpu.raise(VECTOR.GP, 0);
});

/** LIDT: where the descriptor table is, as a linear address. Its gates are installed at set-up. */
export const lidt = instruction((address: number) => `lidt 0x${address.toString(16)}`, (cpu: Cpu, address: number) => {
  const fault = outsideRing0(cpu);
  if (fault) return fault;
  cpu.idtAddress = address;
  return undefined;
});

/** SIDT: returns where the descriptor table is, in any ring. */
export const sidt = instruction('sidt', (cpu: Cpu) => cpu.idtAddress);

/** WBINVD. Caches are not modelled; it serialises. */
export const wbinvd = instruction('wbinvd', (cpu: Cpu) => outsideRing0(cpu) ?? cpu.drain());

/** CPUID, as the serialising instruction that any ring may use. */
export const cpuid = instruction('cpuid', (cpu: Cpu) => cpu.drain());

/** MOV SS: no interrupt, and no NMI either, comes before the next instruction is done. SDM volume 3A, 6.8.3. */
export const movToSs = instruction('mov reg, %ss', (cpu: Cpu) => {
  cpu.interruptShadow = true;
  cpu.nmiShadow = true;
});

/** STAC: lets ring 0 access user pages under SMAP. */
export const stac = instruction('stac', (cpu: Cpu) => setAc(cpu, true));

/** CLAC. */
export const clac = instruction('clac', (cpu: Cpu) => setAc(cpu, false));

function setAc(cpu: Cpu, ac: boolean): undefined | typeof RESTART {
  if (cpu.cpl !== 0) return cpu.raise(VECTOR.UD, 0);
  cpu.ac = ac;
  return undefined;
}

/** INT n: through a gate that this ring may use. */
export const int = instruction((vector: number) => `int $0x${vector.toString(16)}`, (cpu: Cpu, vector: number) => {
  const gate = cpu.idt.get(vector);
  if (!gate || cpu.cpl > (gate.dpl ?? 0)) return cpu.raise(VECTOR.GP, gateErrorCode(vector));
  cpu.enter(vector, 0);
  return undefined;
});

const beginHalt = instruction('hlt', (cpu: Cpu) => {
  const fault = outsideRing0(cpu);
  if (fault) return fault;
  cpu.drain();
  cpu.halted = true;
  return undefined;
});

const endHalt = instruction('halted', () => undefined, { when: (cpu: Cpu) => !cpu.halted, idle: true });

/** HLT: continues after the next interrupt that comes while the processor is halted. An earlier one does not count. */
export const halt = path(function* halt(): Path {
  yield* beginHalt();
  yield* endHalt();
});

const needApic = (cpu: Cpu): NonNullable<Cpu['apic']> => {
  if (cpu.apic === null) throw new Error(`machine bug: ${cpu.name} has no local APIC; ask for one when it is made`);
  return cpu.apic;
};

/** A write to the EOI register: the interrupt with the highest vector is no longer in service. */
export const apicEoi = instruction('apic_write(APIC_EOI, 0)', (cpu: Cpu) => needApic(cpu).endOfInterrupt());

/** A write to the task-priority register. */
export const apicTaskPriority = instruction((priority: number) => `apic_write(APIC_TASKPRI, 0x${priority.toString(16)})`, (cpu: Cpu, priority: number) => {
  needApic(cpu).tpr = priority;
});

/** Sets the timer of the local APIC. Model: it may fire at any time; a periodic one fires forever. */
export const apicTimer = instruction((mode: 'off' | 'one-shot' | 'periodic', vector: number) => `apic_write(APIC_LVTT, ${mode} 0x${vector.toString(16)})`, (cpu: Cpu, mode: 'off' | 'one-shot' | 'periodic', vector: number) => {
  const apic = needApic(cpu);
  apic.timerMode = mode;
  apic.timerVector = vector;
});

/** Sends INIT to another processor. */
export const sendInit = instruction((target: Cpu) => `INIT to ${target.name}`, (_cpu: Cpu, target: Cpu) => {
  target.messages = [...target.messages, 'INIT'];
});

/** Makes a processor that INIT has stopped begin at the start of `page`. */
export const sendStartUp = instruction((target: Cpu, page: number) => `start-up 0x${page.toString(16)} to ${target.name}`, (_cpu: Cpu, target: Cpu, page: number) => {
  target.messages = [...target.messages, page];
});
