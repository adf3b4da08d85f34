// Lazy MMU mode: which task is in it, on what kind of hypervisor, and what interrupts it.

import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { lazyTable, symptomsByReading, tableAsMarkdown, type LazyTable, type ReadingRow } from '../../machine/situations/lazy/table';
import type { MachineWorld } from '../support/world';

Given('a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor', function (this: MachineWorld) {
  this.exploration.situation('vmi-lazy/kmap');
});

Given('a process that unmaps two pages in lazy MMU mode', function (this: MachineWorld) {
  this.exploration.set('region', 'zap_pte_range');
  this.exploration.set('entries', 2);
});

Given('the process is in {string} instead', function (this: MachineWorld, region: string) {
  this.exploration.set('region', region);
});

Given('the process changes {int} entries', function (this: MachineWorld, entries: number) {
  this.exploration.set('entries', entries);
});

Given('the process then reads a page that it maps with kmap\\(\\)', function (this: MachineWorld) {
  this.exploration.set('afterwards', 'kmap()');
});

Given('a kernel without CONFIG_HIGHMEM', function (this: MachineWorld) {
  this.exploration.set('highmem', false);
});

Given('{int} MiB of memory', function (this: MachineWorld, ram: number) {
  this.exploration.set('ram', ram);
});

Given('a kernel on {string}', function (this: MachineWorld, backend: string) {
  this.exploration.set('backend', backend);
});

Given('the process meets a swap entry, and no device interrupts', function (this: MachineWorld) {
  this.exploration.situation('vmi-lazy/process');
  for (const parameter of ['entries', 'device']) this.exploration.unset(parameter);
});

Given('the memory of the swap counts is already mapped in the address space', function (this: MachineWorld) {
  this.exploration.set('swap_map', 'known');
});

Given('the swap count is full and continues in a highmem page, as from 2.6.33 on', function (this: MachineWorld) {
  this.exploration.set('count', 'full');
});

Given('two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one', function (this: MachineWorld) {
  this.exploration.situation('vmi-lazy/smp');
  for (const parameter of ['region', 'entries', 'device']) this.exploration.unset(parameter);
});

Given('a machine with {int} CPU(s), on which processes that unmap pages share one CPU under a timer', function (this: MachineWorld, cpus: number) {
  this.exploration.situation('vmi-lazy/switch');
  this.exploration.set('cpus', cpus);
});

When('all tasks run in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('some interleaving has interrupts on in the middle of a task switch', function (this: MachineWorld) {
  this.exploration.expectSome('switchWithInterruptsOff', 'under rq->lock with interrupts on');
});

Then('no interleaving has interrupts on in the middle of a task switch', function (this: MachineWorld) {
  this.exploration.expectNone('switchWithInterruptsOff');
});

Given('a kernel built for {int} CPUs', function (this: MachineWorld, cpus: number) {
  this.exploration.set('NR_CPUS', cpus);
});

Given('the first thread is in {string} instead', function (this: MachineWorld, region: string) {
  this.exploration.set('region', region);
});

Given('the batch of unmapped pages is full at {int}', function (this: MachineWorld, pages: number) {
  this.exploration.set('FREE_PTE_NR', pages);
});

Given('the second thread {string}', function (this: MachineWorld, what: string) {
  this.exploration.set('other', what);
});

When('the interrupt comes at any moment', function (this: MachineWorld) {
  this.exploration.ask();
});

When('the process runs', function (this: MachineWorld) {
  this.exploration.ask();
});

When('both threads run in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('some interleaving ends in a fatal page fault of {string}', function (this: MachineWorld, handler: string) {
  this.exploration.expectSome('nobodyOopses', `${handler}`, 'Unable to handle kernel paging request');
});

Then('some interleaving ends in a BUG of {string}: {string}', function (this: MachineWorld, who: string, what: string) {
  this.exploration.expectSome('nobodyOopses', who, `kernel BUG: ${what}`);
});

Then('no interleaving ends in a BUG', function (this: MachineWorld) {
  const { findings } = this.exploration.about('nobodyOopses');
  expect(findings.map(({ message }) => message).filter((message) => message.includes('kernel BUG'))).to.deep.equal([]);
});

Then('no interleaving ends in a fatal page fault or a BUG', function (this: MachineWorld) {
  this.exploration.expectNone('nobodyOopses');
});

Then('at that moment the hypervisor is in lazy mode {string}, and Linux says {string}', function (this: MachineWorld, host: string, guest: string) {
  const message = this.exploration.witness.trace.violation?.message;
  expect(message).to.include(`lazy mode in Linux: ${guest}, in the hypervisor: ${host},`);
});

Then('some interleaving leaves the hypervisor lazy outside any lazy region', function (this: MachineWorld) {
  this.exploration.expectSome('hypervisorLeavesLazyMode', 'outside any lazy region');
});

Then('no interleaving leaves the hypervisor lazy outside any lazy region', function (this: MachineWorld) {
  this.exploration.expectNone('hypervisorLeavesLazyMode');
});

Then('some interleaving lets a handler run between two updates', function (this: MachineWorld) {
  this.exploration.expectSome('noHandlerAmongUpdates');
});

Then('no interleaving lets a handler run between two updates', function (this: MachineWorld) {
  this.exploration.expectNone('noHandlerAmongUpdates');
});

Then('some interleaving enters lazy mode preemptibly', function (this: MachineWorld) {
  this.exploration.expectSome('lazyOnlyUnpreemptible');
});

Then('no interleaving enters lazy mode preemptibly', function (this: MachineWorld) {
  this.exploration.expectNone('lazyOnlyUnpreemptible');
});

Then('some interleaving ends in a deadlock', function (this: MachineWorld) {
  this.exploration.expectSome('deadlock');
});

Then('in that run {string} waits for {string} with interrupts off, and {string} waits for its answer', function (this: MachineWorld, spinner: string, lock: string, holder: string) {
  const finding = this.exploration.expectSome('deadlock', `${spinner} at "spin_lock(${lock})"`, `${holder} at "while (!cpus_empty(flush_cpumask)) cpu_relax()"`);
  const changes = finding.witness.trace.events.flatMap(({ changes }) => changes);
  const last = (cell: string): string => String(changes.filter((change) => change.cell === cell).at(-1)?.after);
  expect(last('cpu0.IF'), 'IF of the CPU that waits for the lock').to.equal('false');
  expect(last(lock), `who holds ${lock}`).to.equal('cpu1');
  expect(last('smp.flush_cpumask'), 'the CPUs that have not answered, as a bit set').to.equal('1');
});

Then('no interleaving ends in a deadlock or an endless loop', function (this: MachineWorld) {
  const verdict = this.exploration.about();
  expect(verdict.findings.map(({ message, witness }) => `${message}\n${witness.schedule}`)).to.deep.equal([]);
  expect(verdict.complete, 'the search ended by itself').to.equal(true);
});

Then('some interleaving ends in an endless loop of page faults', function (this: MachineWorld) {
  const finding = this.exploration.expectSome('livelock');
  const loop = this.exploration.loopAfter(finding.witness.schedule);
  expect(loop.some(({ paths }) => paths.includes('vmalloc_fault'))).to.equal(true);
});

Then('some interleaving lets a thread write to the page at its old address', function (this: MachineWorld) {
  this.exploration.expectSome('movedPageUnreachable');
});

Then('no interleaving lets a thread write to the page at its old address', function (this: MachineWorld) {
  this.exploration.expectNone('movedPageUnreachable');
});

/** Boundaries of the system call at which the interrupt may come, and those at which it does harm. */
function countBoundaries(world: MachineWorld): { readonly harmful: number; readonly all: number } {
  world.exploration.about('nobodyOopses');
  const search = world.exploration.until('nobodyOopses');
  expect(search.complete, 'the search ended by itself').to.equal(true);
  const { graph, states } = search;
  const reaches = graph.canReach(states, (to) => to < 0);
  const arrivals = Array.from({ length: graph.size }, (_, i) => i).filter((i) => graph.edge(i).interrupt && graph.placeOf(i).includes('system_call'));
  const harmful = arrivals.filter((i) => graph.edge(i).to < 0 || reaches[graph.edge(i).to] === 1);
  return { harmful: harmful.length, all: arrivals.length };
}

Then('it does harm at {int} of {int} boundaries of the system call', function (this: MachineWorld, harmful: number, all: number) {
  expect(countBoundaries(this)).to.deep.equal({ harmful, all });
});

Given('the kernel with the patch and {string}', function (this: MachineWorld, hunk: string) {
  this.exploration.patches(`all,+${hunk}`);
});

Then('that interleaving never calls {string}', function (this: MachineWorld, path: string) {
  const callers = this.exploration.witness.trace.events.filter(({ paths }) => paths.includes(path));
  expect(callers.map(({ text }) => text)).to.deep.equal([]);
});

Given('the kernel with the variant {string} and {string}', function (this: MachineWorld, variant: string, hunk: string) {
  this.exploration.patches(`none,+${this.patchOfFeature}@${variant},+${hunk}`);
});

const tables = new WeakMap<MachineWorld, LazyTable>();
const readings = new WeakMap<MachineWorld, readonly ReadingRow[]>();

When('a RAID request of two segments completes under every reading of the interface', function (this: MachineWorld) {
  readings.set(this, symptomsByReading(['none', 'none,+vmi-lazy@posted', 'none,+vmi-lazy@corrected', 'none,+vmi-lazy@2.6.22'], (request) => this.exploration.answer(request)));
  this.exploration.controls = true; // each kernel is asked by name
});

Then('what goes wrong is, for 2.6.21-rc5, posted, corrected and 2.6.22', function (this: MachineWorld, expected: DataTable) {
  expect(readings.get(this)!.map(({ writes, faults, invalidations, symptoms }) => [writes, faults, invalidations, ...symptoms])).to.deep.equal(expected.raw());
});

When('every form is checked for every property', function (this: MachineWorld) {
  const table = lazyTable((request) => this.exploration.answer(request));
  tables.set(this, table);
  this.exploration.controls = true; // the table asks each form itself
  this.attach(tableAsMarkdown(table), 'text/markdown');
});

Then('the answers are, for 2.6.21-rc5, posted, corrected, 2.6.21, 2.6.22, 2.6.23, 2.6.24, 2.6.31 and both', function (this: MachineWorld, expected: DataTable) {
  const words = { holds: 'yes', fails: 'no', undecided: '?', 'not asked': '–' } as const;
  const found = tables.get(this)!.rows.map(({ title, cells }) => [title, ...cells.map(({ answer }) => words[answer])]);
  expect(found).to.deep.equal(expected.raw());
});

/** The hunks of 2.6.23, in the grammar of selections. */
const OF_2_6_23 = 'none,+vmi-lazy@2.6.23';

function kmapOf2_6_23(world: MachineWorld, region: string, more = ''): void {
  world.exploration.situation('vmi-lazy/kmap');
  world.exploration.set('region', region);
  world.exploration.patches(`${OF_2_6_23},+preemptible-lazy${more}`);
  world.exploration.controls = true; // the argument is about the kernel; not every path reaches the patch
}

Given('the kernel of 2.6.23, and a process in {string} that a device may interrupt', function (this: MachineWorld, region: string) {
  kmapOf2_6_23(this, region);
});

Given('the kernel of 2.6.23 except {string}, and a device that interrupts the unmapping of pages', function (this: MachineWorld, hunk: string) {
  kmapOf2_6_23(this, 'zap_pte_range', `,-${hunk}`);
});

Given('the kernel of 2.6.23 and {string}, and a device that interrupts the unmapping of pages', function (this: MachineWorld, hunk: string) {
  kmapOf2_6_23(this, 'zap_pte_range', `,+${hunk}`);
});

Given('the kernel of 2.6.23 except {string}, and a process that counts a swap entry while it forks', function (this: MachineWorld, hunk: string) {
  this.exploration.situation('vmi-lazy/process');
  this.exploration.patches(`${OF_2_6_23},+preemptible-lazy,-${hunk}`);
  this.exploration.controls = true; // if the flush is missing, so is the guard around it
});

Given('the kernel of 2.6.23', function (this: MachineWorld) {
  this.exploration.patches(`${OF_2_6_23},+preemptible-lazy`);
  this.exploration.controls = true; // the patch does not change this path
});

Given('the kernel without any flush', function (this: MachineWorld) {
  this.exploration.patches('none');
  this.exploration.controls = true; // without a flush, no path asks for a hunk
});

Given('a flush of 2.6.23 that is reached by {string}, under a timer', function (this: MachineWorld, caller: string) {
  this.exploration.situation('preemptible-lazy/callers');
  this.exploration.set('caller', caller);
});

Given('a fault handler that turns interrupts on before it repairs the fault', function (this: MachineWorld) {
  this.exploration.patches('all,+vmi-lazy/fault-irqs-early');
  this.exploration.controls = true; // the search ends before the flush
});

Given('a driver in a lazy loop over kernel memory without a lock, as in 2.6.29', function (this: MachineWorld) {
  this.exploration.situation('preemptible-lazy/migration');
  for (const parameter of ['region', 'entries', 'device']) this.exploration.unset(parameter);
  this.exploration.set('lazy', true);
  this.exploration.controls = true; // a search may end before it reaches a flush
});

Given('a driver that changes page attributes preemptibly, beside a process in a lazy loop', function (this: MachineWorld) {
  this.exploration.situation('preemptible-lazy/migration');
  this.exploration.set('lazy', false);
});

Given('the lazy modes of {string}', function (this: MachineWorld, release: string) {
  this.exploration.set('base', release);
});

Given('task switches that do not go through lazy CPU mode', function (this: MachineWorld) {
  this.exploration.set('lazy_cpu', false);
});

Given('the kernel with {string}', function (this: MachineWorld, which: string) {
  this.exploration.patches(which === 'no patch' ? 'none' : 'none,+preemptible-lazy');
});

When('both tasks run in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

When('the timer may preempt the driver', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('no interleaving copies a directory entry with interrupts on', function (this: MachineWorld) {
  this.exploration.expectNone('syncOnlyWithInterruptsOff');
});

Then('some interleaving copies a directory entry with interrupts on', function (this: MachineWorld) {
  this.exploration.expectSome('syncOnlyWithInterruptsOff');
});

Then('in that run the driver moves to another CPU between the update and the flush', function (this: MachineWorld) {
  const runs = this.exploration.last.findings.map(({ witness }) => {
    const own = witness.trace.events.filter(({ kind, paths }) => kind === 'step' && paths.includes('set_memory_present') && !paths.includes('do_IRQ'));
    const update = own.find(({ text }) => text.startsWith('VMI SetPxE('));
    const flush = own.slice(update ? own.indexOf(update) : 0).find(({ text, paths }) => text.startsWith('VMI SetLazyMode(') && paths.includes('arch_flush_lazy_mmu_mode'));
    return `${update?.process ?? 'never'} then ${flush?.process ?? 'never'}`;
  });
  expect(runs).to.include('cpu0 then cpu1');
});
