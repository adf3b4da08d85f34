// Where the process of tables.ts begins: it loads TypeScript.

'use strict';

require('../../machine/cli/load/typescript.js');

require('./tables.ts');
