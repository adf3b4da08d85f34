// Loads TypeScript for the suite, for the command line and the threads and reports that it starts:
// like ts-node, with the same translation, but without loading the compiler, which would double the
// time of a start. Works from any directory, even if this package is below node_modules. If ts-node
// is already active, there is nothing to do.

'use strict';

const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { compiled, fileNamed } = require('./compiled.js');
const { mapOf, remembered } = require('./translate.js');

/** The cache entry of each loaded file; its source map is read when a stack is printed. */
const places = new Map();
const maps = new Map();
const lines = new Map();

function sourceMapOf(fileName) {
  if (!maps.has(fileName)) maps.set(fileName, places.has(fileName) ? new Module.SourceMap(JSON.parse(mapOf(readFileSync(fileName, 'utf8'), places.get(fileName)))) : null);
  return maps.get(fileName);
}

/** A line of a stack trace in V8's form, but with the place in the source; cached, since most lines recur. */
function lineOf(site) {
  const text = String(site);
  let line = lines.get(text);
  if (line === undefined) lines.set(text, line = `    at ${inSource(site, text)}`);
  return line;
}

/** Cucumber asks for the stack of each step definition, to find the first file in it that is not its own: the callers of that one are not needed. */
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

/** Loads a file relative to its importer. Node would try one extension after the other, and look for packages and links: that takes as long as running it. */
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

/** A module's `require`: a relative file is found at once. */
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
