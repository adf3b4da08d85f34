import { graphs } from './graphs';
import type { Recording } from './recording';

/** Everything that is recorded in lines. */
export const RECORDINGS: readonly Recording[] = [graphs];
