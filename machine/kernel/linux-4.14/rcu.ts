import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { Entity, type Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell } from '../../state/tracked';
import type { Kernel } from '../kernel';
import type { SmpFunction } from '../linux-6/smp';

// kernel/rcu/tree.c, as far as its users can tell: a callback is invoked once every
// CPU has been outside of any section with interrupts or preemption off since it
// was queued. This is RCU-sched, and since 4.20 all of RCU.
// Model: the grace period begins at the call and ends at the earliest moment that is
// allowed, as in a preemptible kernel, where a context switch is possible anywhere
// outside of such a section. Batching, expediting and stall detection are left out.

/** A callback that waits for its grace period, and the CPUs that may still be in a section that began before. */
interface Waiting {
  readonly [key: string]: Value;
  readonly head: Value;
  /** A set of CPUs, as bits. */
  readonly owing: number;
}

/** The callbacks of each CPU, in the order in which they were queued. */
export class Rcu extends Entity {
  private readonly lists: ReadonlyMap<Cpu, Cell<readonly Waiting[]>>;

  /** @param invoke the callback. Model: one function; its argument says the rest. */
  constructor(readonly k: Kernel, store: Store, readonly invoke: SmpFunction) {
    super('rcu_data');
    this.lists = new Map(k.cpus.map((cpu) => [cpu, new Cell<readonly Waiting[]>(store, `rcu_data${cpu.id}.cblist`, [])]));
  }

  list(cpu: Cpu): Cell<readonly Waiting[]> {
    return this.lists.get(cpu)!;
  }

  /** The CPUs that are in no section that a grace period waits for, as bits. */
  quiescent(): number {
    return this.k.cpus.reduce((mask, cpu) => (cpu.IF && this.k.current(cpu).preempt_count === 0 ? mask | (1 << cpu.id) : mask), 0);
  }
}

const everyCpu = (k: Kernel): number => k.cpus.reduce((mask, { id }) => mask | (1 << id), 0);

/** kernel/rcu/tree.c:3127-3130 (4.14.177), call_rcu_sched(); kernel/rcu/tree.c:2893-2896 (4.20), call_rcu(): does not wait. */
export const call_rcu = instruction((_rcu: Rcu, head: Value) => `call_rcu(${String(head)})`, (cpu: Cpu, rcu: Rcu, head: Value) => {
  const list = rcu.list(cpu);
  list.value = [...list.value, { head, owing: everyCpu(rcu.k) }];
});

const length = silently('rcu_segcblist_n_cbs(&rdp->cblist)', (cpu: Cpu, rcu: Rcu) => rcu.list(cpu).value.length);

const owing = silently('rnp->qsmask', (cpu: Cpu, rcu: Rcu) => rcu.list(cpu).value[0]!.owing);

/** Notes the CPUs that are in no section now. */
const rcu_report_qs = instruction('rcu_report_qs_rnp(): CPUs that are in no section with interrupts or preemption off', (cpu: Cpu, rcu: Rcu) => {
  const list = rcu.list(cpu);
  const quiescent = rcu.quiescent();
  list.value = list.value.map((waiting) => ({ ...waiting, owing: waiting.owing & ~quiescent }));
}, {
  when: (cpu: Cpu, rcu: Rcu) => (rcu.list(cpu).value[0]!.owing & rcu.quiescent()) !== 0,
  awaits: (cpu: Cpu, rcu: Rcu) => ({ kind: 'answers', of: rcu.k.cpus.filter(({ id }) => (rcu.list(cpu).value[0]!.owing & (1 << id)) !== 0).map(({ name }) => ({ process: name })) }),
});

const dequeue = silently('rcu_cblist_dequeue()', (cpu: Cpu, rcu: Rcu) => {
  const [first, ...others] = rcu.list(cpu).value;
  rcu.list(cpu).value = others;
  return first!.head;
});

/**
 * kernel/rcu/tree.c:2663-2740 (4.14.177), rcu_do_batch() in part: the softirq of this CPU, until its list is empty. Called when the CPU has nothing else to do.
 * Model: adds length, owing, rcu_report_qs, dequeue, invoke: waiting for the grace period, and __rcu_reclaim().
 */
export const rcu_do_batch = path(function* rcu_do_batch(k: Kernel, rcu: Rcu): Path {
  while ((yield* length(rcu)) > 0) {
    while ((yield* owing(rcu)) !== 0) yield* rcu_report_qs(rcu);
    yield* rcu.invoke(k, yield* dequeue(rcu));
  }
});
