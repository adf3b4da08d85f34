// Every path of the modelled kernels and hypervisors, with its docstring read.

import { readFileSync } from 'node:fs';
import { filesBelow, pathOf, PROJECT } from '../project';
import { provenanceOf, type Provenance } from './provenance';

export interface SourcedPath extends Provenance {
  /** `machine/kernel/linux-2.6/mm/highmem.ts` */
  readonly file: string;
  readonly line: number;
  /** The path's name in traces: the name of its generator function. */
  readonly name: string;
  /** The constant by which other paths call it. */
  readonly constant: string;
}

/** Folders whose paths transcribe C. */
const FOLDERS = ['machine/kernel', 'machine/hypervisors'];

const PATH = /^(?:export )?const (\w+)(?::[^=]*)? = path\(function\* (\w+)/;

/** The docstring that ends on the line before `line`, or the empty string. Lines count from 0. */
function docstringBefore(lines: readonly string[], line: number): string {
  if (!lines[line - 1]?.trimEnd().endsWith('*/')) return '';
  let first = line - 1;
  while (first > 0 && !lines[first]!.trimStart().startsWith('/**')) first--;
  return lines.slice(first, line).join('\n');
}

/** The paths in one file. */
export function pathsIn(file: string, text: string): SourcedPath[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const [, constant, name] = PATH.exec(line) ?? [];
    return constant === undefined ? [] : [{ file, line: i + 1, constant, name: name!, ...provenanceOf(docstringBefore(lines, i)) }];
  });
}

/** All paths of a project, and of the package below it, in the order of their files. */
export function sourcedPaths(project = PROJECT): SourcedPath[] {
  const files = FOLDERS.flatMap((folder) => filesBelow(folder, project)).sort();
  return files.flatMap((file) => pathsIn(file, readFileSync(pathOf(file, project), 'utf8')));
}
