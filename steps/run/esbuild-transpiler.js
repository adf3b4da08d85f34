// How ts-node turns TypeScript into JavaScript here: by esbuild, which takes a tenth of the time
// that the compiler does, and only where the text has changed since the last time. Types are
// checked by `npm run check`, not by every run.

'use strict';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const options = {
  loader: 'ts',
  format: 'cjs',
  target: 'node20',
  platform: 'node',
  keepNames: true, // A path is called what its function is called.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: 'ES2022' } },
};

/**
 * Makes what a module exports plain values once it has run. Esbuild exports by getters, which are
 * called at each use of an imported function: too slow where the explorer spends its time.
 */
function settled(code) {
  return `${code.replace('{ get: () => from[key], enumerable:', '{ get: () => from[key], configurable: true, enumerable:')}
for (const name of Object.keys(module.exports)) Object.defineProperty(module.exports, name, { value: module.exports[name] });`;
}

function translate(code, fileName) {
  const { code: translated, map } = esbuild.transformSync(code, { ...options, sourcefile: fileName, sourcemap: 'external' });
  return { outputText: settled(translated), sourceMapText: map };
}

const folder = path.join(__dirname, '..', '..', 'node_modules', '.cache', 'paravirt-spec');
const self = readFileSync(path.join(__dirname, 'esbuild-transpiler.js'), 'utf8');

/** What was translated before, by everything that it depends on. Where nothing can be kept, nothing is. */
function remembered(code, fileName) {
  const key = createHash('sha256').update(`${esbuild.version}\n${self}\n${fileName}\n${code}`).digest('hex').slice(0, 32);
  const file = path.join(folder, `${key}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const result = translate(code, fileName);
    keep(file, JSON.stringify(result));
    return result;
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

/** ts-node's extension point for other compilers; see `transpiler` among its options. */
exports.create = () => ({
  transpile: (code, { fileName }) => remembered(code, fileName),
});
