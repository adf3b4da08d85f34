// Everything in this package is TypeScript and is compiled as it is loaded. Where the command is
// called in another project, which keeps chapters of its own, the two index files of that project
// take the place of the two empty ones named `beside.ts`: so lists, searches, scenarios and the
// ledger know both without being told.

'use strict';

const { existsSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { INDEXES, PACKAGE, projectIn } = require('./project.js');

require('./typescript.js');

/** Loads the chapters that `folder` keeps, if it keeps any. To be called before anything else of the machine is loaded. */
function join(folder) {
  const { root, hasOwn } = projectIn(folder);
  if (!hasOwn) return;
  for (const index of INDEXES) {
    const own = path.join(root, index);
    if (!existsSync(own)) continue;
    const place = path.join(PACKAGE, path.dirname(index), 'beside.ts');
    const loaded = new Module(place, module);
    loaded.filename = place;
    loaded.exports = require(own);
    loaded.loaded = true;
    require.cache[place] = loaded;
  }
}

join(process.cwd());
