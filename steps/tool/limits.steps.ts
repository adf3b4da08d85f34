// The bounds of a verdict, and the known failures of a release.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { smallestRun } from '../../machine/explorer/layered/smallest';
import { SITUATIONS } from '../../machine/situations';
import { checkPrepared, prepare } from '../../machine/situations/check';
import { KNOWN_FAILURES, type KnownFailure } from '../../machine/situations/known-failures';
import { isJudged } from '../../machine/situations/limits';

interface LimitsWorld {
  unjudged: string[];
  unbroken: string[];
}

When('the parameters of all situations are listed', function (this: LimitsWorld) {
  this.unjudged = SITUATIONS.flatMap(({ id, parameters }) => Object.entries(parameters)
    .filter(([name, { initially }]) => typeof initially === 'number' && !isJudged(name)).map(([name]) => `${name} of ${id}`));
});

Then('each number among them is classified', function (this: LimitsWorld) {
  expect(this.unjudged).to.deep.equal([]);
});

When('each known failure is looked for, the cheapest runs first', function (this: LimitsWorld) {
  this.unbroken = KNOWN_FAILURES.filter((failure) => !isFound(failure)).map(({ situation, invariant }) => `${invariant} in ${situation}`);
});

/** A loop can be seen only in the whole graph. */
function isFound({ situation, parameters, invariant }: KnownFailure): boolean {
  const isEnd = invariant === 'deadlock' || invariant === 'livelock';
  const prepared = prepare({ situation, parameters, patches: 'all', ...(isEnd ? {} : { invariants: [invariant] }) });
  if (invariant === 'livelock') return checkPrepared(prepared).findings.some((finding) => finding.invariant === invariant);
  const run = smallestRun(prepared.situation.build(prepared.choice), (end) => (end.kind === 'deadlock' ? 'deadlock' : end.violation.invariant) === invariant);
  return typeof run === 'object';
}

Then('some interleaving breaks each', function (this: LimitsWorld) {
  expect(this.unbroken).to.deep.equal([]);
});
