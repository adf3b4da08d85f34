// `paravirt-spec counts`: compare the explorer with published numbers of executions.

import { countTraces } from '../../explorer/optimal/traces';
import { PUBLISHED_COUNTS } from '../../programs/counts';
import { programNamed } from '../../programs/named';
import type { Output } from '../options';

/** Runs every execution of each program of a table. 0 if the numbers are the published ones and none was abandoned, otherwise 1. */
export function countsCommand(output: Output, table: Readonly<Record<string, number>> = PUBLISHED_COUNTS): number {
  let differ = 0;
  for (const [program, published] of Object.entries(table)) {
    const { executions, blocked } = countTraces(programNamed(program));
    const agrees = executions === published && blocked === 0;
    if (!agrees) differ++;
    output.stdout(`${agrees ? 'agrees ' : 'DIFFERS'} ${program}: ${executions} executions, ${blocked} abandoned; published ${published}\n`);
  }
  return differ === 0 ? 0 : 1;
}
