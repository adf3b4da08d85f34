// `paravirt-spec hunks`: what each hunk of a patch is good for.

import { PATCHES } from '../../patches';
import { patchNamed } from '../../patches/selection';
import { hunkTable, type HunkTable } from '../../situations/hunks';
import type { Output } from '../options';

export interface HunksOptions {
  readonly situation?: string;
  readonly json?: boolean;
}

export function hunksCommand(name: string, options: HunksOptions, output: Output): number {
  const table = hunkTable(patchNamed(PATCHES, name), options.situation);
  output.stdout(options.json ? `${JSON.stringify(table, null, 2)}\n` : describe(table));
  return 0;
}

function describe({ patch, rows, roles }: HunkTable): string {
  const lines = [`${patch}: ${rows.length} searches, ${rows.filter(({ complete }) => complete).length} of them complete`, ''];
  for (const { hunk, situation, varied, role } of roles) lines.push(`  ${role.padEnd(23)}${hunk}   in ${situation}${varied ? ` (${varied})` : ''}`);
  lines.push('');
  for (const { situation, varied, hunks, holds, violated } of rows) {
    lines.push(`  ${holds ? 'holds   ' : 'violated'}  ${situation}${varied ? ` (${varied})` : ''} with ${hunks.join(', ') || 'no hunk'}${violated.length > 0 ? `: ${violated.join(', ')}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
