// Where the thread of a command begins: it loads TypeScript, and the chapters of the current folder.

'use strict';

require('./load/beside.js');

void require('./command-thread.ts').work();
