// How Cucumber runs the features of a project that keeps chapters beside this package. Its own
// cucumber.js says `module.exports = require('paravirt-spec/machine/cli/beside-cucumber')`.
// Of this package's steps it has those that speak of any patch: kernels and interleavings.

'use strict';

const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

const suite = {
  requireModule: [path.join(__dirname, 'load', 'beside.js')],
  require: [
    path.join(root, 'steps/kernel/kernel.steps.ts'),
    path.join(root, 'steps/explorer/interleaving.steps.ts'),
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

  // npx cucumber-js --profile report: with the evidence, for readers and for other programs.
  report: { ...suite, format: ['progress', ['message', 'reports/out/messages.ndjson'], [html, 'reports/out/cucumber.html']] },
};
