// The names of a new chapter, and how its files import those of the package.

import { posix } from 'node:path';

export interface ChapterNames {
  /** `switch-mm-barrier` */
  readonly patch: string;
  /** `100` */
  readonly thread: string;
  /** Whether it is written in this package, or in a project that has the package installed. */
  readonly inside: boolean;
}

/** A file to write. */
export interface NewFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** `switch-mm-barrier` to `switchMmBarrier`. */
export const camelCase = (patch: string): string => patch.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The name of the only invariant with which a chapter begins, if the scene has none. */
export const invariantOf = (patch: string): string => `${camelCase(patch)}Holds`;

export const claimsOfThread = (thread: string): string => `claims${thread}`;

/** The import path of `file` of this package for a file in the folder `part` of machine. */
export const importOf = ({ inside }: ChapterNames, part: string, file: string): string => {
  if (!inside) return `paravirt-spec/machine/${file}`;
  const path = posix.relative(part, file);
  return path.startsWith('.') ? path : `./${path}`;
};

/** The folder of the paths: each chapter has its own, so that its files can be named after the C files and the chapter can be moved. */
export const kernelFolder = ({ patch }: ChapterNames): string => `kernel/${patch}`;
