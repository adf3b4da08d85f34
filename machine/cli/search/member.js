// A worker thread that is a member of a crew: it searches until all of them are done, and says what it saw.

'use strict';

// With the chapters that the folder keeps, as the command itself.
require('../load/beside.js');

require('./member.ts').work();
