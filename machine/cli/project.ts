// The files of the project that a command is about, and of the package below it. A file is named by
// its place in the project; one of the package, where that is installed beside the project, as an
// import names it: `paravirt-spec/machine/kernel/kernel.ts`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

export interface Project {
  /** Whose chapters it is about. */
  readonly root: string;
  /** Where what a command makes is written: below `reports/out`, and what is kept of neighbours. */
  readonly home: string;
  /** Whether the chapters are those of a project beside the package. */
  readonly hasOwn: boolean;
}

const { PACKAGE, OFFERED_STEPS, projectIn } = module.require('./load/project.js') as {
  readonly PACKAGE: string;
  readonly OFFERED_STEPS: readonly string[];
  readonly projectIn: (folder: string) => Project;
};

export { OFFERED_STEPS, PACKAGE };

/** The project in the folder where the command was called. */
export const PROJECT: Project = projectIn(process.cwd());

/** This package with its own chapters, wherever the command was called. */
export const THIS_PACKAGE: Project = { root: PACKAGE, home: PACKAGE, hasOwn: false };

const NAME = 'paravirt-spec/';

/** Where the file lies. */
export function pathOf(file: string, { root } = PROJECT): string {
  return isBeside(file) ? join(PACKAGE, file.slice(NAME.length)) : join(root, file);
}

/** The file of this package that `place` names in it: `machine/kernel/kernel.ts`. */
export function packageFile(place: string, { hasOwn } = PROJECT): string {
  return hasOwn ? `${NAME}${place}` : place;
}

/** Whether it is one of this package, installed beside the project. */
export const isBeside = (file: string): boolean => file.startsWith(NAME);

/** What a file imports; without its ending, and null for what is no file of the two. */
export function importedFile(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return specifier.startsWith(NAME) ? specifier : null;
}

/** Every TypeScript file below a folder such as `machine/kernel`, of the project and of the package below it. */
export function filesBelow(folder: string, project = PROJECT): string[] {
  return (project.hasOwn ? [folder, `${NAME}${folder}`] : [folder]).flatMap((place) => {
    const at = pathOf(place, project);
    return existsSync(at) ? readdirSync(at, { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file.replaceAll('\\', '/')}`).filter((file) => file.endsWith('.ts')).sort() : [];
  });
}

/** Where Cucumber finds how the project's features run: in a cucumber.js that says so, else in that of this package for such projects. Relative to the project; null for the usual one. */
export function cucumberSettings({ root, hasOwn } = PROJECT): string | null {
  const own = join(root, 'cucumber.js');
  if (!hasOwn || (existsSync(own) && readFileSync(own, 'utf8').includes('beside-cucumber'))) return null;
  return relative(root, join(PACKAGE, 'machine', 'cli', 'beside-cucumber.js'));
}
