// JavaScript as V8 has compiled it, kept beside the translation: a start spends more time on compiling
// than on anything else. Node 20 keeps nothing of this kind by itself. What V8 does not accept, since it
// is another version or was started with other options, is compiled anew and kept under that version's name.
// Compiled code remembers the name of the file that it was made of. A file of this package goes by its place in it,
// so that what is kept serves every copy; the stack of an error is given the full name again (`fileNamed`).
// V8 drops what it has compiled if it has not run for a while. What a module does when it is loaded runs only
// once, so without a word about it that part would be missing from what is kept, and compiled at each start.

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

/** Where files lie that go by another name, by that name. */
const named = new Map();

function nameOf(fileName) {
  const place = path.relative(PACKAGE, fileName);
  if (place.startsWith('..') || path.isAbsolute(place)) return fileName;
  const name = `paravirt-spec/${place.split(path.sep).join('/')}`;
  named.set(name, fileName);
  return name;
}

/** The file that compiled code says it is made of. */
const fileNamed = (name) => named.get(name) ?? name;

/** Compiled in this process: kept when it ends, with the functions that were called until then. */
const fresh = new Map();

/**
 * The function that Node makes of a module's text.
 *
 * @param place where the translation is kept
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
