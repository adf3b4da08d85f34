// Events and faults between Xen and a guest, and all their outcomes.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Verdict } from '../../machine/explorer/explore';
import { ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import { faulting, ringing, SILENCES } from '../../machine/situations/xen/events';
import type { MachineWorld } from '../support/world';
import { explored } from '../support/explored';

class Listener {
  silence: (typeof SILENCES)[number] = 'the flag';
  looks = true;
  hasHandler = true;
  without: ReadonlySet<RuleName> = new Set();
  verdict: Verdict | undefined;

  get found(): Verdict {
    if (!this.verdict) throw new Error('nothing was tried yet in this scenario');
    return this.verdict;
  }
}

const listeners = new WeakMap<MachineWorld, Listener>();

function listener(world: MachineWorld): Listener {
  let known = listeners.get(world);
  if (!known) listeners.set(world, known = new Listener());
  return known;
}

const inWords = ({ findings }: Verdict): readonly string[] => findings.map(({ message, witness }) => `${message} [${witness.schedule}]`);

Given('a guest that masks events by {string}', function (this: MachineWorld, words: string) {
  const silence = SILENCES.find((candidate) => candidate === words);
  if (!silence) throw new Error(`no guest masks events by "${words}"; there are ${SILENCES.join('; ')}`);
  listener(this).silence = silence;
});

Given('it does not check for pending events', function (this: MachineWorld) {
  listener(this).looks = false;
});

Given('its Xen does not keep {string}', function (this: MachineWorld, rule: string) {
  listener(this).without = new Set([ruleNamed(rule)]);
});

Given('a guest that has registered a handler for page faults', function (this: MachineWorld) {
  listener(this).hasHandler = true;
});

Given('a guest that has registered no handler for page faults', function (this: MachineWorld) {
  listener(this).hasHandler = false;
});

When('another processor writes it {int} message(s) and sends an event, in every interleaving', function (this: MachineWorld, letters: number) {
  const { silence, looks, without } = listener(this);
  listener(this).verdict = explored(ringing({ silence, letters, looks, without }));
});

When('it stores to its own root', function (this: MachineWorld) {
  listener(this).verdict = explored(faulting(listener(this).hasHandler));
});

Then('it reads the last message in every interleaving, and every interleaving was seen', function (this: MachineWorld) {
  const { found } = listener(this);
  expect(inWords(found)).to.deep.equal([]);
  expect(found.complete).to.equal(true);
  expect(found.outcomes).to.have.lengthOf(1);
});

Then('in some interleaving it waits for a message forever', function (this: MachineWorld) {
  const { found } = listener(this);
  expect(found.findings.map(({ kind }) => kind)).to.deep.equal(['deadlock']);
  expect(found.findings[0]!.message).to.include('receiver at "wait for letter');
});

Then('the event was sent before {string}', function (this: MachineWorld, late: string) {
  const texts = listener(this).found.findings[0]!.witness.trace.events.map(({ text }) => text);
  const rang = texts.findIndex((text) => text.includes('EVTCHNOP_send'));
  expect(rang, texts.join('\n')).to.be.at.least(0);
  expect(texts.indexOf(late), texts.join('\n')).to.be.above(rang);
});

Then('its end is {string}', function (this: MachineWorld, words: string) {
  const { found } = listener(this);
  expect(inWords(found)).to.deep.equal([]);
  expect(found.outcomes).to.deep.equal([words]);
});
