// What a command comes back with, and what is said of an error.

import { CommanderError } from 'commander';
import { SearchMissed } from '../explorer/oracle/challenge';
import { ScheduleError } from '../explorer/verdict/schedule';
import { SelectionError } from '../patches/selection';
import { PathMistake } from '../state/mistake';
import { UsageError, type Output } from './options';

/** Exit codes. A search that ended early and found nothing is undecided. */
export const EXIT = { holds: 0, fails: 1, wrongUse: 2, fault: 3, undecided: 4 } as const;

/** As `--help` lists them. */
export const EXIT_CODES = 'Exit codes: 0 holds, 1 fails, 2 wrong use, 3 a fault of this program or of the disk, 4 undecided.';

/** The exit code of a verdict. */
export function codeOf({ holds, findings }: { readonly holds: boolean; readonly findings: readonly unknown[] }): number {
  return holds ? EXIT.holds : findings.length > 0 ? EXIT.fails : EXIT.undecided;
}

/** The exit code of several verdicts: a failure counts for more than a search that ended early. */
export function worst(codes: readonly number[]): number {
  return [EXIT.fault, EXIT.fails, EXIT.undecided].find((code) => codes.includes(code)) ?? EXIT.holds;
}

/** What Node calls a path that the user named and that cannot be used as asked. */
const UNUSABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder', EISDIR: 'it is a folder', ENOTDIR: 'part of the path is not a folder', ENAMETOOLONG: 'the name is too long', ELOOP: 'it is a loop of links',
  EACCES: 'permission is denied', EPERM: 'permission is denied',
};

const DISK: Readonly<Record<string, string>> = { ENOSPC: 'the disk is full', EROFS: 'the disk is read-only', EIO: 'the disk reports an error', EMFILE: 'too many files are open', EDQUOT: 'the quota is used up' };

/** Says what went wrong: a user's mistake and the disk's in one line, a fault of this program with its trace. Returns the exit code. */
export function exitFor(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.wrongUse;
  if (error instanceof SelectionError || error instanceof ScheduleError || error instanceof UsageError || error instanceof PathMistake) {
    output.stderr(`paravirt-spec: ${error.message}\n`);
    return EXIT.wrongUse;
  }
  if (error instanceof SearchMissed) {
    output.stderr(`paravirt-spec: ${error.message}\n`);
    return EXIT.fault;
  }
  const { code = '', path, message, stack } = error as NodeJS.ErrnoException;
  const reason = UNUSABLE[code] ?? DISK[code];
  if (reason !== undefined) {
    output.stderr(`paravirt-spec: ${path === undefined ? 'a file' : `"${path}"`} cannot be used: ${reason}\n`);
    return DISK[code] === undefined ? EXIT.wrongUse : EXIT.fault;
  }
  output.stderr(`paravirt-spec: a fault of this program: ${message}\n${stack ?? ''}\n`);
  return EXIT.fault;
}
