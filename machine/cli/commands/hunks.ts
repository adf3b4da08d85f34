// `paravirt-spec hunks`: which hunks are needed, and for what.

import { PATCHES } from '../../patches';
import { patchNamed } from '../../patches/selection';
import { hunkTable, type HunkTable } from '../../situations/hunks';
import { NOBODY, watching } from '../attend';
import { EXIT } from '../exit';
import { chosenDiff, patchAsked, type Output } from '../options';
import { counted } from '../search/bounds';
import { describeDiff } from '../../patches/diff/choice';
import type { DiffChoice } from '../patches-from';

export interface HunksOptions {
  readonly situation?: string;
  readonly json?: boolean;
  /** Mark the hunks that this diff contains. */
  readonly patchesFrom?: string;
}

export function hunksCommand(name: string | undefined, options: HunksOptions, output: Output): number {
  const diff = chosenDiff(options);
  const table = hunkTable(patchNamed(PATCHES, patchAsked('hunks', name, diff)), options.situation, watching(output.attend ?? NOBODY, 'trying hunks'));
  if (options.json) output.stdout(`${JSON.stringify({ format: 'hunks/1', ...table, ...(diff !== null && { diff: diff.diff }) }, null, 2)}\n`);
  else output.stdout(`${diff === null ? '' : `${describeDiff(diff.diff).join('\n')}\n`}${describe(table, diff)}`);
  return !table.stopped && table.rows.every(({ complete, holds, violated }) => complete || holds || violated.length > 0) ? EXIT.holds : EXIT.undecided;
}

/** Whether the diff contains a hunk, as a column of the table. */
function having(diff: DiffChoice | null, hunk: string): string {
  if (diff === null) return '';
  const own = diff.diff.patches;
  if (own.some(({ present }) => present.includes(hunk))) return 'in the diff  ';
  return own.some(({ partial }) => partial.some((part) => part.hunk === hunk)) ? 'in part      ' : 'not in it    ';
}

function describe({ patch, rows, roles, stopped }: HunkTable, diff: DiffChoice | null): string {
  const lines = [`${patch}: ${counted(rows.length, 'search')}, ${rows.filter(({ complete }) => complete).length} of them complete${stopped ? '; stopped before everything was tried' : ''}`, ''];
  for (const { hunk, situation, varied, role } of roles) lines.push(`  ${having(diff, hunk)}${role.padEnd(23)}${hunk}   in ${situation}${varied ? ` (${varied})` : ''}`);
  lines.push('');
  for (const { situation, varied, hunks, holds, violated } of rows) {
    lines.push(`  ${holds ? 'holds    ' : violated.length > 0 ? 'fails    ' : 'undecided'}  ${situation}${varied ? ` (${varied})` : ''} with ${hunks.join(', ') || 'no hunk'}${violated.length > 0 ? `: ${violated.join(', ')}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
