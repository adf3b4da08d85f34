import { selectHunks } from '../../patches/selection';
import { LANDED_HUNKS, vmiBoot } from '../../patches/vmi-boot';
import type { HunkId } from '../../patches/types';

// The kernels of thread 003, by the names that readers use.

/** A release, or a release with one take or alternative on top. */
export interface NamedKernel {
  /** `2.6.28-rc8 with take-1` */
  readonly name: string;
  readonly release: string;
  readonly hunks: ReadonlySet<HunkId>;
}

/** Releases that lack the patch, oldest first. */
const UNPATCHED = ['2.6.21', '2.6.26', '2.6.27-rc1', '2.6.27-rc4', '2.6.27', '2.6.27.5', '2.6.27.6', '2.6.27.9', '2.6.28-rc1', '2.6.28-rc8'] as const;
/** Releases that have it. */
const PATCHED = ['2.6.27.10', '2.6.28'] as const;
/** Which variant was tried on top of which release. */
const TRIED: readonly (readonly [release: string, variant: string])[] = [
  ['2.6.27.9', 'take-1'],
  ['2.6.28-rc8', 'take-1'],
  ['2.6.28-rc8', 'take-2'],
  ['2.6.28-rc8', 'take-3'],
  ['2.6.28-rc8', 'take-4'],
  ['2.6.28-rc8', 'relink'],
  ['2.6.27.9', 'reserve-split'],
  ['2.6.28-rc8', 'no-double-count'],
  ['2.6.28-rc8', 'fixup'],
];

/** Every kernel of the table, in the order of its rows. */
export const KERNELS: readonly NamedKernel[] = [
  ...UNPATCHED.map((release) => ({ name: release, release, hunks: new Set<HunkId>() })),
  ...PATCHED.map((release) => ({ name: release, release, hunks: new Set<HunkId>(LANDED_HUNKS) })),
  ...TRIED.map(([release, variant]) => kernelNamed(`${release} with ${variant}`)),
];

/**
 * The kernel called `name`: a release, which has the patch if it was merged by
 * then, or `<release> with <variant>`, which has that variant and nothing else.
 *
 * @throws SelectionError for a variant that does not exist
 */
export function kernelNamed(name: string): NamedKernel {
  const [release = '', variant] = name.split(' with ');
  if (variant !== undefined) return { name, release, hunks: selectHunks([vmiBoot], `none,+vmi-boot@${variant}`) };
  const hasPatch = (PATCHED as readonly string[]).includes(release);
  return { name, release, hunks: new Set<HunkId>(hasPatch ? LANDED_HUNKS : []) };
}
