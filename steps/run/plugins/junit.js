// Where Cucumber loads this from: it imports, and Node cannot import TypeScript on every version.

'use strict';

require('ts-node/register/transpile-only');

module.exports = require('../junit.ts').honestJunit;
