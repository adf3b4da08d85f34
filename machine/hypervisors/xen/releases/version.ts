// Versions of Xen as its releases count them. A version names one release and
// so one version of the source: changes.ts and holes.ts say what it does and
// which holes were closed by then.

export interface Version {
  /** As it was asked for, `4.13.5`. */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly point: number;
}

/** The releases that were recorded or whose source was read; any other release number is legal too. */
export const KNOWN_RELEASES = ['3.2.0', '4.0.4', '4.8', '4.13.5', '4.17.7'] as const;

/** `4.13.5`, `4.8` (its first release), `3.2.0-rc6` (no 3.2.0 was tagged; this is the last before it); null if it is not a version. */
export function parseVersion(text: string): Version | null {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-rc\d+)?$/.exec(text);
  if (!match) return null;
  return { name: text, major: Number(match[1]), minor: Number(match[2]), point: Number(match[3] ?? 0) };
}

/** Negative, zero or positive as `one` came before, is, or came after `other` in the order of numbers. */
export function compareVersions(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || one.point - other.point;
}

/**
 * Whether a change has reached a version. A change is made once, in what becomes the next x.y.0, and may be backported to older
 * branches in later point releases.
 *
 * @param since the first release of each branch that has it, oldest branch first; all releases from the last one on have it
 */
export function hasReached(version: Version, since: readonly string[]): boolean {
  const firsts = since.map((text) => parseVersion(text)!);
  const same = firsts.find(({ major, minor }) => major === version.major && minor === version.minor);
  return compareVersions(version, same ?? firsts[firsts.length - 1]!) >= 0;
}
