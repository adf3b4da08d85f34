// How ts-node turns TypeScript into JavaScript here: by esbuild, which takes a tenth of the time
// that the compiler does. Types are checked by `npm run check`, not by every run.

'use strict';

const { transformSync } = require('esbuild');

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
    return { outputText, sourceMapText };
  },
});
