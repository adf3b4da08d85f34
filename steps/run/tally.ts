// How a run ended, counted only from Cucumber's messages. A scenario that was
// planned and did not pass has failed, whatever the reason: an undefined step, a
// failing hook, or a run that ended before that scenario. The outcome of a scenario without steps
// is unknown even if its hooks passed.

import { type Envelope, getWorstTestStepResult, type TestStepResult, TestStepResultStatus } from '@cucumber/messages';

interface Attempt {
  readonly testCaseId: string;
  readonly results: TestStepResult[];
}

export class Tally {
  private readonly planned = new Set<string>();
  private readonly empty = new Set<string>();
  private readonly attempts = new Map<string, Attempt>();
  private readonly outcomes = new Map<string, TestStepResultStatus>();
  private repeated = 0;

  add(message: Envelope): void {
    const { testCase, testCaseStarted, testStepFinished, testCaseFinished } = message;
    if (testCase) {
      this.planned.add(testCase.id);
      if (!testCase.testSteps.some(({ pickleStepId }) => pickleStepId)) this.empty.add(testCase.id);
    }
    if (testCaseStarted) {
      this.attempts.set(testCaseStarted.id, { testCaseId: testCaseStarted.testCaseId, results: [] });
    }
    if (testStepFinished) {
      this.attempts.get(testStepFinished.testCaseStartedId)?.results.push(testStepFinished.testStepResult);
    }
    if (testCaseFinished) {
      const attempt = this.attempts.get(testCaseFinished.testCaseStartedId);
      if (testCaseFinished.willBeRetried) this.repeated++;
      else if (attempt) this.outcomes.set(attempt.testCaseId, this.outcomeOf(attempt));
    }
  }

  get total(): number {
    return this.planned.size;
  }

  get passed(): number {
    return this.count(TestStepResultStatus.PASSED);
  }

  get failed(): number {
    return this.total - this.passed;
  }

  /** How many scenarios have no steps. */
  get withoutSteps(): number {
    return this.empty.size;
  }

  /** How often a scenario had another attempt. */
  get retries(): number {
    return this.repeated;
  }

  /** How many scenarios ended in one of Cucumber's own statuses. */
  count(status: TestStepResultStatus): number {
    return [...this.outcomes.values()].filter((outcome) => outcome === status).length;
  }

  toString(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }

  private outcomeOf({ testCaseId, results }: Attempt): TestStepResultStatus {
    const { status } = getWorstTestStepResult(results);
    const nothingShown = status === TestStepResultStatus.PASSED && this.empty.has(testCaseId);
    return nothingShown ? TestStepResultStatus.UNKNOWN : status;
  }
}
