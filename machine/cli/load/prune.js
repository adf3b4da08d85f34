// What is kept between runs must not grow forever: each change of a file, of esbuild or of Node leaves
// entries behind that are never used again.

'use strict';

const { readdirSync, rmSync, statSync } = require('node:fs');
const path = require('node:path');

/** Two to three times what all commands and the suite need with one version of Node; about 100 MB. */
const MOST = 24_000;

/**
 * Deletes the least recently used files of a folder, until half of `most` are left. Does nothing if
 * there are at most `most`, and ignores files that another process is deleting.
 */
function prune(folder, most = MOST) {
  const names = readdirSync(folder);
  if (names.length <= most) return;
  const used = names.map((name) => {
    const { atimeMs = 0, mtimeMs = 0 } = statSync(path.join(folder, name), { throwIfNoEntry: false }) ?? {};
    return { name, last: Math.max(atimeMs, mtimeMs) };
  });
  used.sort((one, other) => other.last - one.last);
  for (const { name } of used.slice(Math.floor(most / 2))) rmSync(path.join(folder, name), { force: true });
}

module.exports = { prune };
