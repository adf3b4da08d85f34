// Where Cucumber loads this from: it imports, and Node cannot import TypeScript on every version.

'use strict';

require('../../../machine/cli/load/typescript.js');

module.exports = require('../progress.ts').progress;
