import { END_PLOYS } from './ends';
import { GRANT_PLOYS } from './grants';
import type { Ploy } from './ploy';
import { PROGRAM_PLOYS } from './programs';
import { SIDE_PLOYS } from './sides';
import { TABLE_PLOYS } from './tables';
import { TREE_PLOYS } from './trees';

/** Every ploy, by name. */
export const PLOYS: Readonly<Record<string, Ploy>> = { ...TABLE_PLOYS, ...TREE_PLOYS, ...GRANT_PLOYS, ...SIDE_PLOYS, ...END_PLOYS, ...PROGRAM_PLOYS };
