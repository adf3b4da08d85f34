// `paravirt-spec list`: every name that the other commands understand.

import { claimsOf, PATCHES } from '../../patches';
import { patchNamed } from '../../patches/selection';
import { situationsOf } from '../../situations';
import type { Output } from '../options';
import { describeDiff } from '../../patches/diff/choice';
import { ordersOfClaims, sentenceOf } from '../orders/recorded';
import { readDiffs } from '../patches-from';

export interface ListOptions {
  readonly json?: boolean;
  /** List what is in this diff instead of the catalogue. */
  readonly patchesFrom?: string;
}

export function listCommand(name: string | undefined, options: ListOptions, output: Output): number {
  if (options.patchesFrom !== undefined) return listDiffs(options.patchesFrom, options, output);
  const patches = name === undefined ? PATCHES : [patchNamed(PATCHES, name)];
  const listed = patches.map((patch) => ({
    id: patch.id,
    thread: patch.thread,
    title: patch.title,
    hunks: patch.hunks.map(({ id, does, notModelled }) => ({ id, does, ...(notModelled === undefined ? {} : { notModelled }) })),
    variants: patch.variants.map(({ id, kind, title }) => ({ id: `${patch.id}@${id}`, kind, title })),
    situations: situationsOf(patch.id).map(({ id, title, parameters, invariants }) => ({ id, title, parameters, invariants })),
    claims: claimsOf(patch.thread).map(({ id, says }) => ({ id, says })),
  }));
  if (options.json) {
    output.stdout(`${JSON.stringify({ format: 'list/1', patches: listed }, null, 2)}\n`);
    return 0;
  }
  const orders = ordersOfClaims();
  for (const patch of listed) {
    output.stdout(`${patch.id}   thread ${patch.thread}: ${patch.title}\n`);
    section(output, 'hunks', patch.hunks.map(({ id, does, notModelled }) => [id, notModelled === undefined ? does : `${does} (not modelled: ${notModelled})`]));
    section(output, 'variants', patch.variants.map(({ id, kind, title }) => [id, `${kind}: ${title}`]));
    section(output, 'situations', patch.situations.flatMap(({ id, title, parameters }) => [
      [id, title] as const,
      ...Object.entries(parameters).map(([key, { about, legal, initially }]) => [`  --set ${key}=…`, `${about}: ${legal.join(' | ')} (${String(initially)})`] as const),
    ]));
    section(output, 'claims', patch.claims.map(({ id, says }) => [id, says]));
    section(output, 'claims under TSO: what it changes', patch.claims.map(({ id }) => [id, sentenceOf(orders.get(id))]));
    output.stdout('\n');
  }
  return 0;
}

function listDiffs(file: string, options: ListOptions, output: Output): number {
  const diffs = readDiffs(file);
  output.stdout(options.json ? `${JSON.stringify({ format: 'list-diffs/1', diffs }, null, 2)}\n` : `${diffs.flatMap((diff, i) => [...(diffs.length > 1 ? [`diff ${i + 1} of ${diffs.length}`] : []), ...describeDiff(diff)]).join('\n')}\n`);
  return 0;
}

function section(output: Output, title: string, rows: readonly (readonly [string, string] | readonly string[])[]): void {
  if (rows.length === 0) return;
  const width = Math.max(...rows.map(([left]) => left!.length));
  output.stdout(`  ${title}\n${rows.map(([left, right]) => `    ${left!.padEnd(width)}  ${right!}`).join('\n')}\n`);
}
