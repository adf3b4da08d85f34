// A worker thread that explores parts of a search: it is told the search once
// and then one part after the other, and answers each with its report.

'use strict';

// With the chapters that the folder keeps, as the command itself.
require('../load/beside.js');

require('./part-worker.ts').work();
