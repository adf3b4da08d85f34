// V8's compiled code, cached beside the translation: a start spends more time on compiling than on anything else.
// Node 20 has no such cache of its own. What V8 does not accept, because it has another version or other options,
// is compiled again and cached under that version's name. Compiled code contains the name of its file. A file of
// this package is named by its place in the package, so that the cache serves every copy; the stack of an error
// gets the full name again (`fileNamed`). V8 drops compiled code that has not run for a while. The code that a
// module runs when it is loaded runs only once, so unless it is kept alive, it would be missing from the cache, and
// compiled at each start.

'use strict';

const { createHash } = require('node:crypto');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const vm = require('node:vm');
const path = require('node:path');
const { PACKAGE } = require('./project.js');
const { keep, kept } = require('./translate.js');

setFlagsFromString('--no-flush-bytecode');

const [before, after] = require('node:module').wrap('\0').split('\0');
const version = `${process.version}-${process.arch}-${cachedDataVersionTag()}`;

/** The full path of each file that has another name, by that name. */
const named = new Map();

function nameOf(fileName) {
  const place = path.relative(PACKAGE, fileName);
  if (place.startsWith('..') || path.isAbsolute(place)) return fileName;
  const name = `paravirt-spec/${place.split(path.sep).join('/')}`;
  named.set(name, fileName);
  return name;
}

/** The file for a name in compiled code. */
const fileNamed = (name) => named.get(name) ?? name;

/** Compiled in this process: cached when it ends, with the functions that were called until then. */
const fresh = new Map();

/**
 * The function into which Node compiles a module's text.
 *
 * @param place where the translation is cached
 */
function compiled(javascript, fileName, place) {
  const name = nameOf(fileName);
  const file = `${place}.${version}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const cachedData = kept(file) ?? undefined;
  const script = new vm.Script(before + javascript + after, { filename: name, columnOffset: -before.length, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) fresh.set(file, script);
  return script.runInThisContext();
}

process.on('exit', () => {
  for (const [file, script] of fresh) keep(file, script.createCachedData());
});

module.exports = { compiled, fileNamed };
