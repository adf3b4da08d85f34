// What holds for every scenario of the suite.

import { After, setDefaultTimeout, Status } from '@cucumber/cucumber';

/** An exploration may take its time; a step that takes a minute is lost. */
setDefaultTimeout(60_000);

After({ name: 'nothing is skipped' }, function ({ result }) {
  if (result?.status === Status.SKIPPED) throw new Error('this scenario was skipped, so it shows nothing');
});
