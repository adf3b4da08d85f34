// A worker thread that tries neighbours of a patch: its machine is loaded with changed files.

'use strict';

const { standIn } = require('../mutate/stand-in.js');

require('./worker.ts').work(standIn);
