// The page's program and styles, each bundled to one text. The program holds the machine itself,
// so that the page explores with the code that the command line runs.

import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Assets } from './static/page';

const folder = join(__dirname, 'page');

export async function bundle(): Promise<Pick<Assets, 'program' | 'style'>> {
  const built = await build({
    entryPoints: [join(folder, 'main.ts')],
    absWorkingDir: resolve(__dirname, '..'),
    bundle: true, minify: true, write: false, format: 'iife', platform: 'browser', target: 'es2022', legalComments: 'none', charset: 'utf8', logLevel: 'silent',
    // Paths are called by the names of their generator functions.
    keepNames: true,
  });
  const styles = readdirSync(folder).filter((file) => file.endsWith('.css')).sort();
  return { program: built.outputFiles[0]!.text, style: styles.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n') };
}
