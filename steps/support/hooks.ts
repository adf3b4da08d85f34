// Hooks and settings for every scenario of the suite.

import { After, Before, BeforeAll, setDefaultTimeout, Status } from '@cucumber/cucumber';
import { UsageError } from '../../machine/cli/options';
import { refuseTaken } from '../../machine/cli/taken';
import { sideOf } from '../../machine/patches/ledger';
import { SelectionError } from '../../machine/patches/selection';
import { chapterOf } from './chapter';
import { beginChapter } from './searches';
import { patchesUnderReview, type MachineParameters, type MachineWorld } from './world';

/** An exploration may take a while, but a step that takes a minute hangs. */
setDefaultTimeout(60_000);

/** A kernel under review that cannot be parsed is a mistake of the user: one line is printed, and nothing is run. */
BeforeAll(function (this: { parameters: MachineParameters }) {
  try {
    patchesUnderReview(this.parameters);
    refuseTaken();
  } catch (error) {
    if (!(error instanceof SelectionError) && !(error instanceof UsageError)) throw error;
    process.stderr.write(`${error instanceof SelectionError ? 'PATCHES' : 'paravirt-spec'}: ${error.message}\n`);
    process.exit(2);
  }
});

After({ name: 'nothing is skipped' }, function ({ result }) {
  if (result?.status === Status.SKIPPED) throw new Error('this scenario was skipped, so it shows nothing');
});

Before({ name: 'the patch that the feature is about' }, function (this: MachineWorld, { pickle }) {
  beginChapter(chapterOf(pickle.uri));
  if (pickle.tags.every(({ name }) => sideOf(name) === null)) this.exploration.supportsNoClaim();
  this.exploration.controls = pickle.tags.some(({ name }) => name === '@control');
  this.patchOfFeature = pickle.tags.map(({ name }) => /^@patch:(.+)$/.exec(name)?.[1]).find((patch) => patch !== undefined) ?? '';
});

After({ name: 'some path asked for a hunk of the patch' }, function (this: MachineWorld, { result }) {
  if (result?.status === Status.PASSED) this.exploration.expectConsulted(this.patchOfFeature);
});
