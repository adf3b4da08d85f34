// Lazy MMU mode of Linux 6, call by call: the counts of the task, the mode of its CPU, and which entries wait.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { movesOf } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import type { Kernel } from '../../machine/kernel/kernel';
import { add_preempt_count, HARDIRQ_OFFSET, SOFTIRQ_OFFSET } from '../../machine/kernel/linux-2.6/sched/preempt';
import * as six from '../../machine/kernel/linux-6/lazy-mmu';
import type { Task } from '../../machine/kernel/task';
import { path, silently, type Call, type Path, type Step } from '../../machine/path';
import { Background } from '../../machine/situations/flush-tlb/background';
import type { MachineWorld } from '../support/world';

const AT = 0x00900000;

type LazyCall = (k: Kernel, lazy: six.LazyMmu, it: Task, another: Task) => Call<unknown> | Step;

const CALLS: Readonly<Record<string, LazyCall>> = {
  enable: (k, lazy) => six.lazy_mmu_mode_enable(k, lazy),
  disable: (k, lazy) => six.lazy_mmu_mode_disable(k, lazy),
  pause: (k, lazy) => six.lazy_mmu_mode_pause(k, lazy),
  resume: (k, lazy) => six.lazy_mmu_mode_resume(k, lazy),
  flush: (k, lazy) => six.arch_flush_lazy_mmu_mode(k, lazy),
  set: (k, lazy) => six.set_pte(k, lazy, AT, 0x61),
  'switch away': (k, lazy, it) => six.xen_start_context_switch(k, lazy, it),
  'switch to it': (k, lazy, it) => six.xen_end_context_switch(k, lazy, it),
  'switch to another': (k, lazy, _it, another) => six.xen_end_context_switch(k, lazy, another),
  irq_enter: (k) => add_preempt_count(k, HARDIRQ_OFFSET),
  'softirq begins': (k) => add_preempt_count(k, SOFTIRQ_OFFSET),
};

const found = new WeakMap<MachineWorld, string>();

When(/^a task calls "([^"]*)", (with the series|without it)$/, function (this: MachineWorld, words: string, series: string) {
  const hunks = new Set(series === 'with the series' ? ['count', 'flush', 'by-count'].map((name) => `lazy-mmu-nesting/${name}` as const) : []);
  const background = new Background({ release: '2.6.10-rc2', config: { PREEMPT: true, X86_64: false }, hunks });
  const { kernel, store } = background;
  const lazy = new six.LazyMmu(kernel, store);
  const states: string[] = [];
  const note = silently('note', (cpu: Cpu) => {
    const { enable_count, pause_count } = lazy.of(task);
    const waiting = lazy.queue(cpu).value.length;
    states.push([lazy.mode(cpu).value.replace('XEN_LAZY_', ''), `${enable_count}/${pause_count}`, ...(waiting > 0 ? [`${waiting} waits`] : []), ...(cpu.memory.read32(AT) === 0x61 ? ['set'] : [])].join(' '));
  });
  const nothing = path(function* nothing(): Path {});
  const program = path(function* program(): Path {
    for (const word of words.split(', ')) {
      yield* CALLS[word]!(kernel, lazy, task, another) as Call<unknown>;
      yield* note();
    }
  });
  const task: Task = background.task('editor', null, () => program());
  const another = background.task('browser', null, () => nothing());
  for (const each of kernel.tasks) lazy.add(each);
  background.running(task);
  const system = background.system([]);
  for (let i = 0; i < 500; i++) movesOf(system).find(({ kind, process }) => kind === 'step' && process.name === 'cpu0')?.perform();
  found.set(this, `${states.join(', ')}${task.oops ? `; ${task.oops}` : ''}`);
});

Then('the mode, the counts of enables and pauses, and the entry are {string}', function (this: MachineWorld, states: string) {
  expect(found.get(this)).to.equal(states);
});
