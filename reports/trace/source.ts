// The source of paths, to show the line of a step.

/** One path, as it is in its file. */
export interface PathSource {
  /** `machine/kernel/linux-2.6/tlbflush.ts` */
  readonly file: string;
  /** The line of the file at which `text` begins, from 1. */
  readonly line: number;
  /** The C file and function that it was transcribed from, as its comment says. */
  readonly from: string;
  /** Empty for a path of a situation, whose source is not shown. */
  readonly text: string;
  /** The paths that it calls whose names occur in several files, as keys of the sources. */
  readonly calls?: Readonly<Record<string, string>>;
  /** The keys of paths with the same name in other files. */
  readonly namesakes?: readonly string[];
}

/** Which source a path of a trace has: its key, and the other files that it could be from, if the trace does not tell. */
export interface Chosen {
  readonly key: string;
  readonly others: readonly string[];
}

/**
 * The sources of the paths that are being run, outermost first; null for a path that has none. A trace has their names only, and
 * kernels of several releases have paths of one name: the caller's imports tell which is meant. Where there is no such caller (a handler,
 * a callback), the file beside that of the nearest caller is taken, otherwise the first by file name.
 */
export function chosenSources(paths: readonly string[], sources: Readonly<Record<string, PathSource>>): (Chosen | null)[] {
  let caller: PathSource | undefined;
  let isCallerSure = true;
  return paths.map((name) => {
    const chosen = chosenOf(name, caller, isCallerSure, sources);
    if (chosen) [caller, isCallerSure] = [sources[chosen.key], chosen.others.length === 0];
    return chosen;
  });
}

function chosenOf(name: string, caller: PathSource | undefined, isCallerSure: boolean, sources: Readonly<Record<string, PathSource>>): Chosen | null {
  const first = sources[name];
  if (first === undefined) return null;
  const keys = [name, ...(first.namesakes ?? [])];
  const told = caller?.calls?.[name];
  const beside = keys.filter((key) => caller !== undefined && folderOf(sources[key]!.file) === folderOf(caller.file));
  const key = told ?? (beside.length === 1 ? beside[0]! : name);
  const isSure = told !== undefined && isCallerSure;
  return { key, others: isSure ? [] : keys.filter((other) => other !== key).map((other) => sources[other]!.file) };
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

const WORDS = /[A-Za-z_][\w]*|%\w+/g;
const PLAIN = new Set(['yield', 'k', 'cpu', 'the', 'of', 'a', 'const', 'if', 'return', 'reg', 'this', 'and', 'unless', 'it', 'is', 'to', 'with', 'x']);

/**
 * Which line of a path a step belongs to, from 0: the line that calls `inner` if another path runs
 * inside, otherwise the one instruction whose words are those of `text`. Null if no line fits, or more
 * than one fits equally well.
 */
export function lineOf(lines: readonly string[], text: string, inner?: string): number | null {
  const steps = [...lines.keys()].filter((i) => /\byield\*/.test(lines[i]!));
  if (inner !== undefined) return only(steps.filter((i) => new RegExp(`\\b${escaped(inner)}\\(`).test(lines[i]!)));
  if (text === '') return null;
  const wanted = new Set(wordsOf(`${text} ${mnemonic(text)}`));
  const scores = steps.map((i) => wordsOf(`${lines[i]!} ${commentAfter(lines, i)}`).filter((word) => wanted.has(word)).length);
  const best = Math.max(0, ...scores);
  return best === 0 ? (steps.length === 1 ? steps[0]! : null) : only(steps.filter((_, at) => scores[at] === best));
}

/** What the model calls a move to or from a control register; both directions have the same words. */
const mnemonic = (text: string): string => text.replace(/^mov[lq] %(cr\d), reg.*$|^mov[lq] reg, %(cr\d).*$/, (_, from: string | undefined, to: string | undefined) => (from === undefined ? `movTo${to!}` : `movFrom${from}`)).replace(/^(?!mov(To|From)cr\d$).*/, '');

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
