#!/usr/bin/env node
// The command `paravirt-spec`: compiles the command line on the fly with this package's
// own compiler options, from whatever directory it is called.

'use strict';

const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

require('ts-node').register({
  cwd: root,
  project: path.join(root, 'tsconfig.json'),
  transpileOnly: true,
});

void require('./main.ts').main();
