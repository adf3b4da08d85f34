import type { Claim, Patch } from './types';

// Chapters that are kept beside an installed package, in a project of their
// own. There are none in the package itself: where that project has a
// machine/patches/index.ts, it is loaded in the place of this file (see
// machine/cli/load/beside.js).

export const PATCHES: readonly Patch[] = [];

export const CLAIMS: readonly Claim[] = [];
