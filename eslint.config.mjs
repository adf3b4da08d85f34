// What the linter holds the code to. Which part may import which is in eslint.layers.mjs.

import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layersPlugin } from './eslint.layers.mjs';

const node = { require: 'readonly', module: 'writable', process: 'readonly', console: 'readonly', __dirname: 'readonly' };

const environment = [
  ...['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global', 'globalThis', 'console'],
  ...['Date', 'performance', 'crypto', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'],
].map((name) => ({ name, message: 'The machine is deterministic and runs in a browser: no Node, no time, no environment.' }));

export default defineConfig(
  { ignores: ['node_modules/', 'reports/out/'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { URL: 'readonly' } } },
  {
    files: ['machine/**/*.ts', 'steps/**/*.ts', 'reports/**/*.ts'],
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
    plugins: { layers: layersPlugin },
    rules: {
      'layers/import-directions': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      eqeqeq: 'error',
    },
  },
  {
    // Transcribed names keep the spelling of Linux, Xen and VMI; some paths are generators without a yield of their own.
    files: ['machine/**/*.ts'],
    rules: { 'require-yield': 'off' },
  },
  {
    files: ['machine/**/*.ts'],
    ignores: ['machine/cli/**'],
    rules: {
      'no-restricted-globals': ['error', ...environment],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'The machine is deterministic.' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
          message: 'No mutable state of a module: what changes belongs to a machine.',
        },
      ],
    },
  },
);
