// How the suite runs. There is no `paths` key: Cucumber would add it to the paths
// given on the command line, so a single feature could not be run on its own.
// Types are checked by `npm run check`, not here: a run starts three times as fast.
// `npm test` gives its processes room for young objects (package.json), since searches leave many: a sixth less work.

/** At a terminal the progress is a line that changes (steps/run/progress.ts), elsewhere a row of dots. */
const shown = process.stderr.isTTY ? 'summary' : 'progress';

/** Where the reports go: `review` writes to a folder of its own first. */
const out = process.env.PARAVIRT_SPEC_OUT ?? 'reports/out';

const suite = {
  requireModule: [require.resolve('./machine/cli/load/typescript.js')],
  require: ['steps/{,explorer/,hardware/,kernel/,lazy/,boot/,xen/,scenes/,tool/,tool/report/,tool/words/}*.steps.ts', 'steps/support/*.ts'],
  plugin: ['./steps/run/plugins/guard.js', './steps/run/plugins/progress.js'],
  strict: true,
  retry: 0,
};

// A tenth of the random runs that challenge a verdict elsewhere: most searches of the suite take milliseconds.
// What can fail is shown by its smallest run, without all the rest (steps/support/brief.ts); a report has all of it.
const quick = { challenge: 20, brief: true };

module.exports = {
  // npx cucumber-js [features…]: as in the whole suite.
  default: { ...suite, worldParameters: quick, format: ['progress'] },

  // npm test: `N passed, M failed` as the last line, and the messages from which the reports are made.
  test: {
    ...suite,
    worldParameters: quick,
    pluginOptions: { guard: { announce: true } },
    format: [shown, ['message', `${out}/messages.ndjson`], ['./steps/run/plugins/junit.js', `${out}/junit.xml`]],
  },

  // npm run review: what the page is made from. Scenarios that support no claim are run as in `npm test`, or left out and named.
  // It has several hundred verdicts about claims, each challenged by a quarter of the random runs of `check`: a fault of an engine would show in many of them.
  review: {
    ...suite,
    tags: 'not @suite',
    worldParameters: { challenge: 50, unclaimed: quick },
    pluginOptions: { guard: { announce: true } },
    format: [shown, ['message', `${out}/messages.ndjson`]],
  },

  // npm run report: the same with the report of every tool.
  report: {
    ...suite,
    pluginOptions: { guard: { announce: true } },
    format: [
      shown,
      ['message', `${out}/messages.ndjson`],
      ['./steps/run/plugins/html.js', `${out}/cucumber.html`],
      ['./steps/run/plugins/junit.js', `${out}/junit.xml`],
      ['./steps/run/plugins/allure.js', `${out}/allure.log`],
    ],
    formatOptions: { resultsDir: `${out}/allure-results` },
  },
};
