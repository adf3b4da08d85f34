// One row of the bench, in a process of its own.

'use strict';

require('./typescript.js');

void require('./bench-row.ts').benchRow(JSON.parse(process.argv[2]));
