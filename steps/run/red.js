// Which requirements turn red as hunks are taken out of the kernel under review: all of them with no
// patch, and for each hunk those that name it. A process of its own, since Cucumber runs in it; prints JSON.

'use strict';

require('../../machine/cli/load/typescript.js');

void require('./red.ts').main();
