// The verdicts on the claims of a run, as Allure's "Environment": the same ledger as everywhere.

import { getWorstTestStepResult, type Pickle, type TestStepResult, TestStepResultStatus } from '@cucumber/messages';
import { CLAIMS } from '../../../machine/patches';
import { ledgerOf, type Outcome } from '../../../machine/patches/ledger';

export class Verdicts {
  private readonly outcomes = new Map<string, Outcome>();

  /** A scenario that has ended; a later attempt replaces an earlier one. */
  add({ id, name, tags }: Pickle, results: readonly TestStepResult[]): void {
    const passed = getWorstTestStepResult(results).status === TestStepResultStatus.PASSED;
    this.outcomes.set(id, { scenario: name, tags: tags.map((tag) => tag.name), passed });
  }

  /** `claim 002.1 = confirmed`, for every claim that a scenario of the run is about, or that needs none. */
  environment(): string {
    return ledgerOf(CLAIMS, [...this.outcomes.values()])
      .filter(({ verdict }) => verdict !== 'not yet decided')
      .map(({ claim, verdict }) => `claim\\ ${claim.id} = ${verdict}\n`)
      .join('');
  }
}
