// JavaScript as V8 has compiled it, kept beside the translation: a start spends more time on compiling
// than on anything else. Node 20 keeps nothing of this kind by itself. What V8 does not accept, since it
// is another version or was started with other options, is compiled anew and kept under that version's name.
// Compiled code remembers which file it was made of, so that a copy of this folder elsewhere has its own.
// V8 drops what it has compiled if it has not run for a while. What a module does when it is loaded runs only
// once, so without a word about it that part would be missing from what is kept, and compiled at each start.

'use strict';

const { createHash } = require('node:crypto');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const vm = require('node:vm');
const { keep, kept } = require('./translate.js');

setFlagsFromString('--no-flush-bytecode');

const [before, after] = require('node:module').wrap('\0').split('\0');
const version = `${process.version}-${process.arch}-${cachedDataVersionTag()}`;

/** Compiled in this process: kept when it ends, with the functions that were called until then. */
const fresh = new Map();

/**
 * The function that Node makes of a module's text.
 *
 * @param place where the translation is kept
 */
function compiled(javascript, fileName, place) {
  const file = `${place}.${version}-${createHash('sha256').update(fileName).digest('hex').slice(0, 8)}`;
  const cachedData = kept(file) ?? undefined;
  const script = new vm.Script(before + javascript + after, { filename: fileName, columnOffset: -before.length, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) fresh.set(file, script);
  return script.runInThisContext();
}

process.on('exit', () => {
  for (const [file, script] of fresh) keep(file, script.createCachedData());
});

module.exports = { compiled };
