// From the words of the command line to a request; see situations/check.

import type { Request } from '../situations/check';
import type { Bounds } from '../explorer/stateful/search';

/** What was typed cannot be understood. The message names the words, and the legal ones. */
export class UsageError extends Error {}

export interface ChoosingOptions {
  readonly patches: string;
  readonly without?: readonly string[];
  readonly with?: readonly string[];
  readonly set?: readonly string[];
  readonly invariant?: readonly string[];
  readonly interrupts?: string;
  readonly preemptions?: string;
  readonly states?: string;
  readonly json?: boolean;
}

/** Where a command writes. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

export function requestOf(situation: string, options: ChoosingOptions): Request {
  const patches = [
    options.patches,
    ...(options.without ?? []).map((name) => `-${name}`),
    ...(options.with ?? []).map((name) => `+${name}`),
  ].join(',');
  const bounds: { -readonly [K in keyof Bounds]: Bounds[K] } = {};
  if (options.interrupts !== undefined) bounds.interrupts = wholeNumber('--interrupts', options.interrupts);
  if (options.preemptions !== undefined) bounds.preemptions = wholeNumber('--preemptions', options.preemptions);
  if (options.states !== undefined) bounds.states = wholeNumber('--states', options.states);
  return {
    situation,
    patches,
    parameters: Object.fromEntries((options.set ?? []).map(parameter)),
    bounds,
    ...(options.invariant ? { invariants: options.invariant } : {}),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === '') throw new UsageError(`${name} "${text}" is no whole number`);
  return value;
}

/** `accesses=2` to a name and a value; numbers and truth values are what they look like. */
function parameter(text: string): [string, string | number | boolean] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set "${text}" is not of the form name=value`);
  const value = text.slice(at + 1);
  if (value === 'true' || value === 'false') return [text.slice(0, at), value === 'true'];
  return [text.slice(0, at), value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
}
