// A worker thread that explores parts of a search: it gets the search once and
// then one part after the other, and answers each with its report.

'use strict';

// Includes the chapters in the folder, like the command itself.
require('../load/beside.js');

require('./part-worker.ts').work();
