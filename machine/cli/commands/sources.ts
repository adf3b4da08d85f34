// `paravirt-spec sources`: where in the C each path stands, by chapter and by C file.

import { join } from 'node:path';
import { owes, showSource } from '../sources/provenance';
import { sourcedPaths, type SourcedPath } from '../sources/paths';
import type { Output } from '../options';

export interface SourcesOptions {
  readonly against?: readonly string[];
  readonly json?: boolean;
}

const PROJECT = join(__dirname, '..', '..', '..');

/** 0 if every path says where it stands, else 1. */
export function sourcesCommand(options: SourcesOptions, output: Output): number {
  const paths = sourcedPaths(PROJECT);
  const owing = paths.filter((path) => owes(path) !== null);
  if (options.json) output.stdout(`${JSON.stringify({ format: 'sources/1', paths: paths.map((path) => ({ ...path, owes: owes(path) })) }, null, 2)}\n`);
  else {
    for (const [file, here] of byFile(paths)) output.stdout(`${file}\n${here.map(line).join('')}\n`);
    output.stdout(byCFile(paths));
    output.stdout(`${paths.length} paths: ${paths.filter(({ sources }) => sources.length > 0).length} stand in the C, ${paths.filter(({ ours }) => ours !== null).length} are the project's own, ${owing.length} do not say\n`);
  }
  return owing.length === 0 ? 0 : 1;
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
