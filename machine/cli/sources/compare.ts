// Compares a path with the C that it transcribes.

import { identifiersOf, operationsOfAssembly, operationsOfC, type NamedOperation } from './c-operations';
import { definitionsOf } from './c-text';
import type { History } from './history';
import type { PathOperation, PathReader } from './path-operations';
import type { SourcedPath } from './paths';
import { showSource, type Source } from './provenance';
import { LEFT_OUT_EVERYWHERE, MEANT_BY, OWN_DEVICES, STANDS_FOR } from './unseen';
import { XEN_LEFT_OUT, XEN_NO_OPERATION, XEN_STANDS_FOR } from './unseen-xen';

/** The result for one source of a path. */
export type Found =
  | { readonly source: Source; readonly answer: 'there'; readonly operations: readonly NamedOperation[] }
  /** The history has no such revision, so nothing is known. */
  | { readonly source: Source; readonly answer: 'unknown revision' }
  | { readonly source: Source; readonly answer: 'missing'; readonly why: string };

/** A path beside its C. */
export interface Comparison {
  readonly path: SourcedPath;
  readonly found: readonly Found[];
  readonly operations: readonly PathOperation[];
  /** Names that only the C has; each once, in order. */
  readonly onlyInC: readonly string[];
  /** Names that only the path has. */
  readonly onlyHere: readonly string[];
  /** How many names of either kind the docstring accounts for. */
  readonly declared: number;
  /** The reasons for names of the C that no path of the project has; one for each name. */
  readonly everywhere: readonly string[];
}

/** Names that mean the same thing on both sides, whatever their underscores. */
const plain = (name: string): string => name.replace(/^_+/, '').toLowerCase();

/** Looks for a source in a history. */
export function lookFor(source: Source, history: History): Found & { readonly text?: string } {
  const commit = history.commitOf(source.revision);
  if (commit === null) return { source, answer: 'unknown revision' };
  const text = history.read(commit, source.file);
  if (text === null) return { source, answer: 'missing', why: `${source.revision} has no file ${source.file}` };
  const definitions = definitionsOf(text, source.name);
  const [first] = definitions;
  if (!first) return { source, answer: 'missing', why: `${source.file} of ${source.revision} does not define ${source.name}` };
  const there = definitions.find((one) => one.first === source.lines?.first && one.last === source.lines.last);
  if (!there) return { source, answer: 'missing', why: `${source.name} of ${source.revision} is at ${definitions.map((one) => `${one.first}-${one.last}`).join(' or ')} of ${source.file}` };
  const operations = source.file.endsWith('.S') ? operationsOfAssembly(there.text) : operationsOfC(there.text);
  return { source, answer: 'there', operations: isXens(source) ? operations.filter(({ name }) => !XEN_NO_OPERATION.has(name)) : operations, text: there.text };
}

const isXens = ({ file }: Source): boolean => file.startsWith('xen/');

/** The name here that corresponds to a name of the C. */
const standsFor = (source: Source, name: string): readonly string[] => [name, ...((isXens(source) ? XEN_STANDS_FOR.get(name) : undefined) ?? STANDS_FOR.get(name) ?? [])];

/** The reason why no path has a name of the C, if there is one. */
const reasonFor = (path: SourcedPath, name: string): string | undefined => (path.sources.some(isXens) ? XEN_LEFT_OUT.get(name) : undefined) ?? LEFT_OUT_EVERYWHERE.get(name);

/** Names that the docstring accounts for: the declared differences, and every name in a sentence that begins with "Model:". */
function accountedFor(path: SourcedPath): ReadonlySet<string> {
  const declared = [...path.leavesOut, ...path.adds].flatMap(({ names }) => names);
  return new Set([...declared, ...path.modelNames].map(plain));
}

const placeOf = ({ file, name, revision }: Source): string => `${file} ${name} ${revision}`;

/** Compares the `wanted` paths with one history. A C function that several paths share is compared with all of them together, and names that only the C has are reported once. */
export function compareAll(paths: readonly SourcedPath[], wanted: readonly SourcedPath[], history: History, reader: PathReader): Comparison[] {
  const sharing = new Map<string, SourcedPath[]>();
  for (const path of paths) for (const source of path.sources) sharing.set(placeOf(source), [...(sharing.get(placeOf(source)) ?? []), path]);
  return wanted.filter(({ sources }) => sources.length > 0).map((path) => compare(path, sharing, history, reader));
}

function compare(path: SourcedPath, sharing: ReadonlyMap<string, readonly SourcedPath[]>, history: History, reader: PathReader): Comparison {
  const looked = path.sources.map((source) => lookFor(source, history));
  const operations = reader.operationsOf(path);
  const found = looked.map(({ text: _text, ...rest }) => rest as Found);
  const there = looked.filter((one) => one.answer === 'there');
  const complete = there.length > 0 && there.length === path.sources.filter(({ revision }) => !revision.startsWith('mail')).length;
  if (!complete) return { path, found, operations, onlyInC: [], onlyHere: [], declared: 0, everywhere: [] };
  const inC = new Set(there.flatMap((one) => [...identifiersOf(one.text ?? ''), ...one.operations.map(({ name }) => name)]).map(plain));
  const onlyInC: string[] = [];
  const accounted = new Set<string>(accountedFor(path));
  for (const one of there) {
    const together = sharing.get(placeOf(one.source))!;
    if (one.source.inPart || together[0] !== path) continue;
    const here = new Set(together.flatMap((other) => reader.operationsOf(other)).flatMap(({ mentions }) => [...mentions]).map(plain));
    for (const other of together) for (const name of accountedFor(other)) accounted.add(name);
    onlyInC.push(...one.operations.map(({ name }) => name).filter((name) => !standsFor(one.source, name).some((other) => here.has(plain(other)))));
  }
  const inCOrMeant = (name: string): boolean => inC.has(plain(name)) || (MEANT_BY.get(name) ?? []).some((other) => inC.has(plain(other)));
  const onlyHere = operations.filter(({ name, mentions, ofHunk }) => !ofHunk && !OWN_DEVICES.has(name) && ![...mentions].some(inCOrMeant)).map(({ name }) => name);
  const everywhere = distinct(onlyInC).flatMap((name) => reasonFor(path, name) ?? []);
  const open = (names: readonly string[]): string[] => distinct(names).filter((name) => !accounted.has(plain(name)) && reasonFor(path, name) === undefined);
  return {
    path, found, operations, everywhere, onlyInC: open(onlyInC), onlyHere: open(onlyHere),
    declared: distinct([...onlyInC, ...onlyHere]).filter((name) => accounted.has(plain(name))).length,
  };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

/** A comparison for a reader. */
export function showComparison({ path, found, operations, onlyInC, onlyHere }: Comparison): string {
  const lines = [`${path.file}:${path.line} ${path.name}`];
  for (const one of found) {
    lines.push(`  ${showSource(one.source)}: ${one.answer}${one.answer === 'missing' ? `, ${one.why}` : ''}`);
    if (one.answer === 'there') lines.push(`    C    ${one.operations.map(({ kind, name }) => `${mark(name, onlyInC)}${kind === 'store' ? `${name}=` : name}`).join(', ')}`);
  }
  lines.push(`    here ${operations.map(({ name }) => `${mark(name, onlyHere)}${name}`).join(', ')}`);
  if (onlyInC.length > 0) lines.push(`    only in the C: ${onlyInC.join(', ')}`);
  if (onlyHere.length > 0) lines.push(`    only here: ${onlyHere.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

const mark = (name: string, marked: readonly string[]): string => (marked.includes(name) ? '!' : '');
