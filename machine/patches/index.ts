import { claims002 } from './claims-002';
import { flushTlb } from './flush-tlb';
import type { Claim, Patch } from './types';

// The catalogue: every patch, and every statement that its thread makes.

export const PATCHES: readonly Patch[] = [flushTlb];

export const CLAIMS: readonly Claim[] = [...claims002];

/** The claims of one thread, in order. */
export function claimsOf(thread: string): readonly Claim[] {
  return CLAIMS.filter(({ id }) => id.startsWith(`${thread}.`));
}
