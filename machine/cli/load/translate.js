// How TypeScript becomes JavaScript here: by esbuild, which takes a tenth of the time that the
// compiler does, and only if the text has changed since the last time. Types are checked by
// `npm run check`, not by every run.

'use strict';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { prune } = require('./prune.js');

const options = {
  loader: 'ts',
  format: 'cjs',
  target: 'node20',
  platform: 'node',
  keepNames: true, // A path has the name of its function.
  // Strict, so that changing a frozen value is an error.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: 'ES2022', alwaysStrict: true } },
};

/**
 * Turns a module's exports into plain values once it has run, and does not name arrow functions.
 * Esbuild exports through getters, which are called at each use of an imported function, and
 * sets the name of each function whenever it is created: too slow where the explorer spends its
 * time.
 */
function settled(code) {
  // A module that uses a name of esbuild's own helpers gets these helpers with other names.
  const quick = code
    .replace(/\{ get: \(\) => (\w+)\[(\w+)\], enumerable:/, '{ get: () => $1[$2], configurable: true, enumerable:')
    .replace(/var (__name\w*) = \((\w+), (\w+)\) => (__defProp\w*)/, 'var $1 = ($2, $3) => $2.prototype === undefined ? $2 : $4');
  return `${quick}
for (const name of Object.keys(module.exports)) Object.defineProperty(module.exports, name, { value: module.exports[name] });`;
}

function translate(code) {
  const { code: translated, map } = require('esbuild').transformSync(code, { ...options, sourcemap: 'external' });
  return { javascript: settled(translated), map };
}

const root = path.resolve(__dirname, '..', '..', '..');

/** Where packages keep caches: in the node_modules folder that contains this package, or in its own. */
const packages = path.basename(path.dirname(root)) === 'node_modules' ? path.dirname(root) : path.join(root, 'node_modules');
const folder = path.join(packages, '.cache', 'paravirt-spec');
const recipe = `${require('esbuild/package.json').version}\n${readFileSync(path.join(__dirname, 'translate.js'), 'utf8')}\n`;

const begun = createHash('sha256').update(recipe);

/** Where the result for a text is cached: by everything on which it depends. */
const keptAt = (code) => path.join(folder, begun.copy().update(code).digest('hex').slice(0, 32));

/** A file's text as JavaScript, from the cache or translated now, with its place in the cache. */
function remembered(code) {
  const place = keptAt(code);
  const javascript = kept(`${place}.js`);
  if (javascript !== null) return { javascript: javascript.toString(), place };
  const made = translate(code);
  keep(`${place}.map`, made.map);
  keep(`${place}.js`, made.javascript);
  return { javascript: made.javascript, place };
}

/** The source map of an entry of the cache. */
function mapOf(code, place) {
  return kept(`${place}.map`)?.toString() ?? translate(code).map;
}

/** The contents of a file of the folder; null if it does not exist. */
function kept(file) {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

/** Whether this process has checked the size of the cache; a thread leaves that to the process. */
let isPruned = !isMainThread;

/** Writes under another name first, so that nobody reads half a file. */
function keep(file, content) {
  try {
    mkdirSync(folder, { recursive: true });
    if (!isPruned) prune(folder);
    isPruned = true;
    writeFileSync(`${file}.${process.pid}`, content);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A folder that cannot be written only costs time.
  }
}

module.exports = { translate, remembered, mapOf, kept, keep };
