// One row of the bench, in a process of its own.

'use strict';

require('../load/typescript.js');

void require('./row.ts').benchRow(JSON.parse(process.argv[2]));
