// What ts-node calls instead of the compiler; see `transpiler` among its options.

'use strict';

const { mapOf, remembered } = require('./translate.js');

exports.create = () => ({
  transpile: (code) => {
    const { javascript, place } = remembered(code);
    return { outputText: javascript, sourceMapText: mapOf(code, place) };
  },
});
