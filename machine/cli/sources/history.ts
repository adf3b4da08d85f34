// A git history, read without a work tree.

import { spawnSync } from 'node:child_process';
import { UsageError } from '../options';
import { RELEASES } from './releases';

export interface History {
  readonly directory: string;
  /** The commit of a revision, or null if it is not in this history. */
  commitOf(revision: string): string | null;
  /** A file at a commit, or null. */
  read(commit: string, file: string): string | null;
}

/**
 * @param directory a git directory, or a work tree
 * @param as the revision that the newest commit stands for
 * @throws UsageError if it is not a git directory
 */
export function historyIn(directory: string, as?: string): History {
  const git = (...words: readonly string[]): string | null => {
    const { status, stdout } = spawnSync('git', ['-C', directory, ...words], { encoding: 'utf8', maxBuffer: 1 << 28 });
    return status === 0 ? stdout : null;
  };
  if (git('rev-parse', '--git-dir') === null) throw new UsageError(`"${directory}" is not a git directory`);
  const commits = new Map<string, string | null>();
  const files = new Map<string, string | null>();
  const resolve = (revision: string): string | null => {
    for (const name of revision === as ? ['HEAD'] : namesOf(revision)) {
      const commit = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
      if (commit !== null) return commit.trim();
    }
    return null;
  };
  return {
    directory,
    commitOf: (revision) => memo(commits, revision, () => resolve(revision)),
    read: (commit, file) => memo(files, `${commit}:${file}`, () => git('show', `${commit}:${file}`)),
  };
}

/** The names under which git may know a revision: the tag of a release, or its commit if a history has no tags. */
function namesOf(revision: string): string[] {
  if (revision.startsWith('mail')) return [];
  if (revision.startsWith('Xen ')) return [`RELEASE-${revision.slice(4)}`, revision.slice(4)];
  if (/^[0-9a-f]{12}$/.test(revision)) return [revision];
  return [`v${revision}`, ...(RELEASES[revision] === undefined ? [] : [RELEASES[revision]])];
}

function memo<V>(known: Map<string, V>, key: string, make: () => V): V {
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}
