// What is said of an error that ends a command, and what the command comes back with.

import { SearchMissed } from '../explorer/oracle/challenge';
import { ScheduleError } from '../explorer/verdict/schedule';
import { SelectionError } from '../patches/selection';
import { WordError } from '../kernel/words/widths';
import { PathMistake } from '../state/mistake';
import { EXIT } from './exit';
import { UsageError, type Output } from './options';

/** What Node calls a path that the user named and that cannot be used as asked. */
const UNUSABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder', EISDIR: 'it is a folder', ENOTDIR: 'part of the path is not a folder', ENAMETOOLONG: 'the name is too long', ELOOP: 'it is a loop of links',
  EACCES: 'permission is denied', EPERM: 'permission is denied',
};

const DISK: Readonly<Record<string, string>> = { ENOSPC: 'the disk is full', EROFS: 'the disk is read-only', EIO: 'the disk reports an error', EMFILE: 'too many files are open', EDQUOT: 'the quota is used up' };

/** Says what went wrong: a user's mistake and the disk's in one line, a fault of this program with its trace. Returns the exit code. */
export function exitFor(error: unknown, output: Output): number {
  if (error instanceof SelectionError || error instanceof ScheduleError || error instanceof UsageError || error instanceof PathMistake || error instanceof WordError) {
    output.stderr(`paravirt-spec: ${error.message}\n`);
    return EXIT.wrongUse;
  }
  if (error instanceof SearchMissed) {
    output.stderr(`paravirt-spec: ${error.message}\n`);
    return EXIT.fault;
  }
  const { code = '', path, message, stack, kept } = error as NodeJS.ErrnoException & { readonly kept?: string };
  const reason = UNUSABLE[code] ?? DISK[code];
  if (reason !== undefined) {
    output.stderr(`paravirt-spec: ${path === undefined ? 'a file' : `"${path}"`} cannot be used: ${reason}${kept === undefined ? '' : `; ${kept}`}\n`);
    return DISK[code] === undefined ? EXIT.wrongUse : EXIT.fault;
  }
  output.stderr(`paravirt-spec: a fault of this program: ${message}\n${stack ?? ''}\n`);
  return EXIT.fault;
}
