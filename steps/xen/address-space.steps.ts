// Address spaces of any size, pinned and unpinned by a single CPU, and the address space of boot.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { typeInfo } from '../../machine/hypervisors/xen/frames/frames';
import { FIXADDR_TOP } from '../../machine/kernel/xen/mmu';
import { PATCHES } from '../../machine/patches';
import { selectHunks } from '../../machine/patches/selection';
import { measurePinning, mostPtePages, type Measured } from '../../machine/situations/xen/pin-measure';
import { XenBackground } from '../../machine/situations/xen/background';
import type { MachineWorld } from '../support/world';

/** What the scenario has measured or booted. */
class Subject {
  pae = true;
  preempt = true;
  debug = false;
  hunks: ReadonlySet<string> = new Set();
  pin: Measured | undefined;
  unpin: Measured | undefined;
  booted: XenBackground | undefined;

  get measured(): readonly Measured[] {
    if (!this.pin || !this.unpin) throw new Error('no address space was pinned yet in this scenario');
    return [this.pin, this.unpin];
  }

  get background(): XenBackground {
    if (!this.booted) throw new Error('no kernel was booted yet in this scenario');
    return this.booted;
  }
}

const subjects = new WeakMap<MachineWorld, Subject>();

function subject(world: MachineWorld): Subject {
  let known = subjects.get(world);
  if (!known) subjects.set(world, known = new Subject());
  return known;
}

Given('a guest {string} PAE and with CONFIG_PREEMPT', function (this: MachineWorld, pae: string) {
  subject(this).pae = pae === 'with';
});

Given('a guest {string} PAE', function (this: MachineWorld, pae: string) {
  subject(this).pae = pae === 'with';
});

Given('it has no CONFIG_PREEMPT', function (this: MachineWorld) {
  subject(this).preempt = false;
});

Given('it has CONFIG_DEBUG_PREEMPT', function (this: MachineWorld) {
  subject(this).debug = true;
});

Given('it has the hunks {string}', function (this: MachineWorld, selection: string) {
  subject(this).hunks = selectHunks(PATCHES, selection);
});

When('it pins and unpins an address space of {int} pte pages', function (this: MachineWorld, pages: number) {
  const { pae, preempt, debug, hunks } = subject(this);
  Object.assign(subject(this), measurePinning({ pages, pae, preempt, debug, hunks }));
});

When('it pins and unpins the largest possible address space', function (this: MachineWorld) {
  const { pae, preempt, hunks } = subject(this);
  Object.assign(subject(this), measurePinning({ pages: mostPtePages(pae), pae, preempt, hunks }));
});

When('it boots', function (this: MachineWorld) {
  const { pae, hunks } = subject(this);
  subject(this).booted = new XenBackground({ release: '2.6.24', pae, cpus: 2, hunks });
});

Then('at most {int} pte pages are locked at once', function (this: MachineWorld, most: number) {
  expect(Math.max(...subject(this).measured.map(({ locks }) => locks))).to.equal(most);
});

Then('{int} pte pages are locked at once', function (this: MachineWorld, most: number) {
  for (const { locks } of subject(this).measured) expect(locks).to.equal(most);
});

Then('no batch has more than {int} calls or {int} callbacks', function (this: MachineWorld, calls: number, callbacks: number) {
  for (const { largestBatch, callbacks: queued } of subject(this).measured) {
    expect(largestBatch).to.be.at.most(calls);
    expect(queued).to.be.at.most(callbacks);
  }
});

Then('it takes {int} batches each way', function (this: MachineWorld, batches: number) {
  expect(subject(this).measured.map((measured) => measured.batches)).to.deep.equal([batches, batches]);
});

Then('the preempt count stays below {int}', function (this: MachineWorld, limit: number) {
  for (const { preemptCount, looksLikeInterrupt } of subject(this).measured) {
    expect(preemptCount).to.be.below(limit);
    expect(looksLikeInterrupt).to.equal(false);
  }
});

Then('the preempt count says that a softirq is running', function (this: MachineWorld) {
  for (const { looksLikeInterrupt } of subject(this).measured) expect(looksLikeInterrupt).to.equal(true);
});

Then('the preempt count does not say that a softirq is running', function (this: MachineWorld) {
  for (const { looksLikeInterrupt } of subject(this).measured) expect(looksLikeInterrupt).to.equal(false);
});

Then('the preempt count stays at zero', function (this: MachineWorld) {
  for (const { preemptCount } of subject(this).measured) expect(preemptCount).to.equal(0);
});

Then('{string} warns that {string}', function (this: MachineWorld, where: string, why: string) {
  expect(subject(this).pin!.warning).to.include(`${where}: ${why}`);
});

Then('nothing warns', function (this: MachineWorld) {
  for (const { warning } of subject(this).measured) expect(warning).to.equal(null);
});

Then('the preempt count, once all locks are free, is {int}', function (this: MachineWorld, count: number) {
  expect(subject(this).pin!.countAfterwards).to.equal(count);
});

Then('the last page to be made read-only is the page directory, and only that call flushes', function (this: MachineWorld) {
  const mapped = subject(this).pin!.calls.filter((call) => call.startsWith('update_va_mapping'));
  expect(mapped.at(-1)).to.match(/RO, flush\)$/);
  expect(mapped.filter((call) => call.includes('flush'))).to.have.lengthOf(1);
});

Then('the pin of the page directory comes after it', function (this: MachineWorld) {
  expect(subject(this).pin!.calls.at(-1)).to.match(/^MMUEXT_PIN_L[23]_TABLE/);
});

Then('unpinning begins with the page directory, and makes it writable last, with the only flush', function (this: MachineWorld) {
  const { calls } = subject(this).unpin!;
  expect(calls[0]).to.match(/^MMUEXT_UNPIN_TABLE/);
  expect(calls.at(-1)).to.match(/RW, flush\)$/);
  expect(calls.filter((call) => call.includes('flush'))).to.have.lengthOf(1);
});

Then('Xen has pinned its page directory as {string}', function (this: MachineWorld, type: string) {
  const { kernel, xen } = subject(this).background;
  const page = xen.pageOf(kernel.pfn_to_mfn(kernel.swapper))!;
  expect({ pinned: page.pinned, type: page.type }, typeInfo(page)).to.deep.equal({ pinned: true, type });
});

Then('Xen has not pinned its page directory, and has not complained', function (this: MachineWorld) {
  const { kernel, xen, cpus } = subject(this).background;
  expect(xen.pageOf(kernel.pfn_to_mfn(kernel.swapper))!.pinned).to.equal(false);
  expect(cpus.map((cpu) => kernel.current(cpu).oops)).to.deep.equal(cpus.map(() => null));
});

Then('the page directory is a page table only while some CPU has it loaded', function (this: MachineWorld) {
  const { kernel, xen, cpus } = subject(this).background;
  const page = xen.pageOf(kernel.pfn_to_mfn(kernel.swapper))!;
  expect(page.type_count).to.equal(cpus.length);
});

Then('PG_pinned is set for every page of its page table, and for no other page', function (this: MachineWorld) {
  const { kernel, xen } = subject(this).background;
  const belongs = (name: string): boolean => name.startsWith('swapper.') || name.startsWith('kernel.pte');
  expect(kernel.mem_map.filter((page) => page.PG_pinned).map(({ name }) => name)).to.deep.equal(kernel.mem_map.filter(({ name }) => belongs(name)).map(({ name }) => name));
  expect(FIXADDR_TOP(kernel)).to.be.below(xen.layout.HYPERVISOR_VIRT_START);
});

Then("Xen's reverse map leads from the frame of each of its pages back to the page", function (this: MachineWorld) {
  const { kernel, xen } = subject(this).background;
  const wrong = kernel.mem_map.filter((page) => xen.machineToPhys(kernel.pfn_to_mfn(page)) !== page.pfn);
  expect(kernel.mem_map).to.not.have.lengthOf(0);
  expect(wrong.map(({ name }) => name)).to.deep.equal([]);
});

Then('no entry that names a free frame is read back as a page of the guest', function (this: MachineWorld) {
  const { kernel, xen } = subject(this).background;
  const strangers = [xen.ownTable, 0xfffff].map((mfn) => kernel.pageOfEntry(mfn * 4096 + 1));
  expect(strangers).to.deep.equal([null, null]);
});

Then('the boot dies in {string}, because {string}', function (this: MachineWorld, file: string, why: string) {
  const { kernel, cpus } = subject(this).background;
  expect(kernel.current(cpus[0]!).oops).to.include(`kernel BUG at ${file}!`).and.include(why);
});
