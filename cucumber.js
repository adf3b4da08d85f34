// How the suite runs. There is no `paths` key: Cucumber would add it to the paths
// given on the command line, so a single feature could not be run on its own.
// Types are checked by `npm run check`, not here: a run starts three times as fast.

const suite = {
  requireModule: ['ts-node/register/transpile-only'],
  require: ['steps/{,explorer/,hardware/,kernel/,lazy/,boot/,xen/,scenes/,tool/}*.steps.ts', 'steps/support/*.ts'],
  plugin: ['./steps/run/plugins/guard.js'],
  strict: true,
  retry: 0,
};

module.exports = {
  // npx cucumber-js [features…]
  default: { ...suite, format: ['progress'] },

  // npm test: `N passed, M failed` as the last line, and the messages from which the reports are made.
  test: {
    ...suite,
    pluginOptions: { guard: { announce: true } },
    format: ['progress', ['message', 'reports/out/messages.ndjson'], ['./steps/run/plugins/junit.js', 'reports/out/junit.xml']],
  },

  // npm run report, npm run review: the same with every report.
  report: {
    ...suite,
    pluginOptions: { guard: { announce: true } },
    format: [
      'progress',
      ['message', 'reports/out/messages.ndjson'],
      ['./steps/run/plugins/html.js', 'reports/out/cucumber.html'],
      ['./steps/run/plugins/junit.js', 'reports/out/junit.xml'],
      ['./steps/run/plugins/allure.js', 'reports/out/allure.log'],
    ],
    formatOptions: { resultsDir: 'reports/out/allure-results' },
  },
};
