// Projects to try the package in: a copy of this one, and a folder in which it is installed. Each is
// made once in a run, when a scenario first asks for it, and goes with the run.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { AfterAll } from '@cucumber/cucumber';
import { projectRoot, type FinishedCommand } from '../run/command';

let folder: string | undefined;

/** A folder of this run, for everything that its scenarios write. */
export function scratch(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'paravirt-spec-projects-'));
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

AfterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

const finished = new Map<string, FinishedCommand>();

/** Like nodeIn, but a command that was run there before is not run again: for commands that only read, or write the same each time. */
export function nodeOnceIn(project: string, args: readonly string[]): FinishedCommand {
  const key = JSON.stringify([project, args]);
  const known = finished.get(key) ?? nodeIn(project, args);
  finished.set(key, known);
  return known;
}

/** Runs `node args…` in a project. */
export function nodeIn(project: string, args: readonly string[]): FinishedCommand {
  const env = { ...process.env, FORCE_COLOR: '0', PATCHES: 'all' };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
  if (error) throw error;
  return { line: ['node', ...args].join(' '), status, stdout, stderr };
}

/** All files below a folder with their contents, without following links: equal snapshots mean equal folders. */
export function snapshot(project: string): Readonly<Record<string, string>> {
  const names = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(names.map((path) => [relative(project, path), statSync(path).isDirectory() ? 'folder' : readFileSync(path, 'latin1')]));
}

const OWN_FILES = ['machine', 'steps', 'features', 'reports', 'package.json', 'tsconfig.json', 'cucumber.js', 'eslint.config.mjs', 'eslint.layers.mjs'];

/** A copy of this project, with the same packages. */
export function copyOfThisProject(): string {
  const copy = scratch('copy');
  if (existsSync(join(copy, 'package.json'))) return copy;
  const output = join(projectRoot, 'reports', 'out');
  for (const name of OWN_FILES) cpSync(join(projectRoot, name), join(copy, name), { recursive: true, filter: (source) => source !== output });
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** What `npm pack` puts into the package, by path. */
let packed: readonly string[] | undefined;

export function packedFiles(): readonly string[] {
  projectWithPackage();
  return packed!;
}

/**
 * A project with nothing in it but this package, as `npm install` leaves it: unpacked from what
 * `npm pack` made, beside the packages that the lockfile says it depends on. Those are links to the
 * ones that are here, so that nothing is downloaded.
 */
export function projectWithPackage(): string {
  const project = scratch('own');
  const modules = join(project, 'node_modules');
  if (existsSync(modules)) return project;
  mkdirSync(join(modules, 'paravirt-spec'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  writeFileSync(join(project, 'package.json'), '{ "name": "own", "version": "1.0.0", "private": true }\n');
  // Code that was compiled here need not be compiled there: it is kept by its text, and the texts are the same.
  mkdirSync(join(modules, '.cache'));
  mkdirSync(join(projectRoot, 'node_modules', '.cache', 'paravirt-spec'), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules', '.cache', 'paravirt-spec'), join(modules, '.cache', 'paravirt-spec'));

  const pack = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch('packed')], projectRoot);
  const [{ filename, files }] = JSON.parse(pack) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  run('tar', ['-xzf', join(scratch('packed'), filename), '--strip-components=1', '-C', join(modules, 'paravirt-spec')], project);
  symlinkSync('../paravirt-spec/machine/cli/bin.js', join(modules, '.bin', 'paravirt-spec'));

  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    const isTop = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path);
    if (!isTop || dev || devOptional || !existsSync(join(projectRoot, path))) continue;
    mkdirSync(dirname(join(project, path)), { recursive: true });
    symlinkSync(join(projectRoot, path), join(project, path));
  }
  return project;
}

/** Another project beside the same installation. */
export function projectBeside(name: string): string {
  const project = scratch(name);
  if (existsSync(join(project, 'package.json'))) return project;
  symlinkSync(join(projectWithPackage(), 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), `{ "name": "${name}", "version": "1.0.0", "private": true }\n`);
  return project;
}

/** Every file of the installed package with its size and time of writing, without the packages below it. */
export function installedFiles(): Readonly<Record<string, string>> {
  const root = join(projectWithPackage(), 'node_modules', 'paravirt-spec');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((path) => [relative(root, path), `${statSync(path).size} ${statSync(path).mtimeMs}`]));
}

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
