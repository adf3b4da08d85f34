import type { Situation } from './types';

// The situations of chapters that are kept beside an installed package: the
// project's own machine/situations/index.ts is loaded instead of this file (see
// machine/cli/load/beside.js).

export const SITUATIONS: readonly Situation[] = [];
