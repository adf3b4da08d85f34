// Why a file that the user named cannot be used, in our words instead of Node's.

/** The user's mistake. */
const NAMED_WRONG: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder', EISDIR: 'it is a folder', ENOTDIR: 'part of the path is not a folder', EEXIST: 'it is not a folder', ENAMETOOLONG: 'the name is too long',
  ELOOP: 'it is a loop of links', EACCES: 'permission is denied', EPERM: 'permission is denied', ERR_INVALID_ARG_VALUE: 'the name contains a character that no name can have',
};

/** Faults of the disk or of the system. */
const DISK: Readonly<Record<string, string>> = { ENOSPC: 'the disk is full', EROFS: 'the disk is read-only', EIO: 'the disk reports an error', EMFILE: 'too many files are open', EDQUOT: 'the quota is used up' };

/** What is wrong with a file, and whether the user or the disk is at fault; null if the error is about something else. */
export function unusable(error: unknown): { readonly reason: string; readonly isDisk: boolean } | null {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = NAMED_WRONG[code] ?? DISK[code];
  return reason === undefined ? null : { reason, isDisk: code in DISK };
}
