// Loads other text instead of a module's own: a worker thread does this before it loads the
// machine with mutations in it.

'use strict';

require('../load/typescript.js');

const { translate } = require('../load/translate.js');

/**
 * From now on each file of `texts` (by absolute path) is loaded with the text given for it.
 * Files that are already loaded stay as they are.
 */
function standIn(texts) {
  const original = require.extensions['.ts'];
  require.extensions['.ts'] = (module, fileName) => {
    const text = texts.get(fileName);
    if (text === undefined) original(module, fileName);
    else module._compile(translate(text).javascript, fileName);
  };
}

module.exports = { standIn };
