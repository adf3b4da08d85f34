// Cucumber imports this file, since not every version of Node can import TypeScript.

'use strict';

require('../../../machine/cli/load/typescript.js');

module.exports = require('../html.ts').readableHtml;
