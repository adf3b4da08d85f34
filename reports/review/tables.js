// The start of the process that runs tables.ts: loads TypeScript, and the chapters of the current folder.

'use strict';

require('../../machine/cli/load/beside.js');

require('./tables.ts');
