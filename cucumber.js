// How the suite runs. There is no `paths` key: Cucumber would add it to the paths
// given on the command line, so a single feature could not be run on its own.
// Types are checked by `npm run check`, not here: a run starts three times as fast.

const support = {
  requireModule: ['ts-node/register/transpile-only'],
  require: ['steps/*.steps.ts', 'steps/support/*.ts'],
  strict: true,
  retry: 0,
};

module.exports = {
  default: { ...support, format: ['progress'] },
  report: {
    ...support,
    format: [
      'progress',
      ['message', 'reports/out/messages.ndjson'],
      ['html', 'reports/out/cucumber.html'],
      ['junit', 'reports/out/junit.xml'],
    ],
  },
};
