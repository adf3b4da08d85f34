// Loads TypeScript from here on, as `ts-node/register/transpile-only` does, but from whatever
// directory this is called, and also where this package lies below node_modules, which ts-node
// would pass over.

'use strict';

const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

if (!process[Symbol.for('ts-node.register.instance')]) {
  require('ts-node').register({ cwd: root, project: path.join(root, 'tsconfig.json'), transpileOnly: true });
}
