// A Xen as it was released: published holes, and the releases that have them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { hostileGround } from '../../machine/cli/fuzz/fuzzer';
import { Umpire } from '../../machine/cli/fuzz/judge/umpire';
import { parseTurn } from '../../machine/cli/fuzz/script';
import type { Verdict } from '../../machine/explorer/explore';
import { COMPAT, type Layout } from '../../machine/hypervisors/xen/public/layout';
import { ADVISORIES, closedBy, lastAndFirst, type Advisory } from '../../machine/hypervisors/xen/releases/advisories';
import { CLOSED } from '../../machine/hypervisors/xen/releases/holes';
import { LEFT_OUT } from '../../machine/hypervisors/xen/releases/left-out';
import { releaseNamed } from '../../machine/hypervisors/xen/releases/release';
import { LAYOUTS } from '../../machine/hypervisors/xen/rules';
import { pair } from '../../machine/situations/xen/pairs/pairs';
import { html } from '../../reports/html';
import { advisoriesHtml } from '../../reports/static/advisories';
import type { MachineWorld } from '../support/world';
import { explored } from '../support/explored';

const SCRIPTED = ADVISORIES.filter(({ script }) => script.length > 0);
/** The maximum of counts in these scenarios; no script reaches it. */
const MAXIMUM = 50;

/** The first invariant that a script breaks on a release; null if none. */
function broken(release: string, layout: Layout, script: readonly string[], onAnswer: (said: string) => void = () => undefined): string | null {
  const umpire = new Umpire(hostileGround({ layout, release: releaseNamed(release), maximumCount: MAXIMUM, divided: false }));
  for (const line of script) {
    const { outcome, violation } = umpire.play(parseTurn(line));
    onAnswer(outcome.said);
    if (violation) return violation.invariant;
  }
  return null;
}

Then('the script of each of {int} advisories breaks the last release with the hole', function (count: number) {
  expect(SCRIPTED.length).to.equal(count);
  for (const { id, script, breaks, ...rest } of SCRIPTED) expect(broken(lastAndFirst({ id, script, breaks, ...rest }).last, COMPAT, script), id).to.equal(breaks);
});

Then('no script breaks the first release without the hole, or a release with every hole closed', function () {
  for (const advisory of SCRIPTED) {
    const { first } = lastAndFirst(advisory);
    expect(broken(first, COMPAT, advisory.script), `${advisory.id} on ${first}`).to.not.equal(advisory.breaks);
    expect(broken('4.17.7+fixes', COMPAT, advisory.script), `${advisory.id} with every hole closed`).to.equal(null);
  }
});

Then('no call can be left out of any script', function () {
  for (const advisory of SCRIPTED) {
    const { last } = lastAndFirst(advisory);
    for (const i of advisory.script.keys()) {
      const shorter = advisory.script.filter((_, k) => k !== i);
      expect(broken(last, COMPAT, shorter), `${advisory.id} without "${advisory.script[i]!}"`).to.not.equal(advisory.breaks);
    }
  }
});

const verdicts = new WeakMap<MachineWorld, readonly [Verdict, Verdict]>();

When('{string} is explored in the last release with the hole, and in the first without', function (this: MachineWorld, id: string) {
  const advisory = ADVISORIES.find((candidate): candidate is Advisory => candidate.id === id)!;
  const { last, first } = lastAndFirst(advisory);
  const verdict = (release: string): Verdict => explored(pair({ deeds: advisory.deeds!, state: advisory.state!, release: releaseNamed(release) }), {}, 'stateful');
  verdicts.set(this, [verdict(last), verdict(first)]);
});

Then('the last breaks {string}, and the first breaks nothing', function (this: MachineWorld, invariant: string) {
  const [last, first] = verdicts.get(this)!;
  expect(last.findings.map((finding) => finding.invariant)).to.include(invariant);
  expect(first.findings).to.deep.equal([]);
  expect(first.complete).to.equal(true);
});

Then('every rule that came after 3.2 names a commit, and each advisory the same releases', function () {
  for (const [rule, closed] of Object.entries(CLOSED)) expect(closed.commit, rule).to.match(/^[0-9a-f]{10}$/);
  for (const advisory of ADVISORIES) {
    expect(closedBy(advisory).commit, advisory.id).to.match(/^[0-9a-f]{10}$/);
    if (advisory.rule !== undefined) expect(CLOSED[advisory.rule]?.advisory, advisory.id).to.equal(advisory.id);
  }
  expect(new Set(ADVISORIES.map(({ id }) => id)).size).to.equal(ADVISORIES.length);
});

const played = new WeakMap<MachineWorld, string | null>();
/** The answer to the last call of a script. */
const answered = new WeakMap<MachineWorld, string>();

When('guests play on Xen {string} with {string} page tables: {}', function (this: MachineWorld, release: string, tables: string, script: string) {
  const layout = LAYOUTS.find(({ name }) => name === tables)!;
  played.set(this, broken(release, layout, script.split('; '), (said) => answered.set(this, said)));
});

Then('it breaks {string}', function (this: MachineWorld, invariant: string) {
  expect(played.get(this)).to.equal(invariant === 'nothing' ? null : invariant);
});

Then('its last call answers {word} there', function (this: MachineWorld, answer: string) {
  expect(answered.get(this)!.split(':')[0]).to.equal(answer);
});

Then('the page and the description of the hypervisor list the same parts as left out', function () {
  const readme = readFileSync(join(__dirname, '../../machine/hypervisors/xen/README.md'), 'utf8');
  const rows = readme.slice(readme.indexOf('| left out |')).split('\n').slice(2).filter((line) => line.startsWith('|')).map((line) => line.slice(2, -2).split(' | '));
  expect(rows).to.deep.equal(LEFT_OUT.map(({ what, advisories, takes }) => [what, advisories, takes]));
  const page = String(advisoriesHtml());
  for (const { what } of LEFT_OUT) expect(page).to.include(String(html`<th scope="row">${what}</th>`));
});

Then('no advisory is both tried and left out, unless the list says in part', function () {
  const known = new Set(ADVISORIES.map(({ id }) => id));
  for (const { what, advisories } of LEFT_OUT) {
    const ids = advisories.match(/XSA-\d+/g) ?? [];
    const isPart = /in part| is here/.test(advisories);
    for (const id of ids) expect(known.has(id) && !isPart, `${id}, at "${what}"`).to.equal(false);
  }
});
