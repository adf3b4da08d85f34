// Loads TypeScript for the command line and the threads and reports that it starts: as ts-node does
// for the suite, by the same translation, but without bringing the compiler along, which would
// double the time of a start. Works from whatever directory it is called, and where this package
// lies below node_modules. Where ts-node is at work already, nothing is to be done.

'use strict';

const { readFileSync } = require('node:fs');
const { SourceMap } = require('node:module');
const { translated } = require('./translate.js');

/** The source map of each loaded file, read when a stack is printed. */
const maps = new Map();
const read = new Map();

function sourceMapOf(fileName) {
  if (!read.has(fileName)) read.set(fileName, maps.has(fileName) ? new SourceMap(JSON.parse(maps.get(fileName))) : null);
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

function translation(fileName) {
  try {
    return translated(readFileSync(fileName, 'utf8'));
  } catch (error) {
    throw Object.assign(error, { fileName });
  }
}

if (!require.extensions['.ts']) {
  const load = (module, fileName) => {
    const { outputText, sourceMapText } = translation(fileName);
    maps.set(fileName, sourceMapText);
    module._compile(outputText, fileName);
  };
  require.extensions['.ts'] = load;
  Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map(lineOf)].join('\n');
}
