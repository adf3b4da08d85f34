import type { Claim, Patch } from './types';

// Chapters that a project of its own keeps beside an installed package. The
// package itself has none: if that project has a machine/patches/index.ts, it
// is loaded instead of this file (see machine/cli/load/beside.js).

export const PATCHES: readonly Patch[] = [];

export const CLAIMS: readonly Claim[] = [];
