// The files of the project that a command is about, and of the package below it. A file is named by
// its place in the project; a file of an installed package, as in an import:
// `paravirt-spec/machine/kernel/kernel.ts`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

export interface Project {
  /** The folder of its chapters. */
  readonly root: string;
  /** Where commands write their results: below `reports/out`, and the recorded answers about neighbours. */
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

/** The file that an import names, without its extension; null if it is a file of neither. */
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

/** The Cucumber configuration of the project: its own cucumber.js, else that of this package for such projects. Relative to the project; null for the usual one. */
export function cucumberSettings({ root, hasOwn } = PROJECT): string | null {
  const own = join(root, 'cucumber.js');
  if (!hasOwn || (existsSync(own) && readFileSync(own, 'utf8').includes('beside-cucumber'))) return null;
  return relative(root, join(PACKAGE, 'machine', 'cli', 'beside-cucumber.js'));
}
