// One row of the bench, in a process of its own.

'use strict';

const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

require('ts-node').register({ cwd: root, project: path.join(root, 'tsconfig.json'), transpileOnly: true });

void require('./bench-row.ts').benchRow(JSON.parse(process.argv[2]));
