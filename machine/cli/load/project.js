// Which chapters a command is about: those of this package, or those in the folder where the
// command is called (`paravirt-spec new` lays them out as this package does).

'use strict';

const { existsSync, readFileSync, realpathSync } = require('node:fs');
const path = require('node:path');

const PACKAGE = path.resolve(__dirname, '..', '..', '..');

/** The lists of the two index files in which a project registers its chapters. */
const LISTS = { [path.join('machine', 'patches', 'index.ts')]: ['PATCHES', 'CLAIMS'], [path.join('machine', 'situations', 'index.ts')]: ['SITUATIONS'] };
const INDEXES = Object.keys(LISTS);

/** Whether the folder is this package, lies in it, or is another copy of it: then the chapters are those of this package. */
function isThisPackage(folder) {
  const manifest = path.join(folder, 'package.json');
  const inside = path.relative(PACKAGE, folder);
  return (!inside.startsWith('..') && !path.isAbsolute(inside)) || (existsSync(manifest) && /"name":\s*"paravirt-spec"/.test(readFileSync(manifest, 'utf8')));
}

/**
 * The project in `folder`: where its chapters are, where commands write their results, and whether the chapters
 * are its own. In a folder without chapters a command uses this package's, but still writes in that folder.
 */
function projectIn(folder) {
  const home = realpathSync(folder);
  if (isThisPackage(home)) return { root: PACKAGE, home: PACKAGE, hasOwn: false };
  return INDEXES.some((index) => existsSync(path.join(home, index))) ? { root: home, home, hasOwn: true } : { root: PACKAGE, home, hasOwn: false };
}

/** Steps of this package that chapters elsewhere may use: those that fit any patch. */
const OFFERED_STEPS = ['steps/kernel/kernel.steps.ts', 'steps/explorer/interleaving.steps.ts', 'steps/scenes/scene.steps.ts'].map((file) => path.join(PACKAGE, file));

module.exports = { PACKAGE, INDEXES, LISTS, OFFERED_STEPS, projectIn };
