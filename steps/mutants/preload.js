// Loaded before everything else in each process and thread of a run of mutants: files of the machine
// are replaced by changed ones, which count what they do.

'use strict';

const { Buffer } = require('node:buffer');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { getEnvironmentData, isMainThread, setEnvironmentData, threadId } = require('node:worker_threads');

/** Folders of changed files, searched in this order; and where a child process writes what it saw. */
const PROGRAMS = 'PARAVIRT_SPEC_MUTANTS';
const NUMBERS = 'PARAVIRT_SPEC_MUTANT';
const SEEN = 'PARAVIRT_SPEC_MUTANTS_SEEN';

const BLOCKS = 1 << 17;
/** The shared numbers: which mutant is on, how many steps were taken, and how many are allowed. */
const [CHOSEN, STEPS, LIMIT] = [0, 1, 2];

const root = path.resolve(__dirname, '..', '..');

function shared() {
  const known = getEnvironmentData('paravirt-spec mutants');
  if (known) return known;
  const buffer = new SharedArrayBuffer(16 + BLOCKS);
  setEnvironmentData('paravirt-spec mutants', buffer);
  return buffer;
}

/** What the changed files use by global names. */
function install() {
  const buffer = shared();
  const numbers = new Int32Array(buffer, 0, 4);
  const seen = new Uint8Array(buffer, 16);
  if (isMainThread) {
    const [chosen = 0, limit = 2 ** 31 - 2] = (process.env[NUMBERS] ?? '').split(' ').filter(Boolean).map(Number);
    numbers[CHOSEN] = chosen;
    numbers[LIMIT] = limit;
  }
  globalThis.$chosen = (number) => numbers[CHOSEN] === number;
  globalThis.$step = () => {
    if (++numbers[STEPS] > numbers[LIMIT]) {
      numbers[STEPS] = numbers[LIMIT];
      throw new Error('a mutant makes many times the steps that the original makes');
    }
  };
  globalThis.$seen = seen;
  return { numbers, seen };
}

/** The path of a file within this project, or within a copy of it; null for any other file. */
function placeOf(fileName) {
  const at = fileName.lastIndexOf(`${path.sep}machine${path.sep}`);
  if (at < 0) return null;
  const place = fileName.slice(at + 1);
  const own = path.join(root, place);
  if (own === fileName) return place;
  return existsSync(own) && readFileSync(own, 'utf8') === readFileSync(fileName, 'utf8') ? place : null;
}

function changed(place) {
  for (const folder of process.env[PROGRAMS].split(path.delimiter)) {
    const file = path.join(folder, place);
    if (existsSync(file)) return readFileSync(file, 'utf8');
  }
  return null;
}

/** In the steps, notes which scenario has kept a value for others. */
const owned = (text) => text.replace(/^((?:export )?const \w+(?:: [^=]+)? = new )Map\b/gm, '$1$Kept');

if (process.env[PROGRAMS]) {
  require('../../machine/cli/load/typescript.js');
  const { remembered } = require('../../machine/cli/load/translate.js');
  const counts = install();
  module.exports = { ...counts, CHOSEN, STEPS, LIMIT };
  globalThis.$Kept ??= Map;
  const original = require.extensions['.ts'];
  require.extensions['.ts'] = (loading, fileName) => {
    const place = placeOf(fileName);
    const text = place === null ? null : changed(place);
    if (text !== null) return loading._compile(remembered(text).javascript, fileName);
    if (fileName.startsWith(path.join(root, 'steps')) && globalThis.$Kept !== Map) return loading._compile(remembered(owned(readFileSync(fileName, 'utf8'))).javascript, fileName);
    return original(loading, fileName);
  };
  const folder = process.env[SEEN];
  if (folder && isMainThread && !process.argv[1]?.startsWith(__dirname)) {
    process.on('exit', () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, `${process.pid}-${threadId}`), Buffer.concat([Buffer.from(Int32Array.of(counts.numbers[STEPS]).buffer), Buffer.from(counts.seen)]));
    });
  }
}
