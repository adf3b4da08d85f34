// How a run ended, counted only from Cucumber's messages. A scenario that was
// planned and did not pass has failed, whatever the reason: an undefined step, a
// failing hook, or a run that ended before that scenario. The outcome of a scenario without steps
// is unknown even if its hooks passed.

import { type Envelope, getWorstTestStepResult, type Pickle, type TestStepResult, TestStepResultStatus } from '@cucumber/messages';

/** How many lines of a complaint are shown. */
const LINES = 4;

interface Attempt {
  readonly testCaseId: string;
  readonly results: TestStepResult[];
}

export class Tally {
  private readonly planned = new Set<string>();
  private readonly empty = new Set<string>();
  private readonly attempts = new Map<string, Attempt>();
  private readonly outcomes = new Map<string, TestStepResultStatus>();
  /** The scenarios by the ids of their pickles, then the pickle of each test case. */
  private readonly pickles = new Map<string, Pickle>();
  private readonly pickleOf = new Map<string, Pickle>();
  private readonly complaints = new Map<string, string>();
  private repeated = 0;

  add(message: Envelope): void {
    const { pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished } = message;
    if (pickle) this.pickles.set(pickle.id, pickle);
    if (testCase) {
      this.planned.add(testCase.id);
      const planned = this.pickles.get(testCase.pickleId);
      if (planned) this.pickleOf.set(testCase.id, planned);
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
      const complaint = attempt?.results.find(({ message: said }) => said !== undefined)?.message;
      if (attempt && complaint !== undefined) this.complaints.set(attempt.testCaseId, complaint);
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

  /** A line for each scenario that has not passed: where it is written, its name, and how its first complaint begins. */
  get failures(): string[] {
    return [...this.planned].filter((id) => this.outcomes.get(id) !== TestStepResultStatus.PASSED).map((id) => {
      const { uri, name, location } = this.pickleOf.get(id) ?? { uri: 'no scenario is known', name: id, location: undefined };
      const said = (this.complaints.get(id) ?? this.outcomes.get(id) ?? 'it did not end').split('\n').slice(0, LINES).map((line) => line.trim()).join(' ');
      return `${uri}:${location?.line ?? 0}: ${name}: ${said}`;
    });
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
