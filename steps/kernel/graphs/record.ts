import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernels } from './graphs';

const file = join(__dirname, 'recorded.json');

/** By situation. */
export function recordedGraphs(): Record<string, Kernels> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Kernels>;
}

export function recordGraphs(graphs: Readonly<Record<string, Kernels>>): void {
  writeFileSync(file, `${JSON.stringify(graphs, null, 1)}\n`);
}
