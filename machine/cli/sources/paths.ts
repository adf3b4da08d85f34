// Every path of the modelled kernels and hypervisors, with its docstring read.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { provenanceOf, type Provenance } from './provenance';

export interface SourcedPath extends Provenance {
  /** `machine/kernel/linux-2.6/highmem.ts` */
  readonly file: string;
  readonly line: number;
  /** What the path is called in traces: the name of its generator function. */
  readonly name: string;
  /** The constant that holds it, by which other paths call it. */
  readonly constant: string;
}

/** Folders whose paths transcribe C. */
const FOLDERS = ['machine/kernel', 'machine/hypervisors'];

const PATH = /^(?:export )?const (\w+)(?::[^=]*)? = path\(function\* (\w+)/;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(at) : entry.name.endsWith('.ts') ? [at] : [];
  });
}

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

/**
 * All paths below `root`, in the order of their files.
 *
 * @param root the project's folder
 */
export function sourcedPaths(root: string): SourcedPath[] {
  const files = FOLDERS.map((folder) => join(root, folder)).filter(existsSync).flatMap(filesUnder).sort();
  return files.flatMap((file) => pathsIn(relative(root, file), readFileSync(file, 'utf8')));
}
