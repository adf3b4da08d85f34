// Makes Cucumber run what inside.ts has asked for, in its order: a plugin, since paths and tags can only
// select scenarios.

'use strict';

/** Scenarios have the same keys as in inside.ts; see keysOf there. */
module.exports = {
  type: 'plugin',
  coordinator: ({ transform }) => {
    transform('pickles:order', (pickles) => globalThis.$order(pickles));
  },
};
