// What a ready scene provides for a new chapter: a path, a situation, and how its scenarios end.

import type { ChapterNames, NewFile } from '../names';

export interface NewScene {
  /** For the option's help. */
  readonly about: string;
  /** `machine/kernel/<patch>/<patch>.ts` */
  readonly kernelPath: (names: ChapterNames) => string;
  /** `machine/situations/<patch>.ts` */
  readonly situation: (names: ChapterNames) => string;
  /** Further files: an invariant and steps, if the scene has none. */
  readonly further: (names: ChapterNames) => readonly NewFile[];
  readonly words: (names: ChapterNames) => {
    readonly given: string;
    readonly when: string;
    readonly some: string;
    readonly none: string;
  };
}
