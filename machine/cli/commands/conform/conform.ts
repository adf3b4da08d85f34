// `paravirt-spec conform`: compares the machine with recordings of real accesses
// and of real hypervisors, and with litmus tests that list all outcomes.

import { parseRecording, RecordingError, RecordingPlayer } from '../../../hardware/recorded';
import { checkLitmus, LitmusError, parseLitmus } from '../../../situations/litmus';
import { refuseEndless } from '../../search/limits';
import { linesOf, troubleIn } from './lines';
import { CONFORM_KINDS, type Checker, type ConformKind, type FileResult } from './result';
import { inWords } from './words';
import { releaseFor, xenChecker } from './xen';

export interface ConformOptions {
  readonly json?: boolean | undefined;
  /** The Xen with which a file of scripts is compared; by default the one in the file's name. */
  readonly xen?: string | undefined;
}

/** Where the command writes. */
export interface ConformOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** How many differences are printed for each set; all are counted. */
const TOLD = 3;

/**
 * Checks each file and writes a summary for each set.
 *
 * @returns the exit status: 0 if everything agrees, 1 if something differs, 2 for wrong use or if something could not be read
 */
export async function conform(kind: string, files: readonly string[], options: ConformOptions, output: ConformOutput): Promise<number> {
  if (!CONFORM_KINDS.includes(kind as ConformKind)) return refuse(output, `cannot check "${kind}"; it can be ${CONFORM_KINDS.join(', ')}`);
  if (files.length === 0) return refuse(output, `which file? usage: paravirt-spec conform ${kind} FILE…`);
  if (options.xen !== undefined && kind !== 'xen') return refuse(output, '--xen is about recordings of hypercalls; use it with xen');
  const results: FileResult[] = [];
  files.forEach(refuseEndless);
  for (const file of files) {
    const result = await checkFile(kind as ConformKind, file, options.xen);
    results.push(result);
    if (!options.json && Object.keys(result.sets).length > 0) output.stdout(inWords(kind as ConformKind, result));
  }
  const differ = results.some(({ sets }) => Object.values(sets).some((set) => set.differ > 0));
  const trouble = results.some((result) => result.trouble !== null || result.unreadable.length > 0);
  for (const { file, trouble: reason } of results) if (reason !== null) output.stderr(`paravirt-spec conform: "${file}": ${reason}\n`);
  if (options.json) output.stdout(`${JSON.stringify({ format: 'conform/1', kind, agrees: !differ && !trouble, files: results }, null, 2)}\n`);
  return differ ? 1 : trouble ? 2 : 0;
}

function refuse({ stderr }: ConformOutput, message: string): number {
  stderr(`paravirt-spec conform: ${message}\n`);
  return 2;
}

async function checkFile(kind: ConformKind, file: string, xen: string | undefined): Promise<FileResult> {
  const result: FileResult = { file, lines: 0, sets: {}, differences: [], unreadable: [], trouble: null };
  const release = kind === 'xen' ? releaseFor(file, xen) : null;
  if (typeof release === 'string') return { ...result, trouble: release };
  if (release !== null) result.release = release.name;
  const check = release === null ? checkerOf(kind as Exclude<ConformKind, 'xen'>) : xenChecker(release);
  try {
    for await (const line of linesOf(file)) {
      result.lines++;
      const text = elementOf(line);
      if (text !== '') checkLine(check, text, result);
    }
    if (Object.keys(result.sets).length === 0 && result.unreadable.length === 0) result.trouble = 'it is empty';
    if (Object.keys(result.sets).length === 0 && result.unreadable.length > 0) result.trouble = noneReadable(result);
  } catch (error) {
    result.trouble = troubleIn(error as NodeJS.ErrnoException, result.lines);
  }
  return result;
}

/** The message about a file in which no line can be read: most likely it is not a recording. */
function noneReadable({ lines, unreadable: [first] }: FileResult): string {
  return `${lines === 1 ? 'its only line is not' : `none of its ${lines} lines is`} a recording: line ${first!.line} cannot be read: ${first!.reason}`;
}

/** The element on a line of a file of lines, or of a JSON list with one element on each line. */
function elementOf(line: string): string {
  const text = line.trim().replace(/,$/, '');
  return text === '[' || text === ']' ? '' : text;
}

function checkerOf(kind: Exclude<ConformKind, 'xen'>): Checker {
  if (kind === 'tso') return (text) => [checkLitmus(parseLitmus(text))];
  const player = new RecordingPlayer();
  return (text) => {
    const recording = parseRecording(text);
    if (kind === 'mmu' && recording.ops.length > 1) throw new RecordingError('a sequence of operations; check it as tlb');
    return player.play(recording);
  };
}

function checkLine(check: Checker, text: string, result: FileResult): void {
  try {
    for (const { id, set, differences } of check(text)) {
      const count = (result.sets[set] ??= { checked: 0, differ: 0 });
      count.checked++;
      if (differences.length > 0 && count.differ++ < TOLD) result.differences.push({ line: result.lines, id, set, differences });
    }
  } catch (error) {
    if (!(error instanceof RecordingError) && !(error instanceof LitmusError)) throw error;
    result.unreadable.push({ line: result.lines, reason: error.message });
  }
}
