// The start of a process that runs scenarios against mutants; preload.js has been loaded before.

'use strict';

require('./inside.ts').work();
