// Where a process that runs scenarios against mutants begins; preload.js has been loaded before.

'use strict';

require('./inside.ts').work();
