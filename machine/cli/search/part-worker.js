// A worker thread that explores parts of a search: it is told the search once
// and then one part after the other, and answers each with its report.

'use strict';

require('../load/typescript.js');

require('./part-worker.ts').work();
