// Loads TypeScript for the suite, for the command line and the threads and reports that it starts: as
// ts-node does, by the same translation, but without bringing the compiler along, which would
// double the time of a start. Works from whatever directory it is called, and where this package
// lies below node_modules. Where ts-node is at work already, nothing is to be done.

'use strict';

const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { compiled } = require('./compiled.js');
const { mapOf, remembered } = require('./translate.js');

/** Where the translation of each loaded file is kept; its source map is read when a stack is printed. */
const places = new Map();
const maps = new Map();

function sourceMapOf(fileName) {
  if (!maps.has(fileName)) maps.set(fileName, places.has(fileName) ? new Module.SourceMap(JSON.parse(mapOf(readFileSync(fileName, 'utf8'), places.get(fileName)))) : null);
  return maps.get(fileName);
}

/** A line of a stack trace as V8 writes it, but with the place in the source. */
function lineOf(site) {
  const fileName = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const source = fileName && line ? sourceMapOf(fileName)?.findEntry(line - 1, column - 1) : undefined;
  if (source?.originalLine === undefined) return `    at ${site}`;
  return `    at ${String(site).replace(`${fileName}:${line}:${column}`, `${fileName}:${source.originalLine + 1}:${source.originalColumn + 1}`)}`;
}

function translation(fileName) {
  try {
    return remembered(readFileSync(fileName, 'utf8'));
  } catch (error) {
    throw Object.assign(error, { fileName });
  }
}

/** What a module's `require` does: a file beside it is found at once, where Node would try one ending after the other. */
function requireOf(module, folder) {
  const own = (name) => {
    if (!name.startsWith('.')) return module.require(name);
    const file = `${path.join(folder, name)}.ts`;
    const loaded = Module._cache[file];
    if (loaded?.loaded) return loaded.exports;
    return module.require(existsSync(file) ? file : name);
  };
  own.cache = require.cache;
  own.main = require.main;
  own.resolve = (name) => Module.createRequire(module.filename).resolve(name);
  return own;
}

function load(module, fileName) {
  const { javascript, place } = translation(fileName);
  places.set(fileName, place);
  const folder = path.dirname(fileName);
  compiled(javascript, fileName, place).call(module.exports, module.exports, requireOf(module, folder), module, fileName, folder);
}

if (!require.extensions['.ts']) {
  require.extensions['.ts'] = load;
  Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map(lineOf)].join('\n');
}
