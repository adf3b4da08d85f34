// `npm run picture`: the witness that the README shows, drawn again from a search. A scenario compares
// the picture in the repository with it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../machine/situations/check';
import { timelineSvg } from './trace/timeline-svg';

export const PICTURE = join(__dirname, 'witness-002.svg');

/** The smallest run of thread 002 in which a user task runs on the wrong page tables. */
export function drawWitness(): string {
  const { verdict } = check({ situation: 'flush-tlb/classic', patches: 'none', invariants: ['taskOnOwnPageTables'] });
  const [finding] = verdict.findings;
  if (!finding) throw new Error('machine bug: the kernel without the patch does not fail');
  return `${timelineSvg(finding.witness, finding.message)}\n`;
}

if (require.main === module) writeFileSync(PICTURE, drawWitness());
