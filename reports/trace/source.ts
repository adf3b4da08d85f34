// The source of paths, for a reader who wants to see the line of a step.

/** One path as its file has it. */
export interface PathSource {
  /** `machine/kernel/linux-2.6/tlbflush.ts` */
  readonly file: string;
  /** The line of the file at which `text` begins, from 1. */
  readonly line: number;
  /** The C file and function that it was transcribed from, as its comment says. */
  readonly from: string;
  readonly text: string;
}

const WORDS = /[A-Za-z_][\w]*|%\w+/g;
const PLAIN = new Set(['yield', 'k', 'cpu', 'the', 'of', 'a', 'const', 'if', 'return', 'reg', 'this', 'and', 'unless', 'it', 'is', 'to', 'with', 'x']);

/**
 * Which of a path's lines a step is of, from 0: the line that calls `inner` where another path runs
 * inside, else the one instruction whose words are those of `text`. Null where no line or more than
 * one fits as well.
 */
export function lineOf(lines: readonly string[], text: string, inner?: string): number | null {
  const steps = [...lines.keys()].filter((i) => /\byield\*/.test(lines[i]!));
  if (inner !== undefined) return only(steps.filter((i) => new RegExp(`\\b${escaped(inner)}\\(`).test(lines[i]!)));
  if (text === '') return null;
  const wanted = new Set(wordsOf(text));
  const scores = steps.map((i) => wordsOf(`${lines[i]!} ${commentAfter(lines, i)}`).filter((word) => wanted.has(word)).length);
  const best = Math.max(0, ...scores);
  return best === 0 ? (steps.length === 1 ? steps[0]! : null) : only(steps.filter((_, at) => scores[at] === best));
}

const only = (found: readonly number[]): number | null => (found.length === 1 ? found[0]! : null);

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const wordsOf = (text: string): string[] => [...new Set(camelApart(text).match(WORDS) ?? [])].map((word) => word.replace(/^%/, '').toLowerCase()).filter((word) => !PLAIN.has(word));

/** `movFromCr3` as `mov from cr3`, beside the name itself. */
function camelApart(text: string): string {
  return `${text} ${text.replace(/([a-z])([A-Z])/g, '$1 $2')}`;
}

/** The comment at the end of a line says what the instruction is in C or in assembly. */
function commentAfter(lines: readonly string[], i: number): string {
  return /\/\/(.*)$/.exec(lines[i]!)?.[1] ?? '';
}
