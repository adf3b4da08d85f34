// Detects names of chapters beside this package that the package itself has used since.

import { CLAIMS, PATCHES, REVIEWED } from '../patches';
import { SITUATIONS } from '../situations';
import { PROJECT } from './project';
import { UsageError } from './options';

/** @throws UsageError if a patch, a situation or a claim of the project has a name that the package uses */
export function refuseTaken(): void {
  if (!PROJECT.hasOwn) return;
  const patch = twice(PATCHES.map(({ id }) => id));
  if (patch !== undefined) throw new UsageError(`there is a patch "${patch}" in paravirt-spec and in machine/patches; choose another name`);
  const situation = twice(SITUATIONS.map(({ id }) => id));
  if (situation !== undefined) throw new UsageError(`there is a situation "${situation}" in paravirt-spec and in machine/situations; choose another name`);
  const claim = twice(CLAIMS.map(({ id }) => id));
  if (claim !== undefined) throw new UsageError(`thread ${claim.split('.')[0]!} of ${REVIEWED.patches.find(({ thread }) => thread === claim.split('.')[0])?.id ?? 'machine/patches/claims'} belongs to paravirt-spec itself; choose another number (from 900 on, all are free)`);
}

const twice = (names: readonly string[]): string | undefined => names.find((name, i) => names.indexOf(name) !== i);
