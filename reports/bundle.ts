// The page's programs and styles, each bundled into one text. The explorer contains the machine itself, so
// the page explores with the same code as the command line.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PACKAGE, PROJECT } from '../machine/cli/project';
import type { Assets } from './static/page';

const folder = join(__dirname, 'page');

/** Does what load/beside.js does for Node: the project's index files replace the empty ones, and this package is found under its name. */
const ownChapters: Plugin = {
  name: 'own chapters',
  setup(bundling) {
    if (!PROJECT.hasOwn) return;
    bundling.onResolve({ filter: /^\.\/beside$/ }, ({ resolveDir }) => {
      const own = join(PROJECT.root, relative(PACKAGE, resolveDir), 'index.ts');
      return existsSync(own) ? { path: own } : undefined;
    });
    bundling.onResolve({ filter: /^paravirt-spec\// }, ({ path }) => ({ path: `${join(PACKAGE, path.slice('paravirt-spec/'.length))}.ts` }));
  },
};

export async function bundle(): Promise<Pick<Assets, 'program' | 'explorer' | 'style'>> {
  const [program, explorer] = await Promise.all([programOf('main.ts'), programOf('explorer.ts', 'paravirtSpecExplorer')]);
  const styles = readdirSync(folder).filter((file) => file.endsWith('.css')).sort();
  return { program, explorer, style: styles.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n') };
}

/** @param globalName the variable with the exports of the entry */
async function programOf(entry: string, globalName?: string): Promise<string> {
  const built = await build({
    entryPoints: [join(folder, entry)], ...(globalName !== undefined && { globalName }),
    absWorkingDir: PROJECT.root,
    plugins: [ownChapters],
    bundle: true, minify: true, write: false, format: 'iife', platform: 'browser', target: 'es2022', legalComments: 'none', charset: 'utf8', logLevel: 'silent',
    // Paths are called by the names of their generator functions.
    keepNames: true,
  });
  return built.outputFiles[0]!.text;
}
