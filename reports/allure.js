// `npm run allure`: the results of the last run as one HTML file, without trackers.

'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const results = path.join(__dirname, 'out', 'allure-results');
const report = path.join(__dirname, 'out', 'allure');

function hasJava() {
  const home = process.env.JAVA_HOME;
  const java = home ? path.join(home, 'bin', 'java') : 'java';
  return spawnSync(java, ['-version'], { stdio: 'ignore' }).status === 0;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!hasJava()) fail('Allure needs Java 8 or later, and none was found: install it or set JAVA_HOME.');
if (!existsSync(results)) fail('There are no results yet: run npm run report first.');

process.env.ALLURE_NO_ANALYTICS = 'true';
const allure = require('allure-commandline');
allure(['generate', results, '--single-file', '--clean', '-o', report]).on('exit', (code) => {
  process.exitCode = code ?? 1;
  if (code === 0) console.log(path.join('reports', 'out', 'allure', 'index.html'));
});
