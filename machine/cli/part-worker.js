// A worker thread that explores parts of a search: it is told the search once
// and then one part after the other, and answers each with its report.

'use strict';

const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

require('ts-node').register({ cwd: root, project: path.join(root, 'tsconfig.json'), transpileOnly: true });

require('./part-worker.ts').work();
