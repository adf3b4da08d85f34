// What ts-node calls in place of the compiler; see `transpiler` among its options.

'use strict';

const { translated } = require('./translate.js');

exports.create = () => ({ transpile: (code) => translated(code) });
