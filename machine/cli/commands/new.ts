// `paravirt-spec new`: begins a chapter. What it writes can be run at once and fails, since
// nothing is decided yet. CONTRIBUTING.md says how to continue.

import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PATCHES } from '../../patches';
import { unknown } from '../../patches/selection';
import { registrations } from '../new/register';
import type { ChapterNames, NewFile } from '../new/names';
import { chapterFiles, SCENES } from '../new/templates';
import type { NewScene } from '../new/scenes/scene';
import { writeAll, type Disk } from '../new/write';
import { UsageError, type Output } from '../options';
import { refuseUnnamed } from '../search/limits';

export interface NewOptions {
  readonly thread?: string;
  readonly into?: string;
  /** The setting of the chapter. */
  readonly scene?: string;
}

/**
 * Writes the files of a new chapter and registers them.
 *
 * @param disk where to write; scenarios may pass another one than the real disk
 * @throws UsageError for a name that cannot be used or a folder that cannot be written; then nothing has changed
 */
export function newCommand(patch: string, options: NewOptions, output: Output, disk?: Disk): number {
  refuseUnnamed('--into', options.into, 'a folder');
  const folder = resolve(options.into ?? '.');
  const inside = isThisProject(folder);
  const names: ChapterNames = { patch: patchName(patch), thread: threadName(options.thread, folder, inside), inside };
  const read = (path: string): string | null => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : null);
  const files = [...chapterFiles(names, sceneNamed(options.scene ?? 'smp')), ...(names.inside ? [] : settings(folder))];
  const taken = files.find(({ path }) => existsSync(join(folder, path)));
  if (taken) throw new UsageError(`${taken.path} exists; nothing was changed`);

  const indexes = registrations(names, read);
  writeAll(folder, [...files.map((file) => ({ ...file, before: null })), ...indexes], disk);

  const feature = files.find(({ path }) => path.endsWith('.feature'))!.path;
  const listed = [...files.map(({ path }) => `  ${path}`), ...indexes.map(({ path, before }) => `  ${path}${before === null ? '' : '   (edited)'}`)];
  const into = relative(process.cwd(), folder);
  if (!names.inside && !files.some(({ path }) => path === 'cucumber.js') && !read('cucumber.js')!.includes('beside-cucumber')) {
    output.stderr(`cucumber.js is there already and is left alone; its features will run once it says ${CUCUMBER}\n`);
  }
  output.stdout(`thread ${names.thread}, patch ${names.patch}:\n${listed.join('\n')}\n\nIt runs, and fails until it is decided:\n${into === '' ? '' : `  cd ${into}\n`}  npx cucumber-js ${feature}\n  npx paravirt-spec check ${names.patch}\n`);
  return 0;
}

function sceneNamed(name: string): NewScene {
  const scene = Object.hasOwn(SCENES, name) ? SCENES[name] : undefined;
  if (scene === undefined) throw unknown(`scene "${name}"`, name, Object.keys(SCENES));
  return scene;
}

/** At least two words, so that the name derived from it is never a word of the language. */
function patchName(patch: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(patch)) {
    throw new UsageError(`"${patch}" is not a valid patch name; legal: small letters and digits, two words or more with a hyphen between, such as flush-tlb`);
  }
  if (PATCHES.some(({ id }) => id === patch)) throw new UsageError(`there is a patch "${patch}" already; paravirt-spec list ${patch} shows it`);
  return patch;
}

/** The requested number, or the first free one: from 100 on in this package; from 900 on elsewhere, so that no later release of the package uses the same. */
function threadName(asked: string | undefined, folder: string, inside: boolean): string {
  const used = new Set(PATCHES.map(({ thread }) => thread));
  if (asked === undefined) {
    let free = inside ? 100 : 900;
    while (used.has(String(free)) || existsSync(join(folder, `machine/patches/claims/${free}.ts`))) free++;
    return String(free);
  }
  if (!/^\d{3}$/.test(asked)) throw new UsageError(`--thread "${asked}" is not a thread number; legal: three digits, such as 100`);
  if (used.has(asked)) throw new UsageError(`there is a thread ${asked} already; in use: ${[...used].sort().join(', ')}`);
  return asked;
}

function isThisProject(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  if (!existsSync(manifest)) throw new UsageError(`${folder} has no package.json; a chapter is written in paravirt-spec itself, or in a project in which it is installed`);
  const { name, type } = manifestOf(manifest);
  if (type === 'module') throw new UsageError(`package.json says "type": "module"; chapters are CommonJS, as paravirt-spec is`);
  return name === 'paravirt-spec';
}

function manifestOf(path: string): { readonly name?: string; readonly type?: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; type?: string };
  } catch {
    throw new UsageError(`cannot read ${path}`);
  }
}

const CUCUMBER = "module.exports = require('paravirt-spec/machine/cli/beside-cucumber');";

/** What a separate project needs besides its chapters, if it does not have it yet. */
function settings(folder: string): NewFile[] {
  return [
    { path: 'cucumber.js', text: `// The features of this folder run on the machine and with the steps of paravirt-spec.\n\n${CUCUMBER}\n` },
    { path: 'tsconfig.json', text: '{\n  "extends": "paravirt-spec/tsconfig.json",\n  "compilerOptions": { "rootDir": ".", "tsBuildInfoFile": "node_modules/.cache/types.tsbuildinfo" },\n  "include": ["machine", "steps"]\n}\n' },
  ].filter(({ path }) => !existsSync(join(folder, path)));
}
