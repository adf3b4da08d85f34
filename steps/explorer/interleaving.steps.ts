// Questions about every search: whether it saw everything, and where interrupts came
// in the run that it found.

import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';

Then('the search was complete', function (this: MachineWorld) {
  expect(this.exploration.last.complete, 'the search ended by itself').to.equal(true);
});

Then('that interleaving interrupts {string} between {string} and {string}', function (this: MachineWorld, context: string, first: string, second: string) {
  const { events } = this.exploration.witness.trace;
  const own = events.map((event, i) => ({ ...event, i })).filter((event) => event.context === context);
  const interrupted = own.some((event, at) => {
    const before = own[at - 1];
    if (event.kind !== 'interrupt' || !before?.text.startsWith(first)) return false;
    const after = own.slice(at + 1).find((later) => later.kind === 'step' && later.paths.join() === before.paths.join());
    return after?.text.startsWith(second) === true;
  });
  expect(interrupted, `an interrupt of ${context} after "${first}" and before "${second}" in\n${events.map((event) => `${event.context}: ${event.text}`).join('\n')}`).to.equal(true);
});

Then('it takes {int} interrupt(s)', function (this: MachineWorld, interrupts: number) {
  expect(this.exploration.witness.interrupts).to.equal(interrupts);
});

Then('some interleaving ends in an endless page fault of {string}', function (this: MachineWorld, task: string) {
  const finding = this.exploration.expectSome('livelock');
  expect(finding.message).to.include(`${task} at`);
  const loop = this.exploration.loopAfter(finding.witness.schedule);
  expect(loop.map(({ context }) => context).every((context) => context === task)).to.equal(true);
  expect(loop.some(({ paths }) => paths.includes('do_page_fault'))).to.equal(true);
});
