import type { Invariant } from '../explorer/system';
import type { VmiHypervisor } from '../hypervisors/vmi/hypervisor';
import type { VirtualCpu } from '../hypervisors/vmi/vcpu';
import type { GuestKernel } from '../kernel/vmi/guest';

// What must hold of lazy modes. One claim each, checked after every event. Each
// message gives both Linux's mode and the hypervisor's.

/** Everything that a check uses. */
export interface Guest {
  readonly kernel: GuestKernel;
  readonly hypervisor: VmiHypervisor | null;
  readonly cpus: readonly VirtualCpu[];
}

const MODE = ['none', 'MMU', 'CPU', '3'];

/** Which task runs where, in which mode on both sides, and what is waiting: the end of a message. */
function standing({ kernel, hypervisor }: Guest, cpu: VirtualCpu): string {
  const host = hypervisor?.of(cpu);
  const hostMode = host ? `${MODE[host.mode]!}, with ${host.queue.length === 0 ? 'nothing' : 'updates'} waiting` : 'there is none';
  return `(IF=${cpu.IF ? 1 : 0}, preempt_count=0x${kernel.current(cpu).preempt_count.toString(16)}; lazy mode in Linux: ${MODE[kernel.lazy(cpu).mode]!}, in the hypervisor: ${hostMode})`;
}

const perCpu = (guest: Guest, check: (cpu: VirtualCpu) => string | null): string | null => {
  for (const cpu of guest.cpus) {
    const message = cpu.seeing(() => check(cpu));
    if (message !== null) return `${message} ${standing(guest, cpu)}`;
  }
  return null;
};

/** Caches `of` for each place in the code: a place returns the same list of paths each time. */
function byPaths<T>(of: (paths: readonly string[]) => T): (paths: readonly string[]) => T {
  const known = new WeakMap<readonly string[], { readonly found: T }>();
  return (paths) => {
    let one = known.get(paths);
    if (one === undefined) known.set(paths, one = { found: of(paths) });
    return one.found;
  };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** The device or task for which `cpu` now runs: the path below the interrupt's entry. */
function actor(cpu: VirtualCpu): string {
  const { context, paths } = cpu.describe();
  const entry = paths.lastIndexOf('do_IRQ');
  const handler = paths.slice(entry + 1).find((name) => !name.endsWith('softirq') && name !== 'softirq_round');
  return entry >= 0 && handler !== undefined && handler !== 'ret_from_intr' ? `${handler}(), interrupting ${context},` : context;
}

/** An access through a slot reaches the page that kmap_atomic() last gave the slot to. */
export const slotReachesItsPage = (guest: Guest): Invariant => ({
  name: 'slotReachesItsPage',
  check: () => perCpu(guest, (cpu) => {
    const { kernel } = guest;
    const done = cpu.lastAccess;
    if (done === null) return null;
    const wanted = kernel.granted.get((done.la & ~0xfff) >>> 0);
    const reached = Math.floor(done.pa / 4096);
    if (wanted === 0 || wanted === reached) return null;
    const name = (pfn: number): string => `"${kernel.pageNames.get(pfn) ?? `pfn ${hex(pfn)}`}"`;
    const word = hex(kernel.memory.read32(done.pa));
    const did = done.kind === 'read' ? `reads ${word} from` : `writes ${word} over`;
    return `${actor(cpu)} ${did} ${name(reached)} (pfn ${hex(reached)}) at ${hex(done.la)}, which kmap_atomic() has just mapped to ${name(wanted)} (pfn ${hex(wanted)}, holding ${hex(kernel.memory.read32(wanted * 4096))})`;
  }),
});

/** No task that has done nothing wrong dies: no fatal page fault, no BUG. */
export const nobodyOopses = (guest: Guest): Invariant => ({
  name: 'nobodyOopses',
  check: () => perCpu(guest, (cpu) => {
    const { oops } = guest.kernel.current(cpu);
    return oops === null ? null : `${actor(cpu)} ends in: ${oops}`;
  }),
});

/** Functions in which a CPU may be lazy, or entering or leaving the mode. */
const LAZY_CODE: ReadonlySet<string> = new Set([
  'copy_pte_range', 'zap_pte_range', 'filling', 'change_pte_range', 'move_ptes', 'apply_to_pte_range',
  'arch_enter_lazy_mmu_mode', 'arch_leave_lazy_mmu_mode', 'arch_flush_lazy_mmu_mode', 'context_switch', 'arch_enter_lazy_cpu_mode', 'arch_leave_lazy_cpu_mode',
  'arch_start_context_switch', 'arch_end_context_switch',
]);

/** Outside of the regions that asked for it, the hypervisor is not lazy and nothing waits. */
export const hypervisorLeavesLazyMode = (guest: Guest): Invariant => {
  const isInLazyCode = byPaths((paths) => paths.some((name) => LAZY_CODE.has(name)));
  return {
    name: 'hypervisorLeavesLazyMode',
    check: () => perCpu(guest, (cpu) => {
      const host = guest.hypervisor?.of(cpu);
      if (!host || (host.mode === 0 && host.queue.length === 0)) return null;
      const { context, paths } = cpu.describe();
      if (isInLazyCode(paths)) return null;
      return `${context} is outside any lazy region, at the top of ${paths.at(-1) ?? 'nothing'}(), and the hypervisor still ${host.mode === 0 ? 'holds updates back' : 'is lazy'}`;
    }),
  };
};

/** A task switch, from spin_lock_irq(&rq->lock) to the unlock by the task that runs then, has interrupts off, because the timer takes that lock. */
export const switchWithInterruptsOff = (guest: Guest): Invariant => {
  const switchIn = byPaths((paths) => (paths.includes('context_switch') ? 'context_switch' : paths.at(-1) === 'finish_task_switch' ? 'finish_task_switch' : null));
  return {
    name: 'switchWithInterruptsOff',
    check: () => perCpu(guest, (cpu) => {
      if (!cpu.IF) return null;
      const { context, paths } = cpu.describe();
      const within = switchIn(paths);
      return within === null ? null : `${context} is in ${within}() under rq->lock with interrupts on, and a timer tick would take that lock`;
    }),
  };
};

/** The bodies of the loops over entries. */
const UPDATES: ReadonlySet<string> = new Set(['copy_one_pte', 'zap_pte', 'fill_pte', 'change_pte', 'move_pte']);

/** No interrupt handler runs between two updates of one lazy region. */
export const noHandlerAmongUpdates = (guest: Guest): Invariant => {
  const interruptedUpdate = byPaths((paths) => {
    const update = paths.findIndex((name) => UPDATES.has(name));
    return update >= 0 && paths.indexOf('do_IRQ') >= update ? paths[update]! : null;
  });
  return {
    name: 'noHandlerAmongUpdates',
    check: () => perCpu(guest, (cpu) => {
      const { context, paths } = cpu.describe();
      const update = interruptedUpdate(paths);
      return update === null ? null : `an interrupt handler runs while ${context} is in the middle of ${update}(), in a lazy region`;
    }),
  };
};

/** A task that enters lazy mode has preemption off. */
export const lazyOnlyUnpreemptible = (guest: Guest): Invariant => {
  const entryIn = byPaths((paths) => paths.find((name) => name === 'arch_enter_lazy_mmu_mode' || name === 'arch_enter_lazy_cpu_mode'));
  return {
    name: 'lazyOnlyUnpreemptible',
    check: () => perCpu(guest, (cpu) => {
      const { kernel } = guest;
      if (kernel.current(cpu).preempt_count !== 0 || !cpu.IF || !kernel.config.PREEMPT) return null;
      const { context, paths } = cpu.describe();
      const entry = entryIn(paths);
      return entry === undefined ? null : `${context} is in ${entry}() and could be preempted`;
    }),
  };
};

/** kmap_atomic() runs, and its mapping is used, with preemption off. */
export const slotsOnlyUnpreemptible = (guest: Guest): Invariant => ({
  name: 'slotsOnlyUnpreemptible',
  check: () => perCpu(guest, (cpu) => {
    const { kernel } = guest;
    const held = cpu.lastAccess !== null && kernel.granted.get((cpu.lastAccess.la & ~0xfff) >>> 0) !== 0;
    if (!held || kernel.current(cpu).preempt_count !== 0 || !cpu.IF) return null;
    return `${actor(cpu)} uses a slot of kmap_atomic() and could be preempted`;
  }),
});

/** vmalloc_sync_one() runs with interrupts off. */
export const syncOnlyWithInterruptsOff = (guest: Guest): Invariant => ({
  name: 'syncOnlyWithInterruptsOff',
  check: () => perCpu(guest, (cpu) => {
    const { context, paths } = cpu.describe();
    return cpu.IF && paths.at(-1) === 'vmalloc_sync_one' ? `${context} copies a directory entry for vmalloc memory with interrupts on` : null;
  }),
});
