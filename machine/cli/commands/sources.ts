// `paravirt-spec sources`: the place of each path in the C, by chapter and by C file.

import { PATCHES } from '../../patches';
import { Chapters } from '../sources/chapters';
import { compareAll, showComparison, type Comparison } from '../sources/compare';
import { historyIn } from '../sources/history';
import { PathReader } from '../sources/path-operations';
import { sourcedPaths, type SourcedPath } from '../sources/paths';
import { owes, showSource } from '../sources/provenance';
import { EXIT } from '../exit';
import { UsageError, type Output } from '../options';
import { counted } from '../search/bounds';
import { isBeside } from '../project';
import { refuseUnnamed } from '../search/limits';

export interface SourcesOptions {
  /** A git directory to compare the paths with. */
  readonly against?: string;
  /** The revision that the newest commit there stands for, if it has no tag. */
  readonly as?: string;
  /** Only paths whose file and name contain this: `highmem.ts:kmap_atomic`. */
  readonly only?: string;
  /** Only the paths that a chapter's situations use, by its thread: `004`. */
  readonly chapter?: string;
  readonly json?: boolean;
}

/** 0 if every path names its place, and the history has everything that was looked up; else 1. */
export function sourcesCommand(options: SourcesOptions, output: Output): number {
  if (options.as !== undefined && options.against === undefined) throw new UsageError('--as has no effect without --against');
  refuseUnnamed('--only', options.only, 'a path');
  refuseUnnamed('--against', options.against, 'a git directory');
  refuseUnnamed('--as', options.as, 'a release');
  const all = sourcedPaths();
  const paths = ofChapter(all, options.chapter).filter(({ file, name }) => !isBeside(file) && `${file}:${name}`.includes(options.only ?? ''));
  if (paths.length === 0) throw new UsageError(`no path is called "${options.only ?? ''}"; sources without --only lists them all`);
  if (options.against !== undefined) return against(options.against, all, paths, options, output);
  const owing = paths.filter((path) => owes(path) !== null);
  if (options.json) output.stdout(`${JSON.stringify({ format: 'sources/1', paths: paths.map((path) => ({ ...path, owes: owes(path) })) }, null, 2)}\n`);
  else {
    for (const [file, here] of byFile(paths)) output.stdout(`${file}\n${here.map(line).join('')}\n`);
    output.stdout(byCFile(paths));
    output.stdout(`${paths.length} paths: ${paths.filter(({ sources }) => sources.length > 0).length} have a place in the C source, ${paths.filter(({ ours }) => ours !== null).length} are the project's own, ${owing.length} do not say\n`);
  }
  return owing.length === 0 ? 0 : 1;
}

/** The paths of one chapter, or all of them. */
function ofChapter(all: readonly SourcedPath[], thread: string | undefined): readonly SourcedPath[] {
  if (thread === undefined) return all;
  const patches = PATCHES.filter((patch) => patch.thread === thread);
  if (patches.length === 0) throw new UsageError(`no chapter is called "${thread}"; there are ${[...new Set(PATCHES.map((patch) => patch.thread))].join(', ')}`);
  const chapters = new Chapters();
  const run = new Set(patches.flatMap(({ id }) => chapters.pathsOf(id, all)));
  return all.filter((path) => run.has(path));
}

function byFile(paths: readonly SourcedPath[]): Map<string, SourcedPath[]> {
  const files = new Map<string, SourcedPath[]>();
  for (const path of paths) files.set(path.file, [...(files.get(path.file) ?? []), path]);
  return files;
}

function line(path: SourcedPath): string {
  const owed = owes(path);
  const where = owed !== null ? `OWED: ${owed}` : path.ours !== null ? `ours: ${path.ours}` : path.sources.map(showSource).join('; ');
  return `  ${String(path.line).padStart(4)}  ${path.name.padEnd(32)}  ${where}\n`;
}

/** Which paths transcribe functions of one C file. */
function byCFile(paths: readonly SourcedPath[]): string {
  const files = new Map<string, Set<string>>();
  for (const { file, line: at, sources } of paths) {
    for (const source of sources) files.set(source.file, (files.get(source.file) ?? new Set()).add(`${source.name} (${source.revision}) at ${file}:${at}`));
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, names]) => `${file}\n${[...names].sort().map((name) => `  ${name}\n`).join('')}\n`).join('');
}

/** Compares every path with its C, if the history in `directory` has that. */
function against(directory: string, all: readonly SourcedPath[], paths: readonly SourcedPath[], options: SourcesOptions, output: Output): number {
  const history = historyIn(directory, options.as);
  const reader = new PathReader(all);
  const compared = compareAll(all, paths, history, reader);
  const seen = compared.filter(({ found }) => found.some(({ answer }) => answer !== 'unknown revision'));
  if (options.json) output.stdout(`${JSON.stringify({ format: 'sources-compared/1', paths: seen.map(asData) }, null, 2)}\n`);
  else output.stdout(seen.map((one) => `${showComparison(one)}\n`).join(''));
  const answers = compared.flatMap(({ found }) => found.map(({ answer }) => answer));
  const count = (wanted: string): number => answers.filter((answer) => answer === wanted).length;
  const open = seen.filter(({ onlyInC, onlyHere }) => onlyInC.length + onlyHere.length > 0);
  const names = seen.reduce((sum, { onlyInC, onlyHere }) => sum + onlyInC.length + onlyHere.length, 0);
  const summary = `${counted(answers.length, 'place')} in the C: ${count('there')} where the docstrings say, ${count('missing')} not there, ${count('unknown revision')} of revisions that this history does not have\n`
    + `${counted(seen.length, 'path')} compared: ${seen.length - open.length} agree by name or say why not; ${open.length} do not, in ${counted(names, 'name')}; ${counted(seen.reduce((sum, { declared }) => sum + declared, 0), 'name')} declared in docstrings\n`
    + reasons(seen);
  (options.json ? output.stderr : output.stdout)(summary);
  if (seen.length === 0) output.stderr('Nothing was compared: the history has none of the revisions.\n');
  if (count('missing') > 0) return EXIT.fails;
  return seen.length === 0 ? EXIT.undecided : EXIT.holds;
}

/** How many names of the C no path has, by reason. */
function reasons(seen: readonly Comparison[]): string {
  const counts = new Map<string, number>();
  for (const reason of seen.flatMap(({ everywhere }) => everywhere)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `  ${counted(count, 'name')} left out of every path: ${reason}\n`).join('');
}

/** A comparison as data; of the C, only names. */
function asData({ path: { file, line: at, name }, found, operations, onlyInC, onlyHere, declared }: Comparison): unknown {
  return { file, line: at, name, found, operations: operations.map((one) => one.name), onlyInC, onlyHere, declared };
}
