// How ts-node turns TypeScript into JavaScript here: by esbuild, which takes a tenth of the time
// that the compiler does. Types are checked by `npm run check`, not by every run.

'use strict';

const { transformSync } = require('esbuild');

/**
 * Makes what a module exports plain values once it has run. Esbuild exports by getters, which are
 * called at each use of an imported function: too slow where the explorer spends its time.
 */
function settled(code) {
  return `${code.replace('{ get: () => from[key], enumerable:', '{ get: () => from[key], configurable: true, enumerable:')}
for (const name of Object.keys(module.exports)) Object.defineProperty(module.exports, name, { value: module.exports[name] });`;
}

/** ts-node's extension point for other compilers; see `transpiler` among its options. */
exports.create = () => ({
  transpile(code, { fileName }) {
    const { code: outputText, map: sourceMapText } = transformSync(code, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      sourcefile: fileName,
      sourcemap: 'external',
      keepNames: true, // A path is called what its function is called.
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: 'ES2022' } },
    });
    return { outputText: settled(outputText), sourceMapText };
  },
});
