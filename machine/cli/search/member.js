// A worker thread that is a member of a crew: it searches until all of them are done, and reports what it saw.

'use strict';

// Includes the chapters in the folder, like the command itself.
require('../load/beside.js');

require('./member.ts').work();
