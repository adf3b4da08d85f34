// The ledger of claims, computed from made-up scenarios.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { ledgerOf, type Entry, type Outcome } from '../../../machine/patches/ledger';
import { SelectionError } from '../../../machine/patches/selection';
import type { Claim } from '../../../machine/patches/types';

interface LedgerWorld {
  claim: Claim;
  outcomes: Outcome[];
  ledger: Entry[] | SelectionError;
}

const says = 'The lock is taken.';

Given('the claim {string}', function (this: LedgerWorld, id: string) {
  this.claim = { id, says };
});

Given('the claim {string}, with the hypothesis {string}', function (this: LedgerWorld, id: string, hypothesis: string) {
  this.claim = { id, says, hypothesis };
});

Given('the claim {string}, which {string} would decide', function (this: LedgerWorld, id: string, wouldDecide: string) {
  this.claim = { id, says, wouldDecide };
});

Given('the claim {string}, recorded in {string}', function (this: LedgerWorld, id: string, source: string) {
  this.claim = { id, says, recorded: [{ source, says: 'it was so' }] };
});

Given(/^these scenarios were run: (.+)$/, function (this: LedgerWorld, words: string) {
  this.outcomes = words === 'none' ? [] : words.split(', ').map((word, i) => {
    const [tag, outcome] = word.split(' ');
    return { scenario: `scenario ${i + 1}`, tags: ['@seed:000', tag!], passed: outcome === 'passed' };
  });
});

When('the ledger is drawn up', function (this: LedgerWorld) {
  try {
    this.ledger = ledgerOf([this.claim], this.outcomes);
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    this.ledger = error;
  }
});

Then('the verdict on {string} is {string}, because {string}', function (this: LedgerWorld, id: string, verdict: string, because: string) {
  expect(this.ledger, 'the ledger').to.be.an('array');
  const entry = (this.ledger as Entry[]).find(({ claim }) => claim.id === id);
  expect(entry?.verdict).to.equal(verdict);
  expect(entry?.because).to.contain(because);
});

Then('it is refused, saying {string}', function (this: LedgerWorld, complaint: string) {
  expect(this.ledger, 'the ledger').to.be.instanceOf(SelectionError);
  expect((this.ledger as SelectionError).message).to.contain(complaint);
});
