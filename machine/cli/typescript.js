// How TypeScript is loaded here: each file is turned into JavaScript when it is first required, by
// esbuild, and what comes out is kept until the text changes. Types are checked by `npm run check`,
// not by every run. A start of the command line takes half the time that it takes under ts-node,
// which brings the compiler along; and the suite starts some thirty programs.

'use strict';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { SourceMap } = require('node:module');
const path = require('node:path');

const options = {
  loader: 'ts',
  format: 'cjs',
  target: 'node20',
  platform: 'node',
  keepNames: true, // A path is called what its function is called.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: 'ES2022' } },
};

/**
 * Makes what a module exports plain values once it has run, and leaves arrow functions without a
 * name of their own. Esbuild exports by getters, which are called at each use of an imported
 * function, and sets the name of each function whenever it is made: too slow where the explorer
 * spends its time.
 */
function settled(code) {
  const quick = code
    .replace('{ get: () => from[key], enumerable:', '{ get: () => from[key], configurable: true, enumerable:')
    .replace('var __name = (target, value) => __defProp', 'var __name = (target, value) => target.prototype === undefined ? target : __defProp');
  return `${quick}
for (const name of Object.keys(module.exports)) Object.defineProperty(module.exports, name, { value: module.exports[name] });`;
}

function translate(code) {
  const { code: translated, map } = require('esbuild').transformSync(code, { ...options, sourcemap: 'external' });
  return { javascript: settled(translated), map };
}

const folder = path.join(__dirname, '..', '..', 'node_modules', '.cache', 'paravirt-spec');
const recipe = `${require('esbuild/package.json').version}\n${readFileSync(path.join(__dirname, 'typescript.js'), 'utf8')}\n`;

/** Where the translation of each loaded file has its source map. */
const maps = new Map();

/** What was translated before, by everything that it depends on. Where nothing can be kept, nothing is. */
function javascriptOf(code, fileName) {
  const kept = path.join(folder, createHash('sha256').update(recipe).update(code).digest('hex').slice(0, 32));
  maps.set(fileName, () => readFileSync(`${kept}.map`, 'utf8'));
  try {
    return readFileSync(`${kept}.js`, 'utf8');
  } catch {
    const { javascript, map } = translate(code);
    maps.set(fileName, () => map);
    keep(`${kept}.map`, map);
    keep(`${kept}.js`, javascript);
    return javascript;
  }
}

/** Writes under another name first, so that nobody reads half a file. */
function keep(file, text) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A folder that cannot be written costs time and nothing else.
  }
}

const read = new Map();

function sourceMapOf(fileName) {
  if (!read.has(fileName)) read.set(fileName, maps.has(fileName) ? new SourceMap(JSON.parse(maps.get(fileName)())) : null);
  return read.get(fileName);
}

/** A line of a stack trace as V8 writes it, but with the place in the source. */
function lineOf(site) {
  const fileName = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const source = fileName && line ? sourceMapOf(fileName)?.findEntry(line - 1, column - 1) : undefined;
  if (source?.originalLine === undefined) return `    at ${site}`;
  return `    at ${String(site).replace(`${fileName}:${line}:${column}`, `${fileName}:${source.originalLine + 1}:${source.originalColumn + 1}`)}`;
}

if (!require.extensions['.ts']?.isOurs) {
  const load = (module, fileName) => module._compile(javascriptOf(readFileSync(fileName, 'utf8'), fileName), fileName);
  require.extensions['.ts'] = Object.assign(load, { isOurs: true });
  Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map(lineOf)].join('\n');
}
