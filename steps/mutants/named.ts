import type { Mutant } from './operators';

export function namedMutants(): Mutant[] {
  return [];
}
