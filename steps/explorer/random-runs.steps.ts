// How often random runs fail with each kind of lock.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { flushTlbLocks, shareOfRuns, type Share } from '../../machine/situations/flush-tlb/share';
import { parametersOf } from '../../machine/situations/types';
import type { MachineWorld } from '../support/world';

const SEED = 1;

const works = new WeakMap<MachineWorld, number>();
const shares = new WeakMap<MachineWorld, Record<'spin' | 'sleep', Share>>();

Given('a kernel thread that unmaps kernel memory {int} time(s) under a lock that {string}s', function (this: MachineWorld, unmaps: number, locks: string) {
  this.exploration.situation('flush-tlb/locks');
  this.exploration.set('unmaps', unmaps);
  this.exploration.set('locks', locks);
});

Given('a kernel without the patch, in which a kernel thread unmaps memory {int} times and then maps a device', function (this: MachineWorld, unmaps: number) {
  works.set(this, unmaps);
});

When('it works in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

When('{int} random runs are drawn with each kind of lock, with an interrupt at one boundary in {int}', function (this: MachineWorld, runs: number, every: number) {
  const share = (locks: string): Share => {
    const parameters = parametersOf(flushTlbLocks, { locks, hotplug: true, unmaps: works.get(this)! });
    return shareOfRuns(flushTlbLocks.build({ hunks: new Set(), invariants: flushTlbLocks.invariants, parameters }), runs, 1 / every, SEED);
  };
  const drawn = { spin: share('spin'), sleep: share('sleep') };
  shares.set(this, drawn);
  this.log(`${drawn.spin.broken} of ${runs} runs go wrong with spinning locks, ${drawn.sleep.broken} of ${runs} with sleeping locks`);
});

Then('some runs go wrong with spinning locks', function (this: MachineWorld) {
  expect(shares.get(this)!.spin.broken).to.be.greaterThan(0);
});

Then('at least {int} times as many go wrong with sleeping locks', function (this: MachineWorld, times: number) {
  const { spin, sleep } = shares.get(this)!;
  expect(sleep.broken).to.be.at.least(times * spin.broken);
});
