// Everything in this package is TypeScript and is compiled as it is loaded. If the command is
// called in another project that has chapters of its own, the two index files of that project
// replace the two empty ones named `beside.ts`: so lists, searches, scenarios and the ledger
// include both.

'use strict';

const { existsSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { INDEXES, LISTS, PACKAGE, projectIn } = require('./project.js');

require('./typescript.js');

/** What the index file exports; a file of the project that cannot be loaded is its author's mistake, and ends the program with one line. */
function read(project, index) {
  let exported;
  try {
    exported = require(path.join(project, index));
  } catch (error) {
    return refuse(mistake(error, project, index));
  }
  for (const name of LISTS[index]) {
    if (!Array.isArray(exported[name])) refuse(`${index} exports no list ${name}`);
    const odd = exported[name].findIndex((item) => typeof item !== 'object' || item === null);
    if (odd >= 0) refuse(`${index}: number ${odd + 1} in the list ${name} is ${exported[name][odd]}; look at its import`);
  }
  return exported;
}

function refuse(words) {
  process.stderr.write(`paravirt-spec: ${words}\n`);
  process.exit(2);
}

function mistake(error, project, file) {
  const [syntax] = error.errors ?? [];
  if (syntax) return `${path.relative(project, error.fileName)}:${syntax.location.line}:${syntax.location.column + 1}: ${syntax.text}`;
  if (error.code === 'MODULE_NOT_FOUND') return `${path.relative(project, error.requireStack[0])} imports ${/'(.*)'/.exec(error.message)[0]}, which is not there`;
  const place = /\((.*?:\d+:\d+)\)|at (\/.*?:\d+:\d+)/.exec(error.stack);
  return `${path.relative(project, place?.[1] ?? place?.[2] ?? path.join(project, file))}: ${error.message}`;
}

/** Loads the chapters in `folder`, if there are any. To be called before anything else of the machine is loaded. */
function join(folder) {
  const { root, hasOwn } = projectIn(folder);
  if (!hasOwn) return;
  for (const index of INDEXES) {
    const own = path.join(root, index);
    if (!existsSync(own)) continue;
    const place = path.join(PACKAGE, path.dirname(index), 'beside.ts');
    const loaded = new Module(place, module);
    loaded.filename = place;
    loaded.exports = read(root, index);
    loaded.loaded = true;
    require.cache[place] = loaded;
  }
}

join(process.cwd());
