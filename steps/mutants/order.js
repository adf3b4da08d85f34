// Cucumber runs what inside.ts has asked for, in its order: a plugin, since paths and tags can only
// choose.

'use strict';

/** Scenarios have the keys that inside.ts sees; see keysOf there. */
module.exports = {
  type: 'plugin',
  coordinator: ({ transform }) => {
    transform('pickles:order', (pickles) => globalThis.$order(pickles));
  },
};
