// What holds for every scenario of the suite.

import { After, setDefaultTimeout, Status } from '@cucumber/cucumber';

/** An exploration may take its time; a step that takes a minute is lost. */
setDefaultTimeout(60_000);

After({ name: 'every scenario is decided' }, function ({ pickle, result }) {
  if (pickle.steps.length === 0) throw new Error('this scenario has no steps, so it shows nothing');
  if (result?.status === Status.SKIPPED) throw new Error('this scenario was skipped, so it shows nothing');
});
