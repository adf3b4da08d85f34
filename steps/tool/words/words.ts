// Functions that a table of a feature can call by name, each with a list of arguments as JSON.

import { duration, Pace, watching } from '../../../machine/cli/attend';
import { inWords as conformInWords } from '../../../machine/cli/commands/conform/words';
import { recordedInWords, recordingCode } from '../../../machine/cli/commands/fuzz';
import { troubleIn } from '../../../machine/cli/commands/conform/lines';
import { codeOf, worst } from '../../../machine/cli/exit';
import { firstTable } from '../../../machine/cli/fuzz/table';
import { formatTurn, isHypercall, joins, parseTurn, type Verb } from '../../../machine/cli/fuzz/script';
import { readScript } from '../../../machine/cli/fuzz/folder';
import { requestOf, wholeNumber } from '../../../machine/cli/options';
import { exitFor, inOneLine } from '../../../machine/cli/refusal';
import { adviceInWords, challengeInWords, counted, layerInWords, layersInWords, needInWords, withinWords } from '../../../machine/cli/search/bounds';
import type { Progress } from '../../../machine/explorer/stateful/search';
import { ProgressLine } from '../../../machine/cli/search/progress';
import { requirementsOwed } from '../../lint/rules/claims';
import { parseShard, partsFor } from '../../../machine/cli/search/shard';
import { operationsOfAssembly, operationsOfC } from '../../../machine/cli/sources/c-operations';
import { definitionsOf } from '../../../machine/cli/sources/c-text';
import { owes, provenanceOf, showSource } from '../../../machine/cli/sources/provenance';
import { digestOf, isComment, isSameFile, isTelling, normalised, treeFile } from '../../../machine/patches/diff/text';
import { parseDiffs } from '../../../machine/patches/diff/parse';
import { programNamed } from '../../../machine/programs/named';
import { selectHunks, unknown } from '../../../machine/patches/selection';
import type { Patch } from '../../../machine/patches/types';
import { limitsOf, searchBounds } from '../../../machine/situations/limits';
import { parseLitmus } from '../../../machine/situations/litmus';
import { parseScript } from '../../../machine/situations/xen/recorded/script';
import type { Situation } from '../../../machine/situations/types';
import { CLI_PARTS } from './cli-parts';
import { PARTS } from './parts';
import { KERNEL_PARTS } from './kernel-parts';
import { XEN_PARTS } from './xen-parts';

/** Two small patches to choose hunks from. */
const SMALL: readonly Patch[] = ['ring', 'drum'].map((id): Patch => ({
  id, thread: '999', title: '', author: '', date: '', against: '', story: [], quote: '', citations: [], notModelled: [],
  hunks: ['one', 'two', 'three'].map((name) => ({ id: `${id}/${name}`, file: 'x.c', where: 'x()', does: '' })),
  ...(id === 'ring' ? { whole: ['ring/one', 'ring/two'] } : {}),
  variants: [{ id: 'wrong', kind: 'near-miss', title: '', about: '', hunks: [`${id}/three`] }],
}));

const names = (operations: readonly { readonly kind: string; readonly name: string }[]): string => operations.map(({ kind, name }) => `${kind} ${name}`).join(', ');

function ending(code: string, fields: object): string {
  let said = '';
  const write = (text: string): void => { said += text; };
  const exit = exitFor(Object.assign(new Error('it broke'), code === '' ? {} : { code }, { stack: 'the stack' }, fields), { stdout: write, stderr: write });
  return `${exit}: ${said.trim()}`;
}

type Told<T> = readonly (readonly [milliseconds: number, told: T])[];

/** What a user is shown, and when, of work that begins at 1000, and whether it is to stop. */
function shownOf<T>(told: Told<T>, signal: string | null, work: (attend: { show(text: string): void; stopped(): string | null }, clock: () => number) => (one: T) => unknown): string[] {
  const shown: string[] = [];
  let now = 1000;
  const tell = work({ show: (text) => { shown.push(`${now}: ${text}`); }, stopped: () => signal }, () => now);
  for (const [at, one] of told) {
    now = at;
    const answer = tell(one);
    if (answer === true || answer === 'stop') shown.push('stop');
  }
  return shown;
}

const paced = (all: number | null, told: Told<number>, signal: string | null = null): string[] => shownOf(told, signal, (attend, clock) => {
  const pace = new Pace(attend, all, clock);
  return (done: number) => pace.tell('boots', done);
});

const watched = (told: Told<Progress>, signal: string | null = null): string[] => shownOf(told, signal, (attend, clock) => watching(attend, 'a search', clock));

const progressLine = (isTTY: boolean, told: Told<Progress | null>): string[] => shownOf(told, null, ({ show }, clock) => {
  const line = new ProgressLine({ isTTY, write: (text: string) => show(text.replace('\r\x1b[2K', '<line>')) }, clock);
  return (progress) => (progress === null ? line.end() : line.show(progress));
});

/* eslint-disable @typescript-eslint/no-explicit-any -- what a table calls is typed there, and fails there if it does not fit */
export const FUNCTIONS: Readonly<Record<string, (...given: any[]) => unknown>> = {
  counted, layerInWords, needInWords, withinWords, layersInWords, adviceInWords, challengeInWords, duration, wholeNumber, codeOf, worst, parseShard, partsFor, searchBounds,
  limitsOf: (parameters: Readonly<Record<string, string | number | boolean>>) => limitsOf({ parameters } as unknown as Situation, parameters).join('; '),
  asked: (options: object) => requestOf('ring', { patches: 'all', ...options }),
  unknown: (word: string, legal: readonly string[]) => unknown(`patch "${word}"`, word, legal).message,
  selectHunks: (words: string) => [...selectHunks(SMALL, words)].join(', '),
  selectOf: (words: string) => [...selectHunks(SMALL, words, SMALL.slice(0, 1))].join(', '),
  ending, requirementsOwed,
  inOneLine: (word: string, times = 1) => inOneLine(`no patch "${word.repeat(times)}"`),
  turn: (line: string) => formatTurn(parseTurn(line)),
  script: (text: string, file?: string) => readScript(text, file).map(formatTurn),
  isHypercall, joins: (first: Verb, second: Verb) => joins(first, second),
  definitions: (text: string, name: string) => definitionsOf(text, name).map(({ first, last }) => `${first}-${last}`).join(', '),
  operations: (text: string) => names(operationsOfC(text)),
  assembly: (text: string) => names(operationsOfAssembly(text)),
  provenance: (docstring: string) => {
    const { sources, ...rest } = provenanceOf(docstring);
    return { sources: sources.map((source) => `${showSource(source)}${source.inPart ? ' in part' : ''}`), ...rest };
  },
  owes: (docstring: string) => owes(provenanceOf(docstring)),
  normalised, isTelling, isComment, digestOf, treeFile,
  isSameFile: (one: string, other: string) => isSameFile(treeFile(one), treeFile(other)),
  diff: (text: string) => parseDiffs(text).map((diff) => diff.map(({ path, section, lines }) => [path, section, ...lines.map(({ sign, text: line, at, isBeyond }) => `${at}${isBeyond ? '?' : ''} ${sign}${line}`)])),
  litmus: (text: string) => Object.keys(parseLitmus(text)),
  hypercalls: (text: string) => parseScript(text).calls.length,
  conformInWords, paced, watched, progressLine,
  ...PARTS, ...CLI_PARTS, ...KERNEL_PARTS, ...XEN_PARTS,
  recordedInWords, recordingCode, firstTable, size: (name: string) => programNamed(name)().processes.length,
  trouble: (code: string, lines: number) => troubleIn(Object.assign(new Error('it broke'), { code }), lines),
};
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The result of a function for arguments in JSON: text as it is if a cell can show it, anything else as JSON; an exception, after `refuses: `. */
export function resultOf(name: string, given: string): string {
  const one = FUNCTIONS[name];
  if (!one) throw new Error(`no function "${name}"; legal: ${Object.keys(FUNCTIONS).join(', ')}`);
  const list = JSON.parse(given) as readonly unknown[];
  try {
    const result = one(...list);
    return typeof result === 'string' && result !== '' && result === result.trim() ? result : JSON.stringify(result) ?? 'nothing';
  } catch (error) {
    return `refuses: ${(error as Error).message.replace(/there are pin, .*/, 'there are …')}`;
  }
}
