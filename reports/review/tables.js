// Where the process of tables.ts begins: it loads TypeScript, and the chapters of the current folder.

'use strict';

require('../../machine/cli/load/beside.js');

require('./tables.ts');
