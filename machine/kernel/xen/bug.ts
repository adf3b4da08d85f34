import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import type { Kernel } from '../kernel';

// How a kernel can die. The task keeps what it holds: its locks are never
// released. What the kernel would print line by line is one message here, its
// lines separated by semicolons. Model: code has no addresses, so "eip" is the
// name of a function.
//
// Model: the run ends here, on every CPU. That others would eventually wait for
// the dead task's locks would be no new finding.

const die = instruction(
  (_k: Kernel, message: string) => message,
  (cpu: Cpu, k: Kernel, message: string) => {
    const task = k.current(cpu);
    if (task.oops === null) task.oops = message;
    for (const other of k.cpus) if (other !== cpu) other.context?.abandon();
  },
);

/** The task does not continue. */
const dead = instruction('the task is dead', () => undefined, { when: () => false, idle: true });

/** The path of a source file before and after i386 became x86. */
function sourceOf(k: Kernel, file: string): string {
  const isNew = k.since('2.6.24');
  if (file === 'fault.c') return 'arch/x86/mm/fault.c';
  if (file === 'smp_32.c') return isNew ? 'arch/x86/kernel/smp_32.c' : 'arch/i386/kernel/smp.c';
  return `arch/${isNew ? 'x86' : 'i386'}/xen/${file}`;
}

/** arch/x86/kernel/traps_32.c, the first lines of die(): what happened, that it is the first oops, and how the kernel was built. */
export function dieLines(k: Kernel, what: string, errorCode: number, where: string, cpu: number): string {
  const built = [k.config.PREEMPT ? 'PREEMPT' : '', k.config.SMP ? 'SMP' : ''].filter((word) => word !== '').join(' ');
  const first = `${what}: ${errorCode.toString(16).padStart(4, '0')} [#1]`;
  return [k.since('2.6.24') ? `${first} ${built}`.trim() : [first, built].filter((line) => line !== '').join('; '), `CPU: ${cpu}`, `EIP is at ${where}`].join('; ');
}

const thisCpu = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/** Ours: an invalid opcode, with its source line; `printed` is what the caller has logged before. */
export const BUG = path(function* BUG(k: Kernel, file: string, why: string, printed = ''): Path {
  const lines = dieLines(k, 'invalid opcode', 0, yield* faultingFunction(), yield* thisCpu());
  yield* die(k, `${printed}kernel BUG at ${sourceOf(k, file)}!; ${lines} (${why})`);
  yield* dead();
});

/** Ours: an oops, with `message` as the kernel prints it. */
export const oops = path(function* oops(k: Kernel, message: string): Path {
  yield* die(k, message);
  yield* dead();
});

const WRAPPERS = new Set(['page_fault', 'do_page_fault', 'BUG', 'oops']);

/** Accessors and static functions that the compiler puts into their callers. */
const INLINED = /^(ptep?_|native_|xen_set_pte_at$|pin_pagetable_pfn$|xen_(alloc|release)_ptpage$|zap_pte$)/;

/** The function at whose instruction the fault came: what the oops calls EIP. */
export const faultingFunction = silently('regs->eip', (cpu: Cpu) => {
  const { paths } = cpu.describe();
  const below = paths.filter((name) => !WRAPPERS.has(name) && !INLINED.test(name));
  return below[below.length - 1] ?? 'an unknown function';
});
