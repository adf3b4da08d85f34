// Which requirements turn red as hunks are taken out of the kernel under review: all of them with no
// patch, and for each hunk those that name it. It needs a process of its own, since Cucumber runs in it. Prints JSON.

'use strict';

require('../../machine/cli/load/typescript.js');

void require('./red.ts').main();
