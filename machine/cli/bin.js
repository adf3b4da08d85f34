#!/usr/bin/env node
// The command `paravirt-spec`: compiles the command line on the fly with this package's own
// compiler options, whatever the current directory, and includes the chapters of that directory.

'use strict';

require('./load/beside.js');

void require('./program.ts').main();
