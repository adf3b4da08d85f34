// The message of an error that ends a command, and the exit code of the command.

import { SearchMissed } from '../explorer/oracle/challenge';
import { ScheduleError } from '../explorer/verdict/schedule';
import { SelectionError } from '../patches/selection';
import { WordError } from '../kernel/words/widths';
import { PathMistake } from '../state/mistake';
import { EXIT } from './exit';
import { UsageError, type Output } from './options';
import { ThreadLost } from './search/thread-lost';
import { unusable } from './unusable';

/** Whether a process that this one started was stopped by the signal that a terminal sends to both. */
export const isStop = (signal: string | null | undefined): boolean => signal === 'SIGINT' || signal === 'SIGTERM';

/** Longer than any word that is legal, and than most names of files. */
const LONGEST = 300;

/** A message on one line, in which the user's input cannot move the cursor or fill the screen. */
export function inOneLine(message: string): string {
  const visible = message.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return visible.replace(/[^\s,]+/gu, (word) => (word.length > LONGEST ? `${word.slice(0, LONGEST / 3)}…` : word));
}

/** Reports what went wrong: a mistake of the user or a fault of the disk in one line, a fault of this program with its trace. Returns the exit code. */
export function exitFor(error: unknown, output: Output): number {
  if (error instanceof SelectionError || error instanceof ScheduleError || error instanceof UsageError || error instanceof PathMistake || error instanceof WordError) {
    output.stderr(`paravirt-spec: ${inOneLine(error.message)}\n`);
    return EXIT.wrongUse;
  }
  if (error instanceof SearchMissed || error instanceof ThreadLost) {
    output.stderr(`paravirt-spec: ${error.message}\n`);
    return EXIT.fault;
  }
  const { path, message, stack, kept, signal } = error as NodeJS.ErrnoException & { readonly kept?: string; readonly signal?: string | null };
  if (isStop(signal)) {
    output.stderr(`paravirt-spec: stopped by ${signal} while a file was being compiled; nothing is decided\n`);
    return EXIT.undecided;
  }
  const wrong = unusable(error);
  if (wrong !== null) {
    output.stderr(`paravirt-spec: ${path === undefined ? 'a file' : `"${path}"`} cannot be used: ${wrong.reason}${kept === undefined ? '' : `; ${kept}`}\n`);
    return wrong.isDisk ? EXIT.fault : EXIT.wrongUse;
  }
  output.stderr(`paravirt-spec: a fault of this program: ${message}\n${stack ?? ''}\n`);
  return EXIT.fault;
}
