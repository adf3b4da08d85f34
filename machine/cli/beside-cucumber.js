// How Cucumber runs the features of a project that keeps chapters beside this package. Its own
// cucumber.js says `module.exports = require('paravirt-spec/machine/cli/beside-cucumber')`.
// It includes the steps of this package that fit any patch: kernels, interleavings and scenes.

'use strict';

const path = require('node:path');

const { OFFERED_STEPS, PACKAGE: root } = require('./load/project.js');

/** Where the reports go: `review` writes to a folder of its own first. */
const out = process.env.PARAVIRT_SPEC_OUT ?? 'reports/out';

const suite = {
  requireModule: [path.join(__dirname, 'load', 'beside.js')],
  require: [
    ...OFFERED_STEPS,
    path.join(root, 'steps/support/{exploration,hooks,world}.ts'),
    'steps/**/*.ts',
  ],
  plugin: [path.join(root, 'steps/run/plugins/guard.js')],
  strict: true,
  retry: 0,
};

const html = path.join(root, 'steps/run/plugins/html.js');

module.exports = {
  // npx cucumber-js [features…]
  default: { ...suite, format: ['progress'] },

  // npx paravirt-spec review: what the page is made from.
  review: { ...suite, tags: 'not @suite', worldParameters: { unclaimed: { challenge: 20, brief: true } }, format: ['progress', ['message', `${out}/messages.ndjson`]] },

  // npx cucumber-js --profile report: with the evidence, for readers and for other programs.
  report: { ...suite, format: ['progress', ['message', `${out}/messages.ndjson`], [html, `${out}/cucumber.html`]] },
};
