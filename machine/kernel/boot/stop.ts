import type { Cpu, TrapFrame } from '../../hardware/cpu';
import { hlt, iret } from '../../hardware/instructions';
import { instruction, path, type Path } from '../../path';
import { printk, set, type BootKernel } from './boot-kernel';

// How a boot goes wrong before trap_init: the handlers that head_32.S put into
// the descriptor table, and BUG() and panic(). All of them print and halt.

const hex = (value: number): string => (value < 0 ? (BigInt(value) & 0xffffffffffffffffn) : value).toString(16).padStart(8, '0');

/** Vectors that head_32.S gives a handler of their own, or that interrupt a scenario. */
export const TIMER_VECTOR = 0x20;
const PAGE_FAULT_VECTOR = 14;

const movFromCr2 = instruction('movl %cr2, reg', (cpu: Cpu) => cpu.cr2);

/**
 * arch/x86/kernel/head_32.S:537-539 (2.6.27), early_page_fault() and early_fault: the only page-fault handler until trap_init.
 * Model: leaves out early_fault: it prints, and stops.
 * Model: adds hlt: where it stops.
 */
export const early_page_fault = path(function* early_page_fault(k: BootKernel, frame: TrapFrame): Path {
  const cr2 = yield* movFromCr2();
  const message = `BUG: Int ${PAGE_FAULT_VECTOR}: CR2 ${hex(cr2)}`;
  yield* printk(k, `${message}, err ${hex(frame.errorCode)}`);
  yield* set(k, 'stopped', { kind: 'page fault', message, cr2 });
  yield* hlt();
});

/**
 * arch/x86/kernel/head_32.S:568-590 (2.6.27), ignore_int(): prints that an interrupt came, and returns.
 * Model: leaves out hlt_loop, early_printk: printk() prints; the loop is for an interrupt during printing.
 * Model: adds iret: the way out.
 */
export const ignore_int = path(function* ignore_int(k: BootKernel, frame: TrapFrame): Path {
  yield* printk(k, 'Unknown interrupt or fault');
  yield* iret(frame);
});

/** setup_idt of head_32.S. */
export function setup_idt(k: BootKernel, cpu: Cpu): void {
  cpu.idt.set(PAGE_FAULT_VECTOR, { kind: 'interrupt', handler: (frame) => early_page_fault(k, frame) });
  cpu.idt.set(TIMER_VECTOR, { kind: 'interrupt', handler: (frame) => ignore_int(k, frame) });
}

/**
 * include/asm-x86/bug.h:15-26 (2.6.27), BUG(): the invalid opcode ends in early_illegal_opcode. `where` names file, function and condition.
 * Model: adds hlt: where it stops.
 */
export const BUG = path(function* BUG(k: BootKernel, where: string): Path {
  yield* printk(k, `kernel BUG at ${where}`);
  yield* set(k, 'stopped', { kind: 'BUG', message: `BUG: ${where}`, cr2: null });
  yield* hlt();
});

/**
 * kernel/panic.c:62-142 (2.6.27), panic() in part.
 * Model: adds hlt: the loop at its end.
 */
export const panic = path(function* panic(k: BootKernel, reason: string): Path {
  yield* printk(k, `Kernel panic: ${reason}`);
  yield* set(k, 'stopped', { kind: 'panic', message: `panic: ${reason}`, cr2: null });
  yield* hlt();
});

/** include/asm-generic/bug.h:31-31 (2.6.27), BUG_ON(). */
export const BUG_ON = path(function* BUG_ON(k: BootKernel, condition: boolean, where: string): Path {
  if (condition) yield* BUG(k, where);
});

/**
 * include/asm-generic/bug.h:48-53 (2.6.27), WARN_ON(): prints a warning and continues.
 * Model: leaves out __WARN: it is what that function prints.
 */
export const WARN_ON = path(function* WARN_ON(k: BootKernel, condition: boolean, where: string): Path {
  if (condition) yield* printk(k, `WARNING: at ${where}`);
});
