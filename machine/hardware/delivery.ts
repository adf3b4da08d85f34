import { instruction, path, type Path, type Step } from '../path';
import type { Cpu } from './cpu';
import { escalate, gateErrorCode, VECTOR, type TrapFrame } from './interrupts';
import { access, type AccessKind, type AccessResult } from './mmu';

// How an interrupt or a fault reaches its handler, and what happens if it
// cannot: the gate may be missing, or the descriptor table or the stack may not
// be mapped. SDM volume 3A, 6.12 and 6.15.

const fault = (cpu: Cpu, la: number, errorCode: number): void => {
  cpu.cr2 = la;
  cpu.tlb.dropPage(la);
  cpu.enter(VECTOR.PF, errorCode);
};
const restOfFault = instruction('page fault, after its walk', fault);

/** The second half of an access whose walk has found no translation while stores still wait: its page fault. It is pushed on top of the instruction, which is retried afterwards. */
export const faultAfterWalk = path(function* faultAfterWalk(la: number, errorCode: number): Path {
  yield* restOfFault(la, errorCode);
});

/** Whether `step` is that second half, before which no interrupt comes. */
export const isFaultAfterWalk = (step: Step | null): boolean => step?.instruction.act === fault;

/** Goes through the gate of `vector`; if that fails, through the gate of the fault that this causes. */
export function deliver(cpu: Cpu, vector: number, errorCode: number): void {
  cpu.drain();
  cpu.halted = false;
  const gate = cpu.idt.get(vector);
  if (!gate && !cpu.idt.has(VECTOR.GP) && !cpu.idt.has(VECTOR.DF)) {
    throw new Error(`machine bug: ${cpu.name} gets vector ${vector}, for which no gate was installed`);
  }
  const second = gate ? faultOnTheWay(cpu, vector) : { vector: VECTOR.GP, errorCode: gateErrorCode(vector) };
  if (second) return deliverInstead(cpu, vector, second);
  const frame: TrapFrame = { vector, errorCode, IF: cpu.IF, cpl: cpu.cpl, iopl: cpu.iopl, ac: cpu.ac };
  if (gate!.kind === 'interrupt') cpu.IF = false;
  cpu.cpl = 0;
  cpu.context!.interrupt(gate!.handler(frame), cpu);
}

interface Fault {
  readonly vector: number;
  readonly errorCode: number;
}

/** The fault of reading the gate or of pushing the frame, if their memory is modelled. */
function faultOnTheWay(cpu: Cpu, vector: number): Fault | null {
  const { idtAddress, stackTop } = cpu;
  return (idtAddress === null ? null : faultOf(cpu, 'read', idtAddress + 8 * vector, 8))
    ?? (stackTop === null ? null : faultOf(cpu, 'write', stackTop - 4, 4));
}

/** The processor's own accesses count as those of ring 0, without AC. */
function faultOf(cpu: Cpu, kind: AccessKind, la: number, size: number): Fault | null {
  const result: AccessResult = access(cpu, kind, la, 0, false, size);
  if (result.out === 'ok') return null;
  if (result.out === 'gp') return { vector: VECTOR.GP, errorCode: 0 };
  cpu.cr2 = result.cr2;
  return { vector: VECTOR.PF, errorCode: result.err };
}

function deliverInstead(cpu: Cpu, first: number, second: Fault): void {
  switch (escalate(first, second.vector)) {
    case 'second': return deliver(cpu, second.vector, second.errorCode);
    case 'double fault': return deliver(cpu, VECTOR.DF, 0);
    case 'shutdown': cpu.shutdown = true;
  }
}
