// The paths that replace each other in the neighbours of a patch: each by itself, on a kernel that runs
// directly on the processor, one with paravirt_ops, and one on Xen.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import * as related from '../../machine/cli/neighbours/related-paths';
import { movesOf, type System } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import type { Kernel } from '../../machine/kernel/kernel';
import { raise_softirq_irqoff } from '../../machine/kernel/linux-2.6/irq/softirq';
import { preempt_disable, preempt_enable } from '../../machine/kernel/linux-2.6/sched/preempt';
import { holder, type Lock } from '../../machine/kernel/linux-2.6/sched/spinlock';
import type { GuestKernel } from '../../machine/kernel/vmi/guest';
import { XenKernel } from '../../machine/kernel/xen/guest';
import { instruction, path, silently, type Call, type Path } from '../../machine/path';
import { Background } from '../../machine/situations/flush-tlb/background';
import { GuestMachine } from '../../machine/situations/lazy/machine';
import { XenBackground } from '../../machine/situations/xen/background';
import type { MachineWorld } from '../support/world';

type Program = (k: Kernel) => Call<unknown>;

interface Machine {
  readonly kernel: Kernel;
  /** Runs a program as the task of the first CPU. */
  run(program: Program): System;
}

function plain(): Machine {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: { PREEMPT: true } });
  return { kernel: background.kernel, run: (program) => (background.running(background.task('kthread', null, () => program(background.kernel))), background.system([])) };
}

function guest(backend: 'bare metal' | 'VMI'): Machine {
  const machine = new GuestMachine({ release: '2.6.23', hunks: new Set(), ram: 1024, cpus: 2, config: { PREEMPT: true, SMP: true }, backend, reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } });
  return { kernel: machine.kernel, run: (program) => (machine.running(machine.task('kthread', null, () => program(machine.kernel))), machine.system([])) };
}

function onXen(): Machine {
  const background = new XenBackground({ release: '2.6.24', pae: true, cpus: 2, hunks: new Set() });
  return { kernel: background.kernel, run: (program) => (background.task('kthread', background.cpus[0]!, null, () => program(background.kernel)), background.system([])) };
}

const KERNELS: Readonly<Record<string, () => Machine>> = { 'the processor': plain, 'paravirt_ops': () => guest('bare metal'), VMI: () => guest('VMI'), Xen: onXen };

const interrupts = (k: Kernel, cpu: Cpu): string => ((k instanceof XenKernel ? !k.xen.vcpu_info(cpu).evtchn_upcall_mask : cpu.IF) ? 'on' : 'off');

type Note = (when: string) => Call<unknown>;

/** A pair of paths around code that they are to protect. */
const PAIRS: Readonly<Record<string, (k: Kernel, note: Note) => Path>> = {
  * 'preempt_disable()'(k, note) { yield* preempt_disable(k); yield* note('inside'); yield* preempt_enable(k); },
  * 'local_bh_disable()'(k, note) { yield* related.local_bh_disable(k); yield* note('inside'); yield* related.local_bh_enable(k); },
  * 'local_irq_disable()'(k, note) { yield* related.local_irq_disable(k); yield* note('inside'); yield* related.local_irq_enable(k); },
  * 'local_irq_save()'(k, note) { const flags = yield* related.local_irq_save(k); yield* note('inside'); yield* related.local_irq_restore(k, flags); },
  * 'local_irq_save() with interrupts off'(k, note) {
    yield* related.local_irq_disable(k);
    const flags = yield* related.local_irq_save(k);
    yield* note('inside');
    yield* related.local_irq_restore(k, flags);
  },
  * 'local_irq_disable() with interrupts off'(k, note) {
    yield* related.local_irq_disable(k);
    yield* related.local_irq_disable(k);
    yield* note('inside');
    yield* related.local_irq_enable(k);
  },
};

const found = new WeakMap<MachineWorld, Readonly<Record<string, string>>>();

/** Runs the first process that can continue, until none can. */
function runThrough(system: System): void {
  for (let events = 0; events < 1000; events++) {
    const [next] = movesOf(system).filter(({ kind }) => kind === 'step');
    if (!next) return;
    next.perform();
  }
  throw new Error('the machine does not come to rest');
}

/** What a task sees of its own state, by the time. */
function run(machine: Machine, program: (k: Kernel, note: Note) => Path): Readonly<Record<string, string>> {
  const { kernel } = machine;
  const noted: Record<string, string> = {};
  const note: Note = (when) => silently('note', (cpu: Cpu) => { noted[when] = `preempt count ${kernel.current(cpu).preempt_count.toString(16)}, interrupts ${interrupts(kernel, cpu)}`; })() as never;
  const whole = path(function* program_(): Path {
    yield* note('before');
    yield* program(kernel, note);
    yield* note('after');
  });
  runThrough(machine.run(() => whole()));
  return noted;
}

When(/^a task on (the processor|paravirt_ops|VMI|Xen) has (.+) around something$/, function (this: MachineWorld, kernel: string, pair: string) {
  found.set(this, run(KERNELS[kernel]!(), PAIRS[pair]!));
});

/** What happens where something was kept off, in order. */
const ORDERS: Readonly<Record<string, () => readonly string[]>> = {
  'a softirq that is raised inside local_bh_disable()': () => order('paravirt_ops', function* (k, say) {
    (k as GuestKernel).softirqActions.set('tasklet', () => say('softirq'));
    yield* related.local_bh_disable(k);
    yield* raise_softirq_irqoff(k as GuestKernel, 'tasklet');
    yield* say('inside');
    yield* related.local_bh_enable(k);
    yield* say('after');
  }),
  'spin_trylock() of a lock that is free': () => order('paravirt_ops', (k, say) => tryLock(k, say, null)),
  'spin_trylock() of a lock that another CPU has': () => order('paravirt_ops', (k, say) => tryLock(k, say, k.cpus[1]!)),
};

/** Tries a lock, and releases it if it was taken. */
function* tryLock(k: Kernel, say: Say, owner: Cpu | null): Path {
  const mm = k.init_mm;
  const lock: Lock = { of: mm, field: 'page_table_lock' };
  yield* instruction('the lock is as it is', () => { (mm as unknown as Record<string, Cpu | null>)['page_table_lock'] = owner; })();
  const mine = silently('note', (cpu: Cpu) => `${holder(lock) === cpu ? 'mine' : holder(lock)?.name ?? 'free'}, preempt count ${k.current(cpu).preempt_count}`);
  const got = yield* related.spin_trylock(k, lock);
  yield* say(`${got ? 'taken' : 'not taken'}: ${yield* mine()}`);
  yield* related.unlock_if_locked(k, lock);
  yield* say(`released: ${yield* mine()}`);
}

type Say = (what: string) => Call<unknown>;

function order(kernel: string, body: (k: Kernel, say: Say) => Path): readonly string[] {
  const machine = KERNELS[kernel]!();
  const said: string[] = [];
  const speak = path(function* speak(what: string): Path { yield* silently('say', () => { said.push(what); })(); });
  const whole = path(function* program_(): Path { yield* body(machine.kernel, speak); });
  runThrough(machine.run(() => whole()));
  return said;
}

When('{string} has happened', function (this: MachineWorld, name: string) {
  found.set(this, { order: ORDERS[name]!().join('; ') });
});

Then('it sees', function (this: MachineWorld, table: DataTable) {
  expect(found.get(this)).to.deep.equal(table.rowsHash());
});
