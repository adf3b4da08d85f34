import type { Program } from './program';
import { movesOf, type System } from './system';

/** The program's system after these moves. */
export function beginning(program: Program, prefix: readonly string[]): System {
  const system = program();
  for (const label of prefix) movesOf(system).find((move) => move.label === label)!.perform();
  return system;
}
