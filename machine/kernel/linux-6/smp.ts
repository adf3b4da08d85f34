import type { Cpu } from '../../hardware/cpu';
import { cli, iret, sendIpi, sti } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { instruction, path, silently, type Call, type Path, type Step } from '../../path';
import { Entity, type Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell } from '../../state/tracked';
import { answersOf } from '../answers';
import type { Kernel } from '../kernel';
import type { Word } from '../words/layout';
import { bool } from '../words/widths';

// kernel/smp.c, 6.x: calling a function on other CPUs. Each sender has an entry
// for each receiver (csd), which stays in the receiver's queue until the
// receiver's interrupt empties it; several may wait there.

/** arch/x86/include/asm/irq_vectors.h. */
export const CALL_FUNCTION_VECTOR = 0xfb;

/** What a receiver calls, with the sender's argument. */
export type SmpFunction = (k: Kernel, info: Value) => Call<unknown>;

/** One entry of a queue: which sender waits for it, and what to call. */
interface Queued {
  readonly [key: string]: Value;
  readonly csd: Csd;
  readonly info: Value;
}

/** struct __call_single_data of one sender for one receiver. */
class Csd extends Entity {
  /** CSD_FLAG_LOCK: set by the sender, cleared by the receiver's plain store. */
  readonly locked: Word<boolean>;

  constructor(k: Kernel, readonly sender: Cpu, readonly receiver: Cpu) {
    super(`csd(${sender.name}, ${receiver.name})`);
    this.locked = k.words.declareField(this, 'flags', bool, false);
  }
}

/** cfd_data and call_single_queue of all CPUs. */
export class CallQueues extends Entity {
  private readonly csds = new Map<string, Csd>();
  private readonly queues: ReadonlyMap<Cpu, Cell<readonly Queued[]>>;

  /**
   * @param func what other CPUs call. Model: one function; the argument says the rest.
   */
  constructor(k: Kernel, store: Store, readonly func: SmpFunction) {
    super('call_single_queue');
    for (const sender of k.cpus) for (const receiver of k.cpus) if (sender !== receiver) this.csds.set(`${sender.name} ${receiver.name}`, new Csd(k, sender, receiver));
    this.queues = new Map(k.cpus.map((cpu) => [cpu, new Cell<readonly Queued[]>(store, `call_single_queue${cpu.id}`, [])]));
  }

  csd(sender: Cpu, receiver: Cpu): Csd {
    return this.csds.get(`${sender.name} ${receiver.name}`)!;
  }

  queue(cpu: Cpu): Cell<readonly Queued[]> {
    return this.queues.get(cpu)!;
  }
}

const smp_processor_id = silently('smp_processor_id()', (cpu: Cpu) => cpu);

/** csd_lock(): waits until the entry is free, and takes it. */
const csd_lock = instruction((q: CallQueues, to: Cpu) => `csd_lock(csd for ${to.name})`, (cpu: Cpu, q: CallQueues, to: Cpu) => {
  q.csd(cpu, to).locked.set(cpu.memory, true);
}, {
  when: (cpu: Cpu, q: CallQueues, to: Cpu) => !q.csd(cpu, to).locked.get(cpu.memory),
  awaits: (_cpu: Cpu, _q: CallQueues, to: Cpu) => answersOf([to], 1 << to.id),
});

/** llist_add(): a locked instruction. Returns whether the queue was empty, so an interrupt is needed. */
const llist_add = instruction((_q: CallQueues, to: Cpu, _info: Value) => `llist_add(&csd->node, call_single_queue of ${to.name})`, (cpu: Cpu, q: CallQueues, to: Cpu, info: Value) => {
  const queue = q.queue(to);
  const was = queue.value;
  queue.value = [...was, { csd: q.csd(cpu, to), info }];
  return was.length === 0;
}, { locked: true });

const csd_lock_wait = instruction((_q: CallQueues, to: Cpu) => `csd_lock_wait(csd for ${to.name})`, (_cpu: Cpu, _q: CallQueues, _to: Cpu) => undefined, {
  when: (cpu: Cpu, q: CallQueues, to: Cpu) => !q.csd(cpu, to).locked.get(cpu.memory),
  awaits: (_cpu: Cpu, _q: CallQueues, to: Cpu) => answersOf([to], 1 << to.id),
});

/**
 * kernel/smp.c:785-888 (6.14), smp_call_function_many_cond(): waits for the others, and also calls on this CPU.
 * Model: CPUs do not come and go; CPUs are told in the order of their numbers.
 * @param mask which CPUs, as a bit set
 * @param cond whether a CPU needs the call; it is evaluated for all of them before the first interrupt is sent
 * Model: leaves out cpumask_test_cpu, cpumask_first_and, cpumask_next_and, cpumask_and, cpumask, __cpumask_clear_cpu, cpumask_clear, cpumask_ipi, __cpumask_set_cpu: the caller has copied the mask, in one load. The C reads it up to three times, and its last
 * copy counts; until 5.6, a CPU that is the only one is called without a copy. A CPU that enters the mask in between sees everything that was changed before.
 * Model: leaves out u_flags, src, dst, llist, last_cpu: locals, and fields for debugging.
 * Model: leaves out local_irq_restore: sti(), since interrupts are on here.
 * Model: until 5.6 on_each_cpu_cond() evaluates the condition for all CPUs before it interrupts the first, and this CPU calls the function when the others have answered; it has flushed before, and has nothing left to do then.
 */
export const smp_call_function_many_cond = path(function* smp_call_function_many_cond(k: Kernel, q: CallQueues, mask: number, info: Value, cond: CondFunc): Path {
  const self = yield* smp_processor_id();
  const selected = k.cpus.filter(({ id }) => (mask & (1 << id)) !== 0);
  const runsHere = selected.includes(self) && (yield* cond.ask(k, self, info));
  const queued: Cpu[] = [];
  const interrupted: Cpu[] = [];
  for (const cpu of selected) {
    if (cpu === self || !(yield* cond.ask(k, cpu, info))) continue;
    yield* csd_lock(q, cpu);
    queued.push(cpu);
    if (yield* llist_add(q, cpu, info)) interrupted.push(cpu);
  }
  if (interrupted.length > 0) yield* sendIpi(CALL_FUNCTION_VECTOR, interrupted);
  if (runsHere) {
    yield* cli();
    yield* q.func(k, info);
    yield* sti();
  }
  for (const cpu of queued) yield* csd_lock_wait(q, cpu);
});

/** smp_cond_func_t: which CPUs need a call. */
export class CondFunc extends Entity {
  constructor(name: string, readonly ask: (k: Kernel, cpu: Cpu, info: Value) => Call<boolean> | Step<boolean>) {
    super(name);
  }
}

/** Ours: the condition of an unconditional call. */
const yes = path(function* yes(): Path<boolean> { return true; });

const EVERY = new CondFunc('every CPU', () => yes());

/** include/linux/smp.h:69-72 (6.14), on_each_cpu(): on this CPU and all others, waiting for all. */
export const on_each_cpu = path(function* on_each_cpu(k: Kernel, q: CallQueues, info: Value): Path {
  yield* smp_call_function_many_cond(k, q, k.cpus.reduce((mask, { id }) => mask | (1 << id), 0), info, EVERY);
});

/**
 * kernel/smp.c:906-910 (6.14), smp_call_function_many(): on the CPUs of `mask` but this one, waiting for them.
 * Model: adds smp_processor_id: the mask is given without this CPU.
 */
export const smp_call_function_many = path(function* smp_call_function_many(k: Kernel, q: CallQueues, mask: number, info: Value): Path {
  const self = yield* smp_processor_id();
  yield* smp_call_function_many_cond(k, q, mask & ~(1 << self.id), info, EVERY);
});

/**
 * kernel/smp.c:928-933 (6.14), smp_call_function(): on all other CPUs, waiting for them.
 * Model: leaves out preempt_disable, preempt_enable: no task changes its CPU here.
 */
export const smp_call_function = path(function* smp_call_function(k: Kernel, q: CallQueues, info: Value): Path {
  yield* smp_call_function_many(k, q, k.cpus.reduce((mask, { id }) => mask | (1 << id), 0), info);
});

/**
 * kernel/smp.c:630-684 (6.14), smp_call_function_single(): on one other CPU, waiting for it.
 * Model: leaves out node, u_flags, get_cpu, csd_lock, func, src, dst, generic_exec_single, csd_lock_wait, put_cpu: done as a call of many with one CPU in the mask; the entry on the stack is the sender's own for that receiver.
 * Model: adds smp_call_function_many_cond: that call.
 */
export const smp_call_function_single = path(function* smp_call_function_single(k: Kernel, q: CallQueues, cpu: Cpu, info: Value): Path {
  yield* smp_call_function_many_cond(k, q, 1 << cpu.id, info, EVERY);
});

/** llist_del_all(): XCHG, which is locked. Model: it empties the queue oldest first, as llist_reverse_order() leaves it. */
const llist_del_all = instruction('llist_del_all(call_single_queue)', (cpu: Cpu, q: CallQueues) => {
  const queue = q.queue(cpu);
  const entries = queue.value;
  queue.value = [];
  return entries;
}, { locked: true });

/** csd_unlock(): a store-release, which is a plain store on x86. */
const csd_unlock = instruction((csd: Csd) => `csd_unlock(${csd.name})`, (cpu: Cpu, csd: Csd) => {
  csd.locked.set(cpu.memory, false);
});

/**
 * kernel/smp.c:474-589 (6.14), __flush_smp_call_function_queue() in part: calls what others wait for, and answers each when its function is done; arch/x86/kernel/smp.c:257-264 (6.14), sysvec_call_function(). Interrupts are off.
 * Model: leaves out apic_eoi, generic_smp_call_function_interrupt: an interrupt that was delivered can be sent again at once, as after the EOI with which the C begins.
 * Model: leaves out trace_call_function_entry, trace_call_function_exit: tracing.
 */
export const sysvec_call_function = path(function* sysvec_call_function(k: Kernel, q: CallQueues, frame: TrapFrame): Path {
  const entries = yield* llist_del_all(q);
  for (const { csd, info } of entries) {
    yield* q.func(k, info);
    yield* csd_unlock(csd);
  }
  yield* iret(frame);
});

/** The gate of the call on every CPU. Part of the boot. */
export function installCallFunction(k: Kernel, q: CallQueues): void {
  for (const cpu of k.cpus) {
    cpu.idt.set(CALL_FUNCTION_VECTOR, { kind: 'interrupt', handler: (frame) => sysvec_call_function(k, q, frame) });
    cpu.vectorNames.set(CALL_FUNCTION_VECTOR, 'call_function');
  }
}
