import type { Context } from '../context';
import type { Call } from '../path';
import type { Cpu } from './cpu';

// How one processor starts another: INIT resets it, and a start-up message says
// at which page of real-mode memory it begins. SDM volume 3A, 8.4 and 9.1.

/** `INIT`, or the page number at which a start-up message makes the processor begin. */
export type StartMessage = 'INIT' | number;

/** The code at a page where a start-up message may begin, and the context that runs it. */
export interface Trampoline {
  readonly context: Context;
  readonly code: () => Call<unknown>;
}

/** A message has arrived. A start-up message to a processor that INIT has not stopped is lost. */
export function receive(cpu: Cpu, message: StartMessage): void {
  cpu.messages = cpu.messages.slice(1);
  if (message === 'INIT') return reset(cpu);
  if (!cpu.waitsForStartup) return;
  const trampoline = cpu.trampolines.get(message);
  if (!trampoline) throw new Error(`machine bug: ${cpu.name} is told to start at page 0x${message.toString(16)}, where no code was installed`);
  cpu.waitsForStartup = false;
  cpu.context = trampoline.context;
  trampoline.context.start(trampoline.code(), cpu);
}

/** The state after INIT: real mode, interrupts off, nothing cached, waiting to be started. SDM table 9-1. */
function reset(cpu: Cpu): void {
  cpu.drain();
  cpu.context?.abandon();
  Object.assign(cpu, {
    cr0: 0x60000010, cr2: 0, cr3: 0, cr4: 0, efer: 0, IF: false, cpl: 0, iopl: 0, ac: false,
    interruptShadow: false, nmiShadow: false, nmiBlocked: false, halted: false, shutdown: false,
    idtAddress: null, stackTop: null, context: null, ipis: [], waitsForStartup: true,
  });
  cpu.tlb.dropAll();
  if (cpu.apic) Object.assign(cpu.apic, { inService: [], tpr: 0, timerMode: 'off' });
}
