import type { Cpu } from '../../hardware/cpu';
import { BUG_ON } from '../bug';
import { instruction, path, silently, type Path } from '../../path';
import { local_irq_restore, local_irq_save } from '../linux-2.6/paravirt';
import { preemptible } from '../linux-2.6/sched/preempt';
import { PARAVIRT_LAZY, type GuestKernel, type LazyState } from './guest';
import { callRom } from './rom';

// arch/i386/kernel/vmi.c and kernel/paravirt.c: what Linux does around
// SetLazyMode, by release. The hypervisor's mode and Linux's own variable are
// changed one after the other; either order leaves a boundary at which they
// differ.

const { NONE, FLUSH } = PARAVIRT_LAZY;

/** Where mode and flags are kept: per CPU, or where wrong fixes keep them. */
function stateOf(k: GuestKernel, cpu: Cpu): LazyState {
  if (k.after('vmi-lazy/state-on-stack')) return k.lazyOnStack(k.current(cpu));
  if (k.after('vmi-lazy/state-global')) return k.lazy(k.cpus[0]!);
  return k.lazy(cpu);
}

const read_mode = instruction('per_cpu(mode, cpu)', (cpu: Cpu, k: GuestKernel) => stateOf(k, cpu).mode);

const set_mode = instruction((_k, mode) => `per_cpu(mode, cpu) = ${mode}`, (cpu: Cpu, k: GuestKernel, mode: number) => {
  stateOf(k, cpu).mode = mode;
});

const save_flags = silently((_k, flags) => `per_cpu(flags, cpu) = ${flags ? 'IF' : '0'}`, (cpu: Cpu, k: GuestKernel, flags: boolean) => {
  stateOf(k, cpu).flags = flags;
});

/** Model: flags that were never saved have IF set, as leftovers on the stack might. */
const saved_flags = silently('per_cpu(flags, cpu)', (cpu: Cpu, k: GuestKernel) => stateOf(k, cpu).flags ?? true);

const lacksSetLazyMode = silently('!vmi_ops.set_lazy_mode', (_cpu: Cpu, k: GuestKernel) => !k.vmi_ops.has('SetLazyMode'));

/** Ours: the lines that the posted patch adds on the way in. */
const irqs_off = path(function* irqs_off(k: GuestKernel): Path {
  const flags = yield* local_irq_save(k);
  yield* save_flags(k, flags);
});

/** Ours: the lines that the posted patch adds on the way out. */
const irqs_back = path(function* irqs_back(k: GuestKernel): Path {
  const flags = yield* saved_flags(k);
  if (k.after('vmi-lazy/enable-outright')) yield* k.paravirt_ops.irq_enable(k);
  if (k.before('vmi-lazy/enable-outright')) yield* local_irq_restore(k, flags);
});

/** arch/i386/kernel/vmi.c (mail of 2007-03-31), vmi_set_lazy_mode(). */
export const vmi_set_lazy_mode_posted = path(function* vmi_set_lazy_mode(k: GuestKernel, new_mode: number): Path {
  if (yield* lacksSetLazyMode(k)) return;
  const mode = yield* read_mode(k);
  yield* BUG_ON(k, mode !== NONE && new_mode !== NONE, 'BUG_ON(per_cpu(mode, cpu) && new_mode)');
  yield* BUG_ON(k, mode === NONE && new_mode === NONE, 'BUG_ON(!new_mode && !per_cpu(mode, cpu))');

  if (k.after('vmi-lazy/irqs-off') && k.before('vmi-lazy/save-late') && new_mode !== NONE) yield* irqs_off(k);
  if (k.after('vmi-lazy/irqs-off') && k.before('vmi-lazy/restore-last') && new_mode === NONE) yield* irqs_back(k);

  yield* callRom(k, 'SetLazyMode', [new_mode]);
  if (k.after('vmi-lazy/save-late') && new_mode !== NONE) yield* irqs_off(k);
  if (k.after('vmi-lazy/restore-before-mode') && new_mode === NONE) yield* irqs_back(k);
  yield* set_mode(k, new_mode);
  if (k.after('vmi-lazy/restore-last') && k.before('vmi-lazy/restore-before-mode') && new_mode === NONE) yield* irqs_back(k);
});

/**
 * arch/i386/kernel/vmi.c:578-596 (2.6.21 to 2.6.23), vmi_set_lazy_mode().
 * Model: leaves out DEFINE_PER_CPU: a declaration.
 * Model: adds smp_processor_id: half of __get_cpu_var().
 */
export const vmi_set_lazy_mode = path(function* vmi_set_lazy_mode(k: GuestKernel, mode: number): Path {
  if (yield* lacksSetLazyMode(k)) return;
  const now = yield* read_mode(k);
  yield* BUG_ON(k, now !== NONE && mode !== NONE && mode !== FLUSH, 'BUG_ON(lazy mode is on and is not being left or flushed)');
  if (mode === FLUSH) return yield* vmi_flush_lazy_mode(k);
  yield* callRom(k, 'SetLazyMode', [mode]);
  yield* set_mode(k, mode);
});

/**
 * arch/i386/kernel/vmi.c:578-596 (2.6.21 to 2.6.23), vmi_set_lazy_mode(), the case FLUSH: the variable is that of the CPU on which the path runs after the first call.
 * Model: adds smp_processor_id: half of __get_cpu_var().
 */
const vmi_flush_lazy_mode = path(function* vmi_flush_lazy_mode(k: GuestKernel): Path {
  yield* callRom(k, 'SetLazyMode', [NONE]);
  const cpu = yield* smp_processor_id(k);
  const mode = yield* modeOfCpu(k, cpu);
  if (k.before('vmi-lazy/flush-stays-out')) yield* callRom(k, 'SetLazyMode', [mode]);
});

/** smp_processor_id(): the answer may be out of date at once, unless preemption is off. */
const smp_processor_id = instruction('movl %fs:cpu_number, reg   # smp_processor_id()', (cpu: Cpu, _k: GuestKernel) => cpu.id);

const modeOfCpu = instruction((_k, cpu) => `per_cpu(lazy_mode, ${cpu})`, (_me: Cpu, k: GuestKernel, cpu: number) => k.lazy(k.cpus[cpu]!).mode);

/**
 * arch/x86/kernel/vmi_32.c:561-565 (2.6.24), vmi_enter_lazy_mmu(); arch/x86/kernel/vmi_32.c:567-571 (2.6.24), vmi_leave_lazy(): from 2.6.24 on, first the common variable, then the
 * hypervisor; from 2.6.31 on, leaving uses the other order.
 * Model: leaves out paravirt_get_lazy_mode: the mode is read here.
 * Model: adds bugIfPreemptible, BUG_ON: those of enter_lazy(), written out.
 */
export const lazy_mode_of_2_6_24 = path(function* vmi_set_lazy_mode(k: GuestKernel, mode: number): Path {
  if (yield* lacksSetLazyMode(k)) return;
  if (mode === NONE && k.after('vmi-lazy/flush-first')) return yield* leave_lazy_of_2_6_31(k);
  if (mode === NONE) return yield* leave_lazy_of_2_6_24(k);
  const now = yield* read_mode(k);
  yield* BUG_ON(k, now !== NONE, 'BUG_ON(x86_read_percpu(paravirt_lazy_mode) != PARAVIRT_LAZY_NONE) in enter_lazy()');
  yield* bugIfPreemptible(k);
  yield* set_mode(k, mode);
  yield* callRom(k, 'SetLazyMode', [mode]);
});

/** arch/x86/kernel/paravirt_32.c:286-292 (2.6.24), enter_lazy(): its second BUG_ON, and that of paravirt_leave_lazy(); gone in 2.6.31. */
const bugIfPreemptible = path(function* bugIfPreemptible(k: GuestKernel): Path {
  if (k.before('vmi-lazy/preemptible-mmu')) yield* BUG_ON(k, yield* preemptible(k), 'BUG_ON(preemptible()) in the lazy mode of 2.6.24');
});

/**
 * arch/x86/kernel/vmi_32.c:567-571 (2.6.24), vmi_leave_lazy(). Names whatever mode is on as the one that it leaves, so the check cannot fail.
 * Model: adds bugIfPreemptible: that of paravirt_leave_lazy(), written out.
 */
const leave_lazy_of_2_6_24 = path(function* vmi_leave_lazy(k: GuestKernel): Path {
  yield* read_mode(k);
  yield* bugIfPreemptible(k);
  yield* set_mode(k, NONE);
  yield* callRom(k, 'SetLazyMode', [NONE]);
});

/**
 * arch/x86/kernel/vmi_32.c:483-487 (2.6.31), vmi_leave_lazy_mmu(); arch/x86/kernel/vmi_32.c:471-475 (2.6.31), vmi_end_context_switch().
 * Model: leaves out paravirt_end_context_switch: paravirt.ts has it.
 * Model: adds BUG_ON: that of leave_lazy(), written out.
 */
const leave_lazy_of_2_6_31 = path(function* vmi_leave_lazy_mmu(k: GuestKernel): Path {
  yield* callRom(k, 'SetLazyMode', [NONE]);
  const now = yield* read_mode(k);
  yield* BUG_ON(k, now === NONE, 'BUG_ON(percpu_read(paravirt_lazy_mode) != mode) in leave_lazy()');
  yield* set_mode(k, NONE);
});
