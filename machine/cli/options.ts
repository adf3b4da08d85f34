// From the words of the command line to a request; see situations/check.

import type { Request } from '../situations/check';
import type { Attend } from './attend';
import type { Bounds } from '../explorer/stateful/search';
import { describeDiff, unsure } from '../patches/diff/choice';
import { EXIT } from './exit';
import { diffChoice, resolvedSelection, type DiffChoice } from './patches-from';

/** The command line cannot be understood. The message names the wrong words, and the legal ones. */
export class UsageError extends Error {}

export interface ChoosingOptions {
  readonly patches: string;
  /** Set if the line selects the hunks, and not the environment. */
  readonly patchesTyped?: true;
  /** A file that contains a diff, or `-`: exactly its hunks are applied. */
  readonly patchesFrom?: string;
  readonly without?: readonly string[];
  readonly with?: readonly string[];
  readonly set?: readonly string[];
  readonly invariant?: readonly string[];
  readonly interrupts?: string;
  readonly switches?: string;
  readonly states?: string;
  readonly challenge?: string;
  readonly json?: boolean;
}

/** Where a command writes. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Is told of progress while a command works; undefined if no user waits. */
  readonly attend?: Attend;
}

/** The hunks of `--patches-from`; null without it. */
export function chosenDiff(options: { readonly patchesFrom?: string }): DiffChoice | null {
  return options.patchesFrom === undefined ? null : diffChoice(options.patchesFrom);
}

/** The diff from which the hunks come, if any: that of `--patches-from`, or of `--patches @FILE` and `PATCHES=@FILE`. */
export function diffBehind(options: Pick<ChoosingOptions, 'patches' | 'patchesFrom'>): DiffChoice | null {
  return chosenDiff(options) ?? (options.patches.startsWith('@') ? diffChoice(options.patches.slice(1)) : null);
}

/** Lines about the diff that precede a verdict. */
export const aboutDiff = (diff: DiffChoice): string => `${[diff.file === '-' ? 'standard input' : diff.file, ...describeDiff(diff.diff)].join('\n')}\n`;

/** A line after a verdict with this exit code if the diff contains something that was not explored. */
export function restOfDiff(diff: DiffChoice | null, code: number): string[] {
  const rest = diff === null ? [] : unsure(diff.diff);
  return rest.length === 0 ? [] : [`${code === EXIT.fails ? 'Not explored of the diff' : 'UNDECIDED for the whole diff'}: ${rest.join('; ')}`];
}

/** The exit code for a diff: a verdict that holds decides nothing if the diff contains something that was not explored. */
export const codeOfDiff = (code: number, diff: DiffChoice | null): number => (code === EXIT.holds && diff !== null && unsure(diff.diff).length > 0 ? EXIT.undecided : code);

export function requestOf(situation: string, options: ChoosingOptions, diff: DiffChoice | null = chosenDiff(options)): Request {
  const both = options.with?.find((name) => options.without?.includes(name));
  if (both !== undefined) throw new UsageError(`"${both}" is given by both --with and --without`);
  const patches = [
    diff?.selection ?? resolvedSelection(options.patches),
    ...(options.without ?? []).map((name) => `-${hunkName('--without', name)}`),
    ...(options.with ?? []).map((name) => `+${hunkName('--with', name)}`),
  ].join(',');
  const bounds: { -readonly [K in keyof Bounds]: Bounds[K] } = {};
  if (options.interrupts !== undefined) bounds.interrupts = wholeNumber('--interrupts', options.interrupts);
  if (options.switches !== undefined) bounds.switches = wholeNumber('--switches', options.switches);
  if (options.states !== undefined) bounds.states = wholeNumber('--states', options.states);
  return {
    situation,
    patches,
    parameters: parametersIn(options.set ?? []),
    bounds,
    ...(options.invariant ? { invariants: options.invariant } : {}),
    ...(options.challenge === undefined ? {} : { challenge: challengeRuns(options.challenge) }),
  };
}

/** More random runs than a user would wait for. */
const MOST_RUNS = 1_000_000;

/** How many random runs are to challenge a verdict. */
export const challengeRuns = (text: string): number => wholeNumber('--challenge', text, 0, MOST_RUNS);

function hunkName(option: string, name: string): string {
  if (name === '') throw new UsageError(`${option} "" is not the name of a hunk; paravirt-spec list prints them`);
  return name;
}

/**
 * A whole number, written in digits.
 *
 * @throws UsageError for anything else, and for a number below `least` or above `most`
 */
export function wholeNumber(name: string, text: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${name} "${text}" is not a whole number from ${least} to ${most}, written in digits`);
}

/**
 * The patch or situation that a command is about: the one that is named, or the one whose hunks are in the diff.
 *
 * @throws UsageError if neither is given
 */
export function patchAsked(command: string, named: string | undefined, diff: DiffChoice | null): string {
  if (named !== undefined) return named;
  const patches = diff?.diff.patches.map(({ patch }) => patch) ?? [];
  if (patches.length === 1) return patches[0]!;
  throw new UsageError(patches.length === 0 ? `${command} needs a situation or a patch (or --patches-from FILE)` : `the diff has hunks of ${patches.join(' and ')}: name one of them`);
}

function parametersIn(words: readonly string[]): Record<string, string> {
  const given = words.map(parameter);
  const twice = given.find(([name], i) => given.findIndex(([other]) => other === name) !== i);
  if (twice) throw new UsageError(`--set ${twice[0]} is given twice`);
  return Object.fromEntries(given);
}

/** Splits `accesses=2` into a name and a value, as text. */
function parameter(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set "${text}" is not of the form name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
