// How TypeScript becomes JavaScript here: by esbuild, which takes a tenth of the time that the
// compiler does, and only where the text has changed since the last time. Types are checked by
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
  keepNames: true, // A path is called what its function is called.
  // Strict, so that what changes a frozen value is told so.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: 'ES2022', alwaysStrict: true } },
};

/**
 * Makes what a module exports plain values once it has run, and leaves arrow functions without a
 * name of their own. Esbuild exports by getters, which are called at each use of an imported
 * function, and sets the name of each function whenever it is made: too slow where the explorer
 * spends its time.
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

/** Where packages keep what can be made again: in the folder of packages that this one lies in, or in its own. */
const packages = path.basename(path.dirname(root)) === 'node_modules' ? path.dirname(root) : path.join(root, 'node_modules');
const folder = path.join(packages, '.cache', 'paravirt-spec');
const recipe = `${require('esbuild/package.json').version}\n${readFileSync(path.join(__dirname, 'translate.js'), 'utf8')}\n`;

/** Where what follows from a text is kept: by everything that it depends on. */
const keptAt = (code) => path.join(folder, createHash('sha256').update(recipe).update(code).digest('hex').slice(0, 32));

/** A file's text as JavaScript, with the place where it is kept: what was translated before, or now. */
function remembered(code) {
  const place = keptAt(code);
  const javascript = kept(`${place}.js`);
  if (javascript !== null) return { javascript: javascript.toString(), place };
  const made = translate(code);
  keep(`${place}.map`, made.map);
  keep(`${place}.js`, made.javascript);
  return { javascript: made.javascript, place };
}

/** The source map of what is kept at a place. */
function mapOf(code, place) {
  return kept(`${place}.map`)?.toString() ?? translate(code).map;
}

/** What is in a file of the folder; null where it is not there. */
function kept(file) {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

/** Whether this process has looked at how much is kept; a thread leaves that to the process. */
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
    // A folder that cannot be written costs time and nothing else.
  }
}

module.exports = { translate, remembered, mapOf, kept, keep };
