// Which engine can hold which situation, and what it then says beside the search with the whole graph: kept in a
// file, kernel by kernel, so that a run that is stopped loses nothing and the next goes on with the kernels that are missing.

import { appendFileSync } from 'node:fs';
import type { EngineName } from '../../machine/explorer/engine';
import { SITUATIONS } from '../../machine/situations';
import { boundedRowsFor, OTHERS, programOf, type Row } from './situations';
import { linesIn, machineOf } from './tally';

/** What one engine came to on one situation, before or after its patch. */
export interface Held {
  readonly situation: string;
  readonly patches: 'none' | 'all';
  readonly engine: EngineName;
  /** `agrees`, `differs`, or why there is nothing to compare. */
  readonly said: string;
  readonly differences: readonly string[];
  /** States, or executions where the engine does not know states; as far as it came. */
  readonly size: number;
  /** Of processor time. */
  readonly seconds: number;
  readonly machine: string;
}

/** What is kept in a file; nothing if there is no such file. */
export const heldIn = (file: string): readonly Held[] => linesIn<Held>(file, 'verdict');

/**
 * Explores those situations, before and after, that a file has nothing of.
 *
 * @param tell is told a line for each kernel
 * @param ids which situations; all if not given
 */
export function holdSituations(file: string, tell: (line: string) => void, ids: readonly string[] = SITUATIONS.map(({ id }) => id)): void {
  const machine = machineOf();
  const behind = new Set(heldIn(file).map(({ situation, patches }) => `${situation} ${patches}`));
  for (const situation of SITUATIONS.filter(({ id }) => ids.includes(id))) {
    for (const patches of ['none', 'all'] as const) {
      if (behind.has(`${situation.id} ${patches}`)) continue;
      const rows = boundedRowsFor(programOf(situation, patches), [...OTHERS, 'auto']).map((row) => heldOf(row, situation.id, patches, machine));
      appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      tell(`${situation.id} with ${patches}: ${rows.map(({ engine, said, size, seconds }) => `${engine} ${said} (${size}, ${seconds.toFixed(1)} s)`).join('; ')}`);
    }
  }
}

function heldOf({ engine, verdict, differences, passedOver, seconds }: Row, situation: string, patches: 'none' | 'all', machine: string): Held {
  const said = passedOver ?? (differences.length > 0 ? 'differs' : 'agrees');
  return { situation, patches, engine, said, differences, size: verdict.states || (verdict.executions ?? 0), seconds, machine };
}

/** Kernels by engines, and what it comes to. */
export function tableOf(held: readonly Held[]): string[] {
  const kernels = [...new Set(held.map(({ situation, patches }) => `${situation} with ${patches}`))];
  const lines = kernels.map((kernel) => {
    const rows = held.filter(({ situation, patches }) => `${situation} with ${patches}` === kernel);
    return `${kernel}: ${rows.map(({ engine, said, size, differences }) => `${engine} ${said}, ${size}${differences.map((one) => `; ${one}`).join('')}`).join(' | ')}`;
  });
  const compared = held.filter(({ engine, said }) => engine !== 'stateful' && (said === 'agrees' || said === 'differs'));
  return [...lines, `${kernels.length} kernels, ${compared.length} comparisons, ${compared.filter(({ said }) => said === 'differs').length} differences, ${held.filter(({ engine }) => engine !== 'stateful').length - compared.length} not made because of their size`];
}
