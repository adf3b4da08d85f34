// How each of Cucumber's seven outcomes is shown by Allure, which knows four and "no status".
// Whatever fails a run of Cucumber is failed or broken here; only passed is ever shown as passed.

import type { TestStepResultStatus } from '@cucumber/messages';
import { Status } from 'allure-js-commons';
import type { Category } from 'allure-js-commons/sdk';

interface Shown {
  /** Allure counts a result without a status as "unknown". */
  readonly as: Status | undefined;
  readonly because: string;
}

export const outcomes: Readonly<Record<TestStepResultStatus, Shown>> = {
  PASSED: { as: Status.PASSED, because: '' },
  FAILED: { as: Status.FAILED, because: 'A step or a hook failed.' },
  AMBIGUOUS: { as: Status.BROKEN, because: 'A step matches more than one definition.' },
  UNDEFINED: { as: Status.BROKEN, because: 'A step has no definition.' },
  PENDING: { as: Status.BROKEN, because: 'A step says that it is not written yet.' },
  SKIPPED: { as: Status.SKIPPED, because: 'A step or a hook skipped the rest.' },
  UNKNOWN: { as: undefined, because: 'The scenario has no steps.' },
};

/** The outcomes that are shown as broken, under their names in Cucumber. */
export const categories: Category[] = (['AMBIGUOUS', 'UNDEFINED', 'PENDING'] as const).map((status) => ({
  name: `Cucumber: ${status.toLowerCase()}`,
  messageRegex: `(?s)${outcomes[status].because.replaceAll('.', '\\.')}.*`,
  matchedStatuses: [Status.BROKEN],
}));
