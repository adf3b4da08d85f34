import { COMPAT, PAE, TWO_LEVEL, type Layout } from '../public/layout';
import { RULES, type RuleName } from '../rules';
import { changesOf, type ChangeName } from './changes';
import { CLOSED } from './holes';
import { hasReached, KNOWN_RELEASES, parseVersion, type Version } from './version';

// A hypervisor as it was released: what its interface does, and which promises
// it did not keep yet. `4.13.5+fixes` is the same with every hole closed.

export interface Release {
  /** The name that was asked for: `4.13.5` or `4.13.5+fixes`. */
  readonly name: string;
  readonly version: Version;
  /** Whether every promise is kept, including later ones. */
  readonly isFixed: boolean;
  readonly does: Readonly<Record<ChangeName, boolean>>;
  /** The promises that it does not keep yet. */
  readonly open: ReadonlySet<RuleName>;
}

/** Reads `4.13.5` or `4.13.5+fixes`. If it is neither, throws an error that lists what is legal. */
export function releaseNamed(name: string): Release {
  const isFixed = name.endsWith('+fixes');
  const version = parseVersion(isFixed ? name.slice(0, -'+fixes'.length) : name);
  if (!version || version.major < 3 || version.major > 4 || (version.major === 3 && version.minor < 2)) {
    throw new Error(`no Xen "${name}"; there are ${KNOWN_RELEASES.join(', ')}, every other release from 3.2.0 on, and each of them with its holes closed, as 4.13.5+fixes`);
  }
  return release(name, version, isFixed);
}

function release(name: string, version: Version, isFixed: boolean): Release {
  const rules = Object.keys(RULES) as RuleName[];
  const open = isFixed ? [] : rules.filter((rule) => isOpenIn(rule, version));
  return { name, version, isFixed, does: changesOf(version), open: new Set(open) };
}

/** Whether a version was released before it kept a promise. */
export function isOpenIn(rule: RuleName, version: Version): boolean {
  const closed = CLOSED[rule];
  if (!closed) return false;
  const has = closed.from === undefined || hasReached(version, closed.from);
  return has && !(closed.in.length > 0 && hasReached(version, closed.in));
}

/** The default release for page tables of this layout. */
export function defaultRelease(layout: Layout): Release {
  return releaseNamed(layout.hostLevels === 4 ? '4.13.5+fixes' : '3.2.0+fixes');
}

/** The page tables of the recordings of a release: a 32-bit Xen until 4.2, the last release that had one; since then a 64-bit one with a 32-bit guest. */
export function usualLayout({ version }: Release): Layout {
  return version.major < 4 || (version.major === 4 && version.minor < 3) ? PAE : COMPAT;
}

/** Whether a release can have these page tables: two-level ones were removed in 3.4, the 32-bit Xen in 4.3. */
export function hasLayout({ version }: Release, layout: Layout): boolean {
  if (layout.hostLevels === 4) return true;
  const is32 = version.major < 4 || (version.major === 4 && version.minor < 3);
  return layout === TWO_LEVEL ? version.major < 4 && version.minor < 4 : is32;
}
