// Page tables that a guest pins and unpins, and other users of them in the meantime.

import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';

Given('an i386 kernel {string} on Xen with PAE', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
  this.exploration.set('pae', true);
});

Given('an i386 kernel {string} on Xen without PAE', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
  this.exploration.set('pae', false);
});

Given('the kernel is built for {int} CPUs', function (this: MachineWorld, cpus: number) {
  this.exploration.set('NR_CPUS', cpus);
});

Given('an i386 kernel {string} on Xen with PAE, whose pte locks are split all the same', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
  this.exploration.set('pae', true);
  this.exploration.set('splitFrom', 4);
});

Given('an i386 kernel {string} on Xen without PAE, whose pte locks are split all the same', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
  this.exploration.set('pae', false);
  this.exploration.set('splitFrom', 4);
});

Given('an address space that takes several batches, which is the default of the situation', function (this: MachineWorld) {
  asByDefault.add(this);
});

Given('its pte pages lie below two middle tables', function (this: MachineWorld) {
  this.exploration.set('middles', 2);
});

Given('they visit any of the pages', function (this: MachineWorld) {
  this.exploration.set('visited', 'any');
});

Given('the mappings need {int} pte page(s)', function (this: MachineWorld, pages: number) {
  this.exploration.set('pages', pages);
});

Given('{int} other CPU(s) use(s) the reverse mapping to {string} one page( each)', function (this: MachineWorld, visitors: number, visit: string) {
  this.exploration.set('visitors', visitors);
  this.exploration.set('visit', visit);
});

Given(/^the entries are (young|old)$/, function (this: MachineWorld, age: string) {
  this.exploration.set('young', age === 'young');
});

Given('the pages are anonymous', function (this: MachineWorld) {
  this.exploration.set('mapped', 'anonymous');
});

Given(/^the mapping is (private|shared|nonlinear)$/, function (this: MachineWorld, mapped: string) {
  this.exploration.set('mapped', mapped);
});

Given('the TLB of the other CPU may once lose its translations', function (this: MachineWorld) {
  this.exploration.set('evictions', 1);
});

Given('the new pte page is in highmem and still has a kernel mapping', function (this: MachineWorld) {
  this.exploration.set('highmem', true);
});

Given('the hypervisor is {string}', function (this: MachineWorld, xen: string) {
  this.exploration.set('xen', xen);
});

/** Scenarios that use the default address spaces of the situations. */
const asByDefault = new WeakSet<MachineWorld>();

/** By default, a scenario is about one pte page, with the locks of the release. */
const SMALLEST: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
  fork: { pages: 1, splitFrom: 'released' },
  exec: { pages: 1, splitFrom: 'released' },
  exit: { pages: 1, middles: 1, splitFrom: 'released', until: 'gone' },
};

/** Asks about `situation`, whose name is given without its patch. */
function ask(world: MachineWorld, situation: string, parameters: Readonly<Record<string, string | number | boolean>> = {}): void {
  world.exploration.situation(`xen-pte-lock/${situation}`);
  for (const [name, value] of Object.entries(parameters)) world.exploration.set(name, value);
  if (!asByDefault.has(world)) for (const [name, value] of Object.entries(SMALLEST[situation] ?? {})) world.exploration.suggest(name, value);
  world.exploration.ask();
}

When('a shell forks in every interleaving', function (this: MachineWorld) {
  ask(this, 'fork');
});

When('a shell calls execve\\(\\) in every interleaving', function (this: MachineWorld) {
  ask(this, 'exec');
});

When('a shell calls execve\\(\\) and the file is not a program, in every interleaving', function (this: MachineWorld) {
  ask(this, 'exec', { loads: false });
});

When('an editor exits in every interleaving', function (this: MachineWorld) {
  ask(this, 'exit');
});

When('an editor touches a new page and unmaps it, in every interleaving', function (this: MachineWorld) {
  ask(this, 'grow', { ending: 'munmap' });
});

When('an editor touches a new page and exits, in every interleaving', function (this: MachineWorld) {
  ask(this, 'grow', { ending: 'exit' });
});

When('an editor touches two new pages, unmaps one and exits, in every interleaving', function (this: MachineWorld) {
  ask(this, 'grow', { ending: 'munmap, then exit' });
});

When('an editor touches a new page, in every interleaving', function (this: MachineWorld) {
  ask(this, 'grow', { ending: 'never' });
});

When('an editor touches a new page and exits, until the page is mapped to be emptied, in every interleaving', function (this: MachineWorld) {
  ask(this, 'grow', { ending: 'exit, until it is mapped' });
});

When('an editor maps a page in a gigabyte of its own and unmaps it, in every interleaving', function (this: MachineWorld) {
  ask(this, 'mmap');
});

When('an editor maps a page in a gigabyte of its own and unmaps it, twice, and exits, in every interleaving', function (this: MachineWorld) {
  ask(this, 'mmap', { times: 2, exits: true });
});

When(/^a module is loaded while a shell (pins|unpins) its page table, in every interleaving$/, function (this: MachineWorld, shell: string) {
  ask(this, 'sync', { shell });
});

When('a module is loaded while a shell waits for a flush under its lock, in every interleaving', function (this: MachineWorld) {
  ask(this, 'sync', { shell: 'waits for a flush' });
});

When('an editor exits while another CPU switches away from its page table, in every interleaving', function (this: MachineWorld) {
  ask(this, 'lazy-cr3');
});

When('the guest moves to a page table of its own', function (this: MachineWorld) {
  ask(this, 'boot');
});

When('a shell pins a page table while another CPU does {string}, in every interleaving', function (this: MachineWorld, first: string) {
  ask(this, 'two-locks', { first });
});

When('a shell pins a page table while other CPUs do {string} and {string}, in every interleaving', function (this: MachineWorld, first: string, second: string) {
  ask(this, 'two-locks', { first, second });
});

Then('some interleaving oopses {string} in {string} at an entry of {string}', function (this: MachineWorld, task: string, where: string, page: string) {
  this.exploration.expectSome('pteWritesLand', `${task} on`, 'unable to handle kernel paging request', 'Oops: 0003', `EIP is at ${where.replace('()', '')} `, `(${page}: `);
});

Then('no interleaving oopses it in {string}', function (this: MachineWorld, where: string) {
  const { findings, complete } = this.exploration.about('pteWritesLand');
  expect(complete).to.equal(true);
  expect(findings.filter(({ message }) => message.includes(`EIP is at ${where.replace('()', '')} `)).map(({ message }) => message)).to.deep.equal([]);
});

Then('it prints in this order:', function (this: MachineWorld, lines: DataTable) {
  const { message } = this.exploration.witness.trace.violation!;
  const places = lines.raw().map(([line]) => message.indexOf(line!));
  expect(places, message).to.not.include(-1);
  expect(places, message).to.deep.equal([...places].sort((one, other) => one - other));
});

Then('at that moment {string} is read-only, and Xen does not know it as a page table', function (this: MachineWorld, page: string) {
  const { violation } = this.exploration.witness.trace;
  expect(violation?.message).to.match(new RegExp(`\\(${page.replaceAll('.', '\\.')}: mfn 0x[0-9a-f]+ is (no page table \\(its type is writable\\)|not in use as a page table)`));
});

Then('{string} has made {string} and not yet {string}', function (this: MachineWorld, task: string, done: string, pending: string) {
  const { events, violation } = this.exploration.witness.trace;
  const page = /EIP is at \w+ \(([\w.]+): /.exec(violation!.message)![1]!;
  const call = (words: string): string => `multicall: ${words.replace('page', page)}`;
  const own = events.filter(({ context }) => context === task).map(({ text }) => text);
  expect(own.some((text) => text.startsWith(call(done))), `"${call(done)}" in\n${own.join('\n')}`).to.equal(true);
  expect(own.some((text) => text.startsWith(call(pending))), `"${call(pending)}" in\n${own.join('\n')}`).to.equal(false);
});

Then('no interleaving makes a write to an entry fault', function (this: MachineWorld) {
  this.exploration.expectNone('pteWritesLand');
});

Then('no interleaving makes a write to an entry fault or oopses any task on an outdated translation', function (this: MachineWorld) {
  this.exploration.expectNone('pteWritesLand', 'noStaleFault');
});

Then('some interleaving writes the new entry to {string} after it was freed', function (this: MachineWorld, page: string) {
  this.exploration.expectSome('freedTablesUnwritten', `${page} has been freed`);
});

Then('some interleaving takes page 0 for a table of {string}', function (this: MachineWorld, mm: string) {
  this.exploration.expectSome('freedTablesUnwritten', 'takes page 0 for a table', mm);
});

Then('no interleaving writes to a freed table', function (this: MachineWorld) {
  this.exploration.expectNone('freedTablesUnwritten');
});

Then('no interleaving makes Xen refuse anything', function (this: MachineWorld) {
  this.exploration.expectNone('xenRefusesNothing');
});

Then('Xen keeps its rules in every interleaving', function (this: MachineWorld) {
  this.exploration.expectNone('xenKeepsItsRules');
});

Then('some interleaving ends in a BUG, because Xen says {string}', function (this: MachineWorld, words: string) {
  this.exploration.expectSome('xenRefusesNothing', 'kernel BUG', words);
});

Then('some interleaving ends in a BUG in {string}', function (this: MachineWorld, where: string) {
  this.exploration.expectSome('xenRefusesNothing', `EIP is at ${where}`);
});

Then('the BUG hits {string}, whose call was {string}', function (this: MachineWorld, task: string, call: string) {
  expect(this.exploration.witness.trace.violation!.message).to.match(new RegExp(`^${task} on`)).and.include(`(${call}`);
});

Then('the BUG is in {string}, and {string}', function (this: MachineWorld, file: string, where: string) {
  expect(this.exploration.witness.trace.violation!.message).to.include(`kernel BUG at ${file}!`).and.include(where);
});

Then('some interleaving oopses {string} on an outdated translation', function (this: MachineWorld, task: string) {
  this.exploration.expectSome('noStaleFault', `${task} on`, 'mapped writable: the fault came from a stale translation');
});

Then('no interleaving oopses any task on an outdated translation', function (this: MachineWorld) {
  this.exploration.expectNone('noStaleFault');
});

Then('some interleaving lets {string} hold {string} while {string} is not pinned', function (this: MachineWorld, task: string, lock: string, mm: string) {
  this.exploration.expectSome('rmapFindsOnlyPinned', `${task} holds ${lock}`, mm);
});

Then('no pte page is ever locked on its own', function (this: MachineWorld) {
  this.exploration.expectNone('noPtlTaken');
});

Then('some interleaving lets two CPUs hold the locks of two pte pages', function (this: MachineWorld) {
  this.exploration.expectSome('onePteLockAtATime');
});

Then('no interleaving lets two CPUs hold the locks of two pte pages', function (this: MachineWorld) {
  this.exploration.expectNone('onePteLockAtATime');
});

Then('no interleaving ends in a deadlock', function (this: MachineWorld) {
  const { findings } = this.exploration.about();
  expect(findings.map(({ message }) => message)).to.deep.equal([]);
});

Then('some interleaving ends in a deadlock between {string} at {string} and {string} at {string}', function (this: MachineWorld, one: string, first: string, other: string, second: string) {
  this.exploration.expectSome('deadlock', `${one} at "${first}`, `${other} at "${second}`);
});

Then('Xen has pinned the page table of boot', function (this: MachineWorld) {
  this.exploration.expectNone('bootTablePinned');
});
