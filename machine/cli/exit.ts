// The exit codes of commands; refusal.ts has those of errors.

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
