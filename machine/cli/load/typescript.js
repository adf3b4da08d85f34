// Loads TypeScript for the suite, for the command line and the threads and reports that it starts: as
// ts-node does, by the same translation, but without bringing the compiler along, which would
// double the time of a start. Works from whatever directory it is called, and where this package
// lies below node_modules. Where ts-node is at work already, nothing is to be done.

'use strict';

const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { compiled, fileNamed } = require('./compiled.js');
const { mapOf, remembered } = require('./translate.js');

/** Where the translation of each loaded file is kept; its source map is read when a stack is printed. */
const places = new Map();
const maps = new Map();
const lines = new Map();

function sourceMapOf(fileName) {
  if (!maps.has(fileName)) maps.set(fileName, places.has(fileName) ? new Module.SourceMap(JSON.parse(mapOf(readFileSync(fileName, 'utf8'), places.get(fileName)))) : null);
  return maps.get(fileName);
}

/** A line of a stack trace as V8 writes it, but with the place in the source: most lines come again. */
function lineOf(site) {
  const text = String(site);
  let line = lines.get(text);
  if (line === undefined) lines.set(text, line = `    at ${inSource(site, text)}`);
  return line;
}

/** Cucumber asks for the stack of each step definition, to find the first file in it that is not its own: what called that one need not be told. */
function askedFor(sites) {
  if (!sites[0]?.getFileName()?.endsWith('get_definition_line_and_uri.js')) return sites;
  const own = sites.findIndex((site) => places.has(fileNamed(site.getFileName())));
  return own < 0 ? sites : sites.slice(0, own + 1);
}

function inSource(site, text) {
  const name = site.getFileName();
  const fileName = fileNamed(name);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const source = fileName && line ? sourceMapOf(fileName)?.findEntry(line - 1, column - 1) : undefined;
  if (source?.originalLine === undefined) return name === fileName ? text : text.replace(name, fileName);
  return text.replace(`${name}:${line}:${column}`, `${fileName}:${source.originalLine + 1}:${source.originalColumn + 1}`);
}

function translation(fileName) {
  try {
    return remembered(readFileSync(fileName, 'utf8'));
  } catch (error) {
    throw Object.assign(error, { fileName });
  }
}

/** Loads a file beside its importer. Node would try one ending after the other, and look for packages and links on the way: that takes as long as running it. */
function loaded(file, importer) {
  const made = new Module(file, importer);
  made.filename = file;
  made.paths = Module._nodeModulePaths(path.dirname(file));
  Module._cache[file] = made;
  try {
    require.extensions['.ts'](made, file);
  } catch (error) {
    delete Module._cache[file];
    throw error;
  }
  made.loaded = true;
  return made;
}

/** What a module's `require` does: a file beside it is found at once. */
function requireOf(module, folder) {
  const own = (name) => {
    if (!name.startsWith('.')) return module.require(name);
    const file = `${path.join(folder, name)}.ts`;
    const known = Module._cache[file];
    if (known?.loaded) return known.exports;
    return known === undefined && existsSync(file) ? loaded(file, module).exports : module.require(known === undefined ? name : file);
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
  Error.prepareStackTrace = (error, sites) => [String(error), ...askedFor(sites).map(lineOf)].join('\n');
}
