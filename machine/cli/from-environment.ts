// The environment variable PATCHES, used if the command line does not choose the hunks.

import { PATCHES } from '../patches';
import { selectHunks, SelectionError } from '../patches/selection';
import { resolvedSelection } from './patches-from';

/** @throws SelectionError that names the variable, as the user may not have typed it */
export function refuseUnknownHunks(selection: string): void {
  try {
    selectHunks(PATCHES, resolvedSelection(selection));
  } catch (error) {
    throw new SelectionError(`the environment variable PATCHES: ${(error as Error).message}`);
  }
}
