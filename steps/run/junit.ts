// Cucumber's JUnit report, in which a scenario without steps is a failure and not a success.

import { createRequire } from 'node:module';
import type html from '@cucumber/cucumber/lib/formatter/builtin/html';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';

// The formatter is a dependency of Cucumber, not of ours.
const ofCucumber = createRequire(require.resolve('@cucumber/cucumber'));
const { default: junit } = ofCucumber('@cucumber/junit-xml-formatter') as { default: typeof html };

type Context = Parameters<typeof junit.formatter>[0];

/** Gives a scenario without steps one that is undefined. */
class EmptyScenarios {
  /** The missing step, by test case and by attempt. */
  private readonly lacking = new Map<string, string>();

  translate(message: Envelope): Envelope[] {
    const { testCase, testCaseStarted, testCaseFinished } = message;
    if (testCase && !testCase.testSteps.some(({ pickleStepId }) => pickleStepId)) {
      const id = `${testCase.id} nothing`;
      this.lacking.set(testCase.id, id);
      return [{ testCase: { ...testCase, testSteps: [...testCase.testSteps, { id }] } }];
    }
    if (testCaseStarted) {
      const lacks = this.lacking.get(testCaseStarted.testCaseId);
      if (lacks !== undefined) this.lacking.set(testCaseStarted.id, lacks);
    }
    const testStepId = this.lacking.get(testCaseFinished?.testCaseStartedId ?? '');
    if (!testCaseFinished || testStepId === undefined) return [message];
    const { testCaseStartedId, timestamp } = testCaseFinished;
    const testStepResult = { status: TestStepResultStatus.UNDEFINED, duration: { seconds: 0, nanos: 0 }, message: 'it has no steps' };
    return [{ testStepFinished: { testCaseStartedId, testStepId, testStepResult, timestamp } }, message];
  }
}

export const honestJunit: typeof html = {
  ...junit,
  formatter: (context: Context) => {
    const scenarios = new EmptyScenarios();
    return junit.formatter({
      ...context,
      on: (key, handler) => context.on(key, (message: Envelope) => scenarios.translate(message).forEach(handler)),
    });
  },
};
