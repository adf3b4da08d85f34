// Everything in this package is TypeScript and is compiled as it is loaded. Where the command is
// called in another project, which keeps chapters of its own (`paravirt-spec new` lays them out as
// this package does), the two index files of that project take the place of the two empty ones
// named `beside.ts`: so lists, searches, scenarios and the ledger know both without being told.

'use strict';

const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

require('./typescript.js');

const root = path.resolve(__dirname, '..', '..', '..');

/** Whether the folder is this package, or another copy of it: its chapters are those that are here. */
function isThisPackage(folder) {
  const manifest = path.join(folder, 'package.json');
  return path.resolve(folder) === root || (existsSync(manifest) && /"name":\s*"paravirt-spec"/.test(readFileSync(manifest, 'utf8')));
}

/** Loads the chapters that `folder` keeps, if it keeps any. To be called before anything else of the machine is loaded. */
function join(folder) {
  if (isThisPackage(folder)) return;
  for (const part of ['patches', 'situations']) {
    const own = path.resolve(folder, 'machine', part, 'index.ts');
    if (!existsSync(own)) continue;
    const place = path.join(root, 'machine', part, 'beside.ts');
    const loaded = new Module(place, module);
    loaded.filename = place;
    loaded.exports = require(own);
    loaded.loaded = true;
    require.cache[place] = loaded;
  }
}

join(process.cwd());
