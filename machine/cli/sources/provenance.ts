// The place of a path in the C. Each docstring of a path names it in a fixed
// form; this module reads it. CONTRIBUTING.md explains the form.

/** A function (or macro, or assembly label) of the C, and its place at one revision. */
export interface Source {
  /** `arch/i386/mm/highmem.c` */
  readonly file: string;
  readonly name: string;
  /** First and last line, if the revision is in a history; a mail has none. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  /** A release, `Xen 4.0.0`, a commit, or `mail of 2007-03-31`. */
  readonly revision: string;
  /** The last release with the same text, if it is another one. */
  readonly until: string | null;
  /** Whether the path is only a part of the function, without listing the rest. */
  readonly inPart: boolean;
}

/** Names that only one side has, on purpose, and why. */
export interface Difference {
  readonly names: readonly string[];
  readonly reason: string;
}

/** What a path's docstring says about its origin. */
export interface Provenance {
  readonly sources: readonly Source[];
  /** Why there is no C to point to, for what the project itself has added; null otherwise. */
  readonly ours: string | null;
  /** What is still missing in a chapter that was only begun; null otherwise. */
  readonly owed: string | null;
  /** Names of the C that the path leaves out. */
  readonly leavesOut: readonly Difference[];
  /** Names of the path that are not in the C. */
  readonly adds: readonly Difference[];
  /** Every name in a sentence of the docstring that begins with "Model:". */
  readonly modelNames: readonly string[];
}

const FILE = String.raw`[\w.-]+(?:/[\w.-]+)*\.[chS]`;
const REVISION = String.raw`\d+\.\d[\w.-]*|Xen \d[\w.-]*|[0-9a-f]{12}|mail of \d{4}-\d\d-\d\d`;
const FORM = new RegExp(String.raw`(${FILE})(?::(\d+)-(\d+))? \((${REVISION})(?: to (${REVISION}))?\), (\w+)(?:\(\))?( in part)?`, 'g');
const DECLARED = /Model: (leaves out|adds) ((?:\w+(?:\(\))?)(?:, \w+(?:\(\))?)*): ((?:[^.]|\.\S)*)/g;

/** Parses a docstring. */
export function provenanceOf(docstring: string): Provenance {
  const text = docstring.replace(/^\s*\/?\*+\/?/gm, ' ').replace(/\*\/\s*$/, '').replace(/\s+/g, ' ').trim();
  const declared = [...text.matchAll(DECLARED)].map(([, kind, names, reason]) => ({ kind, names: names!.replace(/\(\)/g, '').split(', '), reason: reason!.trim() }));
  return {
    sources: [...text.matchAll(FORM)].map(([, file, first, last, revision, until, name, part]) => ({
      file: file!,
      name: name!,
      lines: first === undefined ? null : { first: Number(first), last: Number(last) },
      revision: revision!,
      until: until ?? null,
      inPart: part !== undefined,
    })),
    ours: /(?:^|\W)Ours: ((?:[^.]|\.\S)*)/.exec(text)?.[1]?.trim() ?? null,
    owed: /^owed: .*/.exec(text)?.[0] ?? null,
    leavesOut: declared.filter(({ kind }) => kind === 'leaves out'),
    adds: declared.filter(({ kind }) => kind === 'adds'),
    modelNames: [...text.matchAll(/Model: ((?:[^.]|\.\S)*)/g)].flatMap(([, sentence]) => sentence!.match(/[A-Za-z_]\w*/g) ?? []),
  };
}

/** A source in the form used in docstrings. */
export function showSource({ file, name, lines, revision, until }: Source): string {
  return `${file}${lines === null ? '' : `:${lines.first}-${lines.last}`} (${revision}${until === null ? '' : ` to ${until}`}), ${name}`;
}

/** What is missing from a docstring; null if nothing. A mail needs no lines. */
export function owes({ sources, ours, owed }: Provenance): string | null {
  if (owed !== null) return owed;
  if (ours !== null) return ours === '' ? 'says "Ours:" and not why' : null;
  if (sources.length === 0) return 'says neither where it stands in the C, as in "arch/i386/mm/highmem.c:55-77 (2.6.22), kunmap_atomic()", nor "Ours:" and why it stands nowhere';
  const bare = sources.find(({ lines, revision }) => lines === null && !revision.startsWith('mail'));
  return bare ? `names ${bare.file} without the first and the last line of ${bare.name}` : null;
}
