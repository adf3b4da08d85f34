// `paravirt-spec hunks`: what each hunk of a patch is good for.

import { PATCHES } from '../../patches';
import { patchNamed } from '../../patches/selection';
import { hunkTable, type HunkTable } from '../../situations/hunks';
import { chosenDiff, patchAsked, type Output } from '../options';
import { describeDiff, type DiffChoice } from '../patches-from';

export interface HunksOptions {
  readonly situation?: string;
  readonly json?: boolean;
  /** Say of each hunk whether this diff has it. */
  readonly patchesFrom?: string;
}

export function hunksCommand(name: string | undefined, options: HunksOptions, output: Output): number {
  const diff = chosenDiff(options);
  const table = hunkTable(patchNamed(PATCHES, patchAsked('hunks', name, diff)), options.situation);
  if (options.json) output.stdout(`${JSON.stringify(diff === null ? table : { ...table, diff: diff.diff }, null, 2)}\n`);
  else output.stdout(`${diff === null ? '' : `${describeDiff(diff.diff).join('\n')}\n`}${describe(table, diff)}`);
  return 0;
}

/** Whether the diff has a hunk, as a column of the table. */
function having(diff: DiffChoice | null, hunk: string): string {
  if (diff === null) return '';
  const own = diff.diff.patches;
  if (own.some(({ present }) => present.includes(hunk))) return 'in the diff  ';
  return own.some(({ partial }) => partial.some((part) => part.hunk === hunk)) ? 'in part      ' : 'not in it    ';
}

function describe({ patch, rows, roles }: HunkTable, diff: DiffChoice | null): string {
  const lines = [`${patch}: ${rows.length} searches, ${rows.filter(({ complete }) => complete).length} of them complete`, ''];
  for (const { hunk, situation, varied, role } of roles) lines.push(`  ${having(diff, hunk)}${role.padEnd(23)}${hunk}   in ${situation}${varied ? ` (${varied})` : ''}`);
  lines.push('');
  for (const { situation, varied, hunks, holds, violated } of rows) {
    lines.push(`  ${holds ? 'holds   ' : 'violated'}  ${situation}${varied ? ` (${varied})` : ''} with ${hunks.join(', ') || 'no hunk'}${violated.length > 0 ? `: ${violated.join(', ')}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
