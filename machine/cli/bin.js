#!/usr/bin/env node
// The command `paravirt-spec`: compiles the command line on the fly with this package's own
// compiler options, from whatever directory it is called, and with the chapters of that directory.

'use strict';

require('./load/beside.js');

void require('./program.ts').main();
